"""What a move to another provider costs.

>>> from calculator import compare                                                          # doctest: +SKIP
>>> answer = compare("profile.yaml")                                                        # doctest: +SKIP
>>> [(option.provider.provider, round(option.total, 2)) for option in answer.options]       # doctest: +SKIP
"""

from pricing import InputError

from .answer import Comparison, Option
from .catalogue import Catalogue, load_catalogue
from .comparison import compare
from .many import compare_many
from .profile import Profile

__all__ = ["Catalogue", "Comparison", "InputError", "Option", "Profile", "compare", "compare_many", "load_catalogue"]
