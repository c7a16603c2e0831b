"""Which model takes which workload, and what another choice would cost."""

from __future__ import annotations

import streamlit as st

from calculator import Comparison, Option
from calculator.choices import Choice, model_choices
from pricing import Price
from report.language import Language
from report.verdict import money

from . import answers, form
from .html import label, section, show, table, tag


def show_models(comparison: Comparison, option: Option, lang: Language) -> None:
    """The models of a provider with their prices, and the other models that could be chosen."""
    show(tag("h3", lang.say("Which model replaces which")), lang)
    day, source, currency = comparison.horizon.as_of, comparison.baseline.provider, option.provider.currency

    def price(value: object) -> str:
        return lang.money(float(value), currency, digits=2) if isinstance(value, float | int) else "–"

    header = [
        lang.say("Workload"), lang.say("Today"), lang.say("New"), lang.say("New tokens for one old"),
        lang.say("Input, 1M tokens"), lang.say("Output, 1M tokens"),
    ]  # fmt: skip
    rows: list[list[object]] = []
    for workload in comparison.profile.workloads:
        model, today = option.models[workload.label], source.model(workload.model)
        entry: Price | None = model.price_on(day)
        ratio = lang.say("× {ratio}", ratio=lang.number(option.ratios[workload.label], digits=2))
        rows.append([
            workload.label, today.label if today else workload.model, tag("b", model.label), ratio,
            price(entry and entry.input), price(entry and entry.output),
        ])  # fmt: skip
    show(tag("div", table(header, rows, numbers=range(3, 6)), class_="bj-wide"), lang)
    others = section(lang.say("Choose other models"), "choose_models")
    if others.open:
        with others:
            _show_choices(comparison, option, lang)


def _show_choices(comparison: Comparison, option: Option, lang: Language) -> None:
    """For each workload all models that could take it, each with what its choice would change."""
    provider = option.provider.provider
    found = model_choices(comparison, option)
    for (number, typed), workload in zip(form.counting(), comparison.profile.workloads, strict=False):
        names = {"": lang.say("the cheapest")}
        names |= {choice.model.id: _named(choice, comparison, option, lang) for choice in found[workload.label]}
        key, pinned = f"pin:{number}:{provider}", typed.pin.get(provider, "")
        st.session_state[key] = pinned if pinned in names else ""
        st.selectbox(
            label(workload.label), [*names], key=key, format_func=names.__getitem__, on_change=_pin,
            args=(number, provider),
        )  # fmt: skip


def _named(choice: Choice, comparison: Comparison, option: Option, lang: Language) -> str:
    more = choice.total - option.total
    if abs(more) < 0.005:
        return choice.model.label
    amount = money(abs(more), comparison, lang)
    if more > 0:
        return lang.say("{model}: {amount} more", model=choice.model.label, amount=amount)
    return lang.say("{model}: {amount} less", model=choice.model.label, amount=amount)


def _pin(number: int, provider: str) -> None:
    """Pins the model that was picked, or lets the cheapest take the workload again."""
    key = form.key("pin", number)
    chosen = st.session_state[f"pin:{number}:{provider}"]
    if chosen and not answers.catalogue().prices.providers[provider].model(chosen):
        return  # the browser sent a name with the cost of a moment ago
    others = {name: model for name, model in st.session_state[key].items() if name != provider}
    st.session_state[key] = {**others, provider: chosen} if chosen else others
    form.redraw_answer()
