"""The offers side by side, on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar

from offers import EventOffers, Offer
from offers.claims import Stance, claim_window
from offers.schema import Benefit, Discount, MatchedGrant, Service, TokenGrant, Voucher
from pricing import Prices, Provider

from .language import Language
from .tables import Row
from .words import account, assumed_term, benefit_kind, confidence, service

V = TypeVar("V")
State = Literal["not_yet_open", "open", "closing", "last_day", "closed", "unpublished", "presumed_closed"]
Gift = Literal["tokens", "money", "migration", "training", "fine_tuning", "consulting"]


@dataclass(frozen=True)
class OfferOnDay:
    """An offer, and whether it can be claimed on a day."""

    provider: Provider
    offer: Offer
    day: date
    opens: date
    """First day to claim, as the calculation takes it where nobody published it."""
    closes: date | None
    """Last day to claim, likewise; None: no last day."""

    @property
    def state(self) -> State:
        """How the claim window stands; ``unpublished`` and ``presumed_closed`` where that is not known for sure."""
        if self.day < self.opens:
            return "not_yet_open"
        over = self.closes is not None and self.closes < self.day
        if self.offer.claim.closes == "unknown":
            return "presumed_closed" if over else "unpublished"
        if self.closes is None:
            return "unpublished" if self.offer.claim.opens == "unknown" else "open"
        return "closed" if over else "last_day" if self.closes == self.day else "closing"

    @property
    def can_be_claimed(self) -> bool:
        """Whether the day is in the claim window."""
        return self.opens <= self.day and (self.closes is None or self.day <= self.closes)

    @property
    def days_to_open(self) -> int:
        """Days until it opens; negative: days since."""
        return (self.opens - self.day).days

    @property
    def days_left(self) -> int | None:
        """Days after this one on which it can be claimed; negative: days since it closed; None: no last day."""
        return None if self.closes is None else (self.closes - self.day).days

    @property
    def gifts(self) -> set[Gift]:
        """What kinds of things it gives: money off is ``money``, services are named."""
        return {
            one.service if isinstance(one, Service) else "money" if isinstance(one, Discount | Voucher) else "tokens"
            for one in self.offer.benefits
        }


def offers_on(
    event: EventOffers, prices: Prices, day: date, stance: Stance = "expected", first_use: date | None = None
) -> list[OfferOnDay]:
    """All offers of an event, seen on ``day``. Days that nobody published are those that the stance assumes."""
    return [
        OfferOnDay(prices.providers[provider], offer, day, *claim_window(offer, event.event, first_use or day, stance))
        for provider, offers in event.offers.items()
        for offer in offers
    ]


@dataclass(frozen=True)
class TimeScale:
    """A stretch of days to draw on."""

    first: date
    last: date

    @classmethod
    def of(cls, found: Sequence[OfferOnDay], days: Iterable[date]) -> TimeScale:
        """One that holds all claim windows and the given days; it is at least a day long."""
        all_days = [*days, *(one.opens for one in found), *(one.closes for one in found if one.closes)]
        return cls(min(all_days), max(*all_days, min(all_days) + timedelta(days=1)))

    def percent(self, day: date) -> float:
        """Where a day is, from 0 at the first to 100 at the last; days outside are at the ends."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(100 * min(max(share, 0.0), 1.0), 2)


def offer_rows(event: EventOffers, prices: Prices, day: date, lang: Language) -> tuple[list[str], list[Row]]:
    """Heading and rows of the catalogue: one row a benefit. What nobody published is shown as unknown."""
    header = [
        lang.say("provider"), lang.say("offer"), lang.say("gives"), lang.say("models"), lang.say("life"),
        lang.say("claim"), lang.say("on the day"), lang.say("for whom"), lang.say("confidence"),
    ]  # fmt: skip
    unknown = lang.say("unknown")
    rows: list[Row] = [
        [
            lang.name(one.provider), one.offer.id, gives(benefit, one.provider, lang),
            covered(benefit, lang) or unknown, life(benefit, lang) or unknown, window(one.offer, lang),
            state_words(one, lang), for_whom(one.offer, lang), confidence(benefit.confidence, lang),
        ]
        for one in offers_on(event, prices, day)
        for benefit in one.offer.benefits
    ]  # fmt: skip
    return header, rows


def gives(benefit: Benefit, provider: Provider, lang: Language) -> str:
    """What a benefit gives."""
    if isinstance(benefit, TokenGrant):
        tokens = lang.compact(benefit.tokens)
        if benefit.pool == "per_model":
            return lang.say("{tokens} free tokens for each model", tokens=tokens)
        return lang.say("{tokens} free tokens", tokens=tokens)
    if isinstance(benefit, MatchedGrant):
        cap = _published(benefit.cap, lang.compact, lang.say("none")) or lang.say("unknown")
        return lang.say("{kind}, cap: {cap}", kind=benefit_kind(benefit.kind, lang), cap=cap)
    if isinstance(benefit, Discount):
        return lang.say("{share} off", share=lang.percent(benefit.share))
    if isinstance(benefit, Voucher):
        return lang.say("voucher of {amount}", amount=lang.money(benefit.amount, provider.currency))
    return lang.say("free {service}", service=service(benefit.service, lang))


