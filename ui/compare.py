"""The page Compare: inputs beside, the decision first, then what it rests on."""

from __future__ import annotations

import streamlit as st

from report.language import Language

from . import form
from .downloads import show_downloads
from .html import show
from .inputs import show_inputs, show_what_is_wrong
from .ranking import absent, show_ranking
from .reasons import show_reasons
from .side_by_side import show_side_by_side
from .verdict import show_verdict


def page(lang: Language) -> None:
    """Draws the page from what stands in the form."""
    _show_answer(lang)
    answered = form.answered()
    with st.sidebar:  # after the verdict: that is what one waits for
        show_inputs(answered.problems, answered.good.day_rate if answered.good else None, lang)


@st.fragment(key=form.ANSWER)
def _show_answer(lang: Language) -> None:
    """All that follows from the inputs, without them: what is drawn anew where nothing else changes."""
    answered = form.answered()
    good, problems = answered.good, answered.problems
    if good is None:
        show_what_is_wrong(problems, lang)
        return
    show_verdict(good, lang, is_example=answered.is_example, is_current=answered.is_current)
    show_what_is_wrong(problems, lang)
    show_downloads(good, ("pdf", "xlsx", "markdown"), lang)
    if good.options:
        show_ranking(good, lang)
        show_reasons(good, lang)
        show_side_by_side(good, lang)
    else:
        show(absent(good, lang, is_open=True), lang)
