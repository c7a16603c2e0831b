"""The ranking: a table with every part of the cost, and who is absent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Shown:
    """What the table has to show: columns in which nobody has a figure are left out."""

    late: bool
    """Somebody is not ready at the cut-off."""
    saved: bool
    """Offers save somebody something; else list cost and bill are one."""
    free: bool
    """Somebody pays nothing for a time."""

    @classmethod
    def of(cls, comparison: Comparison) -> Shown:
        """What occurs in the answer."""
        options = comparison.options
        return cls(
            late=any(option.readiness_cost for option in options),
            saved=any(option.saved_by_offers for option in options),
            free=any(figures.free_days(option) for option in options),
        )

    @property
    def orders(self) -> list[str]:
        """By what the table can be ordered."""
        left_out = {"list": not self.saved, "saved": not self.saved, "free": not self.free}
        return [order for order in ORDERS if not left_out.get(order)]


def show_ranking(comparison: Comparison, lang: Language) -> None:
    """All options with the parts of their totals, and staying for comparison."""
    shown = Shown.of(comparison)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="ranking"):
        show(tag("h2", lang.say("The ranking")), lang, width="content")
        order = _order(shown, lang)
    show(
        joined(
            [
                _legend(shown, lang),
                tag("div", _table(comparison, shown, order, lang), class_="bj-wide bj-ranking"),
                absent(comparison, lang),
                tag("p", *_footnote(comparison, lang), class_="bj-foot"),
            ]
        ),
        lang,
    )


def _order(shown: Shown, lang: Language) -> str:
    names = {
        "total": lang.say("total"), "bill": lang.say("bill"), "work": lang.say("work of moving"),
        "list": lang.say("list cost"), "saved": lang.say("saved by offers"), "free": lang.say("longest free"),
    }  # fmt: skip
    if st.session_state.get("order") not in shown.orders:
        st.session_state.order = shown.orders[0]
    return st.selectbox(
        lang.say("Order by"), shown.orders, format_func=lambda one: lang.say("Order: {by}", by=names[one]), key="order",
        label_visibility="collapsed", width=220, persist_state="session",
    )  # fmt: skip


def _legend(shown: Shown, lang: Language) -> Markup:
    names = (lang.say("bill for tokens"), lang.say("work of moving"), lang.say("not being ready"))
    return tag(
        "p",
        *(
            tag("span", tag("i", class_=f"bj-{part}"), name)
            for part, name in zip(PARTS, names, strict=True)
            if shown.late or part != "readiness_cost"
        ),
        class_="bj-legend",
    )


def _table(comparison: Comparison, shown: Shown, order: str, lang: Language) -> Markup:
    bill = lang.say("Bill after offers") if shown.saved else lang.say("Bill for tokens")
    header = [
        "#", lang.say("Provider"), lang.say("Total"), lang.say("More than the cheapest"), bill,
        lang.say("Work of moving"), *[lang.say("Not being ready")] * shown.late,
        *[lang.say("List cost"), lang.say("Saved by offers")] * shown.saved, *[lang.say("Free until")] * shown.free,
    ]  # fmt: skip
    stay = comparison.baseline.total
    longest = max([option.total for option in comparison.options] + [stay or 0.0], default=0.0) or 1.0
    ordered = sorted(comparison.options, key=ORDERS[order])
    rows = [_row(comparison, option, shown, longest, lang) for option in ordered]
    if stay is not None:
        rows.append(_stay(comparison, stay, shown, longest, lang))
    return table(header, rows, numbers=range(3, len(header) - shown.free))


def _row(comparison: Comparison, option: Option, shown: Shown, longest: float, lang: Language) -> list[object]:
    def amount(value: float) -> str:
        return money(value, comparison, lang) if abs(value) >= 0.005 else "–"

    models = ", ".join(dict.fromkeys(model.label for model in option.models.values()))
    more = figures.above_cheapest(comparison, option)
    free: str = lang.say("the end") if option.free_until is None else lang.say("never free")
    if option.free_until and figures.free_days(option):
        free = tag("span", lang.day(option.free_until), class_="bj-day")
    return [
        tag("b", option.rank, class_="bj-rank"),
        joined([tag("b", lang.name(option.provider)), tag("small", models), _cautions(option, lang)]),
        joined([tag("b", money(option.total, comparison, lang)), _bar(option, longest)]),
        lang.say("cheapest") if option.rank == 1 else lang.say("+{amount}", amount=money(more, comparison, lang)),
        amount(option.bill), amount(option.one_off_cost), *[amount(option.readiness_cost)] * shown.late,
        *[amount(option.list_cost), amount(option.saved_by_offers)] * shown.saved, *[free] * shown.free,
    ]  # fmt: skip


def _cautions(option: Option, lang: Language) -> Markup:
    """What to know before one trusts the total; folded, so that the table stays a table."""
    if not option.warnings:
        return Markup()
    count = len(option.warnings)
    title = lang.say("⚠ 1 caution") if count == 1 else lang.say("⚠ {count} cautions", count=count)
    told = (tag("li", lang.render(one)) for one in option.warnings)
    return tag("details", tag("summary", title), tag("ul", *told), class_="bj-cautions")


def _stay(comparison: Comparison, stay: float, shown: Shown, longest: float, lang: Language) -> list[object]:
    paid = money(stay, comparison, lang)
    source = lang.name(comparison.baseline.provider)
    words = lang.say("staying, had it been possible") if comparison.event.cutoff else lang.say("staying")
    name = joined([tag("b", source), tag("small", words)])
    bar = tag("span", _part("stay", stay, longest), class_="bj-bar", aria_hidden="true")
    return [
        "", name, joined([tag("b", paid), bar]), _against_cheapest(comparison, lang), paid, "",
        *[""] * shown.late, *[paid, ""] * shown.saved, *[""] * shown.free,
    ]  # fmt: skip


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


def absent(comparison: Comparison, lang: Language, *, is_open: bool = False) -> Markup:
    """Who cannot take this usage, and why; folded, as there may be many."""
    count = len(comparison.unavailable)
    if not count:
        return Markup()
    title = (
        lang.say("1 provider cannot take this usage")
        if count == 1
        else lang.say("{count} providers cannot take this usage", count=count)
    )
    reasons = (
        tag("li", tag("b", lang.name(one.provider)), " ", lang.render(one.reason)) for one in comparison.unavailable
    )
    return tag("details", tag("summary", title), tag("ul", *reasons), class_="bj-absent", open="" if is_open else None)


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
