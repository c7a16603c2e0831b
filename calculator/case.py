"""One provider for customers with their numbers: the tables of its models, and what assignments of them cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from offers.claims import most_matched
from offers.schema import MatchedGrant

from .charge import Charge, Pools, Vouchers, charge
from .oneoff import Work, common_days
from .search import BILL, COSTS, DAYS, ONE_OFF, READINESS, TOTAL, cheapest, descend, prune, too_many
from .setting import Setting
from .supply import Rates, Supply, rates_of
from .timeline import MOVE
from .usage import Usage

if TYPE_CHECKING:
    from .arrays import Assignment, Floats, Ints


class Best(NamedTuple):
    """The cheapest assignment of one provider's models for each customer."""

    assignment: Assignment
    """(W, N) index of each workload's model."""
    costs: Floats
    """(5, N) what it costs."""
    certain: bool
    """Whether all were tried."""


@dataclass(frozen=True, eq=False)
class Case:
    """One provider for ``N`` customers. Axes: ``T`` segments, ``W`` workloads, ``M`` models, ``S`` assignments."""

    supply: Supply
    usage: Usage
    work: Work
    charged: list[tuple[Assignment, Charge]] = field(default_factory=list)
    """The last assignments that were charged."""

    # Sections 2 and 3: tokens and list cost of a month, and of the vector store

    @cached_property
    def month_tokens(self) -> Floats:
        """(W, M, N) target tokens of the base month."""
        return (self.usage.input_tokens + self.usage.output_tokens)[:, None] * self.supply.ratio

    @cached_property
    def unit_cost(self) -> tuple[Floats, Floats]:
        """(W, M, N) list price of a token of ordinary use, and of one of the vector store."""
        return unit_costs(self.usage, self.supply.rates)

    @cached_property
    def stored_tokens(self) -> Floats:
        """(W, M, N) target tokens of the vector store, which is embedded again."""
        embeds = np.array([[source.kind == "embedding"] for source in self.supply.setting.sources])
        return (self.usage.stored_tokens * embeds)[:, None] * self.supply.ratio

    # Section 4: what grants and vouchers may be drawn for, and the rest

    @cached_property
    def undrawn(self) -> tuple[Floats, Floats]:
        """(W, M, N) discounted cost of the segments in which nothing can be drawn: ordinary use, re-embedding."""
        by_month, moved = self.supply.undrawn
        use = by_month @ self.usage.by_month.swapaxes(0, 1)
        ordinary, stored = self.unit_cost
        return use * self.month_tokens * ordinary, moved * self.stored_tokens * stored

    @cached_property
    def pool_sizes(self) -> Floats:
        """(P, N) tokens of each pool; a matched grant has those of the customer's own use."""
        monthly = self.usage.monthly_tokens
        sizes = np.empty((len(self.supply.grants), len(monthly)))
        for size, (index, _) in zip(sizes, self.supply.grants, strict=True):
            term = self.supply.terms[index]
            size[:] = term.size
            if isinstance(term.benefit, MatchedGrant):
                most = most_matched(term.benefit, self.supply.setting.profile.stance)
                size[:] = np.minimum(term.benefit.months * monthly, most)
        return sizes

    @cached_property
    def work_money(self) -> Floats:
        """(W, M, N) one-off cost in the profile's currency, without re-embedding that grants and vouchers may pay."""
        tokens = self.work.training_cost + self.undrawn[1]
        return self.work.days_left * self.usage.day_rate + tokens * self.supply.exchange_rate

    def cost(self, assignment: Assignment) -> Floats:
        """(5, S, N) costs of each assignment in the profile's currency, and its person-days."""
        rate = self.supply.exchange_rate
        bill, one_off, days = (
            pick(table, assignment).sum(axis=0) for table in (self.undrawn[0], self.work_money, self.work.days_left)
        )
        if len(self.supply.drawing):
            paid = self.charge(assignment).bill
            first = int(self.supply.segments.month[self.supply.drawing[0]] == MOVE)  # the move is the first segment
            bill, one_off = bill + paid[first:].sum(axis=0), one_off + paid[:first].sum(axis=0) * rate
        costs = np.empty((COSTS, assignment.shape[1], self.usage.customers))
        costs[BILL] = bill * rate
        costs[ONE_OFF] = one_off
        costs[READINESS] = self.work.readiness_cost(days)
        costs[TOTAL] = costs[BILL] + costs[ONE_OFF] + costs[READINESS]
        costs[DAYS] = days
        return costs

    def best(self) -> Best:
        """The cheapest assignment; a good one where they are too many to try them all."""
        choices = self.supply.choices
        if self.usage.customers > 1 and too_many(choices):
            alone = [case_for(self.supply, self.usage.of(number)).best() for number in range(self.usage.customers)]
            return Best(
                np.concatenate([best.assignment for best in alone], axis=1),
                np.concatenate([best.costs for best in alone], axis=1),
                certain=all(best.certain for best in alone),
            )
        if too_many(choices):
            alike = np.vstack([self.supply.covers, self.supply.discount, self.supply.ratio[..., 0]]).T.tolist()
            unit, stored_unit = self.unit_cost
            bills = [unit * self.month_tokens, stored_unit * self.stored_tokens]
            choices = prune(choices, alike, [*bills, self.work.days_left, self.work.training_cost])
        if too_many(choices):
            return Best(*descend(choices, self.cost), certain=False)
        return Best(*cheapest(choices, self.cost, self.usage.customers), certain=True)

    def demand(self, assignment: Assignment, segments: Ints) -> tuple[Floats, Floats]:
        """(T, W, S, N) target tokens in these ``segments``, and the list price of a token."""
        month, share = self.supply.segments.month[segments], self.supply.segments.share[segments]
        use = self.usage.by_month[month] * share[:, None, None]
        tokens = use[:, :, None] * pick(self.month_tokens, assignment)
        price, stored_price = (pick(table, assignment)[None] for table in self.unit_cost)
        if month[0] == MOVE:
            move = np.zeros((len(month), 1, 1, 1), dtype=bool)
            move[0] = True
            tokens = np.where(move, pick(self.stored_tokens, assignment), tokens)
            price = np.where(move, stored_price, price)
        return tokens, price

    def charge(self, assignment: Assignment) -> Charge:
        """Charges each assignment (W, S) for the segments in which grants and vouchers may be drawn."""
        supply = self.supply
        tokens, unit_cost = self.demand(assignment, supply.drawing)
        discount = supply.discount[supply.drawing][:, assignment][..., None]
        grants, vouchers = supply.lives
        pools = Pools(self.pool_sizes[:, None], supply.covers[:, assignment][..., None], grants)
        amounts = np.array([supply.terms[index].size for index in supply.vouchers])
        found = charge(tokens, unit_cost, discount, pools, Vouchers(amounts, vouchers))
        self.charged[:] = [(assignment, found)]
        return found

    def charge_of(self, assignment: Assignment) -> tuple[Charge, int]:
        """The charge of one assignment (W, 1), and its place on the axis ``S``: the search has it in most cases."""
        for known, charged in self.charged:
            places = np.flatnonzero((known == assignment).all(axis=0))
            if len(places):
                return charged, int(places[0])
        return self.charge(assignment), 0


