"""Demand -> grants -> discounts -> vouchers -> bill: `docs/model.md`, sections 3 and 4, on arrays.

Axes: ``T`` segments, ``W`` workloads, ``P`` pools of granted tokens, ``V`` vouchers; then the scenarios: ``S``
assignments of models by ``N`` customers. They come last so that they lie side by side in memory: the loop over pools is
as long for one of them as for thousands. An axis along which nothing differs may have length 1.

Pools are drawn in one order in every segment. So each can be followed through all its segments before the next one
comes: what it meets there is what those before it leave. The same holds for vouchers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from .arrays import Floats

Lives = list[slice]
"""The segments in which each pool or voucher is alive."""

EPSILON = 1e-11
"""Relative size below which a remainder is the noise of floating point, not tokens or money."""


class Pools(NamedTuple):
    """Pools of granted tokens, in the order in which they are drawn."""

    size: Floats
    """(P, S, N) tokens."""
    covers: Floats
    """(P, W, S, N) 1 for the workloads whose model a pool covers, 0 for the others."""
    lives: Lives


class Vouchers(NamedTuple):
    """Money that pays what grants and discounts leave, in the order in which it is spent."""

    amount: Floats
    """(V,) money."""
    lives: Lives


class Charge(NamedTuple):
    """What became of the demand. Money is in the provider's currency."""

    draws: list[Floats]
    """For each pool (t, W, S, N) the tokens that it gives in the ``t`` segments in which it is alive."""
    left: Floats
    """(T, W, S, N) tokens that no grant covers."""
    spent: Floats
    """(T, V, S, N) money paid by each voucher."""
    bill: Floats
    """(T, S, N) money that is paid in the end."""


def charge(tokens: Floats, unit_cost: Floats, discount: Floats, pools: Pools, vouchers: Vouchers) -> Charge:
    """Charges a demand.

    ``tokens`` (T, W, S, N): the demand in target tokens; ``unit_cost`` (T, W, S, N): the list price of one of them;
    ``discount`` (T, W, S, N): the largest share off that is alive for the workload's model.
    """
    left = tokens.copy()
    draws = []
    for size, covers, life in zip(*pools, strict=True):
        draw = left[life] * covers
        draw *= _met(size, draw.sum(axis=1))[1][:, None]
        left[life] -= draw
        draws.append(draw)
    due = left * unit_cost
    if discount.any():
        due *= 1.0 - discount
    money = due.sum(axis=1)
    spent = _spend(money, vouchers)
    return Charge(draws, left, spent, bill_of(money, spent.sum(axis=1)))


def bill_of(due: Floats, spent: Floats) -> Floats:
    """What is left to pay of the money that is ``due`` when vouchers have ``spent`` theirs."""
    if not spent.any():
        return due
    bill = due - spent
    return np.where(bill > EPSILON * due, bill, 0.0)


def _spend(due: Floats, vouchers: Vouchers) -> Floats:
    """(T, V, S, N) money that each voucher pays of ``due`` (T, S, N)."""
    spent = np.zeros((len(due), len(vouchers.amount), *due.shape[1:]))
    unpaid = due.copy()
    for v, (amount, life) in enumerate(zip(*vouchers, strict=True)):
        spent[life, v], share = _met(amount, unpaid[life])
        unpaid[life] = np.where(share == 1.0, 0.0, unpaid[life] - spent[life, v])
    return spent


def _met(size: Floats, demand: Floats) -> tuple[Floats, Floats]:
    """(t, S, N) what a balance of ``size`` gives to demands one after the other, and the share of each that it meets.

    What is left of either after it met the other exactly is rounding: then both end together.
    """
    before = np.zeros_like(demand)
    np.cumsum(demand[:-1], axis=0, out=before[1:])
    balance = size - before
    balance[balance <= EPSILON * size] = 0.0
    given = np.minimum(balance, demand)
    meets = (balance > 0) & (np.abs(balance - demand) <= EPSILON * np.maximum(demand, size))
    return given, np.where(meets, 1.0, given / np.where(demand > 0, demand, 1.0))


def paid_from(demand: list[float], left: list[float], due: list[float], vouchers_paid: float) -> float:
    """Share of a segment, in which something is due, after which money beyond ``vouchers_paid`` is.

    All lists are by workload. A workload is free until its grants are spent; from then on its cost accrues evenly.
    """
    whole = sum(due)
    costly = sorted(
        (1.0 - rest / all_, money * all_ / rest)
        for all_, rest, money in zip(demand, left, due, strict=True)
        if money > EPSILON * whole
    )
    accrued, speed, at = 0.0, 0.0, 0.0
    for begin, pace in costly:
        if speed and accrued + speed * (begin - at) > vouchers_paid * (1 + EPSILON):
            break
        accrued, at = accrued + speed * (begin - at), begin
        speed += pace
    remaining = max(vouchers_paid - accrued, 0.0)
    return min(at + remaining / speed, 1.0)


def whole_days(days: float, share: float) -> int:
    """Days ``share`` of ``days`` lasts, rounded down; a value that only rounding keeps below a day counts as it."""
    return int(days * share + 1e-9)
