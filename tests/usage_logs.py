"""Logs written for tests: a gateway's, as CSV and as a database."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

HEADER = "id,created_at,type,token_name,model_name,quota,prompt_tokens,completion_tokens"
COLUMNS = HEADER.split(",")


def at(text: str) -> int:
    """Seconds of a time in UTC: ``2024-06-12 03:10``."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def entry(number: object, day: str = "2024-06-12", model: str = "gpt-4o", into: object = 1000, out: object = 100,
          *, kind: object = 2, token: str = "prod", quota: object = 0) -> list[object]:  # fmt: skip
    """A row of the log at noon of ``day``, UTC."""
    return [number, at(f"{day} 12:00"), kind, token, model, quota, into, out]


def csv_log(rows: Sequence[Sequence[object]], delimiter: str = ",") -> bytes:
    """The log as CSV."""
    lines = [HEADER.replace(",", delimiter), *(delimiter.join(map(str, row)) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def database_log(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """The log as the gateway keeps it."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT)")
        database.execute(f"CREATE TABLE logs ({', '.join(COLUMNS)})")
        database.executemany(f"INSERT INTO logs VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    database.close()
    return path
