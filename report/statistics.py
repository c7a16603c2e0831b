"""What the catalogue holds, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offers import EventOffers
from pricing import Prices

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

    @classmethod
    def of(cls, prices: Prices, events: Mapping[str, EventOffers]) -> Statistics:
        """Counts a catalogue."""
        return cls(tuple(_count(name, prices, events) for name in prices.providers), len(events))

    def total(self, field: str) -> int:
        """Sum over the providers."""
        return sum(getattr(count, field) for count in self.counts)

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
        terms = self.total("terms")
        share = f"{self.total('unknown_terms') / terms:.0%}" if terms else "-"
        rows.append(["all", *(self.total(name) for name in (
            "models", "prices", "unknown_prices", "offers", "benefits", "terms",
        )), share])  # fmt: skip
        return header, rows


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
