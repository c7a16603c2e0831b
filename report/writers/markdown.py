"""A document as Markdown. It has no picture: the numbers of the chart stand in its tables."""

from __future__ import annotations

import re
from collections.abc import Iterable

from report.document import Block, Bullets, Checklist, Document, Line, Link, Paragraph, Table


def markdown(document: Document) -> str:
    """The whole document."""
    parts = [f"# {_text(document.title)}", f"**{_text(document.lead)}**", _block(document.facts)]
    for section in document.sections:
        parts += [f"## {_text(section.title)}", *map(_block, section.blocks)]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return _text(text)
        case Bullets(items):
            return _items(_line(item) for item in items)
        case Checklist(steps):
            return _items(("[ ] " if step.to_do else "") + _text(step.text) for step in steps)
        case Table():
            return _table(block)


def _items(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _table(table: Table) -> str:
    rule = ["---:" if index in table.right else "---" for index in range(len(table.header))]
    lines = [list(map(_text, table.header)), rule, *(list(map(_text, row)) for row in table.rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _line(line: Line) -> str:
    return _begun("".join(_link(run) if isinstance(run, Link) else _escaped(run) for run in line))


def _link(link: Link) -> str:
    if link.target is None:
        return _escaped(link.text)
    return f"[{_text(link.text)}](<{link.target.replace('<', '%3C').replace('>', '%3E')}>)"


def _text(plain: str) -> str:
    """Text that Markdown shows as it is: what comes from data or a person cannot become markup."""
    return _begun(_escaped(plain))


def _escaped(plain: str) -> str:
    return "".join("\\" + char if char in "\\`*_[]<>|#~&" else char for char in re.sub(r"\s+", " ", plain))


def _begun(escaped: str) -> str:
    """The text of a line, which does not begin like a list or a rule."""
    return re.sub(r"^(\d*)([-+]|[.)](?= |$))", r"\1\\\2", escaped.strip())
