"""Which models may take a workload, and how many tokens they make of it: `docs/model.md`, sections 2 and 8."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from pricing import Model, Price, Prices, Provider, Text
from pricing.schema import TIERS

from .profile import Workload


def prices_on(provider: Provider, day: date) -> dict[str, Price]:
    """The list prices in force on ``day``, by model: those models are on sale at a published price."""
    found = {model.id: model.price_on(day) for model in provider.models if model.available_on(day)}
    return {model: price for model, price in found.items() if price is not None}


def candidates(
    provider: Provider, prices: Mapping[str, Price], workload: Workload, source: Model, day: date
) -> list[Model] | Text:
    """The provider's models that may take a workload of the ``source`` model; the reason where none may.

    ``prices`` are the provider's ``prices_on`` the ``day``.
    """
    label, pin = workload.label, workload.pin.get(provider.provider)
    tier = workload.tier or source.tier or "light"
    tests: list[tuple[Callable[[Model], bool], Callable[[], Text]]] = [
        (
            lambda model: model.kind == source.kind,
            lambda: Text("{workload}: it has no {kind} model", workload=label, kind=Text(source.kind)),
        ),
        (
            lambda model: model.id in prices and (workload.output_tokens == 0 or prices[model.id].output is not None),
            lambda: Text("{workload}: none of its {kind} models is on sale at a published price on {day}",
                         workload=label, kind=Text(source.kind), day=day),
        ),
        (
            lambda model: model.kind == "embedding" or TIERS.index(model.tier or "light") >= TIERS.index(tier),
            lambda: Text("{workload}: no model of tier {tier} or better is on sale on {day}",
                         workload=label, tier=Text(tier), day=day),
        ),
        (
            lambda model: not workload.context or (model.context or 0) >= workload.context,
            lambda: Text("{workload}: no model of that tier takes {context:,} tokens of context",
                         workload=label, context=workload.context),
        ),
        (
            lambda model: set(workload.must_have).issubset(model.features),
            lambda: Text("{workload}: none of those models is known to have {features}; "
                         "a lower `tier` may let others in",
                         workload=label, features=", ".join(workload.must_have)),
        ),
        (
            lambda model: pin in (None, model.id),
            lambda: Text("{workload}: the pinned model {model} does not meet the workload's own needs "
                         "(tier, context, must_have)",
                         workload=label, model=pin),
        ),
    ]  # fmt: skip
    left = provider.models
    for passes, reason in tests:
        left = [model for model in left if passes(model)]
        if not left:
            return reason()
    return left


Counts = dict[str | None, float | str]
"""Tokens per 1000 characters of a workload's text, by tokenizer; the classes of text for which it has no figure."""


def token_counts(prices: Prices, workload: Workload) -> Counts:
    """What each tokenizer makes of the workload's text; None stands for a model whose tokenizer is not known."""
    known = {id_: tokenizer.tokens_per_1000_chars for id_, tokenizer in prices.tokenizers.tokenizers.items()}
    text = {kind: share for kind, share in workload.text.items() if share > 0}
    counts: Counts = {None: ", ".join(text)}
    for id_, per_1000 in known.items():
        missing = [kind for kind in text if kind not in per_1000]
        counts[id_] = ", ".join(missing) if missing else sum(share * per_1000[kind] for kind, share in text.items())
    return counts


def token_ratio(workload: Workload, source: Model, target: Model, provider: str, counts: Counts) -> float | Text:
    """Target tokens for one source token (section 2); where nothing is known, why 1 has to be assumed.

    ``counts`` are the workload's ``token_counts``.
    """
    measured = workload.ratio.get(provider)
    if measured is not None:
        return measured
    if not workload.text:
        return Text("1 for {workload}: it does not say what its text consists of", workload=workload.label)
    found = []
    for model in (target, source):
        count = counts.get(model.tokenizer, counts[None])
        if isinstance(count, str):
            return Text(
                "1 for {workload}: it is not known how {model} counts {texts}",
                workload=workload.label, model=model.id, texts=count,
            )  # fmt: skip
        found.append(count)
    return found[0] / found[1]
