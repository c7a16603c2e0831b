"""The pieces of Markdown that the recommendation is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def section(title: str, body: str) -> str:
    """A heading and what stands under it."""
    return f"## {text(title)}\n\n{body}"


def bullets(points: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {text(point)}" for point in points)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] | range = ()) -> str:
    """A table; ``right`` holds the columns of numbers."""
    rule = ["---:" if index in right else "---" for index in range(len(header))]
    lines = [[text(cell) for cell in header], rule, *([text(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def text(plain: str) -> str:
    """Text that Markdown shows as it is: what comes from data or a person cannot become markup."""
    escaped = "".join("\\" + char if char in "\\`*_[]<>|#~&" else char for char in " ".join(plain.split()))
    return re.sub(r"^(\d*)([-+.)])", r"\1\\\2", escaped)  # what would begin a list


def link(name: str, url: str | None) -> str:
    """A link to a web page; any other address is shown as text only."""
    if url is None or not url.startswith(("https://", "http://")):
        return text(name)
    return f"[{text(name)}](<{''.join(url.split()).replace('<', '%3C').replace('>', '%3E')}>)"
