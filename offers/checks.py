"""What a careful editor would ask of an event and its offers, beyond what the types say. ``banjia check`` asks it."""

from __future__ import annotations

from datetime import date, timedelta

from pricing import Prices, Text
from pricing.checks import check_confidence
from pricing.yaml_reader import Document, Loc

from .schema import Benefit, Discount, Event, Offer, ProviderOffers, Service

OLD_RATE = timedelta(days=30)


def check_event(document: Document, event: Event, prices: Prices) -> None:
    """Exchange rates that are too old for the event's decision day."""
    source = prices.providers[event.source]
    check_confidence(document, (), event, [source.provider, source.label("en"), source.label("zh")])
    day = event.decision_day
    for currency in sorted({provider.currency for provider in prices.providers.values()} - {prices.rates.base}):
        dated = [rate.from_ for rate in prices.rates.rates.get(currency, ()) if rate.from_ <= day]
        if not dated:
            document.report((), Text("there is no exchange rate of {currency} up to {day}", currency=currency, day=day))
        elif day - max(dated) > OLD_RATE:
            document.report(
                (),
                Text("the newest exchange rate of {currency} up to {day} is of {old}: add one of the last 30 days",
                     currency=currency, day=day, old=max(dated)),
            )  # fmt: skip


def check_offers(document: Document, loaded: ProviderOffers, event: Event, prices: Prices) -> None:
    """Dates that contradict one another, confidence without support, models that are not on sale."""
    provider = prices.providers[loaded.provider]
    vendor = [provider.provider, provider.label("en"), provider.label("zh")]
    for o, offer in enumerate(loaded.offers):
        for b, benefit in enumerate(offer.benefits):
            at = ("offers", o, "benefits", b)
            check_confidence(document, at, benefit, vendor)
            _check_dates(document, at, offer, benefit)
            models = getattr(benefit, "models", None)
            for m, name in enumerate(models if isinstance(models, list) else ()):
                model = provider.model(name)
                if model is not None and not model.available_on(event.decision_day):
                    document.report(
                        [*at, "models", m],
                        Text("{model} is not on sale on {day}, the day of the decision",
                             model=name, day=event.decision_day),
                    )  # fmt: skip


def _check_dates(document: Document, at: Loc, offer: Offer, benefit: Benefit) -> None:
    """A benefit that is over before it can be claimed, or known only from later reports."""
    opens = offer.claim.opens
    if not isinstance(opens, date):
        return
    if isinstance(benefit, Discount):
        last = benefit.until
        if isinstance(last, date) and benefit.from_ and last < benefit.from_:
            document.report([*at, "until"], Text("ends on {last}, before it begins on {first}",
                                                 last=last, first=benefit.from_))  # fmt: skip
    else:
        last = None if isinstance(benefit, Service) else benefit.valid_until
    if isinstance(last, date) and last < opens:
        document.report([*at], Text("ends on {last}, before it can be claimed from {opens}", last=last, opens=opens))
