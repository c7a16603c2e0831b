"""Tables in files, as DuckDB reads them.

CSV, JSON lines and Parquet it reads itself. What it cannot read, a SQLite database or JSON with the rows deep inside,
is first written to a temporary CSV file, so that there is one way to count.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .documents import MAX_LINE, cell_text, documents_in, rows_in
from .expressions import ColumnType, Row, quoted, quoted_name
from .files import compression, database
from .schema import Preset
from .statement import Relation

if TYPE_CHECKING:
    import duckdb

    from .engine import Watch

LOOK_EVERY = 1_000
"""Rows between two looks at the clock."""
PLACES, PLACE = 200, 16_384
"""How many places of a large CSV file are looked at for copies, and the bytes of each."""


@dataclass(frozen=True)
class Table:
    """A table in a file, and the format that it was recognised as."""

    path: Path
    name: str
    """The file as people know it."""
    preset: Preset
    columns: Mapping[str, ColumnType]

    @property
    def paths(self) -> list[Path]:
        """The files that are read."""
        return [self.path]

    def relation(self) -> Relation:
        """What a statement reads."""
        raise NotImplementedError

    def readable(self, path: Path, watch: Watch) -> Table:
        """A table that DuckDB can read, written to ``path`` where this is none."""
        return self

    def surveyed(self, path: Path) -> Table:
        """The table with what ``blocks`` and ``near`` have to know; rows may be copied to ``path`` for that."""
        return self

    def blocks(self, connection: duckdb.DuckDBPyConnection) -> list[Block]:
        """The blocks of rows, where it is known from when to when each of them reaches."""
        return []

    def near(self, condition: str) -> Relation:
        """Some rows that stand near one another: those of a ``condition``, or of the places that were surveyed."""
        return self.relation().where(condition)

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
    places: Places | None = None

    @property
    def paths(self) -> list[Path]:
        return [self.path, *([self.places.path] if self.places else [])]

    def surveyed(self, path: Path) -> Table:
        column = Row(self.columns).find(self.preset.time.column)
        if column is None or self.path.stat().st_size < 2 * PLACES * PLACE or compression(self.path) != "none":
            return self
        try:
            ends = [*self._ends_of_places(column, path)]
        except (csv.Error, IndexError, OverflowError, ValueError):  # a place begins within a cell, or has no times
            return self
        firsts = [first for first, _ in ends]
        return replace(self, places=Places(path, column, [*pairwise(firsts), ends[-1]]))

    def _ends_of_places(self, column: str, path: Path) -> Iterator[tuple[Any, Any]]:
        """The first and the last time at each place; the rows that stand there are written to ``path``."""
        size, number = self.path.stat().st_size, [*self.columns].index(column)
        time_of = int if self.preset.time.as_.startswith("unix") else _moment
        with self.path.open("rb") as file, path.open("wb") as copied:
            header = file.readline()
            copied.write(header)
            for place in range(PLACES):
                file.seek(len(header) + (size - len(header) - PLACE) * place // (PLACES - 1))
                if place:
                    file.readline()
                lines = file.read(PLACE).splitlines(keepends=True)
                if not lines[-1].endswith(b"\n"):
                    del lines[-1]
                copied.writelines(lines)
                rows = [*csv.reader((line.decode() for line in lines), delimiter=self.delimiter, strict=True)]
                if any(len(row) != len(self.columns) for row in rows):
                    raise ValueError
                times = [time_of(row[number]) for row in rows]
                yield min(times), max(times)

    def blocks(self, connection: duckdb.DuckDBPyConnection) -> list[Block]:
        if self.places is None or any(first >= last for first, last in self.places.ends[:-1]):
            return []
        return [Block(self, self.places.column, first, last) for first, last in self.places.ends]

    def near(self, condition: str) -> Relation:
        assert self.places is not None  # it has blocks
        return replace(self, path=self.places.path).relation()

    def relation(self) -> Relation:
        kinds = {"number": "DOUBLE", "integer": "BIGINT"}
        types = ", ".join(f"{quoted(name)}: '{kinds.get(kind, 'VARCHAR')}'" for name, kind in self.columns.items())
        sql = (
            f"read_csv({quoted(str(self.path))}, auto_detect=false, header=true, delim={quoted(self.delimiter)}, "
            f"quote='\"', escape='\"', columns={{{types}}}, store_rejects=true, rejects_limit=1000, "
            f"max_line_size={MAX_LINE}, compression='{compression(self.path)}')"
        )
        return Relation(sql, self.columns, self.preset)

    @property
    def hasty(self) -> bool:
        return {*self.columns.values()} != {"text"}

    def careful(self) -> Table:
        return replace(self, columns=dict.fromkeys(self.columns, "text"))


@dataclass(frozen=True)
class JsonTable(Table):
    """An object a line, or a list of objects."""

    listed: bool = False

    def relation(self) -> Relation:
        columns = self._needed()
        types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in columns)
        form = "format='array'" if self.listed else "format='newline_delimited', ignore_errors=true"
        sql = (
            f"read_json({quoted(str(self.path))}, {form}, columns={{{types}}}, "
            f"maximum_object_size={MAX_LINE}, compression='{compression(self.path)}')"
        )
        return Relation(sql, dict.fromkeys(columns, "text"), self.preset)


@dataclass(frozen=True)
class ParquetTable(Table):
    """Columns with types."""

    def relation(self) -> Relation:
        return Relation(f"read_parquet({quoted(str(self.path))})", self.columns, self.preset)

    def blocks(self, connection: duckdb.DuckDBPyConnection) -> list[Block]:
        column = Row(self.columns).find(self.preset.time.column)
        kind = {"integer": "BIGINT", "time": "TIMESTAMP"}.get(self.columns[column]) if column is not None else None
        if column is None or kind is None:
            return []
        noted = connection.execute(
            f"SELECT TRY_CAST(stats_min_value AS {kind}), TRY_CAST(stats_max_value AS {kind}) "
            f"FROM parquet_metadata({quoted(str(self.path))}) WHERE path_in_schema = {quoted(column)}"
        ).fetchall()
        if any(None in ends for ends in noted):
            return []
        return [Block(self, column, first, last) for first, last in noted]


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
        with database(self.path, self.name) as opened:
            yield from opened.execute(f"SELECT {cells} FROM {quoted_name(self.table)}")


@dataclass(frozen=True)
class DocumentTable(StreamedTable):
    """JSON with the rows inside: an answer of an API, or several, one a line."""

    def rows(self, columns: Sequence[str]) -> Iterator[Sequence[str | None]]:
        for document in documents_in(self.path, self.name):
            for row in rows_in(document, self.preset):
                yield [cell_text(row.get(column)) for column in columns]


class Places(NamedTuple):
    """Rows at some places of a file, evenly apart."""

    path: Path
    """Where they stand alone."""
    column: str
    """That of their times."""
    ends: list[tuple[Any, Any]]
    """The first time at each place and at the next one."""


class Block(NamedTuple):
    """Rows that stand together in a file, and their first and last time, as it is written there."""

    table: Table
    column: str
    first: Any
    last: Any

    def beginning(self, share: int) -> str:
        """The condition of rows, wherever they stand, whose time is in the first ``share``-th of the block's."""
        ends = (self.first, self.first + (self.last - self.first) // share)
        first, last = (str(end) if isinstance(end, int) else f"TIMESTAMP {quoted(end.isoformat(' '))}" for end in ends)
        return f"{quoted_name(self.column)} BETWEEN {first} AND {last}"


def _moment(text: str) -> datetime:
    """A time as DuckDB understands it: UTC where the text names no zone."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


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
