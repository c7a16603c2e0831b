"""Where the bars, lines and words of a chart are: one drawing for paper and screen, in points."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .chart import Chart, Panel

WIDTH = 520.0
"""The width of a printed page between its margins."""
LEGEND, TITLE, FOOT = 20.0, 20.0, 16.0
"""Heights: of the legend, of a panel's title, of what stands below its bars."""
STANDING, LYING = 74.0, 15.0
"""Height of a panel of standing bars, and of one lying bar."""
LEFT, NAMES, NOTES = 38.0, 112.0, 60.0
"""Widths beside the bars: of amounts, of names, of totals."""


@dataclass(frozen=True)
class Rect:
    """A filled rectangle from its top left corner; ``role`` names the colour."""

    role: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Stroke:
    """A line through points."""

    role: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Label:
    """A text on a base line."""

    text: str
    x: float
    y: float
    anchor: Literal["start", "middle", "end"] = "start"
    """The point of the text that is at x."""
    is_title: bool = False


Shape = Rect | Stroke | Label


def height(chart: Chart) -> float:
    """Height of the drawing; its width is ``WIDTH``."""
    return LEGEND * len(_legend_rows(chart)) + sum(map(_height, chart.panels))


def shapes(chart: Chart) -> Iterator[Shape]:
    """The drawing, from the back to the front."""
    rows = _legend_rows(chart)
    for number, row in enumerate(rows):
        yield from _legend(row, LEGEND * number)
    top = LEGEND * len(rows)
    for panel in chart.panels:
        yield Label(panel.title, 0, top + 10, is_title=True)
        yield from _lying(panel, top + TITLE) if panel.lies else _standing(panel, top + TITLE)
        top += _height(panel)


def _height(panel: Panel) -> float:
    return TITLE + FOOT + (LYING * len(panel.bars) if panel.lies else STANDING)


def _legend_rows(chart: Chart) -> list[list[tuple[str, str]]]:
    rows: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for entry in chart.legend:
        if rows[-1] and used + _entry_width(entry[1]) > WIDTH:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += _entry_width(entry[1])
    return rows


def _entry_width(name: str) -> float:
    return 34 + sum(8.5 if ord(char) > 0x2E7F else 4.6 for char in name)


def _legend(row: list[tuple[str, str]], top: float) -> Iterator[Shape]:
    x = 0.0
    for role, name in row:
        if role == "old":
            yield Stroke("old", ((x, top + 7), (x + 14, top + 7)))
        else:
            yield Rect(role, x + 4, top + 3, 8, 8)
        yield Label(name, x + 18, top + 10)
        x += _entry_width(name)


def _standing(panel: Panel, top: float) -> Iterator[Shape]:
    base = top + STANDING
    scale = STANDING / panel.ticks[-1][0]
    for amount, text in panel.ticks:
        y = base - amount * scale
        yield Stroke("grid" if amount else "axis", ((LEFT, y), (WIDTH, y)))
        yield Label(text, LEFT - 5, y + 3, "end")
    slot = (WIDTH - LEFT) / len(panel.bars)
    every = math.ceil(len(panel.bars) / 24)
    for index, bar in enumerate(panel.bars):
        foot = base
        for role, amount in bar.parts:
            if amount:
                foot -= amount * scale
                yield Rect(role, LEFT + slot * (index + 0.15), foot, slot * 0.7, amount * scale)
        if index % every == 0:
            yield Label(bar.label, LEFT + slot * (index + 0.5), base + 11, "middle")
    line = [(LEFT + slot * (i + 0.5), base - old * scale) for i, old in enumerate(panel.old) if old is not None]
    if line:
        ends = ((line[0][0] - slot / 2, line[0][1]), *line, (line[-1][0] + slot / 2, line[-1][1]))
        yield Stroke("old", ends)


def _lying(panel: Panel, top: float) -> Iterator[Shape]:
    base = top + LYING * len(panel.bars)
    scale = (WIDTH - NAMES - NOTES) / panel.ticks[-1][0]
    for amount, text in panel.ticks:
        x = NAMES + amount * scale
        yield Stroke("grid" if amount else "axis", ((x, top), (x, base)))
        yield Label(text, x, base + 11, "middle")
    for index, bar in enumerate(panel.bars):
        y, x = top + LYING * index, NAMES
        for role, amount in bar.parts:
            if amount:
                yield Rect(role, x, y + 2, amount * scale, LYING - 4)
                x += amount * scale
        yield Label(_short(bar.label), NAMES - 6, y + LYING - 4, "end")
        yield Label(bar.note, x + 4, y + LYING - 4)
    for old in filter(None, panel.old):
        yield Stroke("old", ((NAMES + old * scale, top - 2), (NAMES + old * scale, base)))


def _short(name: str) -> str:
    """A name that fits beside its bar."""
    width = 0.0
    for index, char in enumerate(name):
        width += 8.5 if ord(char) > 0x2E7F else 4.6
        if width > NAMES - 10:
            return name[:index] + "…"
    return name
