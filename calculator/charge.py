"""Demand -> grants -> discounts -> vouchers -> bill: `docs/model.md`, sections 3 and 4, on arrays.

Axes: ``S`` scenarios, ``T`` segments, ``W`` workloads, ``P`` pools of granted tokens, ``V`` vouchers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .arrays import Bools, Floats

EPSILON = 1e-11
"""Relative size below which a remainder is the noise of floating point, not tokens or money."""


@dataclass(frozen=True)
class Pools:
    """Pools of granted tokens, in the order in which they are drawn."""

    size: Floats
    """(P,) tokens."""
    alive: Bools
    """(T, P) segments in which a pool can be drawn."""
    covers: Bools
    """(S, P, W) workloads whose model a pool covers."""


@dataclass(frozen=True)
class Vouchers:
    """Money that pays what grants and discounts leave, in the order in which it is spent."""

    amount: Floats
    """(V,) money."""
    alive: Bools
    """(T, V) segments in which it can be spent."""


@dataclass(frozen=True)
class Charge:
    """What became of the demand. Money is in the provider's currency."""

    drawn: Floats
    """(S, T, P) tokens drawn from each pool."""
    drawn_value: Floats
    """(S, T, P) their list cost."""
    reached: Floats
    """(S, T, P) share of the demand of a pool's workloads that is covered once it and those before it were drawn."""
    left: Floats
    """(S, T, W) tokens that no grant covers."""
    discounted: Floats
    """(S, T, W) money taken off by discounts."""
    due: Floats
    """(S, T, W) money that grants and discounts leave."""
    spent: Floats
    """(S, T, V) money paid by each voucher."""

    def of(self, scenario: int) -> Charge:
        """The charge of one scenario alone."""
        return Charge(*(getattr(self, one.name)[scenario : scenario + 1] for one in fields(self)))

    @property
    def bill(self) -> Floats:
        """(S, T) money that is paid in the end."""
        due = self.due.sum(axis=2)
        bill = due - self.spent.sum(axis=2)
        return np.where(bill > EPSILON * due, bill, 0.0)


def charge(tokens: Floats, list_cost: Floats, pools: Pools, discount: Floats, vouchers: Vouchers) -> Charge:
    """Charges a demand, segment by segment.

    ``tokens`` and ``list_cost`` (S, T, W): the demand in target tokens and its price before any offer.
    ``discount`` (S, T, W): the largest share off that is alive for the workload's model.
    """
    scenarios, segments, _workloads = tokens.shape
    unit_cost = _ratio(list_cost, tokens)
    drawn = np.zeros((scenarios, segments, len(pools.size)))
    drawn_value, reached = np.zeros_like(drawn), np.zeros_like(drawn)
    left = tokens.copy()
    balance = np.broadcast_to(pools.size, (scenarios, len(pools.size))).copy()
    for t, alive in enumerate(pools.alive.tolist()):
        for p in [pool for pool, open_ in enumerate(alive) if open_]:
            if not balance[:, p].any():
                continue
            mine = left[:, t] * pools.covers[:, p]
            demand = mine.sum(axis=1)
            draw = np.minimum(balance[:, p], demand)
            # What is left of a pool or a demand after it met the other exactly is rounding: let both end together.
            meet = np.abs(balance[:, p] - demand) <= EPSILON * np.maximum(demand, pools.size[p])
            part = mine * np.where(meet, 1.0, _ratio(draw, demand))[:, None]
            left[:, t] -= part
            balance[:, p] = np.where(meet, 0.0, balance[:, p] - draw)
            drawn[:, t, p] = draw
            drawn_value[:, t, p] = (part * unit_cost[:, t]).sum(axis=1)
            whole = (tokens[:, t] * pools.covers[:, p]).sum(axis=1)
            reached[:, t, p] = _ratio(whole - (mine - part).sum(axis=1), whole)
    undiscounted = left * unit_cost
    discounted = undiscounted * discount
    due = undiscounted - discounted
    return Charge(drawn, drawn_value, reached, left, discounted, due, _spend(due.sum(axis=2), vouchers))


def _spend(due: Floats, vouchers: Vouchers) -> Floats:
    """(S, T, V) money that each voucher pays of ``due`` (S, T)."""
    scenarios, segments = due.shape
    spent = np.zeros((scenarios, segments, len(vouchers.amount)))
    balance = np.broadcast_to(vouchers.amount, (scenarios, len(vouchers.amount))).copy()
    for t, alive in enumerate(vouchers.alive.tolist()):
        unpaid = due[:, t].copy()
        for v in [voucher for voucher, open_ in enumerate(alive) if open_]:
            pay = np.minimum(balance[:, v], unpaid)
            meet = np.abs(balance[:, v] - unpaid) <= EPSILON * np.maximum(unpaid, vouchers.amount[v])
            unpaid = np.where(meet, 0.0, unpaid - pay)
            balance[:, v] = np.where(meet, 0.0, balance[:, v] - pay)
            spent[:, t, v] = pay
    return spent


def paid_from(demand: Floats, left: Floats, due: Floats, vouchers_paid: float) -> float | None:
    """Share of a segment after which money beyond ``vouchers_paid`` is due; None if that never comes.

    All arrays have shape (W,). A workload is free until its grants are spent; from then on its cost accrues evenly.
    """
    costly = due > EPSILON * due.sum()
    if not costly.any():
        return None
    begins = 1.0 - _ratio(left, demand)[costly]
    rate = due[costly] / (1.0 - begins)
    order = np.argsort(begins)
    begins, rate = begins[order], rate[order]
    accrued, speed, at = 0.0, 0.0, 0.0
    for begin, more in zip(begins, rate, strict=True):
        if speed and accrued + speed * (begin - at) > vouchers_paid * (1 + EPSILON):
            break
        accrued, at = accrued + speed * (begin - at), begin
        speed += more
    remaining = max(vouchers_paid - accrued, 0.0)
    return float(min(at + remaining / speed, 1.0))


def whole_days(days: float, share: float) -> int:
    """Days ``share`` of ``days`` lasts, rounded down; a value that only rounding keeps below a day counts as it."""
    return int(np.floor(days * share + 1e-9))


def _ratio(part: Floats, whole: Floats) -> Floats:
    """``part`` ÷ ``whole``, 0 where ``whole`` is 0."""
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
