"""The page Prices: what models cost over time, on two days, and what a provider charges on one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from calculator import Comparison
from pricing import Model
from pricing.history import Measure, Mix
from pricing.records import FIRST_DAY, LAST_DAY
from report import prices as report
from report.language import Language
from report.prices import Sold
from report.words import tier

from . import answers, form
from .html import label, section, show, tag
from .price_chart import COLOURS, show_chart
from .price_tables import price_list, two_days

BEST = 3
CLASSES = ("flagship", "standard", "light", "embedding")


@dataclass(frozen=True)
class View:
    """What is asked of the prices."""

    measure: Measure
    mix: Mix | None
    currency: str
    is_log: bool
    then: date
    now: date


def page(today: date, lang: Language) -> None:
    """Draws the page; the prices go up to ``today``."""
    show(tag("h2", lang.say("List prices, and what became of them")), lang)
    comparison = form.answered().good
    sold = _sold()
    chosen = [sold[one] for one in _models(sold, comparison, lang)]
    view = _view(report.mix_of(comparison) if comparison else None, today, lang)
    if chosen:
        _show_chosen(chosen, view, max(today, view.now), lang)
    else:
        show(tag("p", lang.say("Pick a model to see its prices."), class_="bj-empty"), lang)
    _show_list(view.now, lang)


def _show_chosen(chosen: list[Sold], view: View, until: date, lang: Language) -> None:
    """The chart and the table of the chosen models."""
    factor = report.factors(chosen, answers.catalogue().prices, view.currency, form.decision_day())
    compared = report.on_two_days(chosen, view.then, view.now, view.measure, view.mix, factor)
    found = report.finding(compared, lang)
    told = lang.say("From {then} to {now}: {finding}.", then=view.then, now=view.now, finding=found)
    show(tag("p", told, class_="bj-lead-strong"), lang)
    what = {
        "input": lang.say("Price of input"), "output": lang.say("Price of output"),
        "mix": lang.say("Price of your mix"),
    }[view.measure]  # fmt: skip
    title = lang.say("{what}, {currency} per 1M tokens", what=what, currency=view.currency)
    points = report.points(chosen, view.measure, view.mix, factor, until)
    show_chart(chosen, points, (view.then, view.now), title, told, is_log=view.is_log, lang=lang)
    show(two_days(compared, view.then, view.now, lang), lang)
    notes = _notes(view, {one.currency for one, _ in chosen}, factor, lang)
    show(tag("p", *(tag("span", note) for note in notes), class_="bj-foot"), lang)


def _notes(view: View, currencies: set[str], factor: Mapping[str, float], lang: Language) -> list[str]:
    """What to know before one compares: the tokens, the mix, the exchange rates."""
    day, mix = form.decision_day(), view.mix
    notes = [lang.say("Every price is per 1,000,000 of the model's own tokens: another vocabulary makes more or fewer "
                      "of the same text.")]  # fmt: skip
    if view.measure == "mix" and mix:
        notes.append(lang.say(
            "Your mix, of your chat workloads: {input} input, {cached} cached input, {output} output. "
            "Embedding models count input alone.", input=lang.percent(mix.input, digits=1),
            cached=lang.percent(mix.cached_input, digits=1), output=lang.percent(mix.output, digits=1),
        ))  # fmt: skip
    for foreign in sorted(currencies - {view.currency}):
        if foreign in factor:
            rate = lang.number(factor[foreign], digits=4)
            notes.append(lang.say(
                "1 {foreign} = {rate} {own}: the rate of {day} is used for all days, so that each step is a change of "
                "the price and not of the rate.", foreign=foreign, rate=rate, own=view.currency, day=day,
            ))  # fmt: skip
        else:
            notes.append(lang.say("Prices in {foreign} are left out: there is no exchange rate on {day}.",
                                  foreign=foreign, day=day))  # fmt: skip
    return notes


def _sold() -> dict[str, Sold]:
    """All models of all providers by a name of their own."""
    providers = answers.catalogue().prices.providers.values()
    return {f"{provider.provider}:{model.id}": (provider, model) for provider in providers for model in provider.models}


def _of_answer(comparison: Comparison | None) -> list[str]:
    """The models of the answer: those used today, and those of the cheapest options."""
    if comparison is None:
        return [f"{form.event().source}:{workload.model}" for workload in form.typed().workloads]
    source = comparison.baseline.provider.provider
    found = [f"{source}:{workload.model}" for workload in comparison.profile.workloads]
    for option in comparison.options[:BEST]:
        found += [f"{option.provider.provider}:{model.id}" for model in option.models.values()]
    return found


def _models(sold: dict[str, Sold], comparison: Comparison | None, lang: Language) -> list[str]:
    """The models to show: those of the answer, until others are picked."""
    state = st.session_state
    picked = state.get("prices_models", []) if state.get("prices_touched") else _of_answer(comparison)
    state.prices_models = [one for one in dict.fromkeys(picked) if one in sold][:COLOURS]
    classes = st.pills(
        lang.say("Pick from"), CLASSES, selection_mode="multi", key="prices_classes", persist_state="session",
        format_func=lambda one: tier(one, lang),
        help=lang.say("Narrows the list below; models that are picked already stay."),
    )  # fmt: skip
    offered = [one for one, (_, model) in sold.items() if one in state.prices_models or _fits(model, classes)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="prices_pick"):
        chosen = st.multiselect(
            lang.say("Models, at most {most}", most=COLOURS), offered, max_selections=COLOURS, key="prices_models",
            format_func=_named(sold, lang), on_change=_touched, placeholder=lang.say("Type a model or a provider"),
            persist_state="session", wrap=True,
        )  # fmt: skip
        if state.get("prices_touched"):
            st.button(lang.say("Those of the answer"), key="prices_reset", icon=":material/undo:", on_click=_reset)
    return chosen


def _named(sold: dict[str, Sold], lang: Language) -> Callable[[str], str]:
    def name(one: str) -> str:
        provider, model = sold[one]
        return f"{model.label} · {lang.name(provider)}"

    return name


def _fits(model: Model, classes: list[str]) -> bool:
    return not classes or (model.tier or model.kind) in classes


def _touched() -> None:
    st.session_state.prices_touched = True


def _reset() -> None:
    st.session_state.prices_touched = False


def _view(mix: Mix | None, today: date, lang: Language) -> View:
    """Which price, in which currency, on which scale, and the two days to compare, the earlier first."""
    state = st.session_state
    names: dict[Measure, str] = {
        "mix": lang.say("Your mix"), "input": lang.say("Input"), "output": lang.say("Output"),
    }  # fmt: skip
    measures = [one for one in names if mix or one != "mix"]
    usual = report.usual_days(form.event(), form.decision_day(), today)
    _settle(measures, usual)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="prices_view"):
        st.segmented_control(
            lang.say("Price of"), measures, format_func=names.__getitem__, key="prices_measure", required=True,
            persist_state="session",
        )  # fmt: skip
        st.selectbox(lang.say("Currency"), form.currencies(), key="prices_currency", width=110, persist_state="session")
        for name, key in ((lang.say("From"), "prices_then"), (lang.say("To"), "prices_now")):
            st.date_input(name, None, FIRST_DAY, LAST_DAY, key=key, format="YYYY-MM-DD", width=170,
                          persist_state="session")  # fmt: skip
        st.toggle(
            lang.say("Logarithmic scale"), key="prices_log", persist_state="session",
            help=lang.say("Equal steps are equal percentages. Free models have no place on it."),
        )  # fmt: skip
    days = (state.prices_then or usual[0], state.prices_now or usual[1])
    return View(state.prices_measure, mix, state.prices_currency, state.prices_log, min(days), max(days))


def _settle(measures: Sequence[Measure], usual_days: tuple[date, date]) -> None:
    """Values that the inputs can have; the days follow the decision until others are picked."""
    state = st.session_state
    if state.get("prices_measure") not in measures:
        state.prices_measure = measures[0]
    if state.get("prices_currency") not in form.currencies():
        state.prices_currency = state.currency
    state.setdefault("prices_log", True)
    if state.get("prices_usual_days") != usual_days:
        state.prices_usual_days = usual_days
        state.prices_then, state.prices_now = usual_days


def _show_list(day: date, lang: Language) -> None:
    """All list prices of the providers that are picked."""
    box = section(lang.say("All list prices of a provider"), "prices_list")
    if not box.open:
        return
    providers = answers.catalogue().prices.providers
    state = st.session_state
    picked = state.get("prices_providers", [form.event().source])
    state.prices_providers = [one for one in picked if one in providers]
    with box:
        names = st.multiselect(
            lang.say("Providers"), [*providers], key="prices_providers", persist_state="session",
            format_func=lambda one: label(lang.name(providers[one])), placeholder=lang.say("none"),
        )  # fmt: skip
        listed = report.all_on([providers[one] for one in names], day)
        show(price_list(listed, day, lang), lang)
