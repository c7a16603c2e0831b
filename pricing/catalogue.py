"""Loading ``pricing/data``: what tokens cost, on any day, in any currency."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from .kept import keep, kept
from .records import inherit, validate
from .schema import ExchangeRates, Provider, Tokenizers
from .text import Text
from .yaml_reader import Document, Problem, read_yaml

DATA = Path(__file__).parent / "data"

R = TypeVar("R", bound=BaseModel)
Reader = Callable[[str, str], Document]
"""Reads a YAML text under a name."""


class Prices(NamedTuple):
    """All providers with their list prices, exchange rates and tokenizers."""

    providers: dict[str, Provider]
    rates: ExchangeRates
    tokenizers: Tokenizers

    def exchange(self, currency: str, into: str, day: date) -> float | None:
        """Units of ``into`` for 1 unit of ``currency`` on ``day``; None where a rate is missing."""
        if currency == into:
            return 1.0
        one, other = self.rates.on(currency, day), self.rates.on(into, day)
        return None if one is None or other is None else one / other


def load_prices(folder: Path = DATA, *, thorough: bool = False) -> tuple[Prices, list[Problem]]:
    """Reads a folder laid out like ``pricing/data``; gives what could be read, and all problems.

    ``thorough`` also asks what a careful editor would ask (``pricing.checks``).
    """
    problems: list[Problem] = []
    providers: dict[str, Provider] = {}
    sound: list[tuple[Document, Provider]] = []
    if not (folder / "providers").is_dir():
        problems.append(Problem(shown_path(folder), 1, 1, Text("there is no folder `providers` here")))
    read = read_own if folder == DATA else read_file
    for path in sorted((folder / "providers").glob("*.yaml")):
        document = read(path)
        provider = validate(document, Provider, inherit(document.value, "models", "prices"))
        if provider is not None:
            _check_provider(document, provider, providers)
            providers.setdefault(provider.provider, provider)
            sound.append((document, provider))
        problems += document.problems
    rates, of_rates = _load_optional(folder / "exchange-rates.yaml", read, ExchangeRates, "rates")
    tokenizers, of_tokenizers = _load_optional(folder / "tokenizers.yaml", read, Tokenizers, "tokenizers")
    problems += of_rates.problems + of_tokenizers.problems
    if thorough and not problems:
        from . import checks

        for document, provider in sound:
            checks.check_provider(document, provider)
            checks.check_tokenizer_names(document, provider, tokenizers)
        checks.check_rates(of_rates, rates)
        checks.check_tokenizers(of_tokenizers, tokenizers, providers.values())
        documents = [*(document for document, _ in sound), of_rates, of_tokenizers]
        problems = [problem for document in documents for problem in document.problems]
    return Prices(providers, rates, tokenizers), problems


def read_own(path: Path) -> Document:
    """Reads a YAML file that is shipped: nobody has nested it to do harm, and what it says is kept."""

    def read(text: str, name: str) -> Document:
        value = kept(path, text)
        if value is not None:
            return Document(name, value, _text=text)
        document = read_yaml(text, name, trusted=True)
        if not document.problems:
            keep(path, text, document.value)
        return document

    return read_file(path, read)


def read_file(path: Path, read: Reader = read_yaml) -> Document:
    """Reads a YAML file with ``read``; a file that cannot be read is a problem too."""
    name = shown_path(path)
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        message = Text("the file is not UTF-8 text")
    except OSError as error:
        message = Text("the file cannot be read: {reason}", reason=error.strerror)
    else:
        return read(text, name)
    return Document(name, problems=[Problem(name, 1, 1, message)])


def shown_path(path: Path) -> str:
    """The path as a person in the current folder would write it."""
    try:
        relative = os.path.relpath(path)
    except (OSError, ValueError):  # the current folder is gone, or on another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative


def first_repeats(values: list[Any]) -> Iterator[tuple[int, Any]]:
    """Index and value of each item that stood before."""
    seen = set()
    for index, value in enumerate(values):
        if value in seen:
            yield index, value
        seen.add(value)


def _load_optional(path: Path, read: Callable[[Path], Document], record: type[R], inherited: str) -> tuple[R, Document]:
    if not path.exists():
        return record(), Document(shown_path(path))
    document = read(path)
    loaded = validate(document, record, inherit(document.value, inherited))
    if isinstance(loaded, ExchangeRates):
        for currency, rates in loaded.rates.items():
            for index, day in first_repeats([rate.from_ for rate in rates]):
                document.report(("rates", currency, index, "from"), Text("a second rate from {day}", day=day))
    return loaded or record(), document


def _check_provider(document: Document, provider: Provider, others: dict[str, Provider]) -> None:
    if provider.provider in others:
        document.report(("provider",), Text("the provider {provider} has a file already", provider=provider.provider))
    for index, model in first_repeats([model.id for model in provider.models]):
        document.report(("models", index, "id"), Text("a second model with the id {model}", model=model))
    for m, model in enumerate(provider.models):
        for p, day in first_repeats([price.from_ for price in model.prices]):
            document.report(
                ("models", m, "prices", p, "from"),
                Text("{model} has two prices from {day}", model=model.id, day=day),
            )
