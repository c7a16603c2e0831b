"""What all visitors share: the catalogue, the example, and answers by profile."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

import calculator
from calculator import Catalogue, Comparison, InputError, Profile, load_catalogue
from calculator.comparison import compare_profile
from calculator.profile import profile_of, read_profile_file
from pricing import Text
from pricing.yaml_reader import Document, Loc

EXAMPLE = Path(calculator.__file__).parent / "data" / "example-profile.yaml"


@st.cache_resource(show_spinner=False)
def catalogue() -> Catalogue:
    """All data, read once; raises ``InputError``."""
    return load_catalogue()


@st.cache_resource(show_spinner=False)
def example() -> Profile:
    """The profile that the page opens with."""
    return read_profile_file(EXAMPLE)[0]


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Pays for slow imports before the first visitor does, and keeps what stays for ever out of garbage collection.

    Streamlit collects after every run; with the libraries' objects frozen that costs next to nothing.
    """
    import altair  # noqa: F401
    import babel.numbers  # noqa: F401

    profile = example()
    compared(profile, Document("example"))
    gc.collect()
    gc.freeze()


def compared(profile: Profile, document: Document) -> Comparison:
    """The answer to a profile; raises ``InputError`` with problems placed by ``document``."""
    return _compared(profile.model_dump_json(), profile, document)


@st.cache_resource(show_spinner=False, max_entries=200)
def _compared(key: str, _profile: Profile, _document: Document) -> Comparison:
    """Cached by ``key``, the profile as JSON: Streamlit leaves arguments with an underscore out of its key."""
    return compare_profile(_profile, catalogue(), _document)


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
