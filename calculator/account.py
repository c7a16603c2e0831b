"""The charge of one assignment for one customer, told month by month and benefit by benefit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from offers import Assumption, Term
from offers.schema import Discount, MatchedGrant, TokenGrant, Voucher
from pricing import Text

from .answer import BenefitUse, MonthRow, OfferUse
from .case import Case
from .charge import EPSILON, bill_of, paid_from, whole_days
from .supply import Supply
from .timeline import MOVE, OVERLAP

if TYPE_CHECKING:
    from .arrays import Assignment, Floats


class Account(NamedTuple):
    """What one assignment costs one customer. Axes: ``T`` segments, ``W`` workloads, ``P`` pools, ``V`` vouchers.

    Money is in the provider's currency, until it is told.
    """

    supply: Supply
    models: list[int]
    """Index of each workload's model."""
    tokens: Floats
    """(T, W) demand in target tokens."""
    left: Floats
    """(T, W) tokens that no grant covers."""
    discounted: Floats
    """(T, W) money taken off by discounts."""
    due: Floats
    """(T, W) money that grants and discounts leave."""
    spent: Floats
    """(T, V) money paid by each voucher."""
    bill: Floats
    """(T,) money that is paid in the end."""
    drawn: Floats
    """(T, P, W) tokens drawn from each pool."""
    drawn_value: Floats
    """(T, P) their list cost."""
    pools: list[tuple[float, float, float]]
    """Of each pool: its size, what is drawn from it in all, both in tokens, and the list cost of that."""

    @property
    def re_embedding(self) -> float:
        """What is paid to embed the vector store again."""
        moves = self.supply.segments.month[0] == MOVE
        return float(self.bill[0]) * self.supply.exchange_rate if moves else 0.0

    def months(self) -> tuple[MonthRow, ...]:
        """The rows of the months, the overlap first."""
        segments, horizon, rate = self.supply.segments, self.supply.setting.horizon, self.supply.exchange_rate
        by_segment = np.array([
            self.tokens.sum(axis=1),
            (self.tokens - self.left).sum(axis=1),
            self.drawn_value.sum(axis=1),
            self.discounted.sum(axis=1),
            self.spent.sum(axis=1),
            self.bill,
        ])  # fmt: skip
        by_segment[2:] = np.maximum(by_segment[2:] * rate, 0.0)
        first, number = segments.first_of_months, OVERLAP if horizon.overlap_days else 0
        starts = [horizon.first_use, *horizon.month_starts] if horizon.overlap_days else horizon.month_starts
        rows = np.add.reduceat(by_segment, first, axis=1).T.tolist()
        return tuple(
            MonthRow(month, start, end, *row)
            for month, (start, end, row) in enumerate(zip(starts, starts[1:], rows, strict=False), number)
        )

    def free_until(self) -> date | None:
        """First day on which ordinary use is paid; None: never."""
        paid = np.flatnonzero((self.bill > 0) & (self.supply.segments.month != MOVE)).tolist()
        return self._paid_on(paid[0], self.spent[paid[0]]) if paid else None

    def offers(self) -> tuple[OfferUse, ...]:
        """What became of each offer, claimed or not."""
        uses = []
        index = 0
        for outcome in self.supply.outcomes:
            benefits = []
            for term in outcome.terms:
                benefits.append(self._use(index, term))
                index += 1
            uses.append(
                OfferUse(
                    outcome.offer, outcome.status, outcome.reason, outcome.claimed_on, outcome.claim_by, tuple(benefits)
                )
            )
        return tuple(uses)

    def assumptions(self) -> tuple[Assumption, ...]:
        """All that was assumed for the offers and the token counts."""
        found = [one for outcome in self.supply.outcomes for one in outcome.assumptions]
        for workload, model in enumerate(self.models):
            ratio = self.supply.ratios[workload][model]
            if isinstance(ratio, Text):
                found.append(Assumption("ratio", None, ratio))
        return tuple(found)

    def _use(self, index: int, term: Term) -> BenefitUse:
        models, rate = tuple(sorted(term.models)), self.supply.exchange_rate
        if isinstance(term.benefit, TokenGrant | MatchedGrant):
            pools = [p for p, (owner, _) in enumerate(self.supply.grants) if owner == index]
            size, drawn, saved = (sum(self.pools[p][part] for p in pools) for part in range(3))
            spent = [self._pool_spent_on(p) for p in pools]
            runs_out = max((day for day in spent if day), default=None) if all(spent) else None
            return self._benefit(term, models, size, drawn, runs_out, saved * rate)
        if isinstance(term.benefit, Voucher):
            v = self.supply.vouchers.index(index)
            used = float(self.spent[:, v].sum()) * rate
            return self._benefit(term, models, term.size * rate, used, self._voucher_spent_on(v), used)
        saved = self._discount_saved(index, term) * rate  # nothing where it is a service, which covers no model
        return BenefitUse(term.benefit, models, None, None, None, term.last_day, None, saved)

    def _benefit(
        self, term: Term, models: tuple[str, ...], granted: float, used: float, runs_out: date | None, saved: float
    ) -> BenefitUse:
        over = term.ends is not None and term.ends <= self.supply.setting.horizon.end
        lapsed = max(granted - used, 0.0) if over and runs_out is None else 0.0
        return BenefitUse(term.benefit, models, granted, used, lapsed, term.last_day, runs_out, saved)

    def _discount_saved(self, index: int, term: Term) -> float:
        """Money of a discount, in the provider's currency; of several alike the first in file order counts."""
        saved = 0.0
        for w, m in enumerate(self.models):
            model = self.supply.models[m].id
            if model not in term.models:
                continue
            mine = np.zeros(len(self.tokens), dtype=bool)
            mine[self.supply.segments.life(term.starts, term.ends)] = True
            for other in self.supply.terms[:index]:
                if isinstance(other.benefit, Discount) and model in other.models and other.size == term.size:
                    mine[self.supply.segments.life(other.starts, other.ends)] = False
            mine &= self.supply.discount[:, m] == term.size
            saved += float(self.discounted[mine, w].sum())
        return saved

    def _pool_spent_on(self, pool: int) -> date | None:
        size, drawn, _ = self.pools[pool]
        if size <= 0 or drawn < size * (1 - EPSILON):
            return None
        t = int(np.flatnonzero(self.drawn[:, pool].any(axis=1))[-1])
        # The share of the demand of its models that it and the grants drawn before it cover.
        mine = self.supply.covers[pool, self.models]
        covered = self.drawn[t, : pool + 1].sum(axis=0) @ mine
        return self._day(t, float(covered / (self.tokens[t] @ mine)))

    def _voucher_spent_on(self, voucher: int) -> date | None:
        spent = self.spent[:, voucher]
        if spent.sum() < self.supply.terms[self.supply.vouchers[voucher]].size * (1 - EPSILON):
            return None
        t = int(np.flatnonzero(spent)[-1])
        return self._paid_on(t, self.spent[t, : voucher + 1])

    def _paid_on(self, segment: int, spent: Floats) -> date:
        """Day of a segment in which something is due on which vouchers have ``spent`` theirs."""
        demand, left, due = (table[segment].tolist() for table in (self.tokens, self.left, self.due))
        return self._day(segment, paid_from(demand, left, due, float(spent.sum())))

    def _day(self, segment: int, share: float) -> date:
        segments = self.supply.segments
        return date.fromordinal(int(segments.start[segment]) + whole_days(float(segments.days[segment]), share))


