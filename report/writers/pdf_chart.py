"""The chart on paper, drawn as lines and areas."""

from __future__ import annotations

from report.chart import Chart
from report.drawing import Label, Rect, Stroke, shapes

from .paper import QUIET, RULE, TEXT, Paper

COLOURS = {
    "bill": (11, 92, 173), "vouchers": (184, 82, 143), "discounts": (139, 123, 216), "grants": (47, 158, 140),
    "one_off_cost": (192, 122, 26), "readiness_cost": (180, 52, 74), "old": QUIET, "grid": RULE,
    "axis": QUIET,
}  # fmt: skip


def draw_chart(paper: Paper, chart: Chart, left: float, top: float) -> None:
    """Draws with the top left corner at a place."""
    for shape in shapes(chart):
        match shape:
            case Rect(role, x, y, width, tall):
                paper.set_fill_color(*COLOURS[role])
                paper.rect(left + x, top + y, width, tall, style="F")
            case Stroke(role, points):
                paper.set_draw_color(*COLOURS[role])
                paper.set_line_width(1.2 if role == "old" else 0.6)
                if role == "old":
                    paper.set_dash_pattern(dash=4, gap=2.5)
                paper.polyline([(left + x, top + y) for x, y in points])
                paper.set_dash_pattern()
            case Label():
                _write(paper, shape, left, top)


def _write(paper: Paper, label: Label, left: float, top: float) -> None:
    text, size = paper.shown(label.text), 8.5
    paper.set_font_size(size)
    shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor] * paper.get_string_width(text)
    colour = TEXT if label.is_title else QUIET
    paper.put(text, left + label.x - shift, top + label.y - size, size=size, colour=colour, strong=label.is_title)
