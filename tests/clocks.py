"""A clock that is wrong."""

from datetime import date
from typing import Any

WRONG = [date(1970, 1, 1), date(2101, 5, 5), date.max]
"""Days that a computer without a battery, or with a slip in its settings, takes for today."""


class AnyDate(type):
    """Every date is one of a class with this metaclass."""

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, date)


def clock(today: date) -> Any:
    """``date`` with another today."""
    return AnyDate("date", (date,), {"today": classmethod(lambda _: today)})
