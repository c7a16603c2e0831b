"""The page Offers: what the providers give to those who move, and whether it can still be claimed on a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from offers import Offer
from offers.schema import Benefit, MatchedGrant, Service
from pricing import Provider
from pricing.records import FIRST_DAY, LAST_DAY
from report import offers as report
from report.language import Language
from report.offers import Gift, OfferOnDay, Told
from report.words import benefit_kind, service

from . import answers, form
from .claim_windows import claim_windows
from .html import Markup, joined, label, show, table, tag
from .own_offers import is_own, show_own_offers
from .sources import sources

GIFTS: tuple[Gift, ...] = ("tokens", "money", "migration", "training", "fine_tuning", "consulting")
CUSTOMERS: dict[str, Callable[[Offer], bool]] = {
    "all": lambda _: True,
    "new": lambda offer: offer.conditions.new_customer is True,
    "old": lambda offer: offer.conditions.new_customer is False,
    "unknown": lambda offer: offer.conditions.new_customer == "unknown",
}
VIEWS = ("cards", "table", "windows")


def page(lang: Language) -> None:
    """Draws the page for the event of the form."""
    event = answers.catalogue().events[form.event().event]
    source = lang.name(answers.catalogue().prices.providers[event.event.source])
    show(tag("h2", lang.say("What providers offer to those who leave {source}", source=source)), lang)
    if event.offers:
        day = _day(lang)
        state = st.session_state
        found = report.offers_on(event, answers.catalogue().prices, day, state.stance, state.starts)
        _show_offers(found, day, lang)
    else:
        show(_nothing(lang), lang)
        show_own_offers(lang)


def _nothing(lang: Language) -> Markup:
    why = lang.say("No offers are known for this event.")
    if form.event().cutoff is None:
        why = lang.say(
            "Offers of this kind are made when a provider shuts customers out. Here nobody is cut off and nobody "
            "advertises: the answer rests on list prices and the work of moving alone."
        )
    what = lang.say("Another event can be picked above. If a provider made you an offer, bring it along below.")
    return tag("div", tag("p", why), tag("p", what), class_="bj-card bj-empty")


def _day(lang: Language) -> date:
    """The day to look at: that of the decision, until another one is picked."""
    state, usual = st.session_state, form.decision_day()
    if state.get("offers_usual_day") != usual:
        state.offers_usual_day = state.offers_day = usual
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="offers_days"):
        picked = st.date_input(
            lang.say("Seen on"), None, FIRST_DAY, LAST_DAY, key="offers_day", format="YYYY-MM-DD", width=170,
            persist_state="session", help=lang.say("At first the day of the decision. The answer is not changed."),
        )  # fmt: skip
        days = {
            lang.say("Announcement"): form.event().announced, lang.say("Decision"): usual,
            lang.say("Cut-off"): form.event().cutoff,
        }  # fmt: skip
        for index, (name, day) in enumerate(days.items()):
            if day is not None:
                st.button(name, key=f"offers_day_{index}", on_click=_go_to, args=(day,), disabled=day == picked,
                          help=label(lang.day(day)))  # fmt: skip
    return picked if picked and FIRST_DAY <= picked <= LAST_DAY else usual


def _go_to(day: date) -> None:
    st.session_state.offers_day = day


def _show_offers(found: Sequence[OfferOnDay], day: date, lang: Language) -> None:
    show(_summary(found, day, lang), lang)
    show_own_offers(lang)
    shown = _filtered(found, lang)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="offers_count"
    ):
        counted = lang.say("{shown} of {all} offers shown", shown=len(shown), all=len(found))
        with st.container(width="content"):
            show(tag("p", counted, class_="bj-note", role="status"), lang)
        view = _view(lang)
    if not shown:
        show(tag("p", lang.say("No offer fits these filters. Take one away to see more."), class_="bj-empty"), lang)
    elif view == "table":
        show(tag("div", _table(shown, lang), class_="bj-wide bj-offer-table"), lang)
    elif view == "windows":
        show(claim_windows(shown, lang), lang)
    else:
        show(tag("div", *(_card(one, lang) for one in shown), class_="bj-offers"), lang)


def _summary(found: Sequence[OfferOnDay], day: date, lang: Language) -> Markup:
    """How many can be claimed, the next that closes, and how much is not published."""
    can = [one for one in found if one.can_be_claimed]
    first = lang.say("On {day}, {count} of {all} offers can be claimed.", day=day, count=len(can), all=len(found))
    closing = [one for one in can if one.state in ("closing", "last_day")]
    lines = []
    if closing:
        soonest = min(closing, key=lambda one: one.closes or LAST_DAY)
        lines.append(lang.say(
            "First to close: {provider}, {state}, last day {day}.", provider=lang.name(soonest.provider),
            state=report.state_words(soonest, lang), day=soonest.closes,
        ))  # fmt: skip
    counts = [report.count_terms(one.offer, one.provider, lang) for one in found]
    lines.append(lang.say(
        "{missing} of {all} terms are not published.",
        missing=sum(missing for _, missing in counts), all=sum(terms for terms, _ in counts),
    ))  # fmt: skip
    assumed = [one for one in found if one.offer.claim.closes == "unknown"]
    if assumed:
        ends = assumed[0].closes
        sentence = lang.say("For {count} offers nobody published the last day", count=len(assumed))
        lines.append(
            lang.say("{statement}: the answer takes them to close on {day}.", statement=sentence, day=ends)
            if ends
            else lang.say("{statement}: the answer takes them to stay open.", statement=sentence)
        )
    return tag("div", tag("p", first, class_="bj-offers-count"), *(tag("p", line) for line in lines), class_="bj-lead")


def _filtered(found: Sequence[OfferOnDay], lang: Language) -> list[OfferOnDay]:
    """The offers that fit what is picked; of several kinds of gifts one is enough."""
    names = gift_names(lang)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="offers_filters"):
        gifts = st.pills(
            lang.say("Gives"), GIFTS, selection_mode="multi",
            format_func=names.__getitem__, key="offers_gifts", label_visibility="collapsed", persist_state="session",
            wrap=True,
        )  # fmt: skip
        customers = {
            "all": lang.say("For any customers"), "new": lang.say("For new customers only"),
            "old": lang.say("For old customers too"), "unknown": lang.say("For whom is not published"),
        }  # fmt: skip
        for_whom = st.selectbox(
            lang.say("For whom"), [*CUSTOMERS], format_func=customers.__getitem__, key="offers_customers", width=240,
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        is_open = st.toggle(
            lang.say("Can be claimed on this day"), key="offers_open", persist_state="session",
        )  # fmt: skip
    fits = CUSTOMERS.get(for_whom, CUSTOMERS["all"])
    return [
        one
        for one in found
        if (not gifts or one.gifts & set(gifts)) and fits(one.offer) and (one.can_be_claimed or not is_open)
    ]


def gift_names(lang: Language) -> dict[Gift, str]:
    """What kinds of gifts are called."""
    return {
        "tokens": lang.say("free tokens"), "money": lang.say("discount or voucher"),
        "migration": service("migration", lang), "training": service("training", lang),
        "fine_tuning": service("fine_tuning", lang), "consulting": service("consulting", lang),
    }  # fmt: skip


def _view(lang: Language) -> str:
    names = {
        "cards": lang.say("Cards"), "table": lang.say("Side by side"), "windows": lang.say("Claim windows"),
    }  # fmt: skip
    if st.session_state.get("offers_view") not in VIEWS:
        st.session_state.offers_view = VIEWS[0]
    view = st.segmented_control(
        lang.say("View"), VIEWS, format_func=names.__getitem__, key="offers_view", required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    return view or VIEWS[0]


def badge(one: OfferOnDay, lang: Language) -> Markup:
    """How the claim window stands, marked."""
    return tag("span", report.state_words(one, lang), class_=f"bj-badge bj-is-{one.state}")


def unpublished(lang: Language) -> Markup:
    """The mark of a term that no source states."""
    return tag("em", lang.say("not published"), class_="bj-unknown")


def _value(term: Told, lang: Language) -> object:
    return unpublished(lang) if term.value is None else term.value


def gift(benefit: Benefit, provider: Provider, lang: Language) -> str:
    """What a benefit gives, without the terms that stand beside it."""
    if isinstance(benefit, MatchedGrant):
        return benefit_kind(benefit.kind, lang)
    return report.gives(benefit, provider, lang)


def _card(one: OfferOnDay, lang: Language) -> Markup:
    offer, provider = one.offer, one.provider
    terms = report.offer_terms(offer, lang)
    known = (tag("div", tag("dt", term.name), tag("dd", term.value)) for term in terms if term.value is not None)
    missing = [term.name for term in terms if term.value is None]
    return tag(
        "article",
        tag(
            "header",
            tag("div", tag("h3", lang.name(provider)), tag("p", lang.name(offer))),
            badge(one, lang),
        ),
        tag("p", lang.say("From your own file"), class_="bj-own") if is_own(offer) else "",
        tag("ul", *(_gift(benefit, provider, lang) for benefit in offer.benefits), class_="bj-gifts"),
        tag("dl", *known),
        tag(
            "p",
            tag("em", lang.say("Not published:"), class_="bj-unknown"),
            " ",
            lang.listed(missing),
            class_="bj-missing",
        )
        if missing
        else "",
        sources(lang.say("Terms"), offer.sources or (), offer.confidence, offer.note, lang)
        if offer.sources or offer.note
        else "",
        class_="bj-offer-card",
    )


def _gift(benefit: Benefit, provider: Provider, lang: Language) -> Markup:
    terms = report.benefit_terms(benefit, provider, lang)
    return tag(
        "li",
        tag("p", tag("b", gift(benefit, provider, lang))),
        tag("p", *(tag("span", term.name, " ", _value(term, lang)) for term in terms)) if terms else "",
        sources("", benefit.sources, benefit.confidence, benefit.note, lang),
    )


def _table(shown: Sequence[OfferOnDay], lang: Language) -> Markup:
    header = [
        lang.say("Provider"), lang.say("On this day"), lang.say("Free tokens"), lang.say("Discount or voucher"),
        lang.say("Free help"), lang.say("First day to claim"), lang.say("Last day to claim"), lang.say("For whom"),
        lang.say("Kind of account"), lang.say("Not published"),
    ]  # fmt: skip
    return table(header, [_row(one, lang) for one in shown], numbers=[len(header) - 1])


def _row(one: OfferOnDay, lang: Language) -> list[object]:
    opens, closes, for_whom, kind, *_ = (_value(term, lang) for term in report.offer_terms(one.offer, lang))
    gifts = [benefit for benefit in one.offer.benefits if not isinstance(benefit, Service)]
    tokens = [benefit for benefit in gifts if benefit.kind in ("token_grant", "matched_grant")]
    money = [benefit for benefit in gifts if benefit not in tokens]
    help_ = [service(benefit.service, lang) for benefit in one.offer.benefits if isinstance(benefit, Service)]
    terms, missing = report.count_terms(one.offer, one.provider, lang)
    return [
        joined([tag("b", lang.name(one.provider)), tag("small", lang.name(one.offer))]), badge(one, lang),
        _gifts(tokens, one.provider, lang), _gifts(money, one.provider, lang), lang.listed(help_),
        opens, closes, for_whom, kind, lang.say("{missing} of {all}", missing=missing, all=terms),
    ]  # fmt: skip


def _gifts(benefits: Sequence[Benefit], provider: Provider, lang: Language) -> Markup:
    return joined(
        tag("div", gift(benefit, provider, lang), tag("small", *_terms(benefit, provider, lang)))
        for benefit in benefits
    )


def _terms(benefit: Benefit, provider: Provider, lang: Language) -> list[Markup]:
    return [tag("span", term.name, " ", _value(term, lang)) for term in report.benefit_terms(benefit, provider, lang)]
