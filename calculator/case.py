"""One provider for customers with their numbers: the tables of its models, and what assignments of them cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from offers.claims import most_matched
from offers.schema import MatchedGrant

from .charge import Charge, Pools, Vouchers, charge
from .costs import Costs, costs_of, pick
from .oneoff import Work, common_days
from .search import BILL, COSTS, DAYS, ONE_OFF, READINESS, TOTAL, cheapest, descend, prune, too_many
from .supply import Goods, Supply
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
    costs: Costs
    charged: list[tuple[Assignment, Charge]] = field(default_factory=list)
    """The last assignments that were charged."""

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

    def cost(self, assignment: Assignment) -> Floats:
        """(5, S, N) costs of each assignment in the profile's currency, and its person-days."""
        rate = self.supply.exchange_rate
        bill, one_off, days = pick(self.costs.sums, assignment).sum(axis=1)
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
            use, store, sums, training = self.costs
            choices = prune(choices, alike, [use[0] * use[1], store[0] * store[1], sums[2], training])
        if too_many(choices):
            return Best(*descend(choices, self.cost), certain=False)
        return Best(*cheapest(choices, self.cost, self.usage.customers), certain=True)

    def demand(self, assignment: Assignment, segments: Ints) -> tuple[Floats, Floats]:
        """(T, W, S, N) target tokens in these ``segments``, and the list price of a token."""
        month, share = self.supply.segments.month[segments], self.supply.segments.share[segments]
        use = self.usage.by_month[month] * share[:, None, None]
        tokens, price = pick(self.costs.use, assignment)
        tokens, price = use[:, :, None] * tokens, price[None]
        if month[0] == MOVE:
            stored_tokens, stored_price = pick(self.costs.store, assignment)
            move = np.zeros((len(month), 1, 1, 1), dtype=bool)
            move[0] = True
            tokens = np.where(move, stored_tokens, tokens)
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
    return cases_for([supply], supply.goods, usage)[0]


def cases_for(supplies: list[Supply], goods: Goods, usage: Usage) -> list[Case]:
    """Each of several providers for customers with this usage; ``goods`` are those of all, side by side."""
    setting, cases, first = supplies[0].setting, [], 0
    common = common_days(setting, usage)
    costs = costs_of(goods, setting, usage, common)
    for supply in supplies:
        last = first + len(supply.models)
        cases.append(Case(supply, usage, Work(supply, usage, common), costs.of(slice(first, last))))
        first = last
    return cases
