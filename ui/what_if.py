"""The page What if: what would change the decision, and who is the cheapest at other volumes and horizons."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from calculator import Comparison
from calculator.cheapest_map import CheapestMap, cheapest_map, usual_grid
from calculator.what_if import Finding, Progress, cheapest, flips, standings
from report.language import Language
from report.verdict import money
from report.what_if import choice, condition, label, nearest, shown, steady

from . import cheapest_map as drawn
from . import form
from .flip_table import flip_table
from .html import joined, section, show, tag
from .inputs import show_inputs, show_what_is_wrong

TOLD = 3
"""Flips told in the first sentence."""
COARSE = 3
"""Of so many columns and rows of the usual grid the first map has one."""


@dataclass
class Worked:
    """What was worked out about an answer so far: much work, done once for all visitors and both languages."""

    comparison: Comparison
    """Held, so that its identity stays its own."""
    findings: list[Finding] | None = None
    map: CheapestMap | None = None
    is_fine: bool = False


@st.cache_resource(show_spinner=False, max_entries=100, hash_funcs={Comparison: id})
def _worked(comparison: Comparison) -> Worked:
    """Cached by identity: ``answers`` gives the same answer for the same profile and data."""
    return Worked(comparison)


def page(lang: Language) -> None:
    """Draws the page about the answer to what stands in the form."""
    answered = form.answered()
    good, problems = answered.good, answered.problems
    with st.sidebar:  # before the work, so that an input can be changed while it goes on
        show_inputs(problems, good.day_rate if good else None, lang)
    if not answered.is_current and good:
        stale = lang.say("Last good answer: some inputs cannot be used, see below.")
        show(tag("p", stale, class_="bj-note bj-stale"), lang)
    show_what_is_wrong(problems, lang)
    if good is None:
        return
    show(tag("h2", lang.say("What would change the decision")), lang)
    if len(standings(good)) < 2:
        show(tag("p", lang.say("There is nothing to choose between, so nothing can change the decision."),
                 class_="bj-empty"), lang)  # fmt: skip
        return
    worked = _worked(good)
    _show_flips(worked, lang)
    if good.profile.monthly_tokens:
        _show_map(worked, lang)


def _show_flips(worked: Worked, lang: Language) -> None:
    good = worked.comparison
    if worked.findings is None:
        with _progress(lang.say("Changing one input after the other …")) as progress:
            worked.findings = flips(good, progress=progress)
    found = worked.findings
    show(tag("p", _lead(found, good, lang), class_="bj-lead-strong", role="status"), lang)
    if nearest(found):
        show(flip_table(found, good, lang), lang)
    if still := steady(found):
        ranges = [
            lang.say("{input} ({low} to {high})", input=label(one, good, lang),
                     low=shown(one, one.low, good, lang), high=shown(one, one.high, good, lang))
            for one in still
        ]  # fmt: skip
        calm = lang.say("On its own, none of these changes the decision: {inputs}.", inputs=lang.joined(ranges))
        show(tag("p", calm, class_="bj-steady"), lang)
    method = joined([
        tag("span", lang.say(
            "Each input is changed alone, and all providers are compared anew with their best models and offers.")),
        tag("span", lang.say(
            "Months, days, money and exchange rates are exact; for the others, a decision that flips and flips back "
            "within an eighth of the range may be missed.")),
    ])  # fmt: skip
    show(tag("p", method, class_="bj-foot"), lang)


def _lead(found: list[Finding], good: Comparison, lang: Language) -> str:
    """Who is the cheapest by how much, and what flips that."""
    first, second = sorted(standings(good).values())[:2]
    winner = lang.say(
        "The cheapest is {winner}, by {margin}.",
        winner=choice(cheapest(good), good, lang), margin=money(second - first, good, lang),
    )  # fmt: skip
    told = [condition(*one, good, lang) for one in nearest(found)[:TOLD]]
    if not told:
        return lang.say("{winner} No input flips that on its own within its range.", winner=winner)
    return lang.say("{winner} What flips that, the nearest first: {flips}.", winner=winner, flips=lang.joined(told))


def _show_map(worked: Worked, lang: Language) -> None:
    """The map, worked out once its section is open: coarsely, and finely where that is asked for."""
    shown = section(lang.say("The cheapest at other volumes and horizons"), "what_if_map")
    if not shown.open:
        return
    good = worked.comparison
    with shown:
        place, button = st.container(), st.empty()
        words = lang.say("Comparing at other volumes and horizons …")
        if worked.map is None:
            tokens, months = usual_grid(good)
            rows = sorted({*months[1::2], good.profile.months})
            with place, _progress(words) as progress:
                worked.map = cheapest_map(good, tokens[::COARSE], rows, progress=progress)
        if not worked.is_fine and button.button(lang.say("Draw it finer"), key="what_if_finer"):
            with place, _progress(words) as progress:
                worked.map = cheapest_map(good, *usual_grid(good), progress=progress)
            worked.is_fine = True
            button.empty()
        with place:
            drawn.show_map(worked.map, good, lang)


@contextmanager
def _progress(words: str) -> Iterator[Progress]:
    """A bar while work goes on. Drawing it lets Streamlit stop the work when an input was changed meanwhile."""
    place = st.empty()
    place.progress(0.0, words)

    def told(share: float) -> None:
        place.progress(share, words)

    yield told
    place.empty()
