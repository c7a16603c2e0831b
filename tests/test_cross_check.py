"""The dollar prices against a catalogue that others keep: the package genai-prices, as pinned in requirements.lock.

That catalogue says of a model what it costs, and of some models since when. So each model's newest price is compared,
and where the catalogue knows days, every price. What differs is listed with its reason: a difference that is new fails,
and so does one that is gone.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

import pytest
from genai_prices.data import providers as public_providers
from genai_prices.types import ModelInfo, ModelPrice, StartDateConstraint, TieredPrices

from pricing import load_prices
from pricing.schema import Model, Price

THEIR_NAME = {
    "openai": "openai",
    "deepseek-intl": "deepseek",
    "minimax-intl": "minimax",
    "moonshot-intl": "moonshotai",
    "zai": "zai",
}

V3_OF_2025 = "theirs is the price of V3 and R1 in 2025 by day and by night, without days; ours was that of V3.2"
PEAK_ALWAYS = (
    "their peak price has hours but, as they say themselves, no first day: it stands in for the days before it too"
)
KNOWN = {
    "deepseek-intl deepseek-chat 2026-01-29": V3_OF_2025,
    "deepseek-intl deepseek-reasoner 2026-01-29": V3_OF_2025,
    "deepseek-intl deepseek-v4-pro 2026-04-24": PEAK_ALWAYS
    + "; the price of the two days before the cut is not theirs",
    "deepseek-intl deepseek-v4-pro 2026-04-26": PEAK_ALWAYS,
    "deepseek-intl deepseek-v4-flash 2026-04-24": PEAK_ALWAYS + "; nor is the cached price of the first two days",
    "deepseek-intl deepseek-v4-flash 2026-04-26": PEAK_ALWAYS,
    "deepseek-intl deepseek-v4-flash 2026-08-17": PEAK_ALWAYS + ": that of its successor, V4.1 Flash",
    "zai glm-5.3-flash 2026-08-26": "theirs was half price, a promotion to 9 September 2026; ours is the list price",
}
"""Cases that differ, and why."""

BATCHES_READ = date(2026, 10, 14)
"""Their prices of batches begin on the day on which they were read."""


class Money(NamedTuple):
    """What a million tokens cost, in the busy or the quiet hours, at one size of request."""

    input: float | None
    output: float | None
    cached_input: float | None


class Case(NamedTuple):
    """One price of ours, and the model in the public catalogue."""

    name: str
    price: Price
    theirs: ModelInfo


@cache
def cases() -> list[Case]:
    return list(_cases())


def _cases() -> Iterator[Case]:
    catalogue, problems = load_prices()
    assert problems == []
    public = {provider.id: provider for provider in public_providers}
    for ours, theirs in THEIR_NAME.items():
        for model in catalogue.providers[ours].models:
            found = public[theirs].find_model(model.id)
            if found is not None:
                for price in comparable(model, found):
                    yield Case(f"{ours} {model.id} {price.from_}", price, found)


def comparable(model: Model, theirs: ModelInfo) -> list[Price]:
    known = [price for price in sorted(model.prices, key=lambda price: price.from_) if price.input != "unknown"]
    return known if has_days(theirs) else known[-1:]


def has_days(theirs: ModelInfo) -> bool:
    return isinstance(theirs.prices, list) and any(
        isinstance(price.constraint, StartDateConstraint) for price in theirs.prices
    )


def money(price: Any) -> Money:
    return Money(*(None if part == "unknown" else part for part in (price.input, price.output, price.cached_input)))


def their_prices(theirs: ModelInfo, day: date) -> tuple[ModelPrice, ModelPrice]:
    """Their dearest and their cheapest price of that day's hours."""
    hours = [theirs.get_prices(datetime(day.year, day.month, day.day, hour, 45, tzinfo=UTC)) for hour in range(24)]
    hours.sort(key=lambda price: base(price.input_mtok) or 0)
    return hours[-1], hours[0]


def base(price: object) -> float | None:
    if isinstance(price, TieredPrices):
        return float(price.base)
    return None if price is None else float(str(price))


def above(price: object, tokens: int) -> float | None:
    """Their price of a request with more than ``tokens`` tokens."""
    if not isinstance(price, TieredPrices):
        return base(price)
    reached = [tier.price for tier in sorted(price.tiers, key=lambda tier: tier.start) if tier.start <= tokens]
    return float(reached[-1] if reached else price.base)


def their_money(price: ModelPrice, tokens: int | None = None) -> Money:
    kinds = (price.input_mtok, price.output_mtok, price.cache_read_mtok)
    return Money(*(base(kind) if tokens is None else above(kind, tokens) for kind in kinds))


def differences(case: Case) -> list[str]:
    ours, (busy, quiet) = case.price, their_prices(case.theirs, case.price.from_)
    pairs = [("busy", money(ours), their_money(busy))]
    if ours.off_peak is not None:
        pairs.append(("quiet", money(ours.off_peak), their_money(quiet)))
    else:
        pairs.append(("quiet", money(ours), their_money(quiet)))
    for tier in ours.tiers:
        pairs.append((f"above {tier.above}", money(tier), their_money(busy, tier.above)))
    return [
        f"{where}: {kind} {one} against {other}"
        for where, left, right in pairs
        for kind, one, other in zip(Money._fields, left, right, strict=True)
        if one is not None and other is not None and one != pytest.approx(other)
    ]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_dollar_prices_agree_with_the_public_catalogue(case: Case) -> None:
    found = differences(case)
    if case.name in KNOWN:
        assert found, f"agrees now, so it is no known difference any more: {KNOWN[case.name]}"
    else:
        assert found == []


def test_the_public_catalogue_knows_most_of_our_dollar_prices() -> None:
    """Otherwise the comparison above would pass because there is nothing to compare."""
    assert set(KNOWN) <= {case.name for case in cases()}
    compared = {case.name.rpartition(" ")[0] for case in cases()}
    assert len(compared) >= 55
    assert len([name for name in compared if name.startswith("openai ")]) >= 38


def test_batches_cost_what_the_public_catalogue_says() -> None:
    catalogue, _ = load_prices()
    public = next(provider for provider in public_providers if provider.id == "openai")
    compared = 0
    for model in catalogue.providers["openai"].models:
        price, theirs = model.price_on(BATCHES_READ), public.find_model(model.id)
        if price is None or price.batch_discount is None or theirs is None or not model.available_on(BATCHES_READ):
            continue
        noon = datetime(BATCHES_READ.year, BATCHES_READ.month, BATCHES_READ.day, 12, tzinfo=UTC)
        whole, batch = (base(theirs.get_prices(noon, context).input_mtok) for context in ({}, {"processing": "batch"}))
        assert whole is not None
        if batch != whole:
            assert batch == pytest.approx(whole * (1 - price.batch_discount)), model.id
            compared += 1
    assert compared >= 20
