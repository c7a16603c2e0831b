"""Rows inside JSON documents: what an API answered, with buckets, pages and spans around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from .schema import Preset

LOOKED_AT = 1_000
"""Rows that are looked at to find out which columns there are."""
DEEPEST = 4
"""Mappings within mappings that become columns."""
_VALUES = ("stringValue", "intValue", "doubleValue", "boolValue")


def rows_in(document: Any, preset: Preset) -> Iterator[dict[str, Any]]:
    """The rows of a document as flat mappings, along the first of the format's paths that leads anywhere."""
    for path in preset.rows:
        found = False
        for row in _walk(document, path.split(".") if path else [], {}, preset):
            found = True
            yield row
        if found:
            return


def columns_of(documents: Iterable[Any], presets: Sequence[Preset]) -> list[tuple[Preset, list[str]]]:
    """For each format the columns of the first rows that it finds in the documents."""
    seen: dict[str, dict[str, None]] = {preset.format: {} for preset in presets}
    for document in islice(documents, LOOKED_AT):
        for preset in presets:
            for row in islice(rows_in(document, preset), LOOKED_AT):
                seen[preset.format].update(dict.fromkeys(row))
    return sorted(
        ((preset, list(seen[preset.format])) for preset in presets), key=lambda one: -len(one[0].recognised_by)
    )


def _walk(value: Any, path: list[str], above: dict[str, Any], preset: Preset) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, path, above, preset)
    elif isinstance(value, dict):
        own = _flat({key: item for key, item in value.items() if not path or key != path[0]}, preset.attributes)
        row = {**above, **own}
        if not path:
            yield row
        elif path[0] in value:
            yield from _walk(value[path[0]], path[1:], row, preset)


def _flat(value: dict[str, Any], attributes: str | None, prefix: str = "") -> dict[str, Any]:
    """Mappings within become columns with a dot in the name, lists of attributes columns of their own."""
    row: dict[str, Any] = {}
    for key, item in value.items():
        row[prefix + key] = item
        if isinstance(item, list) and attributes is not None and key == attributes:
            row.update(_attributes(item))
        elif isinstance(item, dict) and prefix.count(".") < DEEPEST:
            row.update(_flat(item, attributes, f"{prefix}{key}."))
    return row


def _attributes(items: list[Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("key"), str) and isinstance(item.get("value"), dict):
            row[item["key"]] = next((item["value"][kind] for kind in _VALUES if kind in item["value"]), None)
    return row
