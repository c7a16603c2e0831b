"""What one provider sells and gives to a customer, before anything is counted: all that numbers have no say in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from offers import Outcome, Term, claim
from offers.schema import Discount, MatchedGrant, Service, TokenGrant, Voucher
from pricing import Model, Price, Provider, Text

from .candidates import candidates, prices_on, token_ratio
from .charge import Lives
from .effort import COMMON_ITEMS, ITEMS, Item
from .setting import Setting
from .timeline import MOVE, Segments, cut

if TYPE_CHECKING:
    from .arrays import Floats, Ints


class Rates(NamedTuple):
    """List prices per 1,000,000 tokens, in the provider's currency. Axes: ``W`` workloads, ``M`` models."""

    busy: Floats
    """(3, W, M, 1) price of input, output and cached input tokens in the busy hours."""
    off_peak: Floats
    """(3, W, M, 1) what has to be added outside them."""
    batch_discount: Floats
    """(M, 1)"""
    training: Floats
    """(M, 1) price of training tokens; 0 where it is not known."""


class Goods(NamedTuple):
    """What a token and a move cost, whoever it is. ``M`` stands last but one: several providers' fit side by side."""

    rates: Rates
    """The training is 0 where a service makes it free."""
    ratio: Floats
    """(W, M, 1) target tokens for one source token."""
    undrawn: Floats
    """(M, K + 1) share of each month's price that is paid while nothing can be drawn; the overlap's stands last."""
    undrawn_move: Floats
    """(M, 1) likewise of the price of the move."""
    days: Floats
    """(W, M, 1) person-days of rework after services, and of integration, which stands once, on the first workload."""
    left: Floats
    """(I, M, 1) share of each of the ``COMMON_ITEMS`` that services leave."""
    exchange_rate: Floats
    """(M, 1) units of the profile's currency for 1 unit of the provider's."""


def side_by_side(several: list[Goods]) -> Goods:
    """The goods of several providers, one after the other."""
    rates, *rest = zip(*several, strict=True)
    return Goods(Rates(*map(_joined, zip(*rates, strict=True))), *map(_joined, rest))


def _joined(tables: tuple[Floats, ...]) -> Floats:
    return np.concatenate(tables, axis=-2)


def rates_of(prices: list[Price], contexts: list[int | None]) -> Rates:
    """The rates of models with these ``prices`` for workloads with these ``contexts``."""
    busy = [[price.rates(context) for price in prices] for context in contexts]
    quiet = [[price.rates(context, 1.0) for price in prices] for context in contexts]
    table = np.array([busy, quiet]).transpose(0, 3, 1, 2)[..., None]
    return Rates(
        busy=table[0],
        off_peak=table[1] - table[0],
        batch_discount=np.array([[price.batch_discount or 0.0] for price in prices]),
        training=np.array([[price.training_rate] for price in prices]),
    )