def case_for(supply: Supply, usage: Usage) -> Case:
    """One provider for customers with this usage."""
    return Case(supply, usage, Work(supply, usage, common_days(supply.setting, usage)))


def unit_costs(usage: Usage, rates: Rates) -> tuple[Floats, Floats]:
    """(W, M, N) list price of a token of ordinary use, input and output taken together, and of an input token."""
    cached, batch = usage.cached_share[:, None], usage.batch_share[:, None]
    p_in, p_out, p_cached = rates.busy + usage.off_peak_share[:, None] * rates.off_peak
    batched = batch * (1.0 - rates.batch_discount)
    into = (batched * p_in + (1.0 - batch) * ((1.0 - cached) * p_in + cached * p_cached)) / 1e6
    out = (batched + (1.0 - batch)) * p_out / 1e6
    tokens_in, tokens_out = usage.input_tokens[:, None], usage.output_tokens[:, None]
    tokens = tokens_in + tokens_out
    return (tokens_in * into + tokens_out * out) / np.where(tokens > 0, tokens, 1.0), into


def pick(table: Floats, assignment: Assignment) -> Floats:
    """(W, S, N) what a table (W, M, N) says of the models of each assignment (W, S)."""
    return table[np.arange(len(assignment))[:, None], assignment]


def source_cost(setting: Setting, usage: Usage) -> Floats | None:
    """(K, N) the source's own list cost month by month, in the profile's currency; None where it has no price."""
    rate = setting.exchange_rates.get(setting.source.currency)
    models = list({model.id: model for model in setting.sources}.values())
    prices = [price for model in models if (price := model.price_on(setting.horizon.as_of))]
    if rate is None or len(prices) < len(models):
        return None
    unit_cost, _ = unit_costs(usage, rates_of(prices, [workload.context for workload in setting.profile.workloads]))
    own = np.array([[models.index(model)] for model in setting.sources])
    return usage.over_months((usage.input_tokens + usage.output_tokens) * pick(unit_cost, own)[:, 0]) * rate
