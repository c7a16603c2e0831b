"""What a move to another provider costs.

>>> from calculator import compare                                                          # doctest: +SKIP
>>> answer = compare("profile.yaml")                                                        # doctest: +SKIP
>>> [(option.provider.provider, round(option.total, 2)) for option in answer.options]       # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pricing import InputError

if TYPE_CHECKING:
    from .answer import Comparison, Option
    from .catalogue import Catalogue, load_catalogue
    from .comparison import compare
    from .many import compare_many
    from .profile import Profile

__all__ = ["Catalogue", "Comparison", "InputError", "Option", "Profile", "compare", "compare_many", "load_catalogue"]

_HOME = {
    "Catalogue": "catalogue", "Comparison": "answer", "Option": "answer", "Profile": "profile",
    "compare": "comparison", "compare_many": "many", "load_catalogue": "catalogue",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Loads what is asked for: an import of usage needs the profile, but neither the arithmetic nor numpy."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
