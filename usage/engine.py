"""The statement on this machine: a DuckDB that can read the given files and nothing else."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pricing import InputError, Problem, Text

from .statement import FIELDS, Question, statement

if TYPE_CHECKING:
    import duckdb

    from .tables import Table

MEMORY = "256MB"
"""What DuckDB may take; what does not fit goes to a temporary folder."""
SMALL = 50_000_000
"""Bytes up to which all ids are looked at for copies, and above which a sample."""
FEWEST_BLOCKS = 20
"""An overlap of exports that only one of so many blocks holds is too small to matter much."""
ONE_IN, SHARE = 40, 10
"""Of blocks that follow one another every 40th is looked at for copies, in its first tenth."""
TICK = 0.1

Group = dict[str, Any]
Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1."""


@dataclass(frozen=True)
class Limits:
    """What reading may take."""

    seconds: float | None = None
    groups: int = 1_000_000
    """More days, models and projects than this are no usage: a column was taken for the wrong thing."""
    unpacked: int | None = None
    """Bytes that a gzipped file may hold."""


OWN = Limits()
"""For one's own files."""
STRANGERS = Limits(seconds=60, groups=50_000, unpacked=500_000_000)
"""For files that anybody may send."""


class TooManyGroups(InputError):
    """More days, models and projects than the limits allow."""


@dataclass(frozen=True)
class Answer:
    """Groups of rows (``FIELDS``), and lines that could not be split into columns."""

    groups: list[Group]
    broken: dict[str, list[tuple[int, str]]]
    """By file: line and what is wrong with it."""
    sampled: bool = False
    """Whether copies of rows were looked for in a sample only, and none was found there."""
    repeated: bool = False
    """Whether an id was met again."""


