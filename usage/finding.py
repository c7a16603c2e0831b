"""What is in a file: found out from its content, never from its name."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from pricing import InputError, Problem, Text

from .documents import MAX_COLUMNS, check_width, columns_of, documents_in, whole_document
from .expressions import ColumnType, quoted, quoted_name
from .files import HEAD, PARQUET, SQLITE, ZIP, database, first_line, refused, unpacked
from .presets import missing_columns, recognised
from .schema import Preset
from .tables import CsvTable, DocumentTable, JsonTable, ParquetTable, SqliteTable, Table

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 100
"""Rows of a CSV file that are looked at to find its columns of numbers."""
_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?")
_WHOLE = re.compile("0|[1-9][0-9]{0,17}")  # one way only to write each, so that ids stay equal to those read as text
_INTEGER = re.compile("U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")


def find_table(path: Path, name: str, presets: Sequence[Preset]) -> Table:
    """The table in a file and its format; raises ``InputError`` where it has none that is known."""
    with unpacked(path, name) as file:
        head = file.read(HEAD)
    if head.startswith(SQLITE):
        return _sqlite_table(path, name, presets)
    if head.startswith(PARQUET):
        return _parquet_table(path, name, presets)
    if head.startswith(ZIP):
        raise refused(name, Text("this is a ZIP or XLSX file: unpack it, or save the sheet as CSV (UTF-8)"))
    text = _text(head, name)
    if text[:1] in ("{", "["):
        return _json_table(path, name, presets, text)
    return _csv_table(path, name, presets, text)


def _text(head: bytes, name: str) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(name, Text("the file is UTF-16 text: save it as UTF-8 (in Excel: CSV UTF-8)"))
    if b"\0" in head:
        raise refused(name, Text("this is neither text nor a SQLite or Parquet file"))
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end < len(head) - 4 or len(head) < HEAD:  # not only a character cut in two at the end
            line = head[: error.start].count(b"\n") + 1
            message = Text("the file is not UTF-8 text (GBK, as Excel writes it?): save it as CSV UTF-8")
            raise InputError([Problem(name, line, 1, message)]) from None
        text = head.decode("utf-8-sig", "ignore")
    if not text.strip():
        raise refused(name, Text("the file is empty"))
    return text.lstrip()


def _csv_table(path: Path, name: str, presets: Sequence[Preset], text: str) -> Table:
    first = text.splitlines()[0]
    if len(text) >= HEAD // 4 and len(first) >= HEAD // 4:
        raise refused(name, Text("the first line is too long to be the header of a CSV file"))
    csv.field_size_limit(HEAD)
    headers = {delimiter: next(csv.reader([first], delimiter=delimiter), []) for delimiter in DELIMITERS}
    delimiter = max(headers, key=lambda one: (recognised(headers[one], presets) is not None, len(headers[one])))
    columns: dict[str, ColumnType] = {}
    for position, header in enumerate(headers[delimiter], 1):
        column = header.strip() or f"column {position}"
        columns[column if column not in columns else f"{column} {position}"] = "text"
    preset = preset_of(columns, presets, name)
    numbers, wholes = ({column.lower() for column in which(preset)} for which in (number_columns, whole_columns))
    rows = [*islice(csv.reader(text.splitlines()[1:-1], delimiter=delimiter), SAMPLE)]
    for position, column in enumerate(columns):
        cells = [row[position] for row in rows if len(row) > position and row[position]]
        if column.lower() in wholes and cells and all(map(_WHOLE.fullmatch, cells)):
            columns[column] = "integer"
        elif column.lower() in numbers and cells and all(map(_NUMBER.fullmatch, cells)):
            columns[column] = "number"
    return CsvTable(path, name, preset, columns, delimiter)


def _json_table(path: Path, name: str, presets: Sequence[Preset], text: str) -> Table:
    decoder = json.JSONDecoder()
    listed = text.startswith("[")
    start = len(text) - len(text[1:].lstrip()) if listed else 0
    try:
        first, end = decoder.raw_decode(text, start)
    except (ValueError, RecursionError):
        first, end = whole_document(path, name), len(text)
        listed = False
    several = not listed and text[end:].lstrip()[:1] == "{"
    if isinstance(first, dict) and (listed or several or end >= len(text.rstrip())):
        rows = _first_objects(decoder, text, start, listed)
        columns: dict[str, ColumnType] = {key: "text" for row in rows for key in row}
        flat = [preset for preset in presets if "" in preset.rows and preset.attributes is None]
        preset = recognised(columns, flat)
        if preset is not None:
            check_width(columns, name)
            return JsonTable(path, name, preset, columns, listed)
    keys = list(first) if isinstance(first, dict) else []
    del first  # which may be all of the file, and takes much memory
    found = columns_of(documents_in(path, name), presets, name)
    for preset, names in found:
        if recognised(names, [preset]) is not None:
            return DocumentTable(path, name, preset, dict.fromkeys(names, "text"))
    seen = max((names for _, names in found), key=len, default=keys)
    raise _unknown(seen, presets, name)


def _first_objects(decoder: json.JSONDecoder, text: str, start: int, listed: bool) -> Iterator[dict[str, Any]]:
    """The first hundred objects of the text: not every one has every key."""
    for _ in range(100):
        try:
            value, start = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            return
        if not isinstance(value, dict):
            return
        yield value
        while start < len(text) and (text[start].isspace() or (listed and text[start] == ",")):
            start += 1


def _parquet_table(path: Path, name: str, presets: Sequence[Preset]) -> Table:
    import duckdb

    from .engine import sandbox

    with sandbox([path]) as connection:
        try:
            described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({quoted(str(path))})").fetchall()
        except duckdb.Error as error:
            raise refused(name, Text("this is no sound Parquet file: {problem}", problem=first_line(error))) from None
    columns = {column: _column_type(str(kind)) for column, kind, *_ in described}
    return ParquetTable(path, name, preset_of(columns, presets, name), columns)


def _column_type(kind: str) -> ColumnType:
    if kind.startswith(("STRUCT", "MAP")) or kind.endswith("]") or kind == "VARIANT":
        return "nested"
    if _INTEGER.fullmatch(kind):
        return "integer"
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        return "number"
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return "time"
    return "bool" if kind == "BOOLEAN" else "text"


def _sqlite_table(path: Path, name: str, presets: Sequence[Preset]) -> Table:
    with database(path, name) as opened:
        names = [row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {
            table: [row[1] for row in opened.execute(f"PRAGMA table_info({quoted_name(table)})")]
            for table in names[:MAX_COLUMNS]
        }
    for table, columns in tables.items():
        fitting = [preset for preset in presets if not preset.tables or table in preset.tables]
        preset = recognised(columns, fitting)
        if preset is not None:
            return SqliteTable(path, name, preset, dict.fromkeys(columns, "text"), table)
    listed = ", ".join(sorted(tables)) or "-"
    raise refused(name, Text("none of the tables of this database is a known usage log: {tables}", tables=listed))


def preset_of(columns: Mapping[str, ColumnType], presets: Sequence[Preset], name: str) -> Preset:
    """The format of a table with these columns; raises ``InputError``."""
    check_width(columns, name)
    preset = recognised(columns, [preset for preset in presets if "" in preset.rows])
    if preset is None:
        raise _unknown(list(columns), presets, name)
    return preset


def _unknown(columns: Sequence[str], presets: Sequence[Preset], name: str) -> InputError:
    near, missing = missing_columns(columns, presets)
    if len(missing) < len(near.recognised_by):
        message = Text(
            "no usage export that is known; it comes nearest to {format}, but has no column {missing}. "
            "Its columns: {columns}. How to name the columns of another export: docs/usage.md",
            format=near.format, missing=", ".join(missing), columns=_shown(columns),
        )  # fmt: skip
    else:
        message = Text(
            "no usage export that is known. Its columns: {columns}. Known formats: {known}. "
            "How to name the columns of another export: docs/usage.md",
            columns=_shown(columns), known=", ".join(preset.format for preset in presets),
        )  # fmt: skip
    return refused(name, message)


def _shown(columns: Sequence[str]) -> str:
    shown = ", ".join(column[:40] for column in columns[:20]) or "-"
    shown = shown.encode("utf-8", "replace").decode()  # JSON may hold halves of characters, which no page can show
    return shown + (", …" if len(columns) > 20 else "")


def number_columns(preset: Preset) -> set[str]:
    """Columns that hold nothing but numbers, where the file is sound."""
    figures = [one for one in (preset.input, preset.cached, preset.output, preset.requests, preset.cost) if one]
    names = {name for figure in figures if figure.key is None for name in figure.column}
    for rule in preset.skip:
        if all(type(value) is int for value in rule.is_ or rule.is_not or []):
            names |= set(rule.column)
    return names - set(preset.id or [])


def whole_columns(preset: Preset) -> set[str]:
    """Columns that may be read as whole numbers: a fraction, which DuckDB would round, means nothing in them."""
    return {*(preset.id or []), *(preset.time.column if preset.time.as_.startswith("unix") else [])}
