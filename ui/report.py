"""The page Report: the recommendation as it will be read, and everything to take away."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import streamlit as st

from report.exports import FORMATS
from report.language import Language
from report.memo import memo
from report.writers import html, svg

from . import form
from .downloads import show_downloads
from .html import Markup, show, tag


def page(lang: Language) -> None:
    """Draws the page about the answer to what stands in the form."""
    answered = form.answered()
    good = answered.good
    if answered.problems:
        wrong = lang.say("Some inputs cannot be used: correct them on the page Compare.")
        show(tag("p", wrong, class_="bj-problem", role="alert"), lang)
    if good is None:
        return
    show(
        tag(
            "section",
            tag("h2", lang.say("Take it with you")),
            tag("p", lang.say("All files say the same; the profile is what they follow from."), class_="bj-lead"),
        ),
        lang,
    )
    show_downloads(lambda: good, [*FORMATS], lang)
    document = memo(good, lang)
    st.html(f"<style>{html.style()}{svg.style()}</style>")
    show(tag("article", Markup(html.opening(document)), class_="paper"), lang)
    if document.chart:
        _drawing()(key="drawing", data=svg.svg(document.chart), height="content")
    show(tag("article", Markup(html.sections(document)), class_="paper"), lang)


@cache
def _drawing() -> Callable[..., object]:
    """An element that takes SVG, which ``st.html`` leaves out; as a picture it would not have the font of the page."""
    into_page = (
        "export default ({ data, parentElement: here }) => { here.style.overflowX = 'auto'; here.innerHTML = data }"
    )
    return st.components.v2.component("banjia_drawing", js=into_page, isolate_styles=False)
