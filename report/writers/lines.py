"""Where a line of text ends: Latin between words, Chinese between characters, and never before a full stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Width = Callable[[str], float]

OPENING = "“‘「『（《〈【〔([{"
CLOSING = "”’」』）》〉】〕，。、；：！？…—·%,.;:!?)]}"
CLOSING_MARKS = set(CLOSING)
CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
PIECES = re.compile(
    rf"[{re.escape(OPENING)}]*(?:[{CHINESE}]|[^\s{CHINESE}{re.escape(OPENING)}]+|(?<=[{re.escape(OPENING)}]))"
    rf"[{re.escape(CLOSING)}]*\s*|\s+"
)
"""What stays together on a line."""


def broken(text: str, width: float, measure: Width, used: float = 0.0) -> list[str]:
    """The lines of a text that are no wider than ``width``; ``used`` of the first is taken."""
    lines = [""]
    for piece in pieces(text):
        if piece.strip() in CLOSING_MARKS:  # it may stand out a little rather than begin a line
            lines[-1] += piece
            used += measure(piece)
            continue
        if used and used + measure(piece.rstrip()) > width:
            lines.append("")
            used = 0.0
        for part in _fitting(piece, width, measure):
            if used and used + measure(part.rstrip()) > width:
                lines.append("")
                used = 0.0
            lines[-1] += part
            used += measure(part)
    return lines


def pieces(text: str) -> list[str]:
    """A text in the parts that stay together.

    >>> pieces("用 GPT-4，（8亿）。")
    ['用 ', 'GPT-4，', '（8', '亿）。']
    """
    return PIECES.findall(text)


def _fitting(piece: str, width: float, measure: Width) -> Iterator[str]:
    """A piece that is wider than a line, cut."""
    while len(piece) > 1 and measure(piece.rstrip()) > width:
        end = next((end for end in range(1, len(piece)) if measure(piece[: end + 1]) > width), len(piece))
        yield piece[:end]
        piece = piece[end:]
    yield piece
