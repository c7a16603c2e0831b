"""The example that the page opens with, made to fit any event: the same numbers with models of its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from calculator import Catalogue, Profile
from calculator.profile import Workload
from offers import Event
from pricing import Model
from pricing.history import listed_on


def example_for(base: Profile, catalogue: Catalogue, event_id: str | None) -> Profile:
    """``base`` for an event, by default its own or else the first."""
    events = catalogue.events
    chosen = next((one for one in (event_id, base.event) if one in events), next(iter(events)))
    event = events[chosen or ""].event
    models = catalogue.prices.providers[event.source].models
    known = {model.id for model in models}
    if event.event == base.event and all(workload.model in known for workload in base.workloads):
        return base
    every = [model for provider in catalogue.prices.providers.values() for model in provider.models]
    return base.model_copy(
        update={
            "event": event.event,
            "starts": None if event.cutoff else usual_start(event, event.decision_day),
            "workloads": [_with_model_of(event.decision_day, workload, models, every) for workload in base.workloads],
        }
    )


def _with_model_of(day: date, workload: Workload, models: Sequence[Model], every: Iterable[Model]) -> Workload:
    old = next((model for model in every if model.id == workload.model), None)
    model = successor(old, models, day)
    return workload if model is None else workload.model_copy(update={"model": model.id})


def usual_start(event: Event, day: date) -> date:
    """The first day of real use unless a profile says otherwise: the cut-off, else the first of the next month."""
    return event.cutoff or date(day.year + day.month // 12, day.month % 12 + 1, 1)


def on_sale(model: Model, day: date) -> bool:
    """Whether it could be had on a day at a known price."""
    return listed_on(model, day) is not None


def successor(old: Model | None, models: Sequence[Model], day: date) -> Model | None:
    """What stands for a model on a day: the newest of the same kind and tier, of several the cheapest; any if none is.

    One whose tokens can be counted goes first.
    """
    left = [model for model in models if on_sale(model, day)]
    for fits in (
        lambda model: old is not None and (model.kind, model.tier) == (old.kind, old.tier),
        lambda model: model.kind == (old.kind if old else "chat"),
    ):
        left = [model for model in left if fits(model)] or left
    return max(
        left, key=lambda model: (model.tokenizer is not None, _first_day(model), -_list_price(model, day)), default=None
    )


def _first_day(model: Model) -> date:
    return model.released or min(price.from_ for price in model.prices)


def _list_price(model: Model, day: date) -> float:
    price = model.price_on(day)
    rates = price.rates() if price else None
    return rates.input + rates.output if rates else 0.0
