"""Tables on paper: columns that fit the page, rows that may be longer than one, the header on every page."""

from __future__ import annotations

from collections.abc import Sequence

from report.document import Table
from report.drawing import WIDTH

from .lines import broken, pieces
from .paper import QUIET, RULE, SHADE, TEXT, Paper

SIZES = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
"""Sizes of type in points, of which the first is taken that fits."""
GAP, PADDING = 6.0, 2.5
SPACING = 1.4
SHORT = 70.0
"""Width of a text that should not be spread over more than two lines."""

Cells = list[list[str]]
"""The lines of each cell of a row."""


def draw_table(paper: Paper, table: Table) -> None:
    """Writes the table from here down."""
    rows = [[paper.shown(cell) for cell in row] for row in (table.header, *table.rows)]
    size, widths = _fit(paper, rows)
    paper.set_font_size(size)
    header, *body = [_cells(paper, row, widths) for row in rows]
    paper.room((len(max(header, key=len)) + 1) * size * SPACING + 4 * PADDING)
    _row(paper, table, header, widths, size, is_header=True)
    for cells in body:
        _body_row(paper, table, header, cells, widths, size)


def _body_row(paper: Paper, table: Table, header: Cells, cells: Cells, widths: list[float], size: float) -> None:
    """A row; one that is longer than the page goes on on the next."""
    paper.set_font_size(size)
    page = paper.h - paper.t_margin - 120
    most = max(1, int(page / (size * SPACING)) - len(max(header, key=len)))
    for start in range(0, max(1, *map(len, cells)), most):
        part = [cell[start : start + most] for cell in cells]
        if paper.room(_tall(part, size)):
            _row(paper, table, header, widths, size, is_header=True)
        _row(paper, table, part, widths, size)


def _row(
    paper: Paper, table: Table, cells: Cells, widths: list[float], size: float, *, is_header: bool = False
) -> None:
    top, tall, x = paper.get_y(), _tall(cells, size), paper.l_margin
    if is_header:
        paper.set_fill_color(*SHADE)
        paper.rect(x, top, WIDTH, tall, style="F")
    for index, (lines, width) in enumerate(zip(cells, widths, strict=True)):
        for number, line in enumerate(lines):
            y = top + PADDING + number * size * SPACING
            paper.put(
                line.rstrip(), x + GAP / 2, y, size=size, colour=QUIET if is_header else TEXT, width=width - GAP,
                strong=is_header, align="R" if index in table.right else "L",
            )  # fmt: skip
        x += width
    paper.set_draw_color(*RULE)
    paper.set_line_width(0.6)
    paper.line(paper.l_margin, top + tall, paper.l_margin + WIDTH, top + tall)
    paper.set_y(top + tall)


def _tall(cells: Cells, size: float) -> float:
    return max(1, *map(len, cells)) * size * SPACING + 2 * PADDING


def _cells(paper: Paper, row: Sequence[str], widths: list[float]) -> Cells:
    return [broken(cell, width - GAP, paper.get_string_width) for cell, width in zip(row, widths, strict=True)]


def _fit(paper: Paper, rows: Sequence[Sequence[str]]) -> tuple[float, list[float]]:
    """Size of type and width of each column: words whole, short texts on two lines, the rest to the longest."""
    columns = list(zip(*rows, strict=True))
    for size in SIZES:
        paper.set_font_size(size)
        whole = [max(map(paper.get_string_width, column)) + GAP for column in columns]
        words = [max(map(paper.get_string_width, _words(column))) + GAP for column in columns]
        least = [max(word, 0.75 * min(one, SHORT)) for one, word in zip(whole, words, strict=True)]
        if sum(least) <= WIDTH:
            break
    else:
        return size, [one * WIDTH / sum(least) for one in least]
    wanted = [one - word for one, word in zip(whole, least, strict=True)]
    spare = WIDTH - sum(least)
    if sum(wanted) <= spare:
        return size, [one + (spare - sum(wanted)) / len(whole) for one in whole]
    return size, [word + want * spare / sum(wanted) for word, want in zip(least, wanted, strict=True)]


def _words(column: Sequence[str]) -> list[str]:
    return ["", *(piece.strip()[:40] for cell in column for piece in pieces(cell))]
