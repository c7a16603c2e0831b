"""The ranking: a table with every part of the cost, and who is absent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from calculator import Comparison, Option
from report.language import Language
from report.verdict import money

from . import figures
from .html import Markup, joined, show, table, tag

PARTS = ("bill", "one_off_cost", "readiness_cost")
ORDERS: dict[str, Callable[[Option], float]] = {
    "total": lambda option: option.rank,
    "bill": lambda option: option.bill,
    "work": lambda option: option.one_off_cost,
    "list": lambda option: option.list_cost,
    "saved": lambda option: -option.saved_by_offers,
    "free": lambda option: -(option.free_until or date.max).toordinal(),
}


def show_ranking(comparison: Comparison, lang: Language) -> None:
    """All options with the parts of their totals, and staying for comparison."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="ranking"):
        with st.container(width="content"):
            show(tag("h2", lang.say("The ranking")), lang)
        order = _order(lang)
    show(
        joined(
            [
                _legend(lang),
                tag("div", _table(comparison, order, lang), class_="bj-wide bj-ranking"),
                _absent(comparison, lang),
            ]
        ),
        lang,
    )
    show(tag("p", *_footnote(comparison, lang), class_="bj-foot"), lang)


def _order(lang: Language) -> str:
    names = {
        "total": lang.say("total"), "bill": lang.say("bill"), "work": lang.say("work of moving"),
        "list": lang.say("list cost"), "saved": lang.say("saved by offers"), "free": lang.say("longest free"),
    }  # fmt: skip
    return st.selectbox(
        lang.say("Order by"), [*ORDERS], format_func=lambda one: lang.say("Order: {by}", by=names[one]), key="order",
        label_visibility="collapsed", width=220, persist_state="session",
    )  # fmt: skip


def _legend(lang: Language) -> Markup:
    names = (lang.say("bill for tokens"), lang.say("work of moving"), lang.say("not being ready"))
    return tag(
        "p",
        *(tag("span", tag("i", class_=f"bj-{part}"), name) for part, name in zip(PARTS, names, strict=True)),
        class_="bj-legend",
    )


def _table(comparison: Comparison, order: str, lang: Language) -> Markup:
    header = [
        "#", lang.say("Provider"), lang.say("Total"), lang.say("More than the cheapest"),
        lang.say("Bill after offers"), lang.say("Work of moving"), lang.say("Not being ready"),
        lang.say("List cost"), lang.say("Saved by offers"), lang.say("Free until"),
    ]  # fmt: skip
    stay = comparison.baseline.total
    longest = max([option.total for option in comparison.options] + [stay or 0.0], default=0.0) or 1.0
    rows = [_row(comparison, option, longest, lang) for option in sorted(comparison.options, key=ORDERS[order])]
    if stay is not None:
        rows.append(_stay(comparison, stay, longest, lang))
    return table(header, rows, numbers=range(3, 9))


def _row(comparison: Comparison, option: Option, longest: float, lang: Language) -> list[object]:
    def amount(value: float) -> str:
        return money(value, comparison, lang) if abs(value) >= 0.005 else "–"

    models = ", ".join(dict.fromkeys(model.label for model in option.models.values()))
    more = figures.above_cheapest(comparison, option)
    free: str = lang.say("the end") if option.free_until is None else lang.say("never free")
    if option.free_until and figures.free_days(option):
        free = tag("span", lang.day(option.free_until), class_="bj-day")
    return [
        tag("b", option.rank, class_="bj-rank"),
        joined([tag("b", lang.name(option.provider)), tag("small", models)]),
        joined([tag("b", money(option.total, comparison, lang)), _bar(option, longest)]),
        lang.say("cheapest") if option.rank == 1 else lang.say("+{amount}", amount=money(more, comparison, lang)),
        amount(option.bill), amount(option.one_off_cost), amount(option.readiness_cost),
        amount(option.list_cost), amount(option.saved_by_offers), free,
    ]  # fmt: skip


def _stay(comparison: Comparison, stay: float, longest: float, lang: Language) -> list[object]:
    paid = money(stay, comparison, lang)
    source = lang.name(comparison.baseline.provider)
    name = joined([tag("b", source), tag("small", lang.say("staying, had it been possible"))])
    bar = tag("span", _part("stay", stay, longest), class_="bj-bar", aria_hidden="true")
    return ["", name, joined([tag("b", paid), bar]), _against_cheapest(comparison, lang), paid, "", "", paid, "", ""]


def _against_cheapest(comparison: Comparison, lang: Language) -> str:
    """What staying would have cost more or less than the cheapest option."""
    above = figures.above_staying(comparison, comparison.options[0]) or 0.0
    amount = money(abs(above), comparison, lang)
    return lang.say("−{amount}", amount=amount) if above > 0 else lang.say("+{amount}", amount=amount)


def _bar(option: Option, longest: float) -> Markup:
    parts = (_part(part, getattr(option, part), longest) for part in PARTS)
    return tag("span", *parts, class_="bj-bar", aria_hidden="true")


def _part(part: str, amount: float, longest: float) -> Markup:
    return tag("i", class_=f"bj-{part}", style=f"width:{amount / longest * 100:.2f}%")


def _absent(comparison: Comparison, lang: Language) -> Markup:
    if not comparison.unavailable:
        return Markup()
    return tag(
        "div",
        tag("h4", lang.say("Not available for this usage")),
        tag("ul", *(
            tag("li", tag("b", lang.name(one.provider)), " ", lang.render(one.reason)) for one in comparison.unavailable
        )),
        class_="bj-absent",
    )  # fmt: skip


def _footnote(comparison: Comparison, lang: Language) -> list[Markup]:
    day = lang.say("Prices, offers and rates in force on {day}.", day=comparison.horizon.as_of)
    currency = comparison.profile.currency
    rates = [
        lang.say("1 {foreign} = {rate} {own}.", foreign=foreign, rate=lang.number(rate, digits=4), own=currency)
        for foreign, rate in sorted(comparison.exchange_rates.items())
        if foreign != currency
    ]
    use = lang.say("{months} months from {day}.", months=comparison.horizon.months, day=comparison.horizon.starts)
    return [tag("span", text) for text in (use, day, *rates)]
