"""The formats of usage exports: ``usage/data/presets``, or a file of the user's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pricing import InputError, Problem, Text
from pricing.catalogue import read_file, read_own
from pricing.records import nearest, validate
from pricing.yaml_reader import Document, read_yaml

from .schema import Preset

DATA = Path(__file__).parent / "data" / "presets"


@cache
def shipped_presets() -> tuple[Preset, ...]:
    """All formats that are shipped; raises ``InputError``."""
    return tuple(_load(read_own(path)) for path in sorted(DATA.glob("*.yaml")))


def choose_presets(given: str | Path | None) -> tuple[Preset, ...]:
    """The formats to try: all, the one with that name, or the one in that YAML file; raises ``InputError``."""
    if given is None:
        return shipped_presets()
    if str(given).endswith((".yaml", ".yml")):
        return (_load(read_file(Path(given), read_yaml)),)
    named = [preset for preset in shipped_presets() if preset.format == given]
    if not named:
        known = [preset.format for preset in shipped_presets()]
        raise InputError([Problem("--as", 1, 1, Text(
            "unknown format `{given}`{hint}; known: {known}, or the path of a YAML file",
            given=str(given), hint=nearest(given, known), known=", ".join(known),
        ))])  # fmt: skip
    return tuple(named)


def _load(document: Document) -> Preset:
    preset = validate(document, Preset, document.value)
    if preset is not None:
        _check_patterns(document, preset)
    if preset is None or document.problems:
        raise InputError(document.problems)
    return preset


def _check_patterns(document: Document, preset: Preset) -> None:
    patterns: dict[tuple[str, ...], str | None] = {("model", "pattern"): preset.model.pattern if preset.model else None}
    if preset.quantity is not None:
        patterns |= {("quantity", "parts", part): pattern for part, pattern in preset.quantity.parts.items()}
    for loc, pattern in patterns.items():
        try:
            groups = re.compile(pattern or "()").groups
        except re.error as error:
            document.report(loc, Text("this is no regular expression: {problem}", problem=error.msg))
        else:
            if loc[0] == "model" and not groups:
                document.report(loc, Text("the pattern needs a group in brackets: the value"))


def recognised(columns: Iterable[str], presets: Iterable[Preset]) -> Preset | None:
    """The format whose columns are there; of several the one that asks for most."""
    have = {column.lower() for column in columns}
    fitting = [preset for preset in presets if have.issuperset(name.lower() for name in preset.recognised_by)]
    return max(fitting, key=lambda preset: len(preset.recognised_by), default=None)


def missing_columns(columns: Iterable[str], presets: Iterable[Preset]) -> tuple[Preset, list[str]]:
    """The format that comes nearest, and which of its columns are missing."""
    have = {column.lower() for column in columns}

    def lacking(preset: Preset) -> list[str]:
        return [name for name in preset.recognised_by if name.lower() not in have]

    near = min(presets, key=lambda preset: len(lacking(preset)) / len(preset.recognised_by))
    return near, lacking(near)
