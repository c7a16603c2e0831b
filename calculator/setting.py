"""What all providers are compared under: the days, the source's models, the effort and the exchange rates."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from offers import Customer, Event, EventOffers
from offers.catalogue import default_event, unknown_id
from pricing import InputError, Model, Prices, Provider, Text
from pricing.yaml_reader import Document

from .candidates import Counts, token_counts
from .catalogue import Catalogue
from .effort import Effort, effort_for
from .profile import Profile
from .timeline import Horizon


class Setting(NamedTuple):
    """All that a profile says beside its numbers, with what the catalogue knows of it.

    Its numbers are no one's: they only say where there are any.
    """

    profile: Profile
    event: Event
    offers: EventOffers
    horizon: Horizon
    source: Provider
    sources: list[Model]
    """Source model of each workload."""
    counts: list[Counts]
    """What each tokenizer makes of each workload's text."""
    effort: Effort
    exchange_rates: dict[str, float]
    """Units of the profile's currency for 1 unit of each currency that has a rate."""
    day_rate: float
    """What a person-day costs where the profile does not say, in its currency."""
    customer: Customer

    @property
    def embeds_again(self) -> bool:
        """Whether there is a vector store to embed again."""
        workloads = zip(self.profile.workloads, self.sources, strict=True)
        return any(workload.stored_tokens > 0 and source.kind == "embedding" for workload, source in workloads)


def setting_for(profile: Profile, catalogue: Catalogue, document: Document, monthly_tokens: float) -> Setting:
    """The setting of a profile; raises ``InputError`` with problems placed by ``document``.

    ``monthly_tokens`` decide which offers may be claimed.
    """
    prices = catalogue.prices
    offers = event_of(profile, catalogue, document)
    horizon = _horizon(profile, offers, document)
    source = prices.providers[offers.event.source]
    sources = _source_models(profile, source, prices, document)
    _check_declined(profile, offers, document)
    day_rate = _day_rate(profile, catalogue, horizon, document)
    if document.problems:
        raise InputError(document.problems)
    currencies = {provider.currency for provider in prices.providers.values()}
    rates = {currency: prices.exchange(currency, profile.currency, horizon.as_of) for currency in sorted(currencies)}
    return Setting(
        profile=profile,
        event=offers.event,
        offers=offers,
        horizon=horizon,
        source=source,
        sources=sources,
        counts=[token_counts(prices, workload) for workload in profile.workloads],
        effort=effort_for(catalogue.effort, profile.effort),
        exchange_rates={currency: rate for currency, rate in rates.items() if rate is not None},
        day_rate=day_rate,
        customer=Customer(
            as_of=horizon.as_of,
            first_use=horizon.first_use,
            customer_of=frozenset(profile.customer_of),
            account=profile.account,
            monthly_tokens=monthly_tokens,
            stance=profile.stance,
            declined=frozenset(profile.declined),
        ),
    )


def bounds_of(offers: EventOffers) -> list[float]:
    """Monthly tokens from which on more of an event's offers are open, rising."""
    return sorted({offer.conditions.min_monthly_tokens for some in offers.offers.values() for offer in some})


def event_of(profile: Profile, catalogue: Catalogue, document: Document) -> EventOffers:
    """The profile's event, or the one that is meant where it names none."""
    known = catalogue.events
    found = default_event(known) if profile.event is None else known.get(profile.event)
    if found is None:
        document.report(("event",), unknown_id("event", profile.event or "", [*known]))
        raise InputError(document.problems)
    return found


def _horizon(profile: Profile, event_offers: EventOffers, document: Document) -> Horizon:
    """Section 1: the days, with the event's defaults."""
    event = event_offers.event
    as_of = profile.as_of or event.decision_day
    starts = profile.starts or event.cutoff
    if starts is None:
        document.report(("starts",), Text("`starts` is needed: this event has no cut-off day to start from"))
        raise InputError(document.problems)
    if starts < as_of:
        what = (
            Text("starts ({starts}) is before as_of ({as_of})", starts=starts, as_of=as_of)
            if profile.starts
            else Text(
                "as_of ({as_of}) is after the cut-off ({starts}): give `starts`, on or after as_of",
                starts=starts, as_of=as_of,
            )
        )  # fmt: skip
        document.report(("starts",) if profile.starts else ("as_of",), what)
    elif starts - timedelta(days=profile.overlap.days) < as_of:
        document.report(
            ("overlap", "days"),
            Text(
                "{days} days of overlap begin before as_of ({as_of}): there are {most} days before starts ({starts})",
                days=profile.overlap.days, as_of=as_of, most=(starts - as_of).days, starts=starts,
            ),
        )  # fmt: skip
    return Horizon(as_of, starts, profile.months, profile.overlap.days)


def _source_models(profile: Profile, source: Provider, prices: Prices, document: Document) -> list[Model]:
    """The model that each workload uses today; unknown names anywhere in the profile are problems."""
    found = []
    for w, workload in enumerate(profile.workloads):
        at = ("workloads", w)
        model = source.model(workload.model)
        if model is None:
            known = [model.id for model in source.models]
            document.report((*at, "model"), unknown_id("model", workload.model, known))
        else:
            found.append(model)
        for field_, named in (("pin", workload.pin), ("ratio", workload.ratio)):
            for provider in named:
                if provider not in prices.providers:
                    document.report((*at, field_, provider), unknown_id("provider", provider, [*prices.providers]))
        for provider, pinned in workload.pin.items():
            target = prices.providers.get(provider)
            if target is not None and target.model(pinned) is None:
                known = [model.id for model in target.models]
                document.report((*at, "pin", provider), unknown_id("model", pinned, known))
    for index, provider in enumerate(profile.customer_of):
        if provider not in prices.providers:
            document.report(("customer_of", index), unknown_id("provider", provider, [*prices.providers]))
    return found


def _check_declined(profile: Profile, offers: EventOffers, document: Document) -> None:
    known = [offer.id for several in offers.offers.values() for offer in several]
    for index, declined in enumerate(profile.declined):
        if declined not in known:
            document.report(("declined", index), unknown_id("offer", declined, known))


def _day_rate(profile: Profile, catalogue: Catalogue, horizon: Horizon, document: Document) -> float:
    """The profile's day rate, or that of the effort data in the profile's currency."""
    if profile.team.day_rate is not None:
        return profile.team.day_rate
    figure = catalogue.effort.day_rate
    rate = catalogue.prices.exchange(figure.currency or profile.currency, profile.currency, horizon.as_of)
    if rate is None:
        document.report(
            ("team",),
            Text(
                "give `team: {{day_rate: …}}`: there is no exchange rate on {day} from {currency} to {into}",
                day=horizon.as_of, currency=figure.currency, into=profile.currency,
            ),
        )  # fmt: skip
    return figure.mode * (rate or 0.0)
