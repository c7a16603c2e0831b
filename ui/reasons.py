"""Why a provider costs what it costs: the ledger, its models, its offers, and what was assumed."""

from __future__ import annotations

import streamlit as st

from calculator import Comparison, Option
from report.language import Language
from report.ledger import Line, ledger
from report.verdict import money
from report.words import assumed_term

from . import form
from .choices import show_models
from .html import Markup, joined, label, section, show, tag
from .offer_uses import offer_use
from .sources import sources


def show_reasons(comparison: Comparison, lang: Language) -> None:
    """The reasons of one provider, if they are open: at first of the cheapest."""
    reasons = section(lang.say("Why it costs that"), "reasons")
    if reasons.open:
        with reasons:
            _show_reasons(comparison, lang)


def _show_reasons(comparison: Comparison, lang: Language) -> None:
    options = {option.provider.provider: option for option in comparison.options}
    if st.session_state.get("why") not in options:
        st.session_state.why = comparison.options[0].provider.provider
    chosen = st.selectbox(
        lang.say("Provider"), [*options], format_func=lambda one: _named(options[one], comparison, lang), key="why",
        label_visibility="collapsed", width=320, persist_state="session",
    )  # fmt: skip
    option = options[chosen]
    show(tag("section", ledger_lines(comparison, option, lang), class_="bj-reason"), lang)
    show_models(comparison, option, lang)
    _show_offers(comparison, option, lang)
    rest = [
        (lang.say("Assumed, as nobody published it"), _assumptions(option, lang)),
        (lang.say("Mind"), _list([lang.render(one) for one in option.warnings])),
    ]
    show(
        joined(tag("section", tag("h3", title), body, class_="bj-reason") for title, body in rest if body),
        lang,
    )


def _named(option: Option, comparison: Comparison, lang: Language) -> str:
    return lang.say(
        "{rank}. {provider}, {total}",
        rank=option.rank, provider=lang.name(option.provider), total=money(option.total, comparison, lang),
    )  # fmt: skip


def _list(items: list[str]) -> Markup:
    return tag("ul", *(tag("li", item) for item in items)) if items else Markup()


def ledger_lines(comparison: Comparison, option: Option, lang: Language) -> Markup:
    """From the list cost to the total, each line with its rule and its sources."""
    return tag("ol", *(_line(line, comparison, lang) for line in ledger(comparison, option, lang)), class_="bj-ledger")


def _line(line: Line, comparison: Comparison, lang: Language) -> Markup:
    shown = money(abs(line.amount), comparison, lang)
    sign = "−" if line.amount < 0 else "" if line.is_sum else "+"
    evidence = [sources(one.figure, one.sources, one.confidence, one.note, lang) for one in line.evidence]
    return tag(
        "li",
        tag("span", tag("b", line.label), tag("small", line.rule), class_="bj-step"),
        tag("span", sign, shown, class_="bj-amount"),
        tag("div", *evidence, class_="bj-evidence") if evidence else "",
        class_="bj-sum" if line.is_sum else None,
    )


def _show_offers(comparison: Comparison, option: Option, lang: Language) -> None:
    """What became of each offer, with a switch that leaves it out."""
    show(tag("h3", lang.say("Offers")), lang)
    if not option.offers:
        show(tag("p", lang.say("This provider has no offer for this event.")), lang)
    for use in option.offers:
        key = f"counted:{use.offer.id}"
        st.session_state[key] = use.status != "declined"
        st.toggle(
            label(lang.name(use.offer)), key=key, on_change=_count, args=(use.offer.id,),
            help=lang.say("Off: the answer is that without this offer."),
        )  # fmt: skip
        show(offer_use(comparison, option, use, lang), lang)


def _count(offer: str) -> None:
    """Leaves an offer out of the answer, or counts it again."""
    state = st.session_state
    others = [one for one in state.declined if one != offer]
    state.declined = others if state[f"counted:{offer}"] else [*others, offer]
    form.redraw_answer()


def _assumptions(option: Option, lang: Language) -> Markup:
    """By offer; what is not about an offer is about the token counts."""
    names: dict[str | None, str] = {use.offer.id: lang.name(use.offer) for use in option.offers}
    groups: dict[str | None, list[Markup]] = {}
    for one in option.assumptions:
        term = tag("span", assumed_term(one.term, lang), class_="bj-term")
        groups.setdefault(one.offer, []).append(tag("li", term, lang.render(one.assumed)))
    return joined(
        tag("div", tag("b", names.get(offer, lang.say("Token counts"))), tag("ul", *terms), class_="bj-assumed")
        for offer, terms in groups.items()
    )