@dataclass(frozen=True, eq=False)
class Supply:
    """One provider for all customers of a setting. Axes: ``T`` segments, ``W`` workloads, ``M`` models, ``P`` pools."""

    setting: Setting
    provider: Provider
    exchange_rate: float
    """Units of the profile's currency for 1 unit of the provider's."""
    models: list[Model]
    """The candidates of all workloads, by id."""
    choices: list[list[int]]
    """By workload: indices of its candidates."""
    prices: list[Price]
    """List price of each model on the day of the decision."""
    ratios: list[list[float | Text]]
    """By workload and model: target tokens for one source token, or why it is taken as 1."""
    outcomes: list[Outcome]
    terms: list[Term]
    """Terms of all claimed offers, in file order."""
    segments: Segments
    """The horizon cut where anything begins or ends."""

    @cached_property
    def ratio(self) -> Floats:
        """(W, M, 1) target tokens for one source token."""
        return np.array([[[1.0 if isinstance(ratio, Text) else ratio] for ratio in row] for row in self.ratios])

    @cached_property
    def rates(self) -> Rates:
        """The models' list prices."""
        return rates_of(self.prices, [workload.context for workload in self.setting.profile.workloads])

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
    def covers(self) -> Floats:
        """(P, M) 1 for the models that draw from a pool, 0 for the others."""
        rows = [[model.id in models for model in self.models] for _, models in self.grants]
        return np.array(rows, dtype=float).reshape(len(self.grants), len(self.models))

    @cached_property
    def drawing(self) -> Ints:
        """Segments in which a grant or a voucher may be drawn; in all others use costs its discounted price."""
        drawn = np.zeros(len(self.segments), dtype=bool)
        for life in chain(*self._lives):
            drawn[life] = True
        return np.flatnonzero(drawn)

    @cached_property
    def lives(self) -> tuple[Lives, Lives]:
        """The lives of the pools and of the vouchers, counted in ``drawing`` segments."""
        grants, vouchers = (
            [slice(*np.searchsorted(self.drawing, [life.start, life.stop]).tolist()) for life in lives]
            for lives in self._lives
        )
        return grants, vouchers

    @cached_property
    def goods(self) -> Goods:
        """What enters the cost of each model, whoever uses it."""
        models, segments = len(self.models), self.segments
        paid = 1.0 - self.discount
        paid[self.drawing] = 0.0
        undrawn = np.zeros((self.setting.horizon.months + 1, models))
        np.add.at(undrawn, segments.month, paid * segments.share[:, None])
        left = {item: 1.0 - share for item, (share, _) in self.services.items()}
        days = np.array(self.rework)[..., None] * left["rework"]
        days[0] += self.integration * left["integration"]
        return Goods(
            rates=self.rates._replace(training=self.rates.training * (self.free_training is None)),
            ratio=self.ratio,
            undrawn=undrawn.T,
            undrawn_move=paid[segments.month == MOVE].sum(axis=0)[:, None],
            days=days,
            left=np.tile([[[left[item]]] for item in COMMON_ITEMS], (models, 1)),
            exchange_rate=np.full((models, 1), self.exchange_rate),
        )

    @cached_property
    def discount(self) -> Floats:
        """(T, M) the largest share off that is alive."""
        shares = np.zeros((len(self.segments), len(self.models)))
        for term in self.terms:
            if isinstance(term.benefit, Discount):
                covered = [model.id in term.models for model in self.models]
                alive = shares[self.segments.life(term.starts, term.ends)]
                np.maximum(alive, np.multiply(covered, term.size), out=alive)
        return shares

    @cached_property
    def _lives(self) -> tuple[Lives, Lives]:
        """The lives of the pools, none for one that is for no candidate, and of the vouchers."""
        lives = [self.segments.life(term.starts, term.ends) for term in self.terms]
        grants = [
            lives[index] if covers.any() else slice(0, 0)
            for (index, _), covers in zip(self.grants, self.covers, strict=True)
        ]
        return grants, [lives[index] for index in self.vouchers]

    # Section 6: services

    @cached_property
    def services(self) -> dict[Item, tuple[float, str | None]]:
        """For each item the largest share that a claimed service takes off, and its offer."""
        best: dict[Item, tuple[float, str | None]] = dict.fromkeys(ITEMS, (0.0, None))
        if self.setting.profile.stance == "cautious":
            return best
        for term in self.terms:
            if isinstance(term.benefit, Service):
                for item, share in self.setting.effort.services.get(term.benefit.service, {}).items():
                    if share > best[item][0]:
                        best[item] = (share, term.offer)
        return best

    @cached_property
    def free_training(self) -> str | None:
        """Id of a claimed offer with a fine-tuning service, which makes the training itself free."""
        offers = [
            term.offer
            for term in self.terms
            if isinstance(term.benefit, Service) and term.benefit.service == "fine_tuning"
        ]
        return offers[0] if offers else None

    @cached_property
    def integration(self) -> float:
        """Person-days of calling another interface."""
        return self.setting.effort.integration[self.provider.api.kind_on(self.setting.horizon.as_of)]

    @cached_property
    def rework(self) -> list[list[float]]:
        """By workload and model: person-days of writing anew what the model lacks."""
        days = self.setting.effort.rework
        return [
            [sum(days.get(feature, 0.0) for feature in set(workload.features).difference(model.features))
             if source.kind == "chat" else 0.0 for model in self.models]
            for workload, source in zip(self.setting.profile.workloads, self.setting.sources, strict=True)
        ]  # fmt: skip


def supply_of(provider: Provider, setting: Setting) -> Supply | Text:
    """What the provider sells and gives to the customers of a setting; the reason where it cannot take a workload."""
    profile, as_of = setting.profile, setting.horizon.as_of
    rate = setting.exchange_rates.get(provider.currency)
    if rate is None:
        return Text(
            "no exchange rate from {currency} to {into} on {day}",
            currency=provider.currency, into=profile.currency, day=as_of,
        )  # fmt: skip
    prices = prices_on(provider, as_of)
    found = []
    for workload, source in zip(profile.workloads, setting.sources, strict=True):
        fitting = candidates(provider, prices, workload, source, as_of)
        if isinstance(fitting, Text):
            return fitting
        found.append(fitting)
    used = {model.id: model for models in found for model in models}
    models = [used[id_] for id_ in sorted(used)]
    index = {model.id: m for m, model in enumerate(models)}
    offers = setting.offers.offers.get(provider.provider, [])
    outcomes = [claim(offer, setting.event, provider, setting.customer) for offer in offers]
    terms = [term for outcome in outcomes for term in outcome.terms]
    boundaries = [
        day
        for term in terms
        if not isinstance(term.benefit, Service)
        for day in (term.starts, term.ends)
        if day is not None
    ]
    return Supply(
        setting=setting,
        provider=provider,
        exchange_rate=rate,
        models=models,
        choices=[sorted(index[model.id] for model in fitting) for fitting in found],
        prices=[prices[model.id] for model in models],
        ratios=[
            [token_ratio(workload, source, model, provider.provider, counts) for model in models]
            for workload, source, counts in zip(profile.workloads, setting.sources, setting.counts, strict=True)
        ],
        outcomes=outcomes,
        terms=terms,
        segments=cut(setting.horizon, boundaries, move=setting.embeds_again),
    )


def _end(term: Term) -> float:
    return term.ends.toordinal() if term.ends else inf
