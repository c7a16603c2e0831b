"""Types of arrays, for type checkers only: importing ``numpy.typing`` takes 30 ms that no answer needs."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Assignment = NDArray[np.intp]
"""(W, S) which of the provider's models takes each workload, in each of S assignments."""
