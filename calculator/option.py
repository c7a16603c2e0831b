"""One provider: the tables of its models, the search for its cheapest assignment, and the account of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from offers import Assumption, Outcome, Term
from offers.schema import Discount, MatchedGrant, Service, TokenGrant, Voucher
from pricing import Model, Price, Prices, Provider, Text

from .answer import BenefitUse, MonthRow, OfferUse
from .candidates import token_ratio
from .charge import EPSILON, Charge, Pools, Vouchers, charge, paid_from, whole_days
from .effort import Effort
from .profile import Profile, Workload
from .timeline import MOVE, OVERLAP, Horizon, Segments, cut

if TYPE_CHECKING:
    from .arrays import Assignment, Bools, Floats


@dataclass(frozen=True)
class Case:
    """All that the cost of one provider follows from."""

    profile: Profile
    horizon: Horizon
    cutoff: date | None
    prices: Prices
    provider: Provider
    sources: list[Model]
    """Source model of each workload."""
    models: list[Model]
    """The candidates of all workloads."""
    outcomes: list[Outcome]
    effort: Effort
    day_rate: float
    exchange_rate: float
    """Units of the profile's currency for 1 unit of the provider's."""

    @property
    def workloads(self) -> list[Workload]:
        """The profile's workloads."""
        return self.profile.workloads

    @cached_property
    def terms(self) -> list[Term]:
        """Terms of all claimed offers, in file order."""
        return [term for outcome in self.outcomes for term in outcome.terms]

    @cached_property
    def list_prices(self) -> list[Price]:
        """Price of each model on the day of the decision."""
        found = [model.price_on(self.horizon.as_of) for model in self.models]
        return [price for price in found if price is not None]

    @cached_property
    def ratios(self) -> list[list[float | Text]]:
        """By workload and model: target tokens for one source token, or why it is taken as 1."""
        return [
            [token_ratio(self.prices, workload, source, model, self.provider.provider) for model in self.models]
            for workload, source in zip(self.workloads, self.sources, strict=True)
        ]

    @cached_property
    def ratio(self) -> Floats:
        """(W, M) target tokens for one source token."""
        return np.array([[1.0 if isinstance(r, Text) else r for r in row] for row in self.ratios])

    # Section 2 and 3: tokens and list cost of a month, and of the vector store

    @cached_property
    def month_tokens(self) -> Floats:
        """(W, M) target tokens of the base month."""
        used = np.array([workload.input_tokens + workload.output_tokens for workload in self.workloads])
        return used[:, None] * self.ratio

    @cached_property
    def month_cost(self) -> Floats:
        """(W, M) their list cost."""
        return self.ratio * [
            [list_cost(w, price, w.input_tokens, w.output_tokens) for price in self.list_prices] for w in self.workloads
        ]

    @cached_property
    def stored_tokens(self) -> Floats:
        """(W, M) target tokens of the vector store, which is embedded again."""
        stored = [
            w.stored_tokens if source.kind == "embedding" else 0.0
            for w, source in zip(self.workloads, self.sources, strict=True)
        ]
        return np.array(stored)[:, None] * self.ratio

    @cached_property
    def stored_cost(self) -> Floats:
        """(W, M) its list cost."""
        each = [[list_cost(w, price, 1.0, 0.0) for price in self.list_prices] for w in self.workloads]
        return self.stored_tokens * each

    # Section 1: the timeline

    @cached_property
    def segments(self) -> Segments:
        """The horizon cut where anything begins or ends."""
        lived = [term for term in self.terms if not isinstance(term.benefit, Service)]
        boundaries = [day for term in lived for day in (term.starts, term.ends) if day is not None]
        return cut(self.horizon, boundaries, move=bool(self.stored_tokens.any()))

    @cached_property
    def use(self) -> Floats:
        """(T, W) base months of each workload's use in each segment; 0 in the segment of the move."""
        growth = [self.profile.growth if w.growth is None else w.growth for w in self.workloads]
        month = self.segments.month[:, None]
        grown = (1.0 + np.array(growth)) ** np.maximum(month, 0)
        part = np.where(month == OVERLAP, self.profile.overlap.share, 1.0) * (month != MOVE)
        return grown * part * self.segments.share[:, None]

    # Section 4: grants, discounts, vouchers

    @cached_property
    def grants(self) -> list[tuple[int, frozenset[str]]]:
        """Pools in the order of drawing: index of the term, and the ids of the models that the pool is for."""
        pools: list[tuple[tuple[float, int, int], int, frozenset[str]]] = []
        for index, term in enumerate(self.terms):
            if isinstance(term.benefit, TokenGrant | MatchedGrant):
                shared = term.benefit.pool == "shared"
                for models in [term.models] if shared else [frozenset([model]) for model in sorted(term.models)]:
                    pools.append(((_end(term), len(models), index), index, models))
        return [(index, models) for _, index, models in sorted(pools, key=lambda pool: pool[0])]

    @cached_property
    def vouchers(self) -> list[int]:
        """Indices of the vouchers' terms in the order of spending."""
        indices = [i for i, term in enumerate(self.terms) if isinstance(term.benefit, Voucher)]
        return sorted(indices, key=lambda i: (_end(self.terms[i]), i))

    @cached_property
    def pool_covers(self) -> Bools:
        """(P, M) which models draw from a pool."""
        rows = [[model.id in models for model in self.models] for _, models in self.grants]
        return np.array(rows, dtype=bool).reshape(len(self.grants), len(self.models))

    @cached_property
    def discount(self) -> Floats:
        """(T, M) the largest share off that is alive."""
        shares = np.zeros((len(self.segments), len(self.models)))
        for term in self.terms:
            if isinstance(term.benefit, Discount):
                covered = np.array([model.id in term.models for model in self.models])
                alive = self.segments.alive(term.starts, term.ends)
                shares = np.maximum(shares, alive[:, None] * covered * term.size)
        return shares

    def _alive(self, terms: list[int]) -> Bools:
        alive = [self.segments.alive(self.terms[i].starts, self.terms[i].ends) for i in terms]
        return np.array(alive, dtype=bool).reshape(len(terms), len(self.segments)).T

    def demand(self, assignment: Assignment) -> tuple[Floats, Floats]:
        """(S, T, W) tokens and list cost of each assignment."""
        each = np.arange(len(self.workloads))
        move = (self.segments.month == MOVE).astype(float)[:, None]

        def spread(month: Floats, stored: Floats) -> Floats:
            return self.use * month[each, assignment][:, None] + move * stored[each, assignment][:, None]

        return spread(self.month_tokens, self.stored_tokens), spread(self.month_cost, self.stored_cost)

    def charge(self, assignment: Assignment) -> Charge:
        """Charges each assignment (S, W)."""
        tokens, cost = self.demand(assignment)
        pools = Pools(
            size=np.array([self.terms[index].size for index, _ in self.grants]),
            alive=self._alive([index for index, _ in self.grants]),
            covers=self.pool_covers[:, assignment].transpose(1, 0, 2),
        )
        vouchers = Vouchers(np.array([self.terms[index].size for index in self.vouchers]), self._alive(self.vouchers))
        discount = self.discount[:, assignment].transpose(1, 0, 2)
        return charge(tokens, cost, pools, discount, vouchers)


