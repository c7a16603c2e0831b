"""Who may claim an offer, when, and for how long it lives: `docs/model.md`, sections 4 and 9."""

from __future__ import annotations

from datetime import date, timedelta
from math import inf
from typing import Literal, NamedTuple, Protocol, get_args

from pricing import Model, Provider, Text

from .schema import Benefit, Discount, Event, MatchedGrant, Offer, Service, TokenGrant, Voucher

Stance = Literal["cautious", "expected", "generous"]
STANCES: tuple[Stance, ...] = get_args(Stance)
Status = Literal["claimed", "missed", "not_yet_open", "ineligible", "declined"]

DAY = timedelta(days=1)

# Section 9: what each stance assumes where nobody published a term.
ASSUMED_LIFE: dict[Stance, int | None] = {"cautious": 30, "expected": 180, "generous": None}
ASSUMED_WINDOW_AFTER_CUTOFF: dict[Stance, int | None] = {"cautious": 0, "expected": 30, "generous": None}


class Customer(NamedTuple):
    """What an offer needs to know about whoever claims it."""

    as_of: date
    """The day of the decision."""
    first_use: date
    """First day of use at the new provider."""
    customer_of: frozenset[str] = frozenset()
    """Providers where the customer is not new."""
    account: Literal["enterprise", "individual"] = "enterprise"
    monthly_tokens: float = 0.0
    """Source tokens of the base month: input and output of all workloads."""
    stance: Stance = "expected"
    declined: frozenset[str] = frozenset()
    """Ids of the offers that the customer does not want to be counted."""


class Assumption(NamedTuple):
    """What was assumed for a term that nobody published, or for a figure that is missing."""

    term: str
    offer: str | None
    assumed: Text


class Term(NamedTuple):
    """A benefit of a claimed offer with its dates, models and size settled."""

    offer: str
    """The offer's id."""
    benefit: Benefit
    starts: date
    """First day of its life."""
    ends: date | None
    """First day after its life; None: no end."""
    models: frozenset[str] = frozenset()
    """Ids of the models it covers (grants and discounts)."""
    size: float = 0.0
    """Tokens of a grant (of each pool), share of a discount, money of a voucher (provider's currency)."""

    @property
    def last_day(self) -> date | None:
        """Last day of its life; None: no end."""
        return self.ends - DAY if self.ends else None


class Outcome(NamedTuple):
    """What became of an offer for one customer."""

    offer: Offer
    status: Status
    reason: Text
    claimed_on: date | None
    claim_by: date | None
    """Last day to claim; None: no last day, or not to be claimed."""
    terms: tuple[Term, ...]
    assumptions: tuple[Assumption, ...]


def claim(offer: Offer, event: Event, provider: Provider, customer: Customer) -> Outcome:
    """Settles an offer for a customer: its status, and the terms of its benefits if it is claimed."""
    if offer.id in customer.declined:
        return Outcome(offer, "declined", Text("left out, as you asked"), None, None, (), ())
    assumptions: list[Assumption] = []

    def assume(term: str, assumed: Text) -> None:
        entry = Assumption(term, offer.id, assumed)
        if entry not in assumptions:
            assumptions.append(entry)

    opens, closes = _window(offer, event, customer, assume)
    as_of = customer.as_of
    if opens > as_of:
        return Outcome(offer, "not_yet_open", Text("opens on {day}", day=opens), None, None, (), tuple(assumptions))
    if closes is not None and closes < as_of:
        return Outcome(offer, "missed", Text("closed on {day}", day=closes), None, None, (), tuple(assumptions))
    unmet = _unmet_conditions(offer, provider, customer, assume)
    if unmet is not None:
        return Outcome(offer, "ineligible", unmet, None, None, (), tuple(assumptions))
    claimed_on = customer.first_use if closes is None else min(customer.first_use, closes)
    terms = tuple(_settle(offer.id, benefit, claimed_on, provider, customer, assume) for benefit in offer.benefits)
    if closes is None:
        reason = Text("no last day to claim")
    elif offer.claim.closes == "unknown":
        reason = Text("claim by {day} (assumed, not published)", day=closes)
    else:
        reason = Text("claim by {day}", day=closes)
    return Outcome(offer, "claimed", reason, claimed_on, closes, terms, tuple(assumptions))


def claim_window(offer: Offer, event: Event, first_use: date, stance: Stance) -> tuple[date, date | None]:
    """First and last day to claim; None: no last day. Where nobody published them, what the stance assumes."""
    opens, closes = offer.claim.opens, offer.claim.closes
    if opens == "unknown":
        opens = offer.first_seen if stance == "cautious" and offer.first_seen else event.announced
    if closes == "unknown":
        days = ASSUMED_WINDOW_AFTER_CUTOFF[stance]
        closes = None if days is None else (event.cutoff or first_use) + timedelta(days=days)
    return opens, closes


class _Assume(Protocol):
    """Type of the function that notes an assumption."""

    def __call__(self, term: str, assumed: Text) -> None: ...


