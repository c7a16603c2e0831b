"""Files as tables: what is in a file is found out from its content, never from its name.

CSV, JSON lines and Parquet are read by DuckDB. What it cannot read, a SQLite database or JSON with the rows deep
inside, is first written to a temporary CSV file, so that there is one way to count.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pricing import InputError, Problem, Text

from .documents import columns_of, rows_in
from .presets import missing_columns, recognised
from .schema import Preset
from .statement import ColumnType, Relation, quoted_name

if TYPE_CHECKING:
    from .engine import Watch

HEAD = 1_000_000
"""Bytes that are looked at to find out what a file is."""
MAX_COLUMNS = 2_000
MAX_LINE = 4_000_000
"""Bytes in one row of a CSV or JSON-lines file."""
MAX_DOCUMENT = 20_000_000
"""Bytes of one JSON document: it takes up to thirty times as much memory."""
LOOK_EVERY = 1_000
"""Rows between two looks at the clock."""
DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 100
"""Rows of a CSV file that are looked at to find its columns of numbers."""
_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?")
_GZIP, _PARQUET, _SQLITE, _ZIP = b"\x1f\x8b", b"PAR1", b"SQLite format 3\0", b"PK\x03\x04"


@dataclass(frozen=True)
class Table:
    """A table in a file, and the format that it was recognised as."""

    path: Path
    name: str
    """The file as people know it."""
    preset: Preset
    columns: Mapping[str, ColumnType]

    def relation(self) -> Relation:
        """What a statement reads."""
        raise NotImplementedError

    def readable(self, path: Path, watch: Watch) -> Table:
        """A table that DuckDB can read, written to ``path`` where this is none."""
        return self

    @property
    def hasty(self) -> bool:
        """Whether columns are read as numbers since they begin as such: what is none makes its row a broken one."""
        return False

    def careful(self) -> Table:
        """The same table with nothing taken for granted."""
        return self

    def _needed(self) -> list[str]:
        """The columns that the format speaks of: the others are not even read."""
        named = {name.lower() for name in column_names(self.preset)}
        return [column for column in self.columns if column.lower() in named]


@dataclass(frozen=True)
class CsvTable(Table):
    """Columns between delimiters, under a header."""

    delimiter: str = ","

    def relation(self) -> Relation:
        types = ", ".join(
            f"{_literal(name)}: '{'DOUBLE' if kind == 'number' else 'VARCHAR'}'" for name, kind in self.columns.items()
        )
        sql = (
            f"read_csv({_literal(str(self.path))}, auto_detect=false, header=true, delim={_literal(self.delimiter)}, "
            f"quote='\"', escape='\"', columns={{{types}}}, store_rejects=true, rejects_limit=1000, "
            f"max_line_size={MAX_LINE}, compression='{_compression(self.path)}')"
        )
        return Relation(sql, self.columns, self.preset)

    @property
    def hasty(self) -> bool:
        return "number" in self.columns.values()

    def careful(self) -> Table:
        return replace(self, columns=dict.fromkeys(self.columns, "text"))


@dataclass(frozen=True)
class JsonTable(Table):
    """An object a line, or a list of objects."""

    listed: bool = False

    def relation(self) -> Relation:
        columns = self._needed()
        types = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in columns)
        form = "format='array'" if self.listed else "format='newline_delimited', ignore_errors=true"
        sql = (
            f"read_json({_literal(str(self.path))}, {form}, columns={{{types}}}, "
            f"maximum_object_size={MAX_LINE}, compression='{_compression(self.path)}')"
        )
        return Relation(sql, dict.fromkeys(columns, "text"), self.preset)


@dataclass(frozen=True)
class ParquetTable(Table):
    """Columns with types."""

    def relation(self) -> Relation:
        return Relation(f"read_parquet({_literal(str(self.path))})", self.columns, self.preset)


@dataclass(frozen=True)
class StreamedTable(Table):
    """Rows that Python reads."""

    def rows(self, columns: Sequence[str]) -> Iterator[Sequence[str | None]]:
        """The rows, their cells as text, in the order of ``columns``."""
        raise NotImplementedError

    def readable(self, path: Path, watch: Watch) -> Table:
        columns = self._needed()
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            for number, row in enumerate(self.rows(columns)):
                writer.writerow(row)
                if number % LOOK_EVERY == 0:
                    watch.look(self.name)
        return CsvTable(path, self.name, self.preset, dict.fromkeys(columns, "text"))


@dataclass(frozen=True)
class SqliteTable(StreamedTable):
    """A table of a database, as gateways keep their log."""

    table: str = ""

    def rows(self, columns: Sequence[str]) -> Iterator[Sequence[str | None]]:
        cells = ", ".join(f"CAST({quoted_name(column)} AS TEXT)" for column in columns)
        try:
            with _database(self.path) as database:
                yield from database.execute(f"SELECT {cells} FROM {quoted_name(self.table)}")
        except sqlite3.Error as error:
            raise _unsound(self.name, error) from None


@dataclass(frozen=True)
class DocumentTable(StreamedTable):
    """JSON with the rows inside: an answer of an API, or several, one a line."""

    def rows(self, columns: Sequence[str]) -> Iterator[Sequence[str | None]]:
        for document in _documents(self.path, self.name):
            for row in rows_in(document, self.preset):
                yield [_cell(row.get(column)) for column in columns]


def find_table(path: Path, name: str, presets: Sequence[Preset]) -> Table:
    """The table in a file and its format; raises ``InputError`` where it has none that is known."""
    with _unpacked(path, name) as file:
        head = file.read(HEAD)
    if head.startswith(_SQLITE):
        return _sqlite_table(path, name, presets)
    if head.startswith(_PARQUET):
        return _parquet_table(path, name, presets)
    if head.startswith(_ZIP):
        raise _refused(name, Text("this is a ZIP or XLSX file: unpack it, or save the sheet as CSV (UTF-8)"))
    text = _text(head, name)
    if text[:1] in ("{", "["):
        return _json_table(path, name, presets, text)
    return _csv_table(path, name, presets, text)


@contextmanager
def _unpacked(path: Path, name: str) -> Iterator[gzip.GzipFile | BufferedReader]:
    """What is in a file that may be gzipped; raises ``InputError`` where it cannot be read."""
    try:
        with gzip.open(path) if _compression(path) == "gzip" else path.open("rb") as file:
            yield file
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(name, Text("the file cannot be read: {reason}", reason=reason)) from None


def check_unpacked(path: Path, name: str, most: int | None) -> None:
    """Raises ``InputError`` where a gzipped file holds more than ``most`` bytes."""
    if most is None or _compression(path) != "gzip":
        return
    size = 0
    with _unpacked(path, name) as unpacked:
        while piece := unpacked.read(HEAD):
            size += len(piece)
            if size > most:
                raise _refused(name, Text("the file unpacks to more than {most:,} bytes", most=most))


def _text(head: bytes, name: str) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(name, Text("the file is UTF-16 text: save it as UTF-8 (in Excel: CSV UTF-8)"))
    if b"\0" in head:
        raise _refused(name, Text("this is neither text nor a SQLite or Parquet file"))
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end < len(head) - 4 or len(head) < HEAD:  # not only a character cut in two at the end
            line = head[: error.start].count(b"\n") + 1
            message = Text("the file is not UTF-8 text (GBK, as Excel writes it?): save it as CSV UTF-8")
            raise InputError([Problem(name, line, 1, message)]) from None
        text = head.decode("utf-8-sig", "ignore")
    if not text.strip():
        raise _refused(name, Text("the file is empty"))
    return text.lstrip()


def _csv_table(path: Path, name: str, presets: Sequence[Preset], text: str) -> Table:
    first = text.splitlines()[0]
    if len(text) >= HEAD // 4 and len(first) >= HEAD // 4:
        raise _refused(name, Text("the first line is too long to be the header of a CSV file"))
    csv.field_size_limit(HEAD)
    headers = {delimiter: next(csv.reader([first], delimiter=delimiter), []) for delimiter in DELIMITERS}
    delimiter = max(headers, key=lambda one: (recognised(headers[one], presets) is not None, len(headers[one])))
    columns: dict[str, ColumnType] = {}
    for position, header in enumerate(headers[delimiter], 1):
        column = header.strip() or f"column {position}"
        columns[column if column not in columns else f"{column} {position}"] = "text"
    preset = preset_of(columns, presets, name)
    numbers = {column.lower() for column in number_columns(preset)}
    rows = [*islice(csv.reader(text.splitlines()[1:-1], delimiter=delimiter), SAMPLE)]
    for position, column in enumerate(columns):
        cells = [row[position] for row in rows if len(row) > position and row[position]]
        if column.lower() in numbers and cells and all(map(_NUMBER.fullmatch, cells)):
            columns[column] = "number"
    return CsvTable(path, name, preset, columns, delimiter)


def _json_table(path: Path, name: str, presets: Sequence[Preset], text: str) -> Table:
    decoder = json.JSONDecoder()
    listed = text.startswith("[")
    start = len(text) - len(text[1:].lstrip()) if listed else 0
    try:
        first, end = decoder.raw_decode(text, start)
    except (ValueError, RecursionError):
        first, end = _whole(path, name), len(text)
        listed = False
    several = not listed and text[end:].lstrip()[:1] == "{"
    if isinstance(first, dict) and (listed or several or end >= len(text.rstrip())):
        rows = _first_objects(decoder, text, start, listed)
        columns: dict[str, ColumnType] = {key: "text" for row in rows for key in row}
        flat = [preset for preset in presets if "" in preset.rows and preset.attributes is None]
        preset = recognised(columns, flat)
        if preset is not None:
            _check_width(columns, name)
            return JsonTable(path, name, preset, columns, listed)
    documents = _documents(path, name)
    found = columns_of(documents, presets)
    for preset, names in found:
        if recognised(names, [preset]) is not None:
            return DocumentTable(path, name, preset, dict.fromkeys(names, "text"))
    seen = max((names for _, names in found), key=len, default=list(first) if isinstance(first, dict) else [])
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
            described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_literal(str(path))})").fetchall()
        except duckdb.Error as error:
            raise _refused(name, Text("this is no sound Parquet file: {problem}", problem=_first_line(error))) from None
    columns = {column: _column_type(str(kind)) for column, kind, *_ in described}
    return ParquetTable(path, name, preset_of(columns, presets, name), columns)


def _column_type(kind: str) -> ColumnType:
    if kind.startswith(("STRUCT", "MAP")) or kind.endswith("]") or kind == "VARIANT":
        return "nested"
    if "INT" in kind or kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        return "number"
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return "time"
    return "bool" if kind == "BOOLEAN" else "text"


def _sqlite_table(path: Path, name: str, presets: Sequence[Preset]) -> Table:
    try:
        with _database(path) as database:
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            tables = {
                table: [row[1] for row in database.execute(f"PRAGMA table_info({quoted_name(table)})")]
                for table in names[:MAX_COLUMNS]
            }
    except sqlite3.Error as error:
        raise _unsound(name, error) from None
    for table, columns in tables.items():
        fitting = [preset for preset in presets if not preset.tables or table in preset.tables]
        preset = recognised(columns, fitting)
        if preset is not None:
            return SqliteTable(path, name, preset, dict.fromkeys(columns, "text"), table)
    listed = ", ".join(sorted(tables)) or "-"
    raise _refused(name, Text("none of the tables of this database is a known usage log: {tables}", tables=listed))


def _unsound(name: str, error: sqlite3.Error) -> InputError:
    return _refused(name, Text("this is no sound SQLite database: {problem}", problem=str(error)))


class _database:
    """A SQLite file, open for reading only, whose contents may do nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> sqlite3.Connection:
        address = f"{self._path.resolve().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._connection.text_factory = lambda cell: cell.decode("utf-8", "replace")
        self._connection.execute("PRAGMA trusted_schema = OFF")
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _documents(path: Path, name: str) -> Iterator[Any]:
    """The JSON documents of a file: one, or one a line."""
    with _unpacked(path, name) as file:
        first = file.readline(MAX_LINE)
        try:
            document = json.loads(first.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            yield _whole(path, name)
            return
        yield document
        for number, line in enumerate(iter(lambda: file.readline(MAX_DOCUMENT), b""), 2):
            if line.strip():
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError) as error:
                    message = Text("this is not valid JSON: {problem}", problem=_first_line(error))
                    raise InputError([Problem(name, number, 1, message)]) from None


