"""One input of a comparison changed, all else as it is: which inputs, within what range, and how."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pricing.schema import ExchangeRate, ExchangeRates

from .answer import Comparison, Option
from .catalogue import Catalogue
from .effort import ITEMS, effort_for
from .profile import Profile, Workload

MONTHS = 36
"""Months up to which the horizon is looked at."""
LATER = 30
"""Days by which the first day of use may be later."""
TOKENS = 10
"""Factor by which the monthly tokens may fall or rise."""
GROWTH = (-0.2, 0.5)
FACTOR = (0.5, 2.0)
"""What token ratios, person-days and exchange rates may fall and rise to, in parts of today's."""
MONEY = 3
"""Factor by which the day rate may rise; the loss per day may rise to as many day rates, or by as much."""

Changed = tuple[Profile, Catalogue]
Slope = Callable[[Option | None, float], float]
"""How fast the total of an option (None: of staying) rises at a value, its models as they are."""


@dataclass(frozen=True)
class Input:
    """An input, its value today and the range in which it is looked at."""

    name: str
    """months, starts, monthly_tokens, growth, cached_share, ratio, effort, day_rate, loss_per_day or exchange_rate."""
    of: str
    """The workload of a cached share, the provider of a ratio, the currency of an exchange rate; else empty."""
    today: float
    """A day as ``date.toordinal`` counts; effort as a factor."""
    low: float
    high: float


@dataclass(frozen=True)
class Variation:
    """How a comparison comes to have another value of an input, and how its totals then behave."""

    input: Input
    change: Callable[[float], Changed]
    whole: bool = False
    """Only whole numbers are values."""
    monotone: bool = True
    """The total of each provider only rises, or only falls, between two ``steps``."""
    steps: frozenset[float] = frozenset()
    """Values at which totals may leap the other way."""
    slope: Slope | None = None
    """Given where the total of each assignment of models is a straight line over the value."""


def variations(comparison: Comparison) -> Iterator[Variation]:
    """The inputs whose change may change the decision."""
    for group in (_of_time, _of_usage, _of_models, _of_work, _of_money):
        yield from (found for found in group(comparison) if found.input.low < found.input.high)


def with_tokens(profile: Profile, tokens: float) -> Profile:
    """The profile with so many monthly tokens, of which each workload has its share as before."""
    factor = tokens / profile.monthly_tokens
    return _with_workloads(
        profile, lambda w: {"input_tokens": w.input_tokens * factor, "output_tokens": w.output_tokens * factor}
    )


def _with_workloads(profile: Profile, change: Callable[[Workload], Mapping[str, Any]]) -> Profile:
    workloads = [workload.model_copy(update=change(workload)) for workload in profile.workloads]
    return profile.model_copy(update={"workloads": workloads})


def _of_time(comparison: Comparison) -> Iterator[Variation]:
    """Horizon and first day of use. A further month only adds to a total; of another first day nothing is known."""
    profile, horizon, catalogue = comparison.profile, comparison.horizon, comparison.catalogue
    yield Variation(
        Input("months", "", horizon.months, 1, max(MONTHS, horizon.months)),
        lambda months: (profile.model_copy(update={"months": int(months)}), catalogue),
        whole=True,
    )
    starts = horizon.starts.toordinal()
    yield Variation(
        Input("starts", "", starts, horizon.as_of.toordinal() + horizon.overlap_days, starts + LATER),
        lambda day: (profile.model_copy(update={"starts": date.fromordinal(int(day))}), catalogue),
        whole=True,
        monotone=False,
    )


def _of_usage(comparison: Comparison) -> Iterator[Variation]:
    """Tokens, growth and caching.

    More demand never costs less: each grant covers no more of it, and what is not covered costs what it costs. A grant
    that matches the usage grows with the tokens; that this never outweighs the demand is not proved. An offer that
    needs a certain usage is a step.
    """
    profile, catalogue = comparison.profile, comparison.catalogue
    tokens = profile.monthly_tokens
    if not tokens:
        return
    offers = [offer for given in catalogue.events[comparison.event.event].offers.values() for offer in given]
    yield Variation(
        Input("monthly_tokens", "", tokens, tokens / TOKENS, tokens * TOKENS),
        lambda value: (with_tokens(profile, value), catalogue),
        steps=frozenset(float(offer.conditions.min_monthly_tokens) for offer in offers),
    )
    if any(workload.growth is None for workload in profile.workloads):
        low, high = GROWTH
        yield Variation(
            Input("growth", "", profile.growth, min(low, profile.growth), max(high, profile.growth)),
            lambda growth: (profile.model_copy(update={"growth": growth}), catalogue),
        )
    largest = max(profile.workloads, key=lambda workload: workload.input_tokens)
    yield Variation(
        Input("cached_share", largest.label, largest.cached_share, 0.0, 1.0),
        lambda share: (_with_workloads(profile, lambda w: {"cached_share": share} if w is largest else {}), catalogue),
    )


def _of_models(comparison: Comparison) -> Iterator[Variation]:
    """What the first two providers count as tokens, with the models that were chosen: a pilot measures those."""
    if comparison.profile.monthly_tokens:
        yield from (_ratio(comparison, option) for option in comparison.options[:2])


