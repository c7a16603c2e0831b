"""A document as PDF on A4: text that can be searched and copied, links, bookmarks, a drawn chart."""

from __future__ import annotations

from datetime import UTC, date, datetime

from report.chart import Chart
from report.document import Block, Bullets, Checklist, Document, Line, Link, Paragraph, Table
from report.drawing import WIDTH, height
from report.language import Language

from .paper import ACCENT, MARGIN, QUIET, SHADE, Paper
from .pdf_chart import draw_chart
from .pdf_table import draw_table

BODY, SMALL = 9.5, 8.5  # points


def pdf(document: Document, day: date, lang: Language) -> bytes:
    """The file. It is dated ``day``, so that the same document gives the same bytes."""
    paper = Paper(document.title, lang)
    paper.set_creation_date(datetime(day.year, day.month, day.day, tzinfo=UTC))
    paper.add_page()
    paper.write_lines([document.title], size=19, strong=True, spacing=1.25)
    paper.ln(6)
    _lead(paper, document.lead)
    _items(paper, document.facts.items, size=BODY)
    if document.chart:
        _chart(paper, document.chart)
    for section in document.sections:
        _heading(paper, section.title)
        for block in section.blocks:
            _block(paper, block)
    return paper.finished()


def _lead(paper: Paper, text: str) -> None:
    """The decision, in a box."""
    lines = paper.broken([text], WIDTH - 24, size=12)
    tall = len(lines) * 12 * 1.4 + 14
    x, y = paper.get_x(), paper.get_y()
    paper.set_fill_color(*SHADE)
    paper.rect(x, y, WIDTH, tall, style="F")
    paper.set_fill_color(*ACCENT)
    paper.rect(x, y, 3, tall, style="F")
    paper.set_y(y + 7)
    paper.write_lines([text], size=12, strong=True, indent=12, width=WIDTH - 24, spacing=1.4)
    paper.set_y(y + tall + 7)


def _heading(paper: Paper, title: str) -> None:
    paper.room(70)  # a heading is not left alone at the foot of a page
    paper.ln(12)
    paper.start_section(paper.shown(title))
    paper.write_lines([title], size=13, strong=True, colour=ACCENT)
    paper.ln(3)


def _block(paper: Paper, block: Block) -> None:
    match block:
        case Paragraph(text):
            paper.write_lines([text], size=BODY)
            paper.ln(3)
        case Bullets(items):
            _items(paper, items, size=SMALL if any(isinstance(run, Link) for item in items for run in item) else BODY)
        case Checklist(steps):
            for step in steps:
                paper.room_for([step.text], BODY, indent=16)
                _box(paper, to_do=step.to_do)
                paper.write_lines([step.text], size=BODY, indent=16)
                paper.ln(2)
        case Table():
            draw_table(paper, block)
            paper.ln(6)


def _items(paper: Paper, items: tuple[Line, ...], size: float) -> None:
    for item in items:
        paper.room_for(item, size, indent=12)
        paper.put("•", paper.l_margin + 2, paper.get_y(), size=size, colour=QUIET)
        paper.write_lines(item, size=size, indent=12)
        paper.ln(1.5)
    paper.ln(2)


def _box(paper: Paper, *, to_do: bool) -> None:
    """What is ticked off with a pen."""
    if to_do:
        paper.set_draw_color(*QUIET)
        paper.set_line_width(0.7)
        paper.rect(paper.l_margin + 2, paper.get_y() + 3, 7.5, 7.5)


def _chart(paper: Paper, chart: Chart) -> None:
    paper.room(height(chart) + 12)
    paper.ln(6)
    draw_chart(paper, chart, MARGIN, paper.get_y())
    paper.set_y(paper.get_y() + height(chart) + 4)
