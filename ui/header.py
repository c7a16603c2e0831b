"""The head of every page: what this is, what it is about, and the language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from offers import Event
from report.language import LANGS, Lang, Language, language

from . import address, answers, form, own_offers
from .html import Markup, joined, label, show, tag

OLD = 60
"""Prices that are older, in days, are marked where the move is of today."""


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


def show_header(pages: Sequence[st.Page], lang: Language) -> None:
    """The product's name and promise, the pages, the link to this very page, and the language."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="header"):
        with st.container(width="content", key="header_name"):
            show(
                joined([
                    tag("h1", "Banjia ", tag("span", "搬家", lang="zh-CN"), class_="bj-name"),
                    tag("p", lang.say("What it really costs to move to another LLM provider."), class_="bj-promise"),
                ]),
                lang,
            )  # fmt: skip
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", width="content", key="header_tools"
        ):
            _share(lang)
            language_switch()
    _link_to(pages)


@st.fragment(key=form.LINKS)
def _link_to(pages: Sequence[st.Page]) -> None:
    """Links to the pages, which take along what was typed."""
    address.keep()
    query = address.query()
    with st.container(horizontal=True, gap="small", key="pages"):
        for page in pages:
            st.page_link(page, query_params=query)


def _share(lang: Language) -> None:
    """The address of this very page, to copy."""
    with st.popover(lang.say("Copy link"), icon=":material/link:", key="share", on_change="rerun") as popover:
        if popover.open:
            st.caption(label(lang.say("The link holds all your inputs. Whoever has it sees the same answer.")))
            st.code(f"{st.context.url}?{urlencode(address.query())}", language=None, wrap_lines=True)
            if answers.own_files():
                st.caption(label(lang.say("Your own offers are not in the link.")))
            if "s" not in st.query_params and not form.is_example():
                st.caption(label(lang.say("This is too much for a link: share the profile as a file instead.")))


def show_event(today: date, lang: Language) -> None:
    """What the move is about, and of which day the prices are.

    The choice of the event is made outside the pages: Streamlit takes an input that two pages draw for two inputs, and
    the second one would begin with its first option.
    """
    event, events = form.event(), answers.catalogue().events
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="header_event"):
        if len(events) > 1:
            st.selectbox(
                lang.say("What the move is about"), [*events], format_func=lambda one: lang.name(events[one].event),
                key="event", on_change=form.switch_event, args=(event.event, lang.code), label_visibility="collapsed",
                persist_state="session", width=440,
            )  # fmt: skip
        else:
            show(tag("p", tag("strong", lang.name(event)), class_="bj-event"), lang)
        show(tag("p", *_days(event, today, lang), class_="bj-event"), lang)
    with st.container(key="header_notes"):  # a place of their own: what follows stays where it is when they go
        if st.session_state.link_refused:
            wrong = lang.say("The link to this page cannot be read: the example is shown.")
            show(tag("p", wrong, class_="bj-problem", role="alert"), lang)
        own_offers.show_note(lang)


def _days(event: Event, today: date, lang: Language) -> list[Markup]:
    """The event's days, and of which day the prices are."""
    prices = lang.say("Prices as of {day}", day=form.decision_day())
    if event.cutoff:
        days = lang.say("Announced {day}, cut off {cutoff}.", day=event.announced, cutoff=event.cutoff)
        return [tag("span", days), tag("span", lang.say("{statement}.", statement=prices))]
    age = (today - form.decision_day()).days
    dated = lang.say("{statement}.", statement=prices)
    if age >= 0:
        dated = lang.say("{prices}, {age}.", prices=prices, age=data_age(age, lang))
    return [
        tag("span", lang.say("Nobody is cut off.")),
        tag("span", dated, class_="bj-stale" if age > OLD else None),
    ]


def data_age(days: int, lang: Language) -> str:
    """How long ago a day was."""
    if days == 0:
        return lang.say("today's")
    return lang.say("1 day old") if days == 1 else lang.say("{days} days old", days=days)
