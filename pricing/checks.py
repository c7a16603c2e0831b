"""What a careful editor would ask of the prices, beyond what the types say. ``banjia check`` asks it."""

from __future__ import annotations

from collections.abc import Iterable

from .records import Evidence, nearest
from .schema import ExchangeRates, Model, Price, Provider, Tokenizers
from .text import Text
from .yaml_reader import Document, Loc


def check_provider(document: Document, provider: Provider) -> None:
    """Dates that contradict one another, and confidence without support."""
    own = [provider.provider, provider.name.en if provider.name else "", provider.name.zh if provider.name else ""]
    own += [provider.platform.en, provider.platform.zh] if provider.platform else []
    for m, model in enumerate(provider.models):
        _check_life(document, ("models", m), model)
        for p, price in enumerate(model.prices):
            at = ("models", m, "prices", p)
            _check_price(document, at, model, price)
            check_confidence(document, at, price, own)


def check_confidence(document: Document, at: Loc, figure: Evidence, vendor: Iterable[str] = ()) -> None:
    """High confidence takes the vendor's own page, or two reports that do not copy one another."""
    if figure.confidence is None:
        document.report(at, Text("no confidence: add `confidence: high`, `medium` or `low`"))
    if figure.confidence != "high":
        return
    told = {source.family or source.publisher or source.url or source.cite for source in figure.sources}
    names = [name.lower() for name in vendor if name]
    own = any(name in (source.publisher or "").lower() for source in figure.sources for name in names)
    if len(told) < 2 and not own:
        document.report(
            [*at, "confidence"],
            Text("high confidence takes the vendor's own page or two independent reports; here is one: {one}",
                 one=next(iter(told))),
        )  # fmt: skip


def check_tokenizers(document: Document, tokenizers: Tokenizers, providers: Iterable[Provider]) -> None:
    """Tokenizers that no model uses."""
    used = {model.tokenizer for provider in providers for model in provider.models}
    for name, tokenizer in tokenizers.tokenizers.items():
        if name not in used:
            document.report(("tokenizers", name), Text("no model uses the tokenizer {name}", name=name))
        if tokenizer.basis != "measured":
            check_confidence(document, ("tokenizers", name), tokenizer)


def check_tokenizer_names(document: Document, provider: Provider, tokenizers: Tokenizers) -> None:
    """Tokenizers that a model names and nobody describes."""
    for m, model in enumerate(provider.models):
        if model.tokenizer is not None and model.tokenizer not in tokenizers.tokenizers:
            document.report(
                ("models", m, "tokenizer"),
                Text("there is no tokenizer `{name}`{hint}", name=model.tokenizer,
                     hint=nearest(model.tokenizer, tokenizers.tokenizers)),
            )  # fmt: skip


def check_rates(document: Document, rates: ExchangeRates) -> None:
    """Confidence of the exchange rates."""
    for currency, dated in rates.rates.items():
        for index, rate in enumerate(dated):
            check_confidence(document, ("rates", currency, index), rate, ["reference rates", "central bank"])


def _check_life(document: Document, at: Loc, model: Model) -> None:
    if model.released and model.withdrawn and model.withdrawn <= model.released:
        document.report(
            [*at, "withdrawn"],
            Text("withdrawn on {withdrawn}, before it was released on {released}",
                 withdrawn=model.withdrawn, released=model.released),
        )  # fmt: skip
    if not model.prices:
        document.report([*at, "prices"], Text("{model} has no price; write `input: unknown` if none is published",
                                              model=model.id))  # fmt: skip
    first = min(model.prices, key=lambda price: price.from_, default=None)
    if first and first.date_evidence == "effective" and model.released and first.from_ > model.released:
        document.report(
            [*at, "prices"],
            Text(
                "no price from {released} to {day}, when the first took effect: write `input: unknown` for that time",
                released=model.released,
                day=first.from_,
            ),
        )


def _check_price(document: Document, at: Loc, model: Model, price: Price) -> None:
    if model.released and price.from_ < model.released:
        document.report(
            [*at, "from"],
            Text("the price from {day} is older than the model, released on {released}",
                 day=price.from_, released=model.released),
        )  # fmt: skip
    if model.withdrawn and price.from_ >= model.withdrawn:
        document.report(
            [*at, "from"],
            Text("the price from {day} begins after the model was withdrawn on {withdrawn}",
                 day=price.from_, withdrawn=model.withdrawn),
        )  # fmt: skip
    published = [source.published for source in price.sources if source.published]
    if price.date_evidence == "observed" and published and min(published) > price.from_:
        document.report(
            [*at, "from"],
            Text("seen on {day}, but its earliest dated source is of {published}",
                 day=price.from_, published=min(published)),
        )  # fmt: skip
    bounds = [tier.above for tier in price.tiers]
    if bounds != sorted(set(bounds)):
        document.report([*at, "tiers"], Text("the bounds of the tiers must rise"))
