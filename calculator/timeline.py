"""The horizon, cut at every date on which anything changes: `docs/model.md`, section 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from dateutil.relativedelta import relativedelta

if TYPE_CHECKING:
    from .arrays import Floats, Ints

OVERLAP = -1
"""Month of the overlap row."""
MOVE = -2
"""Month of the segment without days, before the first, in which the vector store is embedded again."""


@dataclass(frozen=True)
class Horizon:
    """The days of one answer. Periods are half-open: ``[from, to)``."""

    as_of: date
    starts: date
    months: int
    overlap_days: int = 0

    @property
    def first_use(self) -> date:
        """First day of use at the target."""
        return self.starts - timedelta(days=self.overlap_days)

    @cached_property
    def month_starts(self) -> list[date]:
        """Start of each month, and the day after the last: counted from ``starts``, clipped to the month's length.

        >>> [str(day) for day in Horizon(date(2024, 1, 31), date(2024, 1, 31), 2).month_starts]
        ['2024-01-31', '2024-02-29', '2024-03-31']
        """
        return [self.starts + relativedelta(months=k) for k in range(self.months + 1)]

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.month_starts[-1]

    @cached_property
    def month_ordinals(self) -> Ints:
        """(months + 1,) ``month_starts`` as ``date.toordinal`` counts."""
        return np.array([day.toordinal() for day in self.month_starts])


@dataclass(frozen=True, eq=False)
class Segments:
    """The horizon in pieces within which nothing changes. All arrays have shape (segments,)."""

    start: Ints
    """First day, as ``date.toordinal`` counts."""
    days: Ints
    """Length; 0 for the segment of the move itself."""
    month: Ints
    """Number of the month, ``OVERLAP`` or ``MOVE``."""
    share: Floats
    """Days of the segment ÷ days of its month (of month 0 in the overlap; 0 in the move)."""

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def first_of_months(self) -> Ints:
        """Number of the first segment of each month, that of the overlap first; the move is no month."""
        return np.flatnonzero((np.diff(self.month, prepend=MOVE) != 0) & (self.month != MOVE))

    def life(self, starts: date, ends: date | None) -> slice:
        """Which segments lie in ``[starts, ends)``."""
        first = int(np.searchsorted(self.start, starts.toordinal()))
        return slice(first, len(self) if ends is None else int(np.searchsorted(self.start, ends.toordinal())))


def cut(horizon: Horizon, boundaries: Iterable[date], *, move: bool = False) -> Segments:
    """Cuts the horizon at every month start and at each of ``boundaries``; ``move`` puts its segment in front."""
    starts = horizon.month_ordinals
    first, last = horizon.first_use.toordinal(), int(starts[-1])
    within = {first, *starts.tolist()}.union(day for day in map(date.toordinal, boundaries) if first < day < last)
    edges = np.array(sorted(within))
    start, days = edges[:-1], np.diff(edges)
    month = np.searchsorted(starts, start, side="right") - 1  # OVERLAP before the first
    share = days / np.diff(starts)[np.maximum(month, 0)]
    if move:
        front = (first, 0, MOVE, 0.0)
        start, days, month, share = (
            np.concatenate([[one], rest]) for one, rest in zip(front, (start, days, month, share), strict=True)
        )
    return Segments(start, days, month, share)
