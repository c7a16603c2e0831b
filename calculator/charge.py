"""Demand -> grants -> discounts -> vouchers -> bill: `docs/model.md`, sections 3 and 4, on arrays.

Axes: ``T`` segments, ``W`` workloads, ``P`` pools of granted tokens, ``V`` vouchers; then the scenarios: ``S``
assignments of models by ``N`` customers. They come last so that they lie side by side in memory: the loops over
segments and pools are as long for one of them as for thousands. An axis along which nothing differs may have length 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from .arrays import Floats

Turns = list[tuple[int, int]]
"""Each segment with a pool or voucher that is alive in it."""

EPSILON = 1e-11
"""Relative size below which a remainder is the noise of floating point, not tokens or money."""


class Pools(NamedTuple):
    """Pools of granted tokens, in the order in which they are drawn."""

    size: Floats
    """(P, S, N) tokens."""
    covers: Floats
    """(P, W, S, N) 1 for the workloads whose model a pool covers, 0 for the others."""
    turns: Turns
    """Segment and pool, in the order of drawing."""


class Vouchers(NamedTuple):
    """Money that pays what grants and discounts leave, in the order in which it is spent."""

    amount: Floats
    """(V,) money."""
    turns: Turns
    """Segment and voucher, in the order of spending."""


class Draw(NamedTuple):
    """What one pool gives in one segment."""

    segment: int
    pool: int
    amount: Floats
    """(S, N) tokens."""
    tokens: Floats
    """(W, S, N) the same by workload."""


class Charge(NamedTuple):
    """What became of the demand. Money is in the provider's currency."""

    draws: list[Draw]
    """In the order in which they were made."""
    left: Floats
    """(T, W, S, N) tokens that no grant covers."""
    spent: Floats
    """(T, V, S, N) money paid by each voucher."""
    bill: Floats
    """(T, S, N) money that is paid in the end."""


def charge(tokens: Floats, unit_cost: Floats, discount: Floats, pools: Pools, vouchers: Vouchers) -> Charge:
    """Charges a demand, segment by segment.

    ``tokens`` (T, W, S, N): the demand in target tokens; ``unit_cost`` (T, W, S, N): the list price of one of them;
    ``discount`` (T, W, S, N): the largest share off that is alive for the workload's model.
    """
    left = tokens.copy()
    draws = []
    balance = pools.size + np.zeros(tokens.shape[2:])
    covered = set(np.nonzero(pools.covers)[0].tolist())
    for t, p in pools.turns:
        if not (p in covered and balance[p].any()):
            continue
        mine = left[t] * pools.covers[p]
        demand = mine.sum(axis=0)
        draw, balance[p], share = _meet(balance[p], demand, pools.size[p])
        part = mine * share
        left[t] -= part
        draws.append(Draw(t, p, draw, part))
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
    if not vouchers.turns:
        return spent
    balance = vouchers.amount[:, None, None] + np.zeros(due.shape[1:])
    unpaid = due.copy()
    for t, v in vouchers.turns:
        if balance[v].any():
            spent[t, v], balance[v], share = _meet(balance[v], unpaid[t], vouchers.amount[v])
            unpaid[t] = np.where(share == 1.0, 0.0, unpaid[t] - spent[t, v])
    return spent


def _meet(balance: Floats, demand: Floats, size: Floats) -> tuple[Floats, Floats, Floats]:
    """What a balance, once of ``size``, gives to a demand; the balance left; and the share of the demand that it meets.

    What is left of either after it met the other exactly is rounding: then both end together.
    """
    given = np.minimum(balance, demand)
    meet = np.abs(balance - demand) <= EPSILON * np.maximum(demand, size)
    share = np.where(meet, 1.0, given / np.where(demand > 0, demand, 1.0))
    return given, np.where(meet, 0.0, balance - given), share


def paid_from(demand: list[float], left: list[float], due: list[float], vouchers_paid: float) -> float | None:
    """Share of a segment after which money beyond ``vouchers_paid`` is due; None if that never comes.

    All lists are by workload. A workload is free until its grants are spent; from then on its cost accrues evenly.
    """
    whole = sum(due)
    costly = sorted(
        (1.0 - rest / all_, money)
        for all_, rest, money in zip(demand, left, due, strict=True)
        if money > EPSILON * whole
    )
    if not costly:
        return None
    accrued, speed, at = 0.0, 0.0, 0.0
    for begin, money in costly:
        if speed and accrued + speed * (begin - at) > vouchers_paid * (1 + EPSILON):
            break
        accrued, at = accrued + speed * (begin - at), begin
        speed += money / (1.0 - begin)
    remaining = max(vouchers_paid - accrued, 0.0)
    return min(at + remaining / speed, 1.0)


def whole_days(days: float, share: float) -> int:
    """Days ``share`` of ``days`` lasts, rounded down; a value that only rounding keeps below a day counts as it."""
    return int(days * share + 1e-9)
