"""Two to four providers side by side: the figures that decide, and their months."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from calculator import Comparison, Option
from report.language import Language
from report.verdict import money

from . import figures
from .html import label, section, show, table, tag
from .months import show_months

MOST = 4


def show_side_by_side(comparison: Comparison, lang: Language) -> None:
    """The providers that are picked, if the part is open: at first the two cheapest."""
    beside = section(lang.say("Side by side"), "side_by_side")
    if beside.open:
        with beside:
            _show_picked(comparison, lang)


def _show_picked(comparison: Comparison, lang: Language) -> None:
    options = {option.provider.provider: option for option in comparison.options}
    _settle_choice(list(options))
    chosen = st.multiselect(
        lang.say("Providers to compare"), [*options], key="beside", max_selections=MOST, on_change=_touched,
        label_visibility="collapsed", placeholder=lang.say("Pick two to four providers."),
        format_func=lambda one: lang.name(options[one].provider), persist_state="session",
    )  # fmt: skip
    shown = [option for option in comparison.options if option.provider.provider in chosen]
    if shown:
        show(tag("div", _table(comparison, shown, lang), class_="bj-wide bj-beside"), lang)
        show_months(comparison, shown, lang)
    else:
        st.caption(label(lang.say("Pick two to four providers.")))


def _settle_choice(providers: list[str]) -> None:
    """Follows the ranking until the visitor picks, and forgets providers that are gone."""
    state = st.session_state
    picked = [one for one in state.get("beside") or [] if one in providers]
    state.beside = picked[:MOST] if state.get("beside_touched") else providers[:2]


def _touched() -> None:
    st.session_state.beside_touched = True


def _table(comparison: Comparison, shown: list[Option], lang: Language) -> str:
    """One column a provider, one row a figure; rows in which nobody has anything are left out."""

    def amount(value: float | None) -> str:
        return "" if not value else money(value, comparison, lang)

    rows: list[tuple[str, Callable[[Option], object]]] = [
        (lang.say("Total"), lambda one: tag("b", money(one.total, comparison, lang))),
        (lang.say("Bill after offers"), lambda one: money(one.bill, comparison, lang)),
        (lang.say("Work of moving"), lambda one: money(one.one_off_cost, comparison, lang)),
        (lang.say("Not being ready"), lambda one: amount(one.readiness_cost)),
        (lang.say("List cost"), lambda one: money(one.list_cost, comparison, lang)),
        (lang.say("Gifts, worth in full"), lambda one: amount(figures.gifts_in_full(one))),
        (lang.say("Gifts, worth to you"), lambda one: amount(figures.gifts_used(one))),
        (lang.say("Bill of the first month"), lambda one: money(figures.first_month(one).bill, comparison, lang)),
        (lang.say("Bill of the last month"), lambda one: money(one.monthly[-1].bill, comparison, lang)),
        (lang.say("For 1M of today's tokens"), lambda one: amount(one.price_per_million)),
        (lang.say("Free until"), lambda one: _free(one, lang)),
        (lang.say("Claim the offers by"), lambda one: _claim_by(one, lang)),
        (lang.say("Person-days"), lambda one: lang.number(figures.person_days(one), digits=1)),
        (lang.say("Ready on"), lambda one: lang.day(one.ready_on)),
        (lang.say("Models"), lambda one: lang.listed(dict.fromkeys(model.label for model in one.models.values()))),
        (lang.say("OpenAI-compatible interface"), lambda one: _compatible(comparison, one, lang)),
        (lang.say("Terms assumed"), lambda one: str(len(one.assumptions) or "")),
    ]  # fmt: skip
    told = [(title, [tell(option) for option in shown]) for title, tell in rows]
    return table(
        ["", *(lang.name(option.provider) for option in shown)],
        [[title, *(cell or "–" for cell in cells)] for title, cells in told if any(cells)],
        numbers=range(1, len(shown) + 1),
    )


def _claim_by(option: Option, lang: Language) -> str:
    first = figures.first_claim(option)
    if first is None or first.claim_by is None:
        return ""
    day = lang.day(first.claim_by)
    return lang.say("{day} (assumed)", day=day) if first.offer.claim.closes == "unknown" else day


def _free(option: Option, lang: Language) -> str:
    if not figures.free_days(option):
        return ""
    return lang.say("the end") if option.free_until is None else lang.day(option.free_until)


def _compatible(comparison: Comparison, option: Option, lang: Language) -> str:
    kind = option.provider.api.kind_on(comparison.horizon.as_of)
    return lang.say("yes") if kind == "compatible" else lang.say("no")
