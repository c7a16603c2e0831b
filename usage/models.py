"""Which model a name in an export stands for: ``usage/data/aliases.yaml`` and the price files."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from pricing import InputError, Model, Provider
from pricing.catalogue import read_own
from pricing.records import inherit, validate

from .schema import Aliases

DATA = Path(__file__).parent / "data" / "aliases.yaml"


@cache
def load_aliases() -> Aliases:
    """The shipped names; raises ``InputError``."""
    document = read_own(DATA)
    aliases = validate(document, Aliases, inherit(document.value, "aliases"))
    if aliases is None:
        raise InputError(document.problems)
    return aliases


def meaning(name: str, day: date) -> str:
    """The id that ``name`` stood for on ``day``; the name itself, in small letters, where nothing else is known."""
    known = load_aliases()
    name = name.strip().lower()
    for prefix in known.prefixes:
        name = name.removeprefix(prefix)
    meant = name
    for alias in known.aliases:
        if alias.name == name and (alias.from_ is None or alias.from_ <= day):
            meant = alias.model
    return meant


def model_of(name: str, day: date, provider: Provider) -> Model | None:
    """The provider's model that ``name`` stood for on ``day``; None where it sells none of that name."""
    return provider.model(meaning(name, day)) or provider.model(name.strip().lower())