def covered(benefit: Benefit, lang: Language, label: Callable[[str], str] = str) -> str | None:
    """The models a benefit is for, each as ``label`` calls its id; None: not published."""
    models = getattr(benefit, "models", None)
    if isinstance(models, list):
        return lang.listed(map(label, models))
    return {"all": lang.say("all"), "unknown": None, None: "–"}[models]


def life(benefit: Benefit, lang: Language) -> str | None:
    """How long a benefit lives; None: not published."""
    if isinstance(benefit, Service):
        return "–"
    if isinstance(benefit, Discount):
        return _published(benefit.until, lambda day: lang.say("until {day}", day=day), lang.say("no end"))
    if benefit.valid_until is not None:
        return lang.say("until {day}", day=benefit.valid_until)
    return _published(benefit.valid_days, lambda days: lang.say("{days} days", days=days), lang.say("no end"))


def window(offer: Offer, lang: Language) -> str:
    """First and last day to claim."""
    opens, closes = offer.claim.opens, offer.claim.closes
    unknown = lang.say("unknown")
    return f"{_published(opens, str, '') or unknown} – {_published(closes, str, lang.say('no end')) or unknown}"


def state_words(one: OfferOnDay, lang: Language) -> str:
    """Whether an offer can be claimed on the day, with the days that are left."""
    left = one.days_left or 0
    if one.state == "not_yet_open":
        days = one.days_to_open
        return lang.say("opens in 1 day") if days == 1 else lang.say("opens in {days} days", days=days)
    if one.state == "closing":
        return lang.say("open, 1 day left") if left == 1 else lang.say("open, {days} days left", days=left)
    return {
        "open": lang.say("open"),
        "last_day": lang.say("open, last day"),
        "closed": lang.say("closed"),
        "unpublished": lang.say("open as far as known"),
        "presumed_closed": lang.say("probably closed"),
    }[one.state]


@dataclass(frozen=True)
class Told:
    """A term of an offer in words."""

    name: str
    value: str | None
    """None: nobody published it."""


def offer_terms(offer: Offer, lang: Language) -> list[Told]:
    """When an offer can be claimed, and by whom."""
    conditions = offer.conditions
    new = {True: lang.say("new customers only"), False: lang.say("new and old customers"), "unknown": None}
    kind = None if conditions.account == "unknown" else account(conditions.account, lang)
    terms = [
        Told(assumed_term("opens", lang), _published(offer.claim.opens, lang.day, "")),
        Told(assumed_term("closes", lang), _published(offer.claim.closes, lang.day, lang.say("no last day"))),
        Told(lang.say("for whom"), new[conditions.new_customer]),
        Told(assumed_term("account", lang), kind),
    ]
    if conditions.min_monthly_tokens:
        least = lang.say("{tokens} tokens", tokens=lang.compact(conditions.min_monthly_tokens))
        terms.append(Told(lang.say("least use a month"), least))
    return terms


def benefit_terms(benefit: Benefit, provider: Provider, lang: Language) -> list[Told]:
    """For which models a gift is, how long it lives, and how much it can be at most."""

    def label(model: str) -> str:
        found = provider.model(model)
        return found.label if found else model

    if isinstance(benefit, Service):
        return []
    terms = [Told(lang.say("lasts"), life(benefit, lang))]
    if not isinstance(benefit, Voucher):
        terms.insert(0, Told(lang.say("models"), covered(benefit, lang, label)))
    if isinstance(benefit, MatchedGrant):
        terms.append(Told(lang.say("at most"), _published(benefit.cap, lang.compact, lang.say("no cap"))))
    return terms


def count_terms(offer: Offer, provider: Provider, lang: Language) -> tuple[int, int]:
    """How many terms an offer has, and how many of them nobody published."""
    terms = [*offer_terms(offer, lang), *(one for b in offer.benefits for one in benefit_terms(b, provider, lang))]
    return len(terms), sum(one.value is None for one in terms)


def for_whom(offer: Offer, lang: Language) -> str:
    """The conditions."""
    new = {True: lang.say("new customers"), False: lang.say("any customer"), "unknown": lang.say("customers: unknown")}
    kinds = [new[offer.conditions.new_customer], account(offer.conditions.account, lang)]
    if offer.conditions.min_monthly_tokens:
        kinds.append(lang.say("from {tokens} tokens a month", tokens=lang.compact(offer.conditions.min_monthly_tokens)))
    if offer.conditions.account == "unknown":
        kinds[1] = lang.say("account: unknown")
    return lang.listed(kinds)


def _published(value: V | Literal["unknown"] | None, show: Callable[[V], str], none: str) -> str | None:
    """A term in words, ``none`` where there is no limit, None where it is not published."""
    if value == "unknown":
        return None
    return none if value is None else show(value)