@contextmanager
def sandbox(paths: Sequence[Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory without network, extensions, Python variables or files but ``paths``."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="banjia-") as spill:
        connection = duckdb.connect(":memory:")
        try:
            connection.execute("SET enable_progress_bar = true")
            connection.execute("SET enable_progress_bar_print = false")
            connection.execute("SET preserve_insertion_order = false")
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"SET memory_limit = '{MEMORY}'")
            connection.execute("SET temp_directory = $1", [spill])
            connection.execute("SET python_enable_replacements = false")
            connection.execute("SET autoinstall_known_extensions = false")
            connection.execute("SET autoload_known_extensions = false")
            connection.execute("SET allow_community_extensions = false")
            connection.execute("SET allowed_paths = $1", [[str(path) for path in paths]])
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield connection
        finally:
            connection.close()


class Watch:
    """Tells how far reading is, and ends it when its time is up."""

    def __init__(self, limits: Limits, progress: Progress | None) -> None:
        self._limits, self._progress, self._started = limits, progress, time.monotonic()

    def look(self, name: str, share: float = 0) -> None:
        """``share`` of the file is read; raises ``InputError`` after too long a time."""
        if self._progress is not None:
            self._progress(share)
        seconds = self._limits.seconds
        if seconds is not None and time.monotonic() - self._started > seconds:
            message = Text("reading takes longer than {seconds:g} seconds", seconds=seconds)
            raise InputError([Problem(name, 1, 1, message)])


def aggregate(tables: Sequence[Table], question: Question, limits: Limits, progress: Progress | None = None) -> Answer:
    """Runs the statement over the tables; again where what was read as a number is none, and where it finds copies."""
    watch = Watch(limits, progress)
    with tempfile.TemporaryDirectory(prefix="banjia-") as folder:
        tables = [table.readable(Path(folder) / f"{index}.csv", watch) for index, table in enumerate(tables)]
        large = sum(table.path.stat().st_size for table in tables) > SMALL
        question = replace(question, ids="sample" if large else "all")
        if large:
            tables = [table.surveyed(Path(folder) / f"{index}.places.csv") for index, table in enumerate(tables)]
        while True:
            answer = _run(tables, question, limits, watch)
            if answer.broken and any(table.hasty for table in tables):
                tables = [table.careful() for table in tables]
            elif answer.repeated and not question.unique:
                question = replace(question, unique=True)
            else:
                return answer


def _run(tables: Sequence[Table], question: Question, limits: Limits, watch: Watch) -> Answer:
    import duckdb

    name = tables[0].name
    with sandbox([path for table in tables for path in table.paths]) as connection:
        try:
            relations = [table.relation() for table in tables]
            near = _near(connection, tables) if question.ids == "sample" else None
            sql = statement(relations, question if near is None else replace(question, ids="none"))
            groups = _fetched(connection, sql, limits.groups + 1, name, watch)
            looked_at = groups
            if near is not None:
                sql = statement([table.near(near) for table in tables], replace(question, ids="all"))
                looked_at = _fetched(connection, sql, limits.groups + 1, name, watch)
        except duckdb.Error as error:
            name = name if len(tables) == 1 else _named_in(str(error), tables)
            message = Text("the file cannot be read to its end: {problem}", problem=_plain(error))
            raise InputError([Problem(name, 1, 1, message)]) from None
        if len(groups) > limits.groups:
            message = Text(
                "more than {most:,} days, models and projects: is the column of the model right?", most=limits.groups
            )
            raise TooManyGroups([Problem(name, 1, 1, message)])
        return Answer(
            [dict(zip(FIELDS, group, strict=True)) for group in groups],
            _broken(connection, tables),
            sampled=question.ids == "sample" and not question.unique,
            repeated=any(group[FIELDS.index("repeated")] for group in looked_at),
        )


def _near(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> str | None:
    """Where copies are to be looked for in files whose blocks of rows follow one another in time; None if they do not.

    Exports that overlap give blocks that overlap, so only copies that stand near one another are left to look for: in a
    few places. That spares reading all ids.
    """
    each = [table.blocks(connection) for table in tables]
    blocks = [*chain(*each)]
    kinds = {(block.table.preset.format, block.column, type(block.first)) for block in blocks}
    if not all(each) or len(kinds) > 1 or len(blocks) < FEWEST_BLOCKS:
        return None
    blocks.sort(key=attrgetter("first"))
    if any(100 * (one.last - following.first) > one.last - one.first for one, following in pairwise(blocks)):
        return None
    return " OR ".join(block.beginning(SHARE) for block in blocks[::ONE_IN])


def _fetched(
    connection: duckdb.DuckDBPyConnection, sql: str, most: int, name: str, watch: Watch
) -> list[tuple[Any, ...]]:
    """The answer to a query that another thread waits for, so that this one can watch it and give it up."""
    with ThreadPoolExecutor(1) as waiting:
        answer = waiting.submit(lambda: connection.execute(sql).fetchmany(most))
        try:
            while True:
                try:
                    return answer.result(TICK)
                except TimeoutError:
                    watch.look(name, max(connection.query_progress(), 0) / 100)
        except BaseException:
            connection.interrupt()
            raise


def _broken(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> dict[str, list[tuple[int, str]]]:
    """The lines that the CSV reader refused."""
    import duckdb

    names = {str(table.path): table.name for table in tables}
    try:
        rows = connection.execute(
            "SELECT s.file_path, e.line, MIN(e.error_message) FROM reject_errors e JOIN reject_scans s "
            "USING (scan_id, file_id) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    except duckdb.CatalogException:  # no CSV file was read
        return {}
    broken: dict[str, list[tuple[int, str]]] = {}
    for path, line, message in rows:
        if path in names:  # the rows of its places stand in the table too
            broken.setdefault(names[path], []).append((int(line), str(message)))
    return broken


def _named_in(message: str, tables: Sequence[Table]) -> str:
    return next((table.name for table in tables if str(table.path) in message), tables[0].name)


def _plain(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:300]


def terminal_progress() -> Progress | None:
    """A bar on standard error; None where nobody looks at it."""
    if not sys.stderr.isatty():
        return None

    def show(share: float) -> None:
        bar = "█" * round(share * 30)
        end = "\r" + " " * 40 + "\r" if share >= 1 else ""
        sys.stderr.write(f"\r{bar:<30} {share:4.0%}{end}")
        sys.stderr.flush()

    return show
