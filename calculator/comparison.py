"""``compare``: a profile in, the options by rank out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cmp_to_key
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from offers import Customer, EventOffers, claim
from offers.catalogue import default_event, unknown_id
from pricing import InputError, Model, Prices, Provider, Text
from pricing.yaml_reader import Document

from .answer import Baseline, Comparison, Option, Unavailable
from .candidates import candidates
from .catalogue import Catalogue, load_catalogue
from .charge import Charge
from .effort import effort_for
from .oneoff import Work
from .option import Account, Case, list_cost
from .profile import Profile, profile_from, read_profile_file
from .search import cheapest, descend, prune, too_many
from .timeline import MOVE, Horizon

if TYPE_CHECKING:
    from .arrays import Assignment, Floats


def compare(
    profile: Profile | Mapping[str, Any] | Path | str, catalogue: Catalogue | None = None, **changes: Any
) -> Comparison:
    """Prices a profile with every provider and ranks them.

    ``profile`` is a ``Profile``, a mapping, or the path of a YAML file; ``changes`` replace its fields
    (``compare("profile.yaml", months=24)``). Raises ``InputError`` where the input cannot be used.
    """
    if isinstance(profile, Profile):
        profile = profile.model_dump(by_alias=True)
    if isinstance(profile, Mapping):
        loaded, document = profile_from({**profile, **changes})
    else:
        loaded, document = read_profile_file(profile, changes=changes)
    return compare_profile(loaded, catalogue or load_catalogue(), document)


def compare_profile(profile: Profile, catalogue: Catalogue, document: Document) -> Comparison:
    """``compare`` for a profile that was read: ``document`` knows the lines, so that errors can point at them."""
    prices = catalogue.prices
    event_offers = _event(profile, catalogue, document)
    event = event_offers.event
    horizon = _horizon(profile, event_offers, document)
    source = prices.providers[event.source]
    sources = _source_models(profile, source, prices, document)
    _check_declined(profile, event_offers, document)
    effort = effort_for(catalogue.effort, profile.effort)
    rates = {
        provider.currency: prices.exchange(provider.currency, profile.currency, horizon.as_of)
        for provider in prices.providers.values()
    }
    day_rate = _day_rate(profile, catalogue, horizon, document)
    if document.problems:
        raise InputError(document.problems)
    customer = Customer(
        as_of=horizon.as_of,
        first_use=horizon.first_use,
        customer_of=frozenset(profile.customer_of),
        account=profile.account,
        monthly_tokens=profile.monthly_tokens,
        stance=profile.stance,
        declined=frozenset(profile.declined),
    )
    options: list[Option] = []
    unavailable: list[Unavailable] = []
    for provider in prices.providers.values():
        if provider is source:
            continue
        rate = rates[provider.currency]
        choices = [
            candidates(provider, workload, model, horizon.as_of)
            for workload, model in zip(profile.workloads, sources, strict=True)
        ]
        reason = next((models for models in choices if isinstance(models, Text)), None)
        if rate is None:
            reason = _no_rate(provider.currency, profile.currency, horizon.as_of)
        if reason is not None:
            unavailable.append(Unavailable(provider, reason))
            continue
        found = [models for models in choices if not isinstance(models, Text)]
        outcomes = [claim(offer, event, provider, customer) for offer in event_offers.offers.get(provider.provider, [])]
        used = {model.id: model for models in found for model in models}
        case = Case(
            profile, horizon, event.cutoff, prices, provider, sources, [used[id_] for id_ in sorted(used)],
            outcomes, effort, day_rate, rate or 0.0,
        )  # fmt: skip
        options.append(_option(case, found))
    return Comparison(
        catalogue=catalogue,
        profile=profile,
        event=event,
        horizon=horizon,
        baseline=_baseline(profile, source, sources, horizon, rates[source.currency]),
        options=_ranked(options),
        unavailable=tuple(sorted(unavailable, key=lambda one: one.provider.provider)),
        exchange_rates={currency: rate for currency, rate in rates.items() if rate is not None},
        day_rate=day_rate,
    )


def _option(case: Case, found: list[list[Model]]) -> Option:
    """The provider's cheapest assignment, and the account of it."""
    work = Work(case)
    index = {model.id: m for m, model in enumerate(case.models)}
    choices = [[index[model.id] for model in models] for models in found]

    charged: list[tuple[Assignment, Charge]] = []  # what was tried last, which is all unless there is much to try

    def cost(assignment: Assignment) -> tuple[Floats, Floats]:
        charge = case.charge(assignment)
        charged[:] = [(assignment, charge)]
        paid = charge.bill * case.exchange_rate
        ordinary = case.segments.month != MOVE
        return paid.sum(axis=1) + work.money(assignment), paid[:, ordinary].sum(axis=1)

    warnings: list[Text] = []
    if too_many(choices):
        alike = np.vstack([case.pool_covers, case.discount, case.ratio]).T.tolist()
        costs = [case.month_cost, case.stored_cost, work.days_after_services, work.training_cost]
        choices = prune(choices, alike, costs)
    if too_many(choices):
        assignment = descend(choices, cost)
        warnings.append(Text("too many combinations of models to try them all: a good one is shown"))
    else:
        assignment = cheapest(choices, cost)
    last, charge = charged[0]
    found_at = np.flatnonzero((last == assignment).all(axis=1))
    account = Account(
        case, assignment, charge.of(int(found_at[0])) if len(found_at) else case.charge(assignment[None, :])
    )
    days = work.person_days(assignment[None, :])
    chosen = {w.label: case.models[m] for w, m in zip(case.workloads, assignment, strict=True)}
    ratios = {w.label: float(case.ratio[i, m]) for i, (w, m) in enumerate(zip(case.workloads, assignment, strict=True))}
    return Option(
        rank=0,
        provider=case.provider,
        models=chosen,
        ratios=ratios,
        monthly=account.months(),
        one_off=work.items(assignment, account.re_embedding),
        readiness_cost=float(work.late_days(days)[0]) * case.profile.loss_per_day,
        ready_on=work.ready_on(days)[0].astype(date),
        free_until=account.free_until(),
        source_tokens=_source_tokens(case.profile),
        offers=account.offers(),
        assumptions=account.assumptions(),
        warnings=(*warnings, *work.warnings(assignment)),
    )