def _window(offer: Offer, event: Event, customer: Customer, assume: _Assume) -> tuple[date, date | None]:
    """First and last day of the claim window."""
    opens, closes = claim_window(offer, event, customer.first_use, customer.stance)
    if offer.claim.opens == "unknown":
        assume("opens", Text("claims open on {day}", day=opens))
    if offer.claim.closes == "unknown":
        assume("closes", Text("claims close on {day}", day=closes) if closes else Text("claims stay open"))
    return opens, closes


def _unmet_conditions(offer: Offer, provider: Provider, customer: Customer, assume: _Assume) -> Text | None:
    """The first condition that the customer does not meet."""
    new_customer, account = offer.conditions.new_customer, offer.conditions.account
    if new_customer == "unknown":
        new_customer = customer.stance == "cautious"
        assume("new_customer", Text("only new customers") if new_customer else Text("new and old customers"))
    if account == "unknown":
        account = "enterprise" if customer.stance == "cautious" else "any"
        assume("account", Text("enterprise accounts only") if account == "enterprise" else Text("any account"))
    if new_customer and provider.provider in customer.customer_of:
        return Text("for new customers only, and you are a customer already")
    if account not in ("any", customer.account):
        return Text("for enterprise accounts only") if account == "enterprise" else Text("for individuals only")
    if customer.monthly_tokens < offer.conditions.min_monthly_tokens:
        return Text("needs at least {least:,.0f} tokens a month", least=offer.conditions.min_monthly_tokens)
    return None


def _settle(
    offer: str, benefit: Benefit, claimed_on: date, provider: Provider, customer: Customer, assume: _Assume
) -> Term:
    """A benefit with its unknown terms assumed."""
    if isinstance(benefit, Service):
        if customer.stance == "cautious":
            assume(f"service:{benefit.service}", Text("it saves no work"))
        else:
            assume(f"service:{benefit.service}", Text("it saves the share of the work given in the effort data"))
        return Term(offer, benefit, claimed_on, None)
    starts = claimed_on
    ends: date | None = None
    if isinstance(benefit, Discount):
        starts = max(benefit.from_ or claimed_on, claimed_on)
        if benefit.until == "unknown":
            ends = _assumed_end("until", starts, customer.stance, assume)
        elif benefit.until is not None:
            ends = benefit.until + DAY
    else:
        ends = benefit.valid_until + DAY if benefit.valid_until else None
        if benefit.valid_days == "unknown":
            ends = _earlier(ends, _assumed_end("valid_days", starts, customer.stance, assume))
        elif benefit.valid_days is not None:
            ends = _earlier(ends, starts + timedelta(days=benefit.valid_days))
    if isinstance(benefit, Voucher):
        return Term(offer, benefit, starts, ends, size=benefit.amount)
    models = _covered_models(benefit.models, provider, customer, assume)
    if isinstance(benefit, Discount):
        return Term(offer, benefit, starts, ends, models, benefit.share)
    return Term(offer, benefit, starts, ends, models, _tokens(benefit, customer, assume))


def _assumed_end(term: str, starts: date, stance: Stance, assume: _Assume) -> date | None:
    days = ASSUMED_LIFE[stance]
    assume(term, Text("valid for {days} days", days=days) if days else Text("valid without end"))
    return starts + timedelta(days=days) if days else None


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _covered_models(
    models: list[str] | Literal["all", "unknown"], provider: Provider, customer: Customer, assume: _Assume
) -> frozenset[str]:
    """Ids of the models on sale on the day of the decision that a grant or discount covers."""
    on_sale = [model for model in provider.models if model.available_on(customer.as_of)]
    everything = frozenset(model.id for model in on_sale)
    if isinstance(models, list):
        return everything & frozenset(models)
    if models == "all":
        return everything
    if customer.stance == "generous":
        assume("models", Text("every model"))
        return everything
    if customer.stance == "expected":
        assume("models", Text("every chat model"))
        return frozenset(model.id for model in on_sale if model.kind == "chat")
    cheapest = _cheapest_paid_chat_model(on_sale, customer.as_of)
    assume("models", Text("only {model}, the cheapest paid chat model", model=cheapest) if cheapest else Text("none"))
    return frozenset([cheapest] if cheapest else [])


def _cheapest_paid_chat_model(on_sale: list[Model], day: date) -> str | None:
    """The chat model with the lowest input + output price above 0 on ``day``; then by id."""

    def price(model: Model) -> float:
        entry = model.price_on(day) if model.kind == "chat" else None
        return float(entry.input) + float(entry.output or 0) if entry else 0.0

    paid = [(price(model), model.id) for model in on_sale if price(model) > 0]
    return min(paid)[1] if paid else None


def _tokens(benefit: TokenGrant | MatchedGrant, customer: Customer, assume: _Assume) -> float:
    """Tokens of a grant, of each of its pools."""
    if isinstance(benefit, TokenGrant):
        return benefit.tokens
    if benefit.cap == "unknown":
        assume("cap", Text("nothing is matched") if customer.stance == "cautious" else Text("no cap"))
    return min(benefit.months * customer.monthly_tokens, most_matched(benefit, customer.stance))


def most_matched(benefit: MatchedGrant, stance: Stance) -> float:
    """Most tokens that a matched grant gives; infinite where it has no cap."""
    if benefit.cap == "unknown":
        return 0.0 if stance == "cautious" else inf
    return inf if benefit.cap is None else benefit.cap
