"""Prices over time: one step line a model, broken where it could not be had."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from report.language import Language, language
from report.prices import Point, Sold, price_number

from .html import Markup, show, tag
from .months import milliseconds

COLOURS = 8
"""Lines that the theme's colours tell apart."""
GREY = "#8b95a1"  # readable on light and on dark


def show_chart(
    sold: Sequence[Sold], points: Sequence[Point], days: tuple[date, date], title: str, told: str, *, is_log: bool,
    lang: Language,
) -> None:  # fmt: skip
    """The lines with a rule at each of the two days; ``told`` says what they show."""
    drawn = [point for point in points if point.price > 0 or not is_log]
    shown = {point.line for point in drawn}
    show(
        tag("div", tag("p", tag("b", title)), _legend(sold, shown, is_log=is_log, lang=lang), class_="bj-finding"), lang
    )
    if not drawn:
        return
    spec = copy.deepcopy(_spec(lang.code))
    rows = [_row(point, sold, lang) for point in drawn]
    for layer in spec["layer"][:2]:
        layer["encoding"]["y"]["scale"] = {"type": "log", "nice": True} if is_log else {"zero": True}
        layer["data"] = {"values": rows}
    marks = [
        {"day": milliseconds(day), "text": lang.day(day), "side": side}
        for day, side in zip(days, ("left", "right"), strict=True)
    ]
    for layer in spec["layer"][2:]:
        layer["data"] = {"values": marks}
    st.vega_lite_chart(spec=spec, key="prices_chart", alt=lang.say("{title}. {finding}", title=title, finding=told))


def colour(line: int) -> Markup:
    """The mark of a line in a legend or table."""
    return tag("i", class_=f"bj-line bj-line-{line}", aria_hidden="true")


def _legend(sold: Sequence[Sold], shown: set[int], *, is_log: bool, lang: Language) -> Markup:
    """Which colour is which model; those without a line say why."""
    why = lang.say("(no price above 0)") if is_log else lang.say("(no price published)")
    return tag(
        "p",
        *(
            tag("span", colour(line), model.label, "" if line in shown else f" {why}")
            for line, (_, model) in enumerate(sold)
        ),
        class_="bj-legend",
    )


def _row(point: Point, sold: Sequence[Sold], lang: Language) -> dict[str, Any]:
    provider, model = sold[point.line]
    return {
        "line": str(point.line), "run": point.run, "day": milliseconds(point.day), "price": point.price,
        "model": f"{model.label}, {lang.name(provider)}", "from": lang.day(point.day),
        "amount": price_number(point.price, lang),
    }  # fmt: skip


@st.cache_resource(show_spinner=False)
def _spec(code: str) -> dict[str, Any]:
    """The chart without its data; building it takes longer than drawing it."""
    import altair as alt

    lang = language(code)
    time = alt.X(
        "day:T", title=None, scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(format="%Y-%m", grid=False, labelOverlap=True, labelSeparation=12),
    )  # fmt: skip
    lines = [str(line) for line in range(COLOURS)]
    drawn = alt.Chart(alt.NamedData("points")).encode(
        x=time,
        y=alt.Y("price:Q", title=None, axis=alt.Axis(tickCount=5, gridOpacity=0.4)),
        color=alt.Color("line:N", scale=alt.Scale(domain=lines), legend=None),
        detail="run:N",
        tooltip=[alt.Tooltip("model:N", title=lang.say("model")), alt.Tooltip("amount:N", title=lang.say("price")),
                 alt.Tooltip("from:N", title=lang.say("day"))],
    )  # fmt: skip
    days = alt.Chart(alt.NamedData("days")).encode(x="day:T")
    rule = days.mark_rule(strokeDash=[4, 3], color=GREY)
    words = days.encode(y=alt.value(0), text="text:N")
    then = words.transform_filter("datum.side === 'left'").mark_text(
        align="left", dx=4, dy=2, baseline="top", color=GREY
    )
    now = words.transform_filter("datum.side === 'right'").mark_text(
        align="right", dx=-4, dy=2, baseline="top", color=GREY
    )
    line = drawn.mark_line(interpolate="step-after", strokeWidth=2)
    dots = drawn.mark_point(filled=True, size=36)
    spec: dict[str, Any] = alt.layer(line, dots, rule, then, now).properties(height=340).to_dict()
    for part in (spec, *spec["layer"]):
        for given in ("data", "datasets", "config", "$schema"):
            part.pop(given, None)
    return spec
