"""What all visitors share: the catalogue, the example, and answers by profile."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

import streamlit as st

import calculator
from calculator import Catalogue, Comparison, InputError, Profile, load_catalogue
from calculator.comparison import compare_profile
from calculator.profile import profile_of, read_profile_file
from offers.catalogue import DATA as OFFERS
from offers.catalogue import add_offers
from pricing import Text
from pricing.catalogue import DATA as PRICES
from pricing.yaml_reader import Document, Loc
from report.statistics import Statistics

from .example import example_for

EXAMPLE = Path(calculator.__file__).parent / "data" / "example-profile.yaml"
TURN = RLock()
"""Whose turn it is to work out an answer or to draw it: one visitor's after the other.

Threads of one Python are no sooner done side by side; they hand it to and fro, each waits for all, and where many
visitors change something at once the waits grow until nobody catches up.
"""

Folders = tuple[str, str]


def folders() -> Folders:
    """Where the offers and the prices are: the environment may name folders to use instead of the shipped ones."""
    return os.environ.get("BANJIA_OFFERS") or str(OFFERS), os.environ.get("BANJIA_PRICES") or str(PRICES)


class OwnFile(NamedTuple):
    """Offers that a visitor brought."""

    event: str
    """The event that they are about."""
    name: str
    text: str


Data = tuple[Folders, tuple[OwnFile, ...]]


def data() -> Data:
    """What an answer rests on beside the profile: part of the key of everything that is cached."""
    return folders(), own_files()


def own_files() -> tuple[OwnFile, ...]:
    """The files of offers in this session; no other session sees them."""
    return st.session_state.get("own_files", ())


def catalogue() -> Catalogue:
    """All data, with the visitor's own offers; raises ``InputError``."""
    return _catalogue(data())


def shipped() -> Catalogue:
    """All data without the visitor's own."""
    return _shipped(folders())


def catalogue_with(own: tuple[OwnFile, ...]) -> Catalogue:
    """All data with these offers; raises ``InputError`` where a file cannot be used."""
    return _catalogue((folders(), own))


def _catalogue(data: Data) -> Catalogue:
    folders, own = data
    return _with_own(folders, own) if own else _shipped(folders)


@cache
def _shipped(folders: Folders) -> Catalogue:
    return load_catalogue(*map(Path, folders))


@lru_cache(maxsize=20)
def _with_own(folders: Folders, own: tuple[OwnFile, ...]) -> Catalogue:
    shipped = _shipped(folders)
    events = shipped.events
    for file in own:
        events = add_offers(events, file.event, file.text, file.name, shipped.prices)
    return replace(shipped, events=events)


def statistics() -> Statistics:
    """What the data hold, counted once."""
    return _statistics(data())


@lru_cache(maxsize=20)
def _statistics(data: Data) -> Statistics:
    found = _catalogue(data)
    return Statistics.of(found.prices, found.events)


def example(event_id: str | None = None) -> Profile:
    """The profile that the page opens with; for another event the same numbers with models of its day."""
    return _example(folders(), event_id)


@cache
def _example(folders: Folders, event_id: str | None) -> Profile:
    return example_for(read_profile_file(EXAMPLE)[0], _shipped(folders), event_id)


@cache
def warm_up() -> None:
    """Pays for slow imports before the first visitor does."""
    import altair  # noqa: F401  # imported to be warm
    import babel.numbers  # noqa: F401  # likewise

    profile = example()
    compare_profile(profile, _shipped(folders()), Document("example"))


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Called after the first run: takes what stays for ever out of garbage collection.

    With the libraries' objects frozen, a look through all others is short.
    """
    gc.collect()
    gc.freeze()


def compared(profile: Profile, document: Document) -> Comparison:
    """The answer to a profile; raises ``InputError`` with problems placed by ``document``."""
    return _compared(_Asked(data(), profile.model_dump_json(), profile, document))


@dataclass(frozen=True)
class _Asked:
    """What an answer is kept by: the data, and the profile as JSON."""

    data: Data
    key: str
    profile: Profile = field(compare=False)
    document: Document = field(compare=False)


@lru_cache(maxsize=64)
def _compared(asked: _Asked) -> Comparison:
    with TURN:
        return compare_profile(asked.profile, _catalogue(asked.data), asked.document)


@dataclass
class FormDocument(Document):
    """A form as a document: it notes at which field a problem was met, where a file would note the line."""

    met: list[tuple[tuple[str | int, ...], Text]] = field(default_factory=list)

    def report(self, loc: Loc, message: Text) -> None:
        """Adds a problem with the field at ``loc``."""
        self.met.append((tuple(loc), message))
        super().report(loc, message)


@dataclass(frozen=True)
class Problems:
    """What is wrong with the inputs, by field."""

    met: tuple[tuple[tuple[str | int, ...], Text], ...] = ()

    def at(self, *loc: str | int) -> list[Text]:
        """Problems with a field, or with anything below it."""
        return [message for place, message in self.met if place[: len(loc)] == loc]

    def under(self, *prefixes: Sequence[str | int]) -> bool:
        """Whether there is a problem with any of these fields."""
        return any(place[: len(prefix)] == tuple(prefix) for place, _ in self.met for prefix in prefixes)

    def __bool__(self) -> bool:
        return bool(self.met)


def answer(
    draft: dict[str, Any], met: Sequence[tuple[tuple[str | int, ...], Text]]
) -> tuple[Comparison | None, Problems]:
    """The answer to what stands in the form; None and the problems where it cannot be used.

    ``met`` are problems found while reading the form; all others are looked for as well, so that all show at once.
    """
    document = FormDocument("form", draft)
    try:
        profile, _ = profile_of(document)
        comparison = compared(profile, document)
    except InputError:
        comparison = None
    known = {loc for loc, _ in met}
    problems = Problems((*met, *(one for one in document.met if one[0] not in known)))
    return (None if problems else comparison), problems
