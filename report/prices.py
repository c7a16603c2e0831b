"""List prices side by side: over time, on two days, and of a provider on one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from dateutil.relativedelta import relativedelta

from calculator import Comparison
from offers import Event
from pricing import Model, Price, Prices, Provider
from pricing.history import Measure, Mix, history, listed_on, per_million, relative_change, sold_on
from pricing.records import FIRST_DAY

from .language import Language

Sold = tuple[Provider, Model]
Status = Literal["same", "dearer", "cheaper", "new", "gone", "unpublished", "absent"]


def usual_days(event: Event, decision_day: date, today: date) -> tuple[date, date]:
    """The two days to compare at first: what became of the prices since; for a move of today, since a year ago."""
    if event.cutoff is None or decision_day >= today:
        return max(decision_day - relativedelta(years=1), FIRST_DAY), decision_day
    return decision_day, today


def mix_of(comparison: Comparison) -> Mix | None:
    """The mix of the chat workloads in their base month; None where there are none."""
    models = {model.id: model for model in comparison.baseline.provider.models}
    return Mix.of([
        (one.input_tokens, one.cached_share, one.output_tokens)
        for one in comparison.profile.workloads
        if models[one.model].kind == "chat"
    ])  # fmt: skip


def factors(sold: Iterable[Sold], prices: Prices, into: str, day: date) -> dict[str, float]:
    """Units of ``into`` for 1 unit of each currency, at the rate of ``day``; currencies without a rate are absent."""
    found = {one.currency: prices.exchange(one.currency, into, day) for one, _ in sold}
    return {currency: rate for currency, rate in found.items() if rate is not None}


class Point(NamedTuple):
    """A corner of a step line."""

    line: int
    """Index of the model."""
    run: int
    """Number of the stretch without a gap, over all models."""
    day: date
    price: float


def points(
    sold: Sequence[Sold], measure: Measure, mix: Mix | None, factor: Mapping[str, float], until: date
) -> list[Point]:
    """The step lines of the prices: a point where a price begins, and one where a stretch without a gap ends."""
    found: list[Point] = []
    run = 0
    for line, (provider, model) in enumerate(sold):
        ended: date | None = None
        for step in history(model):
            amount = per_million(step.price, measure, mix)
            if amount is None or provider.currency not in factor or step.starts > until:
                continue
            if step.starts != ended and ended is not None:
                run += 1
            elif ended is not None:
                found.pop()
            ended = min(step.ends or until, until)
            price = amount * factor[provider.currency]
            found += [Point(line, run, step.starts, price), Point(line, run, ended, price)]
        run += 1
    return found


@dataclass(frozen=True)
class OnTwoDays:
    """A model's price on two days, in one currency."""

    provider: Provider
    model: Model
    before: Price | None
    after: Price | None
    own_was: float | None
    """Price per 1,000,000 tokens on the first day in the provider's currency; None: not sold or not published."""
    own_is: float | None
    factor: float | None
    """Units of the currency of the answer for 1 unit of the provider's; None: there is no rate."""
    status: Status

    @property
    def was(self) -> float | None:
        """The first price, converted."""
        return None if self.own_was is None or self.factor is None else self.own_was * self.factor

    @property
    def is_(self) -> float | None:
        """The second price, converted."""
        return None if self.own_is is None or self.factor is None else self.own_is * self.factor

    @property
    def change(self) -> float | None:
        """The relative change; None where there is none to tell."""
        return None if self.own_was is None or self.own_is is None else relative_change(self.own_was, self.own_is)


def on_two_days(
    sold: Iterable[Sold], then: date, now: date, measure: Measure, mix: Mix | None, factor: Mapping[str, float]
) -> list[OnTwoDays]:
    """Each model's price then and now. Both are converted at one rate, so that only the price makes a difference."""
    found = []
    for provider, model in sold:
        before, after = listed_on(model, then), listed_on(model, now)
        was = per_million(before, measure, mix) if before else None
        is_ = per_million(after, measure, mix) if after else None
        status = _status(model, then, now, was, is_)
        found.append(OnTwoDays(provider, model, before, after, was, is_, factor.get(provider.currency), status))
    return found


def _status(model: Model, then: date, now: date, was: float | None, is_: float | None) -> Status:
    if was is not None and is_ is not None:
        return "same" if was == is_ else "dearer" if was < is_ else "cheaper"
    if was is None and is_ is None:
        return "unpublished" if sold_on(model, then) or sold_on(model, now) else "absent"
    if was is None:
        return "unpublished" if sold_on(model, then) else "new"
    return "unpublished" if sold_on(model, now) else "gone"


def status_words(one: OnTwoDays, lang: Language) -> str:
    """What became of a price."""
    if one.change:
        share = lang.percent(abs(one.change), digits=1)
        return lang.say("+{share}", share=share) if one.change > 0 else lang.say("−{share}", share=share)
    return {
        "same": lang.say("unchanged"), "dearer": lang.say("free before"), "new": lang.say("new"),
        "gone": lang.say("no longer sold"), "unpublished": lang.say("price not published"),
        "absent": lang.say("not on sale on either day"), "cheaper": lang.say("free now"),
    }[one.status]  # fmt: skip


def finding(compared: Sequence[OnTwoDays], lang: Language) -> str:
    """What became of the prices, in a sentence or two."""
    both = [one for one in compared if one.own_was is not None and one.own_is is not None]
    gone = [one for one in compared if one.status == "gone"]
    new = [one for one in compared if one.status == "new"]
    cheaper = sorted((one for one in both if one.status == "cheaper"), key=lambda one: one.change or 0)
    told = []
    if cheaper:
        share = lang.percent(-(cheaper[0].change or 0))
        told.append(lang.say("{model} fell most, by {share}", model=cheaper[0].model.label, share=share))
    elif both:
        dearer = any(one.status == "dearer" for one in both)
        told.append(lang.say("no price fell") if dearer else lang.say("no price changed"))
    if gone:
        told.append(lang.say("no longer sold: {models}", models=lang.listed(one.model.label for one in gone)))
    if new:
        told.append(lang.say("new: {models}", models=lang.listed(one.model.label for one in new)))
    return lang.joined(told or [lang.say("none of these models was on sale on either day")])


def price_number(amount: float, lang: Language) -> str:
    """A price per 1,000,000 tokens: two decimals, more where it is small."""
    return lang.number(amount, digits=2 if amount >= 1 else 4)


def all_on(providers: Iterable[Provider], day: date) -> list[tuple[Provider, Model, Price]]:
    """Every model that the providers sold on a day at a published price."""
    return [
        (provider, model, price)
        for provider in providers
        for model in provider.models
        if (price := listed_on(model, day)) is not None
    ]