def _ratio(comparison: Comparison, option: Option) -> Variation:
    profile, catalogue = comparison.profile, comparison.catalogue
    counted = sum((w.input_tokens + w.output_tokens) * option.ratios[w.label] for w in profile.workloads)
    today = counted / profile.monthly_tokens
    return Variation(
        Input("ratio", option.provider.provider, today, FACTOR[0] * today, FACTOR[1] * today),
        lambda value: (_with_ratios(profile, option, value / today), catalogue),
    )


def _with_ratios(profile: Profile, option: Option, factor: float) -> Profile:
    provider = option.provider.provider
    return _with_workloads(
        profile,
        lambda w: {
            "ratio": {**w.ratio, provider: option.ratios[w.label] * factor},
            "pin": {**w.pin, provider: option.models[w.label].id},
        },
    )


def _of_work(comparison: Comparison) -> Iterator[Variation]:
    """Person-days, their price, and the cost of being late."""
    profile, catalogue, rate = comparison.profile, comparison.catalogue, comparison.day_rate
    cutoff = comparison.event.cutoff
    yield Variation(
        Input("effort", "", 1.0, *FACTOR),
        lambda factor: (_with_effort(profile, catalogue, factor), catalogue),
        # Every further day of not being ready is a leap, where it costs anything.
        slope=None if cutoff and profile.loss_per_day else lambda option, factor: _days(option) * rate / factor,
    )
    yield Variation(
        Input("day_rate", "", rate, 0.0, MONEY * max(rate, _usual_day_rate(comparison))),
        lambda value: (_with_day_rate(profile, value), catalogue),
        slope=lambda option, _: _days(option),
    )
    if cutoff is not None:
        loss = profile.loss_per_day
        yield Variation(
            Input("loss_per_day", "", loss, 0.0, MONEY * max(loss, rate)),
            lambda value: (profile.model_copy(update={"loss_per_day": value}), catalogue),
            slope=lambda option, _: max((option.ready_on - cutoff).days, 0) if option else 0.0,
        )


def _days(option: Option | None) -> float:
    """Person-days of a move."""
    return sum(item.days for item in option.one_off) if option else 0.0


def _usual_day_rate(comparison: Comparison) -> float:
    """The day rate of the effort data; 0 where it cannot be exchanged."""
    usual, into = comparison.catalogue.effort.day_rate, comparison.profile.currency
    rate = comparison.catalogue.prices.exchange(usual.currency or into, into, comparison.horizon.as_of)
    return usual.mode * (rate or 0.0)


def _with_day_rate(profile: Profile, day_rate: float) -> Profile:
    return profile.model_copy(update={"team": profile.team.model_copy(update={"day_rate": day_rate})})


def _with_effort(profile: Profile, catalogue: Catalogue, factor: float) -> Profile:
    """The profile with all person-days times a factor, those of the effort data among them."""
    effort = effort_for(catalogue.effort, profile.effort)

    def scaled(days: Any) -> Any:
        return {key: value * factor for key, value in days.items()} if isinstance(days, dict) else days * factor

    days: dict[str, Any] = {item: scaled(getattr(effort, item)) for item in ITEMS}
    return profile.model_copy(update={"effort": profile.effort.model_copy(update=days)})


def _of_money(comparison: Comparison) -> Iterator[Variation]:
    """Exchange rates of all currencies in which something is paid; the day rate stays what it is."""
    paid = {option.provider.currency for option in comparison.options} | {comparison.baseline.provider.currency}
    for currency in sorted(paid & comparison.exchange_rates.keys() - {comparison.profile.currency}):
        yield _exchange_rate(comparison, currency)


def _exchange_rate(comparison: Comparison, currency: str) -> Variation:
    today, stay = comparison.exchange_rates[currency], comparison.baseline

    def slope(option: Option | None, rate: float) -> float:
        """What is paid in the currency: all but the work and the delay."""
        if option is None:
            return (stay.total or 0.0) / today * (stay.provider.currency == currency)
        work = _days(option) * comparison.day_rate + option.readiness_cost
        return (option.total - work) / rate * (option.provider.currency == currency)

    return Variation(
        Input("exchange_rate", currency, today, FACTOR[0] * today, FACTOR[1] * today),
        lambda rate: _with_exchange_rate(comparison, currency, rate),
        slope=slope,
    )


def _with_exchange_rate(comparison: Comparison, currency: str, rate: float) -> Changed:
    """The rates of the day as seen from the profile's currency, one of them replaced."""
    profile, catalogue, day = comparison.profile, comparison.catalogue, comparison.horizon.as_of
    seen = {**comparison.exchange_rates, currency: rate}
    rates = {
        one: [ExchangeRate.model_construct(from_=day, rate=value)]
        for one, value in seen.items()
        if one != profile.currency
    }
    exchange = ExchangeRates.model_construct(base=profile.currency, rates=rates)
    prices = catalogue.prices._replace(rates=exchange)
    return _with_day_rate(profile, comparison.day_rate), dataclasses.replace(catalogue, prices=prices)