def account_of(case: Case, assignment: Assignment) -> Account:
    """The account of one assignment (W, 1) for one customer."""
    supply, models, drawing = case.supply, assignment[:, 0], case.supply.drawing
    every, price = case.demand(assignment, np.arange(len(supply.segments)))
    tokens, unit_cost = every[..., 0, 0], price[..., 0, 0] + np.zeros((len(every), 1))
    left = tokens.copy()
    spent = np.zeros((len(tokens), len(supply.vouchers)))
    drawn = np.zeros((len(tokens), len(supply.grants), len(models)))
    if len(drawing):
        charge, s = case.charge_of(assignment)
        left[drawing], spent[drawing] = charge.left[..., s, 0], charge.spent[..., s, 0]
        for p, (draw, life) in enumerate(zip(charge.draws, supply.lives[0], strict=True)):
            drawn[drawing[life], p] = draw[..., s, 0]
    drawn_value = (drawn * unit_cost[:, None]).sum(axis=2)
    pools = case.pool_sizes[:, 0], drawn.sum(axis=(0, 2)), drawn_value.sum(axis=0)
    undiscounted = left * unit_cost
    discounted = undiscounted * supply.discount[:, models]
    due = undiscounted - discounted
    return Account(
        supply=supply,
        models=models.tolist(),
        tokens=tokens,
        left=left,
        discounted=discounted,
        due=due,
        spent=spent,
        bill=bill_of(due.sum(axis=1), spent.sum(axis=1)),
        drawn=drawn,
        drawn_value=drawn_value,
        pools=[*zip(*(part.tolist() for part in pools), strict=True)],
    )
