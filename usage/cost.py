"""What the usage cost by our price history, beside what the export says it cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pricing import Price, Prices, Provider, Text
from pricing.records import LocalText

from .models import model_of
from .reading import Usage, Use

CLOSE = 0.02
"""Amounts that differ by less than this share agree."""


@dataclass(frozen=True)
class CostCheck:
    """Two amounts for the same tokens, in the provider's currency."""

    currency: str
    first: date
    last: date
    computed: float
    """By the list prices of each day."""
    reported: float | None
    """By the export; None where it says nothing that can be compared."""
    explained: tuple[Text | LocalText, ...]
    """Why the two differ, and what could not be compared."""


def check_cost(usage: Usage, prices: Prices, provider: Provider) -> CostCheck | None:
    """Prices the usage day by day; None where no model had a price on its day."""
    priced = [(use, price) for use in usage.uses if (price := _price(use, provider)) is not None]
    if not priced:
        return None
    told = [one for one in priced if one[0].cost is not None and _rate(one[0], prices, provider) is not None]
    money = _money(usage, prices, provider)
    reported = None
    if told:
        priced, reported = told, sum((use.cost or 0.0) * (_rate(use, prices, provider) or 0.0) for use, _ in told)
    elif money is not None:
        reported = money
    days = [use.day for use, _ in priced]
    computed = sum(cost_of(use, price) for use, price in priced)
    explained = tuple(_explained(usage, provider, priced, computed, reported))
    return CostCheck(provider.currency, min(days), max(days), computed, reported, explained)


def cost_of(use: Use, price: Price) -> float:
    """The list cost of a use, as in docs/model.md, section 3: batches pay no cached price."""
    rates = price.rates()
    if use.batch:
        off = 1 - (price.batch_discount or 0)
        return (use.input * rates.input + use.output * rates.output) * off / 1e6
    into = use.input_uncached * rates.input + use.input_cached * rates.cached_input
    return (into + use.output * rates.output) / 1e6


def _price(use: Use, provider: Provider) -> Price | None:
    model = model_of(use.model, use.day, provider)
    return None if model is None or use.kind == "other" else model.price_on(use.day)


def _rate(use: Use, prices: Prices, provider: Provider) -> float | None:
    return prices.exchange(use.currency or provider.currency, provider.currency, use.day)


def _money(usage: Usage, prices: Prices, provider: Provider) -> float | None:
    """What the files that hold money only say about the days of the usage."""
    days = {use.day for use in usage.uses}
    amounts = [(use.cost or 0) * (_rate(use, prices, provider) or 0) for use in usage.money if use.day in days]
    return sum(amounts) if amounts else None


def _explained(
    usage: Usage, provider: Provider, priced: Sequence[tuple[Use, Price]], computed: float, reported: float | None
) -> Iterator[Text | LocalText]:
    unpriced = sorted({use.model for use in usage.uses if _price(use, provider) is None})
    if unpriced:
        yield Text("not compared on days for which no price is known: {models}", models=", ".join(unpriced[:10]))
    if reported is None or abs(reported - computed) <= CLOSE * computed:
        return
    ratio = reported / computed if computed else 0.0
    if abs(ratio - 100) <= 100 * CLOSE:
        yield Text("the export is a hundred times dearer: its amounts are probably cents")
    elif abs(ratio * 100 - 1) <= CLOSE:
        yield Text("the export is a hundred times cheaper: its amounts are probably in hundreds")
    for preset in usage.files.values():
        if preset.cost_is is not None:
            yield preset.cost_is
    if any(use.input_cached and price.cached_input is None and not use.batch for use, price in priced):
        yield Text("no price of cached tokens is known for some days: there they cost as input")
