"""The cheapest assignment of a provider's models to the workloads: `docs/model.md`, section 8."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .arrays import Assignment, Floats

    Cost = Callable[[Assignment], tuple[Floats, Floats]]
    """Total and bill (S,) of assignments (S, W)."""

CHUNK = 4_096
MAX_ASSIGNMENTS = 200_000
"""Above this, candidates that another one beats in every respect are left out first."""


def cheapest(choices: list[list[int]], cost: Cost) -> Assignment:
    """The assignment (W,) with the lowest total; then the lowest bill; then the first.

    ``choices`` holds for each workload the indices of its candidates, by id. Totals that differ by rounding only are
    equal.
    """
    best: Assignment | None = None
    best_total = best_bill = np.inf
    for assignments in _chunks(choices):
        totals, bills = cost(assignments)
        low = totals.min()
        if low > best_total + slack(best_total):
            continue
        level = np.flatnonzero(totals <= low + slack(low))
        bill = bills[level].min()
        first = int(level[np.flatnonzero(bills[level] <= bill + slack(bill))[0]])
        better = low < best_total - slack(best_total) if best is not None else True
        if better or bills[first] < best_bill - slack(best_bill):
            best, best_total, best_bill = assignments[first], float(totals[first]), float(bills[first])
    assert best is not None  # every workload has a candidate
    return best


def slack(amount: float) -> float:
    """How far two amounts may lie apart by rounding alone."""
    return 1e-12 * max(abs(amount), 1.0) if np.isfinite(amount) else 0.0


def _chunks(choices: list[list[int]]) -> Iterator[Assignment]:
    everything = product(*choices)
    while rows := list(islice(everything, CHUNK)):
        yield np.array(rows, dtype=np.intp)


def too_many(choices: list[list[int]]) -> bool:
    """Whether the assignments are too many to try them all."""
    return prod(map(len, choices)) > MAX_ASSIGNMENTS


def prune(choices: list[list[int]], alike: list[list[float]], costs: list[Floats]) -> list[list[int]]:
    """Leaves out candidates that another one beats in every respect.

    ``alike[m]`` is what offers make of model m, and how many tokens it counts for each workload: only models that are
    alike are compared. ``costs`` are tables (W, M) of all that a choice costs, in money or days.
    """
    kept = []
    for w, models in enumerate(choices):
        best: dict[tuple[float, ...], list[int]] = {}
        for m in models:
            rivals = best.setdefault(tuple(alike[m]), [])
            if not any(all(cost[w, r] <= cost[w, m] for cost in costs) for r in rivals):
                rivals[:] = [r for r in rivals if not all(cost[w, m] <= cost[w, r] for cost in costs)]
                rivals.append(m)
        kept.append(sorted(m for rivals in best.values() for m in rivals))
    return kept


def descend(choices: list[list[int]], cost: Cost) -> Assignment:
    """A good assignment where all are too many: each workload's model is improved in turn until nothing improves."""
    now = np.array([models[0] for models in choices], dtype=np.intp)
    low = np.inf
    while True:
        for w, models in enumerate(choices):
            tries = np.repeat(now[None, :], len(models), axis=0)
            tries[:, w] = models
            totals, _ = cost(tries)
            now = tries[int(np.argmin(totals))]
        total = float(totals.min())
        if total >= low - slack(low):
            return now
        low = total
