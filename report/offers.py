"""The offers side by side, on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal, TypeVar

from offers import EventOffers, Offer
from offers.schema import Benefit, Discount, MatchedGrant, Service, TokenGrant, Voucher
from pricing import Prices, Provider

from .language import Language
from .tables import Row
from .words import account, benefit_kind, confidence, service

V = TypeVar("V")


def offer_rows(event: EventOffers, prices: Prices, day: date, lang: Language) -> tuple[list[str], list[Row]]:
    """Heading and rows of the catalogue: one row a benefit. What nobody published is shown as unknown."""
    header = [
        lang.say("provider"), lang.say("offer"), lang.say("gives"), lang.say("models"), lang.say("life"),
        lang.say("claim"), lang.say("on the day"), lang.say("for whom"), lang.say("confidence"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            lang.name(prices.providers[provider]), offer.id, gives(benefit, prices.providers[provider], lang),
            covered(benefit, lang), life(benefit, lang), window(offer, lang), state_on(offer, day, lang),
            for_whom(offer, lang), confidence(benefit.confidence, lang),
        ]
        for provider, offers in event.offers.items()
        for offer in offers
        for benefit in offer.benefits
    ]  # fmt: skip
    return header, rows


def gives(benefit: Benefit, provider: Provider, lang: Language) -> str:
    """What a benefit gives."""
    if isinstance(benefit, TokenGrant):
        return lang.say("{tokens} free tokens", tokens=lang.compact(benefit.tokens))
    if isinstance(benefit, MatchedGrant):
        cap = _unknown_or(benefit.cap, lang.compact, lang.say("none"), lang)
        return lang.say("{kind}, cap: {cap}", kind=benefit_kind(benefit.kind, lang), cap=cap)
    if isinstance(benefit, Discount):
        return lang.say("{share} off", share=lang.percent(benefit.share))
    if isinstance(benefit, Voucher):
        return lang.say("voucher of {amount}", amount=lang.money(benefit.amount, provider.currency))
    return lang.say("free {service}", service=service(benefit.service, lang))


def covered(benefit: Benefit, lang: Language) -> str:
    """The models a benefit is for."""
    models = getattr(benefit, "models", None)
    if isinstance(models, list):
        return lang.listed(models)
    return {"all": lang.say("all"), "unknown": lang.say("unknown"), None: "–"}[models]


def life(benefit: Benefit, lang: Language) -> str:
    """How long a benefit lives."""
    if isinstance(benefit, Service):
        return "–"
    if isinstance(benefit, Discount):
        return _unknown_or(benefit.until, lambda day: lang.say("until {day}", day=day), lang.say("no end"), lang)
    if benefit.valid_until is not None:
        return lang.say("until {day}", day=benefit.valid_until)
    return _unknown_or(benefit.valid_days, lambda days: lang.say("{days} days", days=days), lang.say("no end"), lang)


def window(offer: Offer, lang: Language) -> str:
    """First and last day to claim."""
    opens = _unknown_or(offer.claim.opens, lambda day: str(day), "", lang)
    closes = _unknown_or(offer.claim.closes, lambda day: str(day), lang.say("no end"), lang)
    return f"{opens} – {closes}"


def state_on(offer: Offer, day: date, lang: Language) -> str:
    """Whether an offer can be claimed on a day, with the days that are left."""
    opens, closes = offer.claim.opens, offer.claim.closes
    if isinstance(opens, date) and day < opens:
        return lang.say("opens in {days} days", days=(opens - day).days)
    if isinstance(closes, date):
        left = (closes - day).days
        if left < 1:
            return lang.say("closed") if left < 0 else lang.say("open, last day")
        return lang.say("open, {days} days left", days=left)
    return lang.say("open") if closes is None and isinstance(opens, date) else lang.say("open as far as known")


def for_whom(offer: Offer, lang: Language) -> str:
    """The conditions."""
    new = {True: lang.say("new customers"), False: lang.say("any customer"), "unknown": lang.say("customers: unknown")}
    kinds = [new[offer.conditions.new_customer], account(offer.conditions.account, lang)]
    if offer.conditions.min_monthly_tokens:
        kinds.append(lang.say("from {tokens} tokens a month", tokens=lang.compact(offer.conditions.min_monthly_tokens)))
    if offer.conditions.account == "unknown":
        kinds[1] = lang.say("account: unknown")
    return lang.listed(kinds)


def _unknown_or(value: V | Literal["unknown"] | None, show: Callable[[V], str], none: str, lang: Language) -> str:
    if value == "unknown":
        return lang.say("unknown")
    return none if value is None else show(value)
