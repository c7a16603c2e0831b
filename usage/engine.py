"""The statement on this machine: a DuckDB that can read the given files and nothing else."""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
MOST_GROUPS = 1_000_000
"""More days and models than this are no usage: a column of the file was taken for the wrong thing."""
TICK = 0.1

Group = dict[str, Any]
Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1."""


@dataclass(frozen=True)
class Limits:
    """What reading may take, for files of strangers."""

    seconds: float | None = None


@dataclass(frozen=True)
class Answer:
    """Groups of rows (``FIELDS``), and lines that could not be split into columns."""

    groups: list[Group]
    broken: dict[str, list[tuple[int, str]]]
    """By file: line and what is wrong with it."""
    unique: bool
    """Whether copies of rows were found, and counted once."""


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


def aggregate(
    tables: Sequence[Table], question: Question, limits: Limits | None = None, progress: Progress | None = None
) -> Answer:
    """Runs the statement over the tables; a second time, with copies as one, where the first finds any."""
    with tempfile.TemporaryDirectory(prefix="banjia-") as folder:
        tables = [table.readable(Path(folder) / f"{index}.csv") for index, table in enumerate(tables)]
        large = sum(table.path.stat().st_size for table in tables) > SMALL
        answer = _run(tables, replace(question, sample=large), limits or Limits(), progress)
        if any(group["repeated"] for group in answer.groups):
            answer = _run(tables, replace(question, unique=True), limits or Limits(), progress)
    return answer


def _run(tables: Sequence[Table], question: Question, limits: Limits, progress: Progress | None) -> Answer:
    import duckdb

    with sandbox([table.path for table in tables]) as connection:
        with _watched(connection, limits, progress) as expired:
            try:
                relations = [table.relation() for table in tables]
                groups = connection.execute(statement(relations, question)).fetchmany(MOST_GROUPS + 1)
            except duckdb.Error as error:
                name = tables[0].name if len(tables) == 1 else _named_in(str(error), tables)
                message = Text("the file cannot be read to its end: {problem}", problem=_plain(error))
                if expired.is_set():
                    message = Text("reading takes longer than {seconds:g} seconds", seconds=limits.seconds)
                raise InputError([Problem(name, 1, 1, message)]) from None
        if len(groups) > MOST_GROUPS:
            message = Text("more than {most:,} models and days: is the column of the model right?", most=MOST_GROUPS)
            raise InputError([Problem(tables[0].name, 1, 1, message)])
        return Answer(
            [dict(zip(FIELDS, group, strict=True)) for group in groups], _broken(connection, tables), question.unique
        )


@contextmanager
def _watched(
    connection: duckdb.DuckDBPyConnection, limits: Limits, progress: Progress | None
) -> Iterator[threading.Event]:
    """Tells how far a query is, and stops it when its time is up: then the event is set."""
    done, expired = threading.Event(), threading.Event()
    started = time.monotonic()

    def watch() -> None:
        while not done.wait(TICK):
            if progress is not None:
                progress(max(connection.query_progress(), 0) / 100)
            if limits.seconds is not None and time.monotonic() - started > limits.seconds:
                expired.set()
                connection.interrupt()

    if progress is None and limits.seconds is None:
        yield expired
        return
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield expired
    finally:
        done.set()
        watcher.join()


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
        broken.setdefault(names.get(path, path), []).append((int(line), str(message)))
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
