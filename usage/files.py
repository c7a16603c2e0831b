"""Files as they are: packed or not, sound or not."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from pricing import InputError, Problem, Text

HEAD = 1_000_000
"""Bytes that are looked at to find out what a file is."""
GZIP, PARQUET, SQLITE, ZIP = b"\x1f\x8b", b"PAR1", b"SQLite format 3\0", b"PK\x03\x04"


@contextmanager
def unpacked(path: Path, name: str) -> Iterator[gzip.GzipFile | BufferedReader]:
    """What is in a file that may be gzipped; raises ``InputError`` where it cannot be read."""
    try:
        with gzip.open(path) if compression(path) == "gzip" else path.open("rb") as file:
            yield file
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refused(name, Text("the file cannot be read: {reason}", reason=reason)) from None


def check_unpacked(path: Path, name: str, most: int | None) -> None:
    """Raises ``InputError`` where a gzipped file holds more than ``most`` bytes."""
    if most is None or compression(path) != "gzip":
        return
    size = 0
    with unpacked(path, name) as file:
        while piece := file.read(HEAD):
            size += len(piece)
            if size > most:
                raise refused(name, Text("the file unpacks to more than {most:,} bytes", most=most))


def compression(path: Path) -> str:
    """How the file is packed, in DuckDB's words."""
    with path.open("rb") as file:
        return "gzip" if file.read(2) == GZIP else "none"


@contextmanager
def database(path: Path, name: str) -> Iterator[sqlite3.Connection]:
    """A SQLite file, open for reading only, whose contents may do nothing; raises ``InputError`` where it is none."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    try:
        connection.text_factory = lambda cell: cell.decode("utf-8", "replace")
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where SQLite quotes bytes of the file
        raise refused(name, Text("this is no sound SQLite database: {problem}", problem=first_line(error))) from None
    finally:
        connection.close()


def refused(name: str, message: Text) -> InputError:
    """What is wrong with a file as a whole."""
    return InputError([Problem(name, 1, 1, message)])


def first_line(error: BaseException) -> str:
    """What an error says, in a line that can be shown."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