def _ranked(options: list[Option]) -> tuple[Option, ...]:
    """By total, then one-off cost, then provider id; amounts that differ by rounding only are equal."""

    def order(one: Option, other: Option) -> int:
        for mine, theirs in ((one.total, other.total), (one.one_off_cost, other.one_off_cost)):
            if not isclose(mine, theirs, rel_tol=1e-12, abs_tol=1e-12):
                return -1 if mine < theirs else 1
        return -1 if one.provider.provider < other.provider.provider else 1

    ordered = sorted(options, key=cmp_to_key(order))
    return tuple(dataclasses.replace(option, rank=rank) for rank, option in enumerate(ordered, 1))


def _source_tokens(profile: Profile) -> float:
    return sum(
        sum(month) for month in _by_month(profile, [w.input_tokens + w.output_tokens for w in profile.workloads])
    )


def _by_month(profile: Profile, base: list[float]) -> list[list[float]]:
    """What each workload's base month grows to, month by month (section 2)."""
    growth = [profile.growth if w.growth is None else w.growth for w in profile.workloads]
    return [[b * (1 + g) ** k for b, g in zip(base, growth, strict=True)] for k in range(profile.months)]


def _baseline(
    profile: Profile, source: Provider, sources: list[Model], horizon: Horizon, rate: float | None
) -> Baseline:
    """The source's list cost, month by month."""
    list_prices = [model.price_on(horizon.as_of) for model in sources]
    base = [
        list_cost(workload, price, workload.input_tokens, workload.output_tokens)
        for workload, price in zip(profile.workloads, list_prices, strict=True)
        if price is not None
    ]
    if rate is None or len(base) < len(sources):
        return Baseline(source, None)
    return Baseline(source, tuple(sum(month) * rate for month in _by_month(profile, base)))


def _event(profile: Profile, catalogue: Catalogue, document: Document) -> EventOffers:
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


def _check_declined(profile: Profile, event_offers: EventOffers, document: Document) -> None:
    known = [offer.id for several in event_offers.offers.values() for offer in several]
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


def _no_rate(currency: str, into: str, day: date) -> Text:
    return Text("no exchange rate from {currency} to {into} on {day}", currency=currency, into=into, day=day)
