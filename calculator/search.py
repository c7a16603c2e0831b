"""The cheapest assignment of a provider's models to the workloads: `docs/model.md`, section 8."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .arrays import Assignment, Floats

    CostOf = Callable[[Assignment], Floats]
    """The costs (5, S, N) that ``S`` assignments (W, S) cause ``N`` customers."""

COSTS = 5
TOTAL, BILL, ONE_OFF, READINESS, DAYS = range(COSTS)
"""Rows of an array of costs: the total, its three parts, and the person-days."""

CHUNK = 4_096
"""Assignments by customers that are looked at together."""
MAX_ASSIGNMENTS = 200_000
"""Above this, candidates that another one beats in every respect are left out first."""


def cheapest(choices: list[list[int]], cost: CostOf, customers: int = 1) -> tuple[Assignment, Floats]:
    """Each customer's assignment (W, N) with the lowest total, then the lowest bill, then the first; its costs (5, N).

    ``choices`` holds for each workload the indices of its candidates, by id. Totals that differ by rounding only are
    equal.
    """
    found: tuple[Assignment, Floats] | None = None
    everyone = np.arange(customers)
    for assignments in _chunks(choices, max(CHUNK // customers, 1)):
        costs = cost(assignments)
        first = least(costs[TOTAL], costs[BILL])
        assignment, low = assignments[:, first], costs[:, first, everyone]
        if found is not None:
            best, lowest = found
            by = lowest[TOTAL] - low[TOTAL]
            near = slack(lowest[TOTAL])
            better = (by > near) | ((by >= -near) & (lowest[BILL] - low[BILL] > slack(lowest[BILL])))
            if better.any():
                np.copyto(best, assignment, where=better)
                np.copyto(lowest, low, where=better)
        else:
            found = assignment, low
    assert found is not None  # every workload has a candidate
    return found


def least(first: Floats, then: Floats) -> Assignment:
    """(N,) index of the lowest amount of ``first`` (S, N); of equal ones that with the lowest of ``then``.

    Amounts that differ by rounding only are equal. Of those that are equal in both, the first.
    """
    if len(first) == 1:
        return np.zeros(first.shape[1], dtype=np.intp)
    low = first.min(axis=0)
    then = np.where(first <= low + slack(low), then, np.inf)
    low = then.min(axis=0)
    return (then <= low + slack(low)).argmax(axis=0)


def ranked(costs: Floats, places: int) -> Assignment:
    """(places, N) the options with the lowest total; of equal ones that with the lowest one-off cost, else the first.

    ``costs`` (K, 5, N) holds the options' costs by provider id.
    """
    totals, everyone = costs[:, TOTAL].copy(), np.arange(costs.shape[2])
    order = np.empty((places, len(everyone)), dtype=np.intp)
    for place in order:
        place[:] = least(totals, costs[:, ONE_OFF])
        totals[place, everyone] = np.inf
    return order


def slack(amount: Floats | float) -> Floats:
    """How far two amounts may lie apart by rounding alone."""
    return 1e-12 * np.maximum(np.abs(amount), 1.0)


def _chunks(choices: list[list[int]], size: int) -> Iterator[Assignment]:
    everything = product(*choices)
    while rows := list(islice(everything, size)):
        yield np.array(rows, dtype=np.intp).T


def too_many(choices: list[list[int]]) -> bool:
    """Whether the assignments are too many to try them all."""
    return prod(map(len, choices)) > MAX_ASSIGNMENTS


def prune(choices: list[list[int]], alike: list[list[float]], costs: list[Floats]) -> list[list[int]]:
    """Leaves out candidates that another one beats in every respect.

    ``alike[m]`` is what offers make of model m, and how many tokens it counts for each workload: only models that are
    alike are compared. ``costs`` are tables (W, M, 1) of all that a choice costs, in money or days.
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


def descend(choices: list[list[int]], cost: CostOf) -> tuple[Assignment, Floats]:
    """A good assignment (W, 1) where all are too many, for one customer: each workload's model is improved in turn."""
    now = np.array([models[:1] for models in choices], dtype=np.intp)
    low: float | None = None
    while True:
        for w, models in enumerate(choices):
            tries = np.repeat(now, len(models), axis=1)
            tries[w] = models
            costs = cost(tries)
            best = int(costs[TOTAL].argmin())
            now, found = tries[:, [best]], costs[:, best]
        if low is not None and found[TOTAL, 0] >= low - slack(low):
            return now, found
        low = float(found[TOTAL, 0])
