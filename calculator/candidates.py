"""Which models may take a workload: `docs/model.md`, section 8."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pricing import Model, Prices, Provider, Text
from pricing.schema import TIERS

from .profile import Workload


def candidates(provider: Provider, workload: Workload, source: Model, day: date) -> list[Model] | Text:
    """The provider's models that may take a workload of the ``source`` model, by id; the reason where none may."""
    pin = workload.pin.get(provider.provider)
    tests: list[Callable[[Model], bool]] = [
        lambda model: model.kind == source.kind,
        lambda model: model.available_on(day) and _is_priced(model, workload, day),
        lambda model: model.kind == "embedding" or _tier(model) >= TIERS.index(workload.tier or source.tier or "light"),
        lambda model: not workload.context or (model.context or 0) >= workload.context,
        lambda model: set(workload.must_have) <= set(model.features),
        lambda model: pin in (None, model.id),
    ]
    reasons = [
        Text("{workload}: it has no {kind} model", workload=workload.label, kind=Text(source.kind)),
        Text("{workload}: none of its {kind} models is on sale at a published price on {day}",
             workload=workload.label, kind=Text(source.kind), day=day),
        Text("{workload}: no model of tier {tier} or better is on sale on {day}",
             workload=workload.label, tier=Text(workload.tier or source.tier or "light"), day=day),
        Text("{workload}: no model of that tier takes {context:,} tokens of context",
             workload=workload.label, context=workload.context or 0),
        Text("{workload}: none of those models is known to have {features}; a lower `tier` may let others in",
             workload=workload.label, features=", ".join(workload.must_have)),
        Text("{workload}: the pinned model {model} does not meet the workload's own needs (tier, context, must_have)",
             workload=workload.label, model=pin),
    ]  # fmt: skip
    left = sorted(provider.models, key=lambda model: model.id)
    for test, reason in zip(tests, reasons, strict=True):
        left = [model for model in left if test(model)]
        if not left:
            return reason
    return left


def _tier(model: Model) -> int:
    return TIERS.index(model.tier or "light")


def _is_priced(model: Model, workload: Workload, day: date) -> bool:
    price = model.price_on(day)
    return price is not None and (workload.output_tokens == 0 or price.output is not None)


def token_ratio(prices: Prices, workload: Workload, source: Model, target: Model, provider: str) -> float | Text:
    """Target tokens for one source token (section 2); where nothing is known, why 1 has to be assumed."""
    measured = workload.ratio.get(provider)
    if measured is not None:
        return measured
    if not workload.text:
        return Text("1 for {workload}: it does not say what its text consists of", workload=workload.label)
    counts = []
    for model in (target, source):
        tokenizer = prices.tokenizers.tokenizers.get(model.tokenizer or "")
        known = tokenizer.tokens_per_1000_chars if tokenizer else {}
        missing = [text for text, share in workload.text.items() if share > 0 and text not in known]
        if missing:
            return Text(
                "1 for {workload}: it is not known how {model} counts {texts}",
                workload=workload.label, model=model.id, texts=", ".join(missing),
            )  # fmt: skip
        counts.append(sum(share * known[text] for text, share in workload.text.items() if share > 0))
    return counts[0] / counts[1]
