"""Types of arrays, for type checkers only: importing ``numpy.typing`` takes 30 ms that no answer needs."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Assignment = NDArray[np.intp]
"""(S, W) which of the provider's models takes each workload; (W,) where it is one assignment."""
