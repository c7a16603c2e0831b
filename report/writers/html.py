"""A document as one HTML file: no script, nothing from elsewhere, for the screen and for A4 paper."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

from report.document import Block, Bullets, Checklist, Document, Line, Link, Paragraph, Step, Table
from report.language import Language

from . import svg

FOLDER = Path(__file__).parent


def html(document: Document, lang: Language) -> str:
    """The whole page."""
    chart = f'<figure tabindex="0">{svg.svg(document.chart)}</figure>' if document.chart else ""
    return PAGE.format(
        language={"en": "en", "zh": "zh-Hans"}[lang.code], title=escape(document.title),
        style=style() + svg.style() + (FOLDER / "document.css").read_text("utf-8"),
        body=f"{opening(document)}\n{chart}\n{sections(document)}",
    )  # fmt: skip


@cache
def style() -> str:
    """The look of what stands in an element of the class ``paper``."""
    return (FOLDER / "paper.css").read_text("utf-8")


def opening(document: Document) -> str:
    """What matters most: title, decision, and the facts it rests on."""
    return "\n".join([
        f"<h1>{escape(document.title)}</h1>",
        f'<p class="lead">{escape(document.lead)}</p>',
        _block(document.facts),
    ])  # fmt: skip


def sections(document: Document) -> str:
    """All that follows the chart."""
    parts = []
    for section in document.sections:
        parts += ["<section>", f"<h2>{escape(section.title)}</h2>", *map(_block, section.blocks), "</section>"]
    return "\n".join(parts)


PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main class="paper">
{body}
</main>
</body>
</html>
"""


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Bullets(items):
            return _list(f"<li>{_line(item)}</li>" for item in items)
        case Checklist(steps):
            return _list(map(_step, steps), ' class="checklist"')
        case Table():
            return _table(block)


def _list(items: Iterable[str], attributes: str = "") -> str:
    return f"<ul{attributes}>\n" + "\n".join(items) + "\n</ul>"


def _step(step: Step) -> str:
    attributes = ' class="to-do"' if step.to_do else ""
    return f"<li{attributes}>{escape(step.text)}</li>"


def _line(line: Line) -> str:
    return "".join(_link(run) if isinstance(run, Link) else escape(run) for run in line)


def _link(link: Link) -> str:
    if link.target is None:
        return escape(link.text)
    return f'<a href="{escape(link.target)}" rel="noopener noreferrer">{escape(link.text)}</a>'


def _table(table: Table) -> str:
    attributes = [' class="number"' if index in table.right else "" for index in range(len(table.header))]

    def row(cells: Iterable[str], tag: str) -> str:
        shown = (f"<{tag}{more}>{escape(cell)}</{tag}>" for cell, more in zip(cells, attributes, strict=True))
        return f"<tr>{''.join(shown)}</tr>"

    rows = "\n".join(row(cells, "td") for cells in table.rows)
    return (
        '<div class="table" tabindex="0"><table>\n'
        f"<thead>{row(table.header, 'th')}</thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table></div>"
    )
