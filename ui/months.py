"""What is paid month by month, and what is free: one chart a provider, all on one scale."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from calculator import Comparison, Option
from calculator.answer import MonthRow
from calculator.timeline import OVERLAP
from report.language import Language, language
from report.verdict import money
from report.words import part_names

from . import figures
from .html import Markup, show, tag

PARTS = ("bill", "vouchers", "discounts", "grants")
"""From the bottom of a bar to its top: the theme's colours follow this order."""
DAY = 86_400_000  # milliseconds


def show_months(comparison: Comparison, shown: list[Option], lang: Language) -> None:
    """The charts of the options that are shown, all on one scale."""
    show(tag("h3", lang.say("Month by month")), lang)
    highest = max(
        [row.list_cost for option in shown for row in option.monthly] + [*(comparison.baseline.monthly or ())]
    )
    show(_legend(comparison, shown, lang), lang)
    for pair in (shown[i : i + 2] for i in range(0, len(shown), 2)):
        columns = st.columns(2) if len(shown) > 1 else [st.container()]
        for column, option in zip(columns, pair, strict=False):
            with column:
                _chart(comparison, option, highest, lang)


def _legend(comparison: Comparison, shown: list[Option], lang: Language) -> Markup:
    """One for all charts, with the parts that occur."""
    names = part_names(lang)
    found = [part for part in PARTS if any(getattr(row, part) for option in shown for row in option.monthly)]
    parts = [tag("span", tag("i", class_=f"bj-{part}"), names[part]) for part in found]
    if comparison.baseline.monthly:
        old = lang.say("the old bill at {source}", source=lang.name(comparison.baseline.provider))
        parts.append(tag("span", tag("i", class_="bj-old"), old))
    return tag("p", *parts, class_="bj-legend")


def finding(comparison: Comparison, option: Option, lang: Language) -> str:
    """What a chart shows, in a sentence."""
    last = money(option.monthly[-1].bill, comparison, lang)
    if option.free_until is None:
        return lang.say("nothing is paid in the whole period")
    if figures.free_days(option):
        return lang.say(
            "free until {day}, then up to {last} a month",
            day=option.free_until,
            last=_highest(comparison, option, lang),
        )
    return lang.say("paid from the first day, {last} in the last month", last=last)


def _highest(comparison: Comparison, option: Option, lang: Language) -> str:
    return money(max(row.bill for row in option.monthly), comparison, lang)


def _chart(comparison: Comparison, option: Option, highest: float, lang: Language) -> None:
    name, text = lang.name(option.provider), finding(comparison, option, lang)
    show(tag("p", tag("b", name), tag("span", text), class_="bj-finding"), lang)
    spec = copy.deepcopy(_spec(lang.code))
    bars, old, *marks = spec["layer"]
    bars["encoding"]["y"]["scale"] = {"domainMax": highest}
    bars["encoding"]["y"]["title"] = comparison.profile.currency
    bars["encoding"]["x"]["axis"]["tickCount"] = {"interval": "month", "step": -(-len(option.monthly) // 12)}
    # Values that stand in the layers go to the browser as they are; a table beside the chart would take longer.
    bars["data"] = {"values": _data(comparison, option, lang)}
    old["data"] = {"values": _old_bills(comparison, option)}
    values = _marks(option, lang)
    for mark in marks:
        mark["data"] = {"values": values}
    st.vega_lite_chart(
        spec=spec, key=f"months_{option.provider.provider}",
        alt=lang.say("{provider}, cost by month: {finding}", provider=name, finding=text),
    )  # fmt: skip


def milliseconds(day: date) -> int:
    """A day as charts count time."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def _data(comparison: Comparison, option: Option, lang: Language) -> list[dict[str, Any]]:
    names = part_names(lang)
    rows: list[dict[str, Any]] = []
    for month in option.monthly:
        low = 0.0
        place = {
            "start": milliseconds(month.starts) + DAY, "end": milliseconds(month.ends) - DAY,
            "month": month_name(month, lang),
        }  # fmt: skip
        parts = [part for part in PARTS if getattr(month, part)] or PARTS[:1]
        for part in parts:
            amount = getattr(month, part)
            rows.append({
                **place, "low": low, "high": low + amount, "part": names[part],
                "amount": money(amount, comparison, lang),
            })  # fmt: skip
            low += amount
    return rows


def _old_bills(comparison: Comparison, option: Option) -> list[dict[str, float]]:
    """What the source would have billed, as a line with a step at each month."""
    months = [row for row in option.monthly if row.month != OVERLAP]
    return [
        {"day": milliseconds(day), "amount": amount}
        for row, amount in zip(months, comparison.baseline.monthly or (), strict=False)
        for day in (row.starts, row.ends)
    ]


def month_name(month: MonthRow, lang: Language) -> str:
    """What a month is called."""
    if month.month == OVERLAP:
        return lang.say("in parallel, from {day}", day=month.starts)
    return lang.say("month {number}, from {day}", number=month.month + 1, day=month.starts)


def _marks(option: Option, lang: Language) -> list[dict[str, Any]]:
    """Lines in the chart: where the parallel use begins, and where tokens begin to be paid."""
    marks = []
    if option.monthly[0].month == OVERLAP:
        marks.append({"day": milliseconds(option.monthly[0].starts), "text": lang.say("parallel")})
    if option.free_until and figures.free_days(option):
        marks.append({"day": milliseconds(option.free_until), "text": lang.say("paid from here")})
    return marks


@st.cache_resource(show_spinner=False)
def _spec(code: str) -> dict[str, Any]:
    """The chart without its data; building it takes longer than drawing it."""
    import altair as alt

    lang = language(code)
    names = [part_names(lang)[part] for part in PARTS]
    month = "utcmonth(datum.value) + 1 + '月'" if code == "zh" else "utcFormat(datum.value, '%b')"
    year = "(datum.index === 0 || utcmonth(datum.value) === 0) ? utcFormat(datum.value, '%Y') : ''"
    time = alt.X(
        "start:T", title=None, scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(labelExpr=f"[{month}, {year}]", grid=False, labelOverlap=True, labelFlush=False),
    )  # fmt: skip
    bars = (
        alt.Chart(alt.NamedData("months"))
        .mark_bar()
        .encode(
            x=time, x2="end:T",
            y=alt.Y("low:Q", axis=alt.Axis(format=",.0f", tickCount=4)), y2="high:Q",
            color=alt.Color("part:N", scale=alt.Scale(domain=names), legend=None),
            tooltip=[alt.Tooltip("month:N", title=lang.say("month")), alt.Tooltip("part:N", title=lang.say("part")),
                     alt.Tooltip("amount:N", title=lang.say("amount"))],
        )
    )  # fmt: skip
    old = (
        alt.Chart(alt.NamedData("old"))
        .mark_line(strokeDash=[6, 4], color="#8b95a1", strokeWidth=2)
        .encode(x="day:T", y="amount:Q")
    )
    empty = alt.Chart(alt.NamedData("marks"))
    rule = empty.mark_rule(strokeDash=[4, 3], color="#8b95a1").encode(x="day:T")
    words = empty.mark_text(align="left", dx=4, dy=4, baseline="top", color="#8b95a1").encode(
        x="day:T", y=alt.value(0), text="text:N"
    )
    spec: dict[str, Any] = alt.layer(bars, old, rule, words).properties(height=220).to_dict()
    for part in (spec, *spec["layer"]):
        for given in ("data", "datasets", "config", "$schema"):
            part.pop(given, None)
    return spec
