"""Rows inside JSON documents: what an API answered, with buckets, pages and spans around them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice, repeat
from pathlib import Path
from typing import Any

from pricing import InputError, Problem, Text

from .files import first_line, refused, unpacked
from .schema import Preset

MAX_LINE = 4_000_000
"""Bytes in one row of a CSV or JSON-lines file."""
MAX_DOCUMENT = 20_000_000
"""Bytes of one JSON document: it takes up to thirty times as much memory."""

MAX_COLUMNS = 2_000
LOOKED_AT = 1_000
"""Rows that are looked at to find out which columns there are."""
STEPS = 100_000
"""Items of lists that are walked over to find those rows."""
DEEPEST = 4
"""Mappings within mappings that become columns."""
_ENDLESS = repeat(None)
_VALUES = ("stringValue", "intValue", "doubleValue", "boolValue")


def rows_in(document: Any, preset: Preset, steps: Iterator[None] = _ENDLESS) -> Iterator[dict[str, Any]]:
    """The rows of a document as flat mappings, along the first of the format's paths that leads anywhere.

    No more items of lists are looked at than there are ``steps``.
    """
    for path in preset.rows:
        found = False
        for row in _walk(document, path.split(".") if path else [], {}, preset, steps):
            found = True
            yield row
        if found:
            return


def check_width(columns: Collection[str], name: str) -> None:
    """Raises ``InputError`` where a table has more columns than any usage has."""
    if len(columns) > MAX_COLUMNS:
        message = Text("{count:,} columns: at most {most:,} are read", count=len(columns), most=MAX_COLUMNS)
        raise refused(name, message)


def columns_of(documents: Iterable[Any], presets: Sequence[Preset], name: str) -> list[tuple[Preset, list[str]]]:
    """For each format the columns of the first rows that it finds in the documents of a file."""
    seen: dict[str, dict[str, None]] = {preset.format: {} for preset in presets}
    steps = {preset.format: repeat(None, STEPS) for preset in presets}
    for document in islice(documents, LOOKED_AT):
        for preset in presets:
            for row in islice(rows_in(document, preset, steps[preset.format]), LOOKED_AT):
                check_width(row, name)
                seen[preset.format].update(dict.fromkeys(row))
    return sorted(
        ((preset, list(seen[preset.format])) for preset in presets), key=lambda one: -len(one[0].recognised_by)
    )


def _walk(
    value: Any, path: list[str], above: dict[str, Any], preset: Preset, steps: Iterator[None]
) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item, _ in zip(value, steps, strict=False):
            yield from _walk(item, path, above, preset, steps)
    elif isinstance(value, dict) and (not path or path[0] in value):
        own = _flat({key: item for key, item in value.items() if not path or key != path[0]}, preset.attributes)
        row = {**above, **own}
        if not path:
            yield row
        else:
            yield from _walk(value[path[0]], path[1:], row, preset, steps)


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


def documents_in(path: Path, name: str) -> Iterator[Any]:
    """The JSON documents of a file: one, or one a line."""
    with unpacked(path, name) as file:
        first = file.readline(MAX_LINE)
        try:
            document = json.loads(first.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            yield whole_document(path, name)
            return
        yield document
        for number, line in enumerate(iter(lambda: file.readline(MAX_DOCUMENT), b""), 2):
            if line.strip():
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError) as error:
                    message = Text("this is not valid JSON: {problem}", problem=first_line(error))
                    raise InputError([Problem(name, number, 1, message)]) from None


def whole_document(path: Path, name: str) -> Any:
    """The one document of a file."""
    with unpacked(path, name) as file:
        content = file.read(MAX_DOCUMENT + 1)
    if len(content) > MAX_DOCUMENT:
        too_long = Text("a JSON document of more than {most:,} bytes: export JSONL, CSV or Parquet", most=MAX_DOCUMENT)
        raise refused(name, too_long)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        message = Text("this is not valid JSON: {problem}", problem=error.msg)
        raise InputError([Problem(name, error.lineno, error.colno, message)]) from None
    except (ValueError, RecursionError) as error:
        raise refused(name, Text("this is not valid JSON: {problem}", problem=first_line(error))) from None


def cell_text(value: object) -> str | None:
    """A value as the text of a cell."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
