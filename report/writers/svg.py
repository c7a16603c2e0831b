"""The chart as SVG to stand in a page; ``style`` has its colours, by class."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from report.chart import Chart
from report.drawing import WIDTH, Label, Rect, Shape, Stroke, height, shapes

STYLE = Path(__file__).with_name("chart.css")


@cache
def style() -> str:
    """The colours."""
    return STYLE.read_text("utf-8")


def svg(chart: Chart) -> str:
    """An ``svg`` element."""
    drawn = "".join(map(_element, shapes(chart)))
    return (
        f'<svg class="bj-drawing" viewBox="0 0 {WIDTH:g} {height(chart):g}" xmlns="http://www.w3.org/2000/svg" '
        f'role="img" aria-label="{escape(chart.alt)}">{drawn}</svg>'
    )


def _element(shape: Shape) -> str:
    match shape:
        case Rect(role, x, y, width, tall):
            return f'<rect class="{role}" x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{tall:.2f}"/>'
        case Stroke(role, points):
            path = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
            return f'<polyline class="{role}" points="{path}"/>'
        case Label(text, x, y, anchor, is_title):
            weight = ' class="title"' if is_title else ""
            return f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'
