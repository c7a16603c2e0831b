"""What the shipped YAML files say, kept beside the byte code as JSON, which is read in a tenth of the time.

What is kept bears the hash of the text and of the reader that it came from, and counts for those alone. It is plain
data: records are validated as ever, and who asks for the line of a value has the YAML read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic_core import from_json

READER = Path(__file__).with_name("yaml_reader.py")


def kept(path: Path, text: str) -> Any:
    """What is kept of ``text``, which stands in ``path``; None where nothing is."""
    try:
        stored = from_json(_place(path).read_bytes())
        if stored["of"] != _hash(text):
            return None
        value = stored["value"]
        for *steps, last in stored["days"]:
            owner = value
            for step in steps:
                owner = owner[step]
            owner[last] = date.fromisoformat(owner[last])
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return value


def keep(path: Path, text: str, value: Any) -> None:
    """Keeps what ``text`` says, unless Python was told to write no byte code or the folder is not ours to write."""
    if sys.dont_write_bytecode:
        return
    import json

    place = _place(path)
    unfinished = place.with_suffix(f".{os.getpid()}")
    try:
        stored = {"of": _hash(text), "days": list(_days(value, ())), "value": value}
        content = json.dumps(stored, ensure_ascii=False, default=date.isoformat).encode()
        place.parent.mkdir(exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(place)
    except (OSError, ValueError):
        with suppress(OSError):
            unfinished.unlink()


def _place(path: Path) -> Path:
    return path.parent / "__pycache__" / f"{path.stem}.json"


def _hash(text: str) -> str:
    return sha256(_reader() + text.encode()).hexdigest()


@cache
def _reader() -> bytes:
    return READER.read_bytes()


def _days(value: Any, at: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Where dates stand, which JSON does not know."""
    if isinstance(value, date):
        yield at
    for step, item in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from _days(item, (*at, step))
