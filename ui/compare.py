"""The page Compare: inputs beside, the decision first, then what it rests on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from calculator import Comparison
from report.language import Language

from . import answers, form
from .downloads import show_downloads
from .html import Markup, marked, show, tag
from .inputs import show_inputs, show_what_is_wrong
from .ranking import absent, show_ranking
from .reasons import show_reasons
from .side_by_side import show_side_by_side
from .verdict import decision


def page(lang: Language) -> None:
    """Draws the page from what stands in the form: the verdict first, as that is what one waits for."""
    answered = form.answered()
    good = answered.good
    if good:
        place = show(_decision(answered, lang), lang)

        def tell(changed: form.Answered) -> None:
            nonlocal good
            good = changed.good or good
            place.html(marked(_decision(changed, lang), lang))

        st.session_state.tell = tell
    show_what_is_wrong(answered.problems, lang)
    if st.session_state.is_new:
        _wait(lang)
        with st.sidebar:
            _rest_follows(lang)
        return
    if good:
        _show_files(lambda: good, lang)
    _show_answer(lang)
    with st.sidebar:
        _show_inputs(lang)


def _decision(answered: form.Answered, lang: Language) -> Markup:
    good = answered.good
    return decision(good, lang, is_example=answered.is_example, is_current=answered.is_current) if good else Markup()


@st.fragment(run_every=0.3)
def _rest_follows(lang: Language) -> None:
    """The place of the inputs on a first visit; they come with the rest, when the browser has drawn the verdict.

    It asks for them after a time in which most have drawn it: what arrives before is drawn first, with all of this.
    """
    if st.session_state.is_drawn:
        st.rerun()
    _wait(lang)


def _wait(lang: Language) -> None:
    show(tag("div", *[tag("p", class_="bj-waiting")] * 6, aria_hidden="true"), lang)


@st.fragment
def _show_inputs(lang: Language) -> None:
    """The inputs: a part of the page, so that a change may leave alone whatever does not follow from it."""
    if form.is_part():  # an input on which others depend
        st.rerun()
    answered = form.answered()
    show_inputs(answered.problems, answered.good.day_rate if answered.good else None, lang)


@st.fragment(key=form.FILES)
def _show_files(answer: Callable[[], Comparison], lang: Language) -> None:
    show_downloads(answer, ("pdf", "xlsx", "markdown"), lang)


@st.fragment(key=form.ANSWER)
def _show_answer(lang: Language) -> None:
    """All else that follows from the inputs, without them: what is drawn anew where nothing else changes."""
    good = form.answered().good
    if good is None:
        return
    with answers.TURN:
        if good.options:
            show_ranking(good, lang)
            show_reasons(good, lang)
            show_side_by_side(good, lang)
        else:
            show(absent(good, lang, is_open=True), lang)
