"""Tokens by day and model, as an export tells them."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from report.language import Language, language
from usage import Usage

from .html import Markup, show, tag
from .months import DAY, milliseconds

COLOURS = 8
"""Bars that the theme's colours tell apart; the last stands for all further models."""
MOST_DAYS = 124
"""More are drawn as weeks."""

Tokens = dict[date, list[float]]
"""By the first day of a bar: the tokens of each model, in the order of the legend."""


def show_tokens(usage: Usage, lang: Language) -> None:
    """Stacked bars, under a sentence that says what they show."""
    names = _names(usage, lang)
    span = usage.uses[-1].day - usage.uses[0].day
    width = timedelta(days=1 if span.days < MOST_DAYS else 7)
    tokens = _tokens(usage, names, width)
    text = _finding(usage, names, tokens, lang)
    title = lang.say("Tokens by day and model") if width.days == 1 else lang.say("Tokens by week and model")
    show(
        tag("div", tag("h3", title), tag("p", tag("span", text), class_="bj-finding"), _legend(names)),
        lang,
    )
    spec = copy.deepcopy(_spec(lang.code))
    spec["data"] = {"values": _rows(tokens, names, width, lang)}
    st.vega_lite_chart(spec=spec, key="usage_chart", alt=lang.say("{title}. {finding}", title=title, finding=text))


def _names(usage: Usage, lang: Language) -> list[str]:
    """The models, the largest first; those without a colour of their own as one."""
    sums: dict[str, float] = {}
    for use in usage.uses:
        sums[use.model] = sums.get(use.model, 0) + use.tokens
    ordered = sorted(sums, key=lambda model: (-sums[model], model))
    return ordered if len(ordered) <= COLOURS else [*ordered[: COLOURS - 1], lang.say("other models")]


def _tokens(usage: Usage, names: Sequence[str], width: timedelta) -> Tokens:
    places = {name: place for place, name in enumerate(names)}
    tokens: Tokens = {}
    for use in usage.uses:
        day = use.day if width.days == 1 else use.day - timedelta(days=use.day.weekday())
        bar = tokens.setdefault(day, [0.0] * len(names))
        bar[places.get(use.model, len(names) - 1)] += use.tokens
    return tokens


def _finding(usage: Usage, names: Sequence[str], tokens: Tokens, lang: Language) -> str:
    """What the chart shows, in a sentence."""
    sums = [sum(bar[place] for bar in tokens.values()) for place in range(len(names))]
    told = {
        "total": lang.compact(round(sum(sums))), "first": usage.uses[0].day, "last": usage.uses[-1].day,
        "model": names[0], "share": lang.percent(sums[0] / sum(sums)) if sum(sums) else "–",
    }  # fmt: skip
    if len(names) == 1:
        return lang.say("{total} tokens from {first} to {last}, all of them {model}", **told)
    return lang.say("{total} tokens from {first} to {last}, {share} of them {model}", **told)


def _legend(names: Sequence[str]) -> Markup:
    marks = (tag("i", class_=f"bj-line bj-line-{place}", aria_hidden="true") for place in range(len(names)))
    return tag("p", *(tag("span", mark, name) for mark, name in zip(marks, names, strict=True)), class_="bj-legend")


def _rows(tokens: Tokens, names: Sequence[str], width: timedelta, lang: Language) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for day, bar in tokens.items():
        low = 0.0
        place = {"start": milliseconds(day), "end": milliseconds(day + width) - DAY // 8, "day": lang.day(day)}
        for line, count in enumerate(bar):
            if count:
                rows.append({
                    **place, "low": low, "high": low + count, "line": str(line), "model": names[line],
                    "amount": lang.compact(round(count)),
                })  # fmt: skip
                low += count
    return rows


@st.cache_resource(show_spinner=False)
def _spec(code: str) -> dict[str, Any]:
    """The chart without its data; building it takes longer than drawing it."""
    import altair as alt

    lang = language(code)
    # Billions of tokens are 1B in English; Chinese counts in 亿 and 万.
    amount = (
        "datum.value >= 1e8 ? format(datum.value / 1e8, ',~f') + '亿' : "
        "datum.value >= 1e4 ? format(datum.value / 1e4, ',~f') + '万' : format(datum.value, ',~f')"
        if code == "zh"
        else "replace(format(datum.value, '~s'), 'G', 'B')"
    )
    chart = alt.Chart(alt.NamedData("usage")).mark_bar()
    chart = chart.encode(
        x=alt.X("start:T", title=None, scale=alt.Scale(type="utc", nice=False),
                axis=alt.Axis(format="%Y-%m-%d", tickMinStep=DAY, grid=False, labelOverlap=True, labelSeparation=12)),
        x2="end:T",
        y=alt.Y("low:Q", title=None, axis=alt.Axis(tickCount=4, labelExpr=amount)), y2="high:Q",
        color=alt.Color("line:N", scale=alt.Scale(domain=[str(line) for line in range(COLOURS)]), legend=None),
        tooltip=[alt.Tooltip("day:N", title=lang.say("day")), alt.Tooltip("model:N", title=lang.say("model")),
                 alt.Tooltip("amount:N", title=lang.say("tokens"))],
    )  # fmt: skip
    spec: dict[str, Any] = chart.properties(height=240).to_dict()
    for given in ("data", "datasets", "config", "$schema"):
        spec.pop(given, None)
    return spec
