"""The head of every page: what this is, what it is about, and the language."""

from __future__ import annotations

import streamlit as st

from offers import Event
from report.language import LANGS, Lang, Language, language

from .html import joined, show, tag


def chosen_language() -> Language:
    """The language that was picked; at first that of the address, else of the browser."""
    state = st.session_state
    if "lang" not in state:
        wanted = st.query_params.get("lang") or st.context.locale or "en"
        state.lang = "zh" if wanted.lower().startswith("zh") else "en"
    return language(state.lang)


def language_switch() -> None:
    """English or Chinese; everything typed stays."""
    codes: list[Lang] = list(LANGS)
    st.segmented_control(
        "Language / 语言", codes, format_func=lambda code: LANGS[code], key="lang", required=True,
        label_visibility="collapsed", on_change=_remember, persist_state="session",
    )  # fmt: skip


def _remember() -> None:
    st.query_params["lang"] = st.session_state.lang


def show_header(event: Event, lang: Language) -> None:
    """The product's name and promise, and the event that forces the move."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top", key="header"):
        with st.container(width="content", key="header_name"):
            show(
                joined([
                    tag("h1", "Banjia ", tag("span", "搬家", lang="zh-CN"), class_="bj-name"),
                    tag("p", lang.say("What it really costs to move to another LLM provider."), class_="bj-promise"),
                ]),
                lang,
            )  # fmt: skip
        with st.container(width="content", key="header_language"):
            language_switch()
    if event.cutoff:
        days = lang.say("announced {day}, cut off {cutoff}", day=event.announced, cutoff=event.cutoff)
    else:
        days = lang.say("announced {day}, nobody is cut off", day=event.announced)
    show(tag("p", tag("strong", lang.name(event)), " ", tag("span", days), class_="bj-event"), lang)
