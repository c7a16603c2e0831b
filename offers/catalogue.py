"""Loading ``offers/data``: the events, and what each provider offers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from pricing import InputError, Prices, Problem, Text
from pricing.catalogue import read_file, read_own, shown_path
from pricing.records import inherit, nearest, validate
from pricing.yaml_reader import Document, read_yaml

from .schema import Event, Offer, ProviderOffers

DATA = Path(__file__).parent / "data"
TEMPLATES = {lang: Path(__file__).parent / f"template.{lang}.yaml" for lang in ("en", "zh")}
"""A file of offers with a comment on every key, to start one's own from."""
MAX_BYTES, MAX_NODES = 64_000, 5_000
"""How much a file of offers may hold that somebody brings along."""


class EventOffers(NamedTuple):
    """An event and its offers, by provider, in the order of the files."""

    event: Event
    offers: dict[str, list[Offer]]


def load_offers(
    prices: Prices, folder: Path = DATA, *, thorough: bool = False
) -> tuple[dict[str, EventOffers], list[Problem]]:
    """Reads a folder laid out like ``offers/data``, or one event's; gives the events by id, and all problems.

    ``thorough`` also asks what a careful editor would ask (``offers.checks``).
    """
    problems: list[Problem] = []
    events: dict[str, EventOffers] = {}
    read = read_own if folder == DATA else read_file
    if thorough:
        from . import checks
    single = (folder / "event.yaml").exists()
    folders = [folder] if single else sorted(path.parent for path in folder.glob("*/event.yaml"))
    if not folders:
        problems.append(Problem(shown_path(folder), 1, 1, Text("there is no `<event>/event.yaml` here")))
    for place in folders:
        document = read(place / "event.yaml")
        event = validate(document, Event, document.value)
        if event is not None:
            _check_event(document, event, prices, events)
            if thorough and not document.problems:
                checks.check_event(document, event, prices)
        problems += document.problems
        offers: dict[str, list[Offer]] = {}
        known: set[str] = set()
        for path in sorted(place.glob("*.yaml")):
            if path.name != "event.yaml":
                document = read(path)
                loaded = validate(document, ProviderOffers, inherit(document.value, "offers", "benefits"))
                if loaded is not None:
                    _check_offers(document, loaded, prices, known)
                    if thorough and event is not None and not document.problems:
                        checks.check_offers(document, loaded, event, prices)
                    offers.setdefault(loaded.provider, []).extend(loaded.offers)
                problems += document.problems
        if event is not None:
            events.setdefault(event.event, EventOffers(event, offers))
    return events, problems


def add_offers(
    events: dict[str, EventOffers], event_id: str, text: str, name: str, prices: Prices
) -> dict[str, EventOffers]:
    """The events with one provider's offers from a text, laid out like ``offers/data/<event>/<provider>.yaml``.

    An offer of the provider that has the same id is replaced. The text is not trusted: it may not hold much, nor be
    deeply nested. Raises ``InputError`` with all that is wrong; ``name`` is the file name that problems show.
    """
    document = read_yaml(text, name, max_nodes=MAX_NODES, max_bytes=MAX_BYTES)
    loaded = validate(document, ProviderOffers, inherit(document.value, "offers", "benefits"))
    if loaded is None:
        raise InputError(document.problems)
    before = events[event_id]
    others = {offer.id for provider, offers in before.offers.items() if provider != loaded.provider for offer in offers}
    _check_offers(document, loaded, prices, others)
    if loaded.provider == before.event.source:
        document.report(("provider",), Text("{provider} is the provider that is left", provider=loaded.provider))
    if document.problems:
        raise InputError(document.problems)
    kept = {offer.id: offer for offer in before.offers.get(loaded.provider, ())}
    offers = kept | {offer.id: offer for offer in loaded.offers}
    return {**events, event_id: EventOffers(before.event, {**before.offers, loaded.provider: [*offers.values()]})}


def default_event(events: dict[str, EventOffers]) -> EventOffers | None:
    """The event that is meant where none is named: the newest that cuts somebody off, else the newest."""
    return max(
        events.values(),
        key=lambda one: (one.event.cutoff is not None, one.event.announced, one.event.event),
        default=None,
    )


def event_for_usage(events: dict[str, EventOffers], last: date) -> EventOffers | None:
    """The event that usage up to ``last`` is meant for: the default one, unless it had cut the customer off by then."""
    default = default_event(events)
    if default is None or default.event.cutoff is None or last < default.event.cutoff:
        return default
    later = {
        id_: one
        for id_, one in events.items()
        if one.event.source == default.event.source and (one.event.cutoff is None or last < one.event.cutoff)
    }
    return default_event(later) or default


def unknown_id(kind: str, given: str, allowed: list[str]) -> Text:
    """What to say of an id that is not there."""
    return Text(
        "unknown {kind} `{given}`{hint}; known: {allowed}",
        kind=Text(kind), given=given, hint=nearest(given, allowed), allowed=", ".join(sorted(allowed)),
    )  # fmt: skip


def _check_event(document: Document, event: Event, prices: Prices, others: dict[str, EventOffers]) -> None:
    if event.event in others:
        document.report(("event",), Text("there is a second event with the id {event}", event=event.event))
    if event.source not in prices.providers:
        document.report(("source",), unknown_id("provider", event.source, [*prices.providers]))
    if event.cutoff is not None and event.cutoff < event.announced:
        document.report(
            ("cutoff",),
            Text("the cut-off {cutoff} is before the announcement {day}", cutoff=event.cutoff, day=event.announced),
        )


def _check_offers(document: Document, loaded: ProviderOffers, prices: Prices, known: set[str]) -> None:
    provider = prices.providers.get(loaded.provider)
    if provider is None:
        document.report(("provider",), unknown_id("provider", loaded.provider, [*prices.providers]))
    for o, offer in enumerate(loaded.offers):
        if offer.id in known:
            document.report(("offers", o, "id"), Text("a second offer with the id {offer}", offer=offer.id))
        known.add(offer.id)
        for b, benefit in enumerate(offer.benefits):
            models = getattr(benefit, "models", None)
            for m, model in enumerate(models if isinstance(models, list) else ()):
                if provider is not None and provider.model(model) is None:
                    message = unknown_id("model", model, [model.id for model in provider.models])
                    document.report(("offers", o, "benefits", b, "models", m), message)
