"""What a document is made of, before it becomes Markdown, HTML or PDF. All text is plain: writers escape it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .chart import Chart


@dataclass(frozen=True)
class Link:
    """A text that leads to a web page; where ``url`` is not the address of one, it is shown as text."""

    text: str
    url: str | None

    @property
    def target(self) -> str | None:
        """The address to follow, on one line; None: there is nothing to follow."""
        if self.url is None or not self.url.startswith(("https://", "http://")):
            return None
        return "".join(self.url.split())


Line = Sequence[str | Link]
"""Text with links in it."""


@dataclass(frozen=True)
class Paragraph:
    """A sentence or several."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Line, ...]

    @classmethod
    def of(cls, points: Sequence[str]) -> Bullets:
        """A list of points without links."""
        return cls(tuple((point,) for point in points))


@dataclass(frozen=True)
class Step:
    """A line of a checklist."""

    text: str
    to_do: bool = True
    """Whether it is for the reader to tick off; an event is not."""


@dataclass(frozen=True)
class Checklist:
    """Steps in their order."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Table:
    """Cells under a header."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] | range = ()
    """The columns of numbers."""


Block = Paragraph | Bullets | Checklist | Table


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A title, what matters most in a sentence, the facts it rests on, a picture, and the sections."""

    title: str
    lead: str
    facts: Bullets
    chart: Chart | None
    sections: tuple[Section, ...] = field(default=())
