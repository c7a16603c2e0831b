"""The numbers of customers who have all else in common: the arrays that a calculation starts from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .profile import Profile, Workload

if TYPE_CHECKING:
    from .arrays import Floats


@dataclass(frozen=True, eq=False)
class Usage:
    """Numbers of ``N`` customers, by the names of the profile. Axes: ``W`` workloads, ``N`` customers.

    (W, N) for what a workload says and (N,) for the rest; the last axis may be 1 where all customers say the same.
    """

    customers: int
    """``N``."""
    months: int
    input_tokens: Floats
    output_tokens: Floats
    cached_share: Floats
    batch_share: Floats
    off_peak_share: Floats
    growth: Floats
    stored_tokens: Floats
    training_tokens: Floats
    prompts: Floats
    engineers: Floats
    day_rate: Floats
    loss_per_day: Floats
    overlap_share: Floats

    def of(self, number: int) -> Usage:
        """The usage of one of the customers alone."""
        arrays = {name: getattr(self, name) for name in ARRAYS}
        return self.with_(1, {name: array[..., [number]] for name, array in arrays.items() if array.shape[-1] > 1})

    def with_(self, customers: int, arrays: dict[str, Floats]) -> Usage:
        """The usage of so many customers who differ in these ``arrays``."""
        changes: dict[str, Any] = {"customers": customers, **arrays}
        return replace(self, **changes)

    @cached_property
    def by_month(self) -> Floats:
        """(K + 1, W, N) base months of use in each of K months; the last entry is a month's worth of the overlap."""
        base = 1.0 + self.growth + 0.0 * self.overlap_share
        months = np.arange(self.months)[:, None, None]
        return np.concatenate([base**months, np.broadcast_to(self.overlap_share, base.shape)[None]])

    @cached_property
    def monthly_tokens(self) -> Floats:
        """(N,) source tokens of the base month."""
        return (self.input_tokens + self.output_tokens).sum(axis=0)

    @property
    def source_tokens(self) -> Floats:
        """(N,) source tokens of all months."""
        return self.over_months(self.input_tokens + self.output_tokens).sum(axis=0)

    def over_months(self, base: Floats) -> Floats:
        """(K, N) what amounts (W, N) of the base month grow to, month by month (section 2)."""
        return (base * self.by_month[:-1]).sum(axis=1)


def usage_of(profile: Profile, day_rate: float) -> Usage:
    """The numbers of one profile; ``day_rate`` where it gives none."""

    def column(values: Iterable[float]) -> Floats:
        return np.array([[value] for value in values], dtype=float)

    def each(name: str) -> Floats:
        return column(getattr(workload, name) for workload in profile.workloads)

    def growth(workload: Workload) -> float:
        return profile.growth if workload.growth is None else workload.growth

    return Usage(
        customers=1,
        months=profile.months,
        **{name: each(name) for name in WORKLOAD_NUMBERS},
        growth=column(map(growth, profile.workloads)),
        engineers=np.array([profile.team.engineers]),
        day_rate=np.array([day_rate if profile.team.day_rate is None else profile.team.day_rate]),
        loss_per_day=np.array([profile.loss_per_day]),
        overlap_share=np.array([profile.overlap.share]),
    )


WORKLOAD_NUMBERS = (
    "input_tokens", "output_tokens", "cached_share", "batch_share", "off_peak_share", "stored_tokens",
    "training_tokens", "prompts",
)  # fmt: skip
"""Numbers of a workload that enter the arithmetic as they are."""

ARRAYS = tuple(field.name for field in fields(Usage) if field.name not in ("customers", "months"))
"""The fields of a usage that are arrays."""
