"""What the catalogue holds, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from offers import EventOffers
from pricing import Prices
from pricing.records import Source

from .tables import Row

TERMS = ("valid_days", "models", "cap", "until")
"""Terms of a benefit that may be unknown."""


@dataclass(frozen=True)
class Count:
    """One provider."""

    provider: str
    models: int
    prices: int
    unknown_prices: int
    offers: int
    benefits: int
    terms: int
    """Terms of its offers that could be unknown."""
    unknown_terms: int


@dataclass(frozen=True)
class Statistics:
    """All providers."""

    counts: tuple[Count, ...]
    events: int
    newest_price: date | None
    """Latest day from which a price holds."""
    confidence: Mapping[str | None, int]
    """How many prices and benefits have each confidence."""
    sources: int
    """Different pages and papers that are cited."""

    @classmethod
    def of(cls, prices: Prices, events: Mapping[str, EventOffers]) -> Statistics:
        """Counts a catalogue."""
        dated = [price for provider in prices.providers.values() for model in provider.models for price in model.prices]
        offers = [offer for event in events.values() for several in event.offers.values() for offer in several]
        benefits = [benefit for offer in offers for benefit in offer.benefits]
        records = [[*prices], [event.event for event in events.values()], offers]
        return cls(
            tuple(_count(name, prices, events) for name in prices.providers),
            len(events),
            max((price.from_ for price in dated), default=None),
            Counter(one.confidence for one in (*dated, *benefits)),
            len({source.url or source.cite for source in _sources(records)}),
        )

    def total(self, field: str) -> int:
        """Sum over the providers."""
        return sum(getattr(count, field) for count in self.counts)

    @property
    def unknown_share(self) -> float:
        """Share of the terms of offers that nobody published; 0 where there are none."""
        return self.total("unknown_terms") / (self.total("terms") or 1)

    def summary(self) -> str:
        """In one line."""
        return (
            f"{len(self.counts)} providers, {self.total('models')} models, {self.total('prices')} prices, "
            f"{self.events} events, {self.total('offers')} offers, {self.total('benefits')} benefits"
        )

    def table(self) -> tuple[list[str], list[Row]]:
        """By provider, with the share of terms and prices that nobody published."""
        header = ["provider", "models", "prices", "unknown", "offers", "benefits", "terms", "unknown"]
        rows: list[Row] = [
            [one.provider, one.models, one.prices, one.unknown_prices, one.offers, one.benefits, one.terms,
             f"{one.unknown_terms / one.terms:.0%}" if one.terms else "-"]
            for one in self.counts
        ]  # fmt: skip
        share = f"{self.unknown_share:.0%}" if self.total("terms") else "-"
        rows.append(["all", *(self.total(name) for name in (
            "models", "prices", "unknown_prices", "offers", "benefits", "terms",
        )), share])  # fmt: skip
        return header, rows


def _sources(value: object) -> Iterator[Source]:
    """All sources in a record and in those below it."""
    if isinstance(value, Source):
        yield value
        return
    below = value.__dict__ if isinstance(value, BaseModel) else value
    for one in below.values() if isinstance(below, dict) else below if isinstance(below, list) else ():
        yield from _sources(one)


def _count(name: str, prices: Prices, events: Mapping[str, EventOffers]) -> Count:
    provider = prices.providers[name]
    dated = [price for model in provider.models for price in model.prices]
    offers = [offer for event in events.values() for offer in event.offers.get(name, [])]
    benefits = [benefit for offer in offers for benefit in offer.benefits]
    terms: list[Any] = []
    for offer in offers:
        terms += [offer.claim.opens, offer.claim.closes, offer.conditions.new_customer, offer.conditions.account]
    for benefit in benefits:
        terms += [getattr(benefit, term) for term in TERMS if hasattr(benefit, term)]
    return Count(
        name, len(provider.models), len(dated), sum(price.input == "unknown" for price in dated), len(offers),
        len(benefits), len(terms), sum(term == "unknown" for term in terms if isinstance(term, str)),
    )  # fmt: skip
