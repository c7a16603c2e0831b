"""The page Compare: inputs beside, the decision first, then what it rests on."""

from __future__ import annotations

import streamlit as st

from report.language import Language

from . import answers, form
from .downloads import show_downloads
from .html import show
from .inputs import show_inputs, show_what_is_wrong
from .ranking import absent, show_ranking
from .reasons import show_reasons
from .side_by_side import show_side_by_side
from .verdict import show_verdict


def page(lang: Language) -> None:
    """Draws the page from what stands in the form."""
    answered = form.answered()
    good, problems = answered.good, answered.problems
    if good is None:
        show_what_is_wrong(problems, lang)
    else:
        is_example = good.profile == answers.example(good.event.event)
        show_verdict(good, lang, is_example=is_example, is_current=answered.is_current)
        show_what_is_wrong(problems, lang)
        show_downloads(good, ("pdf", "xlsx", "markdown"), lang)
    with st.sidebar:  # after the verdict: that is what one waits for
        show_inputs(problems, good.day_rate if good else None, lang)
    if good is None:
        return
    if good.options:
        show_ranking(good, lang)
        show_side_by_side(good, lang)
        show_reasons(good, lang)
    else:
        show(absent(good, lang, is_open=True), lang)