def list_cost(workload: Workload, price: Price, input_tokens: float, output_tokens: float) -> float:
    """List price of tokens of a workload's nature, in the provider's currency (section 3)."""
    p_in, p_out, p_cached = price.rates(workload.context, workload.off_peak_share)
    cached, batch = workload.cached_share, workload.batch_share
    batched = (input_tokens * p_in + output_tokens * p_out) * (1 - (price.batch_discount or 0.0))
    online = input_tokens * ((1 - cached) * p_in + cached * p_cached) + output_tokens * p_out
    return (batch * batched + (1 - batch) * online) / 1e6


def _end(term: Term) -> float:
    return term.ends.toordinal() if term.ends else float("inf")


@dataclass(frozen=True)
class Account:
    """The charge of one assignment, told month by month and benefit by benefit, in the profile's currency."""

    case: Case
    assignment: Assignment
    """(W,) index of each workload's model."""
    charge: Charge
    """What its demand is charged, in the provider's currency."""

    @cached_property
    def _demand(self) -> tuple[Floats, Floats]:
        tokens, cost = self.case.demand(self.assignment[None, :])
        return tokens[0], cost[0]

    @property
    def re_embedding(self) -> float:
        """What is paid to embed the vector store again."""
        move = self.case.segments.month == MOVE
        return float(self.charge.bill[0, move].sum()) * self.case.exchange_rate

    def months(self) -> tuple[MonthRow, ...]:
        """The rows of the months, the overlap first."""
        charge_, segments, horizon = self.charge, self.case.segments, self.case.horizon
        tokens, _ = self._demand
        rate = self.case.exchange_rate
        granted = tokens - charge_.left[0]
        by_segment = np.column_stack([
            tokens.sum(axis=1),
            granted.sum(axis=1),
            charge_.drawn_value[0].sum(axis=1),
            charge_.discounted[0].sum(axis=1),
            charge_.spent[0].sum(axis=1),
            charge_.bill[0],
        ])  # fmt: skip
        by_segment[:, 2:] = np.maximum(by_segment[:, 2:] * rate, 0.0)
        first = OVERLAP if horizon.overlap_days else 0
        ordinary = segments.month != MOVE
        sums = np.zeros((horizon.months - first, by_segment.shape[1]))
        np.add.at(sums, segments.month[ordinary] - first, by_segment[ordinary])
        return tuple(
            MonthRow(
                month,
                horizon.first_use if month == OVERLAP else horizon.month_starts[month],
                horizon.month_starts[month + 1],
                *row,
            )
            for month, row in enumerate(sums.tolist(), first)
        )

    def free_until(self) -> date | None:
        """First day on which ordinary use is paid; None: never."""
        charge_, segments = self.charge, self.case.segments
        for t in np.flatnonzero((charge_.bill[0] > 0) & (segments.month != MOVE)):
            share = self._paid_from(int(t), float(charge_.spent[0, t].sum()))
            if share is not None:
                return self._day(int(t), share)
        return None

    def offers(self) -> tuple[OfferUse, ...]:
        """What became of each offer, claimed or not."""
        uses = []
        index = 0
        for outcome in self.case.outcomes:
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
        found = [one for outcome in self.case.outcomes for one in outcome.assumptions]
        for workload, model in enumerate(self.assignment):
            ratio = self.case.ratios[workload][model]
            if isinstance(ratio, Text):
                found.append(Assumption("ratio", None, ratio))
        return tuple(found)

    def _use(self, index: int, term: Term) -> BenefitUse:
        models, rate = tuple(sorted(term.models)), self.case.exchange_rate
        if isinstance(term.benefit, TokenGrant | MatchedGrant):
            pools = [p for p, (owner, _) in enumerate(self.case.grants) if owner == index]
            drawn = self.charge.drawn[0][:, pools]
            saved = float(self.charge.drawn_value[0][:, pools].sum()) * rate
            spent = [self._pool_spent_on(p, term.size) for p in pools]
            runs_out = max((day for day in spent if day), default=None) if all(spent) else None
            return self._benefit(term, models, term.size * len(pools), float(drawn.sum()), runs_out, saved)
        if isinstance(term.benefit, Voucher):
            v = self.case.vouchers.index(index)
            used = float(self.charge.spent[0][:, v].sum()) * rate
            return self._benefit(term, models, term.size * rate, used, self._voucher_spent_on(v), used)
        saved = self._discount_saved(index, term) * rate if isinstance(term.benefit, Discount) else 0.0
        return BenefitUse(term.benefit, models, None, None, None, term.last_day, None, saved)

    def _benefit(
        self, term: Term, models: tuple[str, ...], granted: float, used: float, runs_out: date | None, saved: float
    ) -> BenefitUse:
        over = term.ends is not None and term.ends <= self.case.horizon.end
        lapsed = max(granted - used, 0.0) if over and runs_out is None else 0.0
        return BenefitUse(term.benefit, models, granted, used, lapsed, term.last_day, runs_out, saved)

    def _discount_saved(self, index: int, term: Term) -> float:
        """Money of a discount; of several alike on a model the first in file order counts."""
        saved = 0.0
        for w, m in enumerate(self.assignment):
            best = self.case.discount[:, m]
            model = self.case.models[m].id
            mine = (best > 0) & (best == term.size) & self.case.segments.alive(term.starts, term.ends)
            for other in self.case.terms[:index]:
                if isinstance(other.benefit, Discount) and model in other.models:
                    mine &= ~(self.case.segments.alive(other.starts, other.ends) & (other.size == term.size))
            if model in term.models:
                saved += float(self.charge.discounted[0][mine, w].sum())
        return saved

    def _pool_spent_on(self, pool: int, size: float) -> date | None:
        drawn = self.charge.drawn[0][:, pool]
        if size <= 0 or drawn.sum() < size * (1 - EPSILON):
            return None
        t = int(np.flatnonzero(drawn)[-1])
        return self._day(t, float(self.charge.reached[0, t, pool]))

    def _voucher_spent_on(self, voucher: int) -> date | None:
        spent = self.charge.spent[0]
        if spent[:, voucher].sum() < self.case.terms[self.case.vouchers[voucher]].size * (1 - EPSILON):
            return None
        t = int(np.flatnonzero(spent[:, voucher])[-1])
        share = self._paid_from(t, float(spent[t, : voucher + 1].sum()))
        return None if share is None else self._day(t, share)

    def _paid_from(self, segment: int, vouchers_paid: float) -> float | None:
        charge_ = self.charge
        return paid_from(self._demand[0][segment], charge_.left[0, segment], charge_.due[0, segment], vouchers_paid)

    def _day(self, segment: int, share: float) -> date:
        segments = self.case.segments
        return date.fromordinal(int(segments.start[segment]) + whole_days(float(segments.days[segment]), share))