def _whole(path: Path, name: str) -> Any:
    """The one document of a file."""
    with _unpacked(path, name) as file:
        content = file.read(MAX_DOCUMENT + 1)
    if len(content) > MAX_DOCUMENT:
        too_long = Text("a JSON document of more than {most:,} bytes: export JSONL, CSV or Parquet", most=MAX_DOCUMENT)
        raise _refused(name, too_long)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        message = Text("this is not valid JSON: {problem}", problem=error.msg)
        raise InputError([Problem(name, error.lineno, error.colno, message)]) from None
    except (ValueError, RecursionError) as error:
        raise _refused(name, Text("this is not valid JSON: {problem}", problem=_first_line(error))) from None


def _cell(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def preset_of(columns: Mapping[str, ColumnType], presets: Sequence[Preset], name: str) -> Preset:
    """The format of a table with these columns; raises ``InputError``."""
    _check_width(columns, name)
    preset = recognised(columns, [preset for preset in presets if "" in preset.rows])
    if preset is None:
        raise _unknown(list(columns), presets, name)
    return preset


def _check_width(columns: Mapping[str, ColumnType], name: str) -> None:
    if len(columns) > MAX_COLUMNS:
        message = Text("{count:,} columns: at most {most:,} are read", count=len(columns), most=MAX_COLUMNS)
        raise _refused(name, message)


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
    return _refused(name, message)


def _shown(columns: Sequence[str]) -> str:
    shown = ", ".join(column[:40] for column in columns[:20]) or "-"
    return shown + (", …" if len(columns) > 20 else "")


def column_names(preset: Preset) -> set[str]:
    """All columns of which a format speaks."""
    names = set(preset.recognised_by) | set(preset.id or []) | {preset.parent or ""}
    parts = (preset.time, preset.ends, preset.model, preset.input, preset.cached, preset.output, preset.requests,
             preset.batch, preset.kind, preset.project, preset.cost, preset.quantity, preset.currency,
             *preset.skip)  # fmt: skip
    for part in parts:
        names |= set(getattr(part, "column", ()))
    if preset.quantity is not None:
        names |= {*preset.quantity.meter, *(preset.quantity.unit or [])}
    return names


def number_columns(preset: Preset) -> set[str]:
    """Columns that hold nothing but numbers, where the file is sound; those of ids are texts, equal in every file."""
    figures = [one for one in (preset.input, preset.cached, preset.output, preset.requests, preset.cost) if one]
    names = {name for figure in figures if figure.key is None for name in figure.column}
    for rule in preset.skip:
        if all(type(value) is int for value in rule.is_ or rule.is_not or []):
            names |= set(rule.column)
    return names - set(preset.id or [])


def _compression(path: Path) -> str:
    with path.open("rb") as file:
        return "gzip" if file.read(2) == _GZIP else "none"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _refused(name: str, message: Text) -> InputError:
    return InputError([Problem(name, 1, 1, message)])
