"""The list prices of a model over time, and what a mix of tokens costs at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from .schema import UNSEEN, Model, Price

Measure = Literal["input", "output", "mix"]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Mix:
    """Shares of the tokens that a customer pays for; they sum to 1."""

    input: float
    """Input that no cache serves."""
    cached_input: float
    output: float

    @classmethod
    def of(cls, amounts: Sequence[tuple[float, float, float]]) -> Mix | None:
        """The shares of amounts given as input tokens, share of it that is cached, output tokens; None: no tokens."""
        total = sum(into + out for into, _, out in amounts)
        if not total:
            return None
        cached = sum(into * share for into, share, _ in amounts) / total
        output = sum(out for *_, out in amounts) / total
        return cls(1 - cached - output, cached, output)


@dataclass(frozen=True)
class Step:
    """Days on which a model cost the same."""

    starts: date
    ends: date | None
    """The day after the last; None: still so."""
    price: Price


def history(model: Model) -> list[Step]:
    """A model's prices one after the other, while it was on sale; there are gaps where no price was published."""
    entries = sorted(model.prices, key=lambda price: price.from_)
    steps = []
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        starts = max(entry.from_, model.released or entry.from_)
        ends = min((day for day in (following and following.from_, gone_on(model)) if day), default=None)
        if (ends is None or starts < ends) and model.price_on(starts) is entry:
            steps.append(Step(starts, ends, entry))
    return steps


def gone_on(model: Model) -> date | None:
    """First day on which a model is not on sale any more, as ``Model.available_on`` takes it; None: it still is."""
    unseen = model.last_seen + UNSEEN + DAY if model.last_seen else None
    return min((day for day in (model.withdrawn, unseen) if day), default=None)


def sold_on(model: Model, day: date) -> bool:
    """Whether a model could be had on a day; where its release is not known, its first price counts."""
    first = model.released or min((price.from_ for price in model.prices), default=day)
    return first <= day and model.available_on(day)


def listed_on(model: Model, day: date) -> Price | None:
    """The price at which a model was sold on a day; None where it was not on sale or none was published."""
    return model.price_on(day) if model.available_on(day) else None


def per_million(price: Price, measure: Measure, mix: Mix | None = None) -> float | None:
    """What 1,000,000 tokens cost in the provider's currency, for requests that reach no dearer tier.

    ``mix`` weighs the three prices; where a model has no output (embedding) or no mix is given, it costs as input.
    None: a model without output has no price of it.
    """
    rates = price.rates()
    if measure == "output":
        return None if price.output is None else rates.output
    if measure == "input" or mix is None or price.output is None:
        return rates.input
    return mix.input * rates.input + mix.cached_input * rates.cached_input + mix.output * rates.output


def relative_change(before: float, after: float) -> float | None:
    """By which share a price rose (or, negative, fell); None where it was 0 and is not."""
    if before == after:
        return 0.0
    return (after - before) / before if before else None
