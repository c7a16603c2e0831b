"""The map of the cheapest: monthly tokens to the right, months upwards, a colour for each provider."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from itertools import pairwise
from math import floor, log10
from typing import Any

import streamlit as st

from calculator import Comparison
from calculator.cheapest_map import CheapestMap
from report.language import Language, language
from report.what_if import choice

from .html import Markup, show, tag
from .price_chart import COLOURS, colour


def show_map(found: CheapestMap, comparison: Comparison, lang: Language) -> None:
    """The finding, the map and its legend."""
    title = finding(found, comparison, lang)
    show(tag("p", tag("b", title), class_="bj-finding"), lang)
    colours = _colours(found.providers)
    spec = copy.deepcopy(_spec(lang.code))
    regions, today = spec["layer"]
    edges = _edges(found.months)
    regions["data"] = {"values": _rows(found, edges, colours, comparison, lang)}
    today["data"] = {"values": [{"low": found.today[0], "bottom": found.today[1]}]}
    ticks = _ticks(found.tokens[0], found.tokens[-1])
    words = json.dumps({f"{tick:.0f}": lang.compact(tick) for tick in ticks}, ensure_ascii=False)
    for layer in spec["layer"]:
        x, y = layer["encoding"]["x"], layer["encoding"]["y"]
        x["scale"]["domain"] = [found.tokens[0], found.tokens[-1]]
        x["axis"] |= {"values": ticks, "labelExpr": f"{words}[datum.value] || ''"}
        y["scale"]["domain"] = [edges[0], edges[-1]]
        y["axis"]["values"] = [*found.months]
    st.vega_lite_chart(
        spec=spec, key="what_if_map_chart",
        alt=lang.say("Map of the cheapest provider over monthly tokens and months. {finding}", finding=title),
    )  # fmt: skip
    show(_legend(found, colours, comparison, lang), lang)


def finding(found: CheapestMap, comparison: Comparison, lang: Language) -> str:
    """Who is the cheapest at which volume over the months that are looked at."""
    if len(found.providers) == 1:
        return lang.say("On the whole map the cheapest is {winner}.",
                        winner=choice(found.providers[0], comparison, lang))  # fmt: skip
    row = [region for region in found.regions if region.months == found.today[1]]
    parts = [
        lang.say("{winner} up to about {tokens} tokens a month", winner=choice(region.provider, comparison, lang),
                 tokens=lang.compact(_round(region.high)))
        for region in row[:-1]
    ]  # fmt: skip
    last = choice(row[-1].provider, comparison, lang)
    parts.append(
        lang.say("above that {winner}", winner=last) if parts else lang.say("{winner} throughout", winner=last)
    )
    return lang.say(
        "Over {months} months the cheapest is: {parts}.", months=found.today[1], parts=lang.joined(parts)
    )  # fmt: skip


def _round(value: float) -> float:
    """To two digits: borders are not known more exactly."""
    return float(f"{value:.2g}")


def _colours(shown: Sequence[str]) -> dict[str, int]:
    """A colour for each provider, which it keeps for the session: other inputs do not repaint it."""
    kept: dict[str, int] = st.session_state.setdefault("map_colours", {})
    for provider in shown:
        if provider not in kept:
            here = {kept[one] for one in shown if one in kept}
            unused = [one for one in range(COLOURS) if one not in kept.values()]
            kept[provider] = next((one for one in (*unused, *range(COLOURS)) if one not in here), 0)
    return kept


def _edges(months: Sequence[int]) -> list[float]:
    """Where the rows meet: half way between their months."""
    middle = [(low + high) / 2 for low, high in pairwise(months)]
    return [2 * months[0] - middle[0], *middle, 2 * months[-1] - middle[-1]]


def _ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 of each power of ten between two amounts."""
    powers = range(floor(log10(low)), floor(log10(high)) + 1)
    return [step * 10.0**power for power in powers for step in (1, 2, 5) if low <= step * 10.0**power <= high]


def _rows(
    found: CheapestMap, edges: Sequence[float], colours: dict[str, int], comparison: Comparison, lang: Language
) -> list[dict[str, Any]]:  # fmt: skip
    rows = []
    for region in found.regions:
        row = found.months.index(region.months)
        rows.append({
            "low": region.low, "high": region.high, "bottom": edges[row], "top": edges[row + 1],
            "line": str(colours[region.provider]), "provider": choice(region.provider, comparison, lang),
            "months": region.months,
            "tokens": f"{lang.compact(_round(region.low))} – {lang.compact(_round(region.high))}",
        })  # fmt: skip
    return rows


def _legend(found: CheapestMap, colours: dict[str, int], comparison: Comparison, lang: Language) -> Markup:
    names = [tag("span", colour(colours[one]), choice(one, comparison, lang)) for one in found.providers]
    tokens, months = found.today
    yours = lang.say("your usage: {tokens} tokens a month, {months} months", tokens=lang.compact(tokens), months=months)
    return tag("p", *names, tag("span", tag("i", class_="bj-map-today", aria_hidden="true"), yours), class_="bj-legend")


@st.cache_resource(show_spinner=False)
def _spec(code: str) -> dict[str, Any]:
    """The chart without its data; building it takes longer than drawing it."""
    import altair as alt

    lang = language(code)
    drawn = alt.Chart(alt.NamedData("map")).encode(
        x=alt.X("low:Q", title=lang.say("Tokens a month"), scale=alt.Scale(type="log", nice=False),
                axis=alt.Axis(grid=False, labelOverlap=True, labelFlush=True)),
        y=alt.Y("bottom:Q", title=lang.say("Months looked at"), scale=alt.Scale(zero=False, nice=False),
                axis=alt.Axis(grid=False, labelOverlap=True)),
    )  # fmt: skip
    lines = [str(line) for line in range(COLOURS)]
    regions = drawn.mark_rect(opacity=0.75).encode(
        x2="high:Q", y2="top:Q",
        color=alt.Color("line:N", scale=alt.Scale(domain=lines), legend=None),
        tooltip=[alt.Tooltip("provider:N", title=lang.say("cheapest")),
                 alt.Tooltip("months:Q", title=lang.say("months")),
                 alt.Tooltip("tokens:N", title=lang.say("tokens a month"))],
    )  # fmt: skip
    today = drawn.mark_point(filled=True, size=140, color="#1b2733", stroke="#ffffff", strokeWidth=2, opacity=1)
    spec: dict[str, Any] = alt.layer(regions, today).properties(height=320).to_dict()
    for part in (spec, *spec["layer"]):
        for given in ("data", "datasets", "config", "$schema"):
            part.pop(given, None)
    return spec
