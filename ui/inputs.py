"""The inputs beside the result: everything of a profile that a person enters."""

from __future__ import annotations

from contextlib import AbstractContextManager

import streamlit as st

from calculator.profile import MAX_MONTHS, MAX_OVERLAP_DAYS
from offers.claims import ASSUMED_LIFE, ASSUMED_WINDOW_AFTER_CUTOFF, STANCES
from offers.schema import ACCOUNTS
from pricing.records import FIRST_DAY, LAST_DAY
from report.language import Language
from report.words import account

from . import answers, form
from .amounts import format_amount
from .answers import Problems
from .fields import all_placed
from .html import label, section, show, show_problems, tag
from .start import show_start
from .workloads import show_workloads


def show_inputs(problems: Problems, usual_day_rate: float | None, lang: Language) -> None:
    """All inputs, each with the problems that it has."""
    forced = form.event().cutoff is not None
    show_start(lang)
    show_workloads(problems, lang)
    _growth_and_months(problems, lang)
    if not forced:
        _starts(problems, lang)
    if answers.catalogue().events[form.event().event].offers:
        _stance(lang)
    show(tag("h3", lang.say("Your situation")), lang)
    title = lang.say("Team, outage and currency") if forced else lang.say("Team and currency")
    if group := _group(title, "team", problems, "team", "loss_per_day", "currency"):
        with group:
            _team(problems, usual_day_rate, lang)
    dates = ("as_of", "starts", "overlap") if forced else ("as_of", "overlap")
    if group := _group(lang.say("Dates and parallel running"), "dates", problems, *dates):
        with group:
            _dates(problems, lang)
    if group := _group(lang.say("Your accounts"), "accounts", problems, "customer_of", "account"):
        with group:
            _accounts(problems, lang)


def show_what_is_wrong(problems: Problems, lang: Language) -> None:
    """The problems once more beside the answer: the inputs may be out of sight."""
    if problems:
        messages = all_placed(problems, form.typed().counting, lang)
        show(
            tag(
                "div",
                tag("p", lang.say("These inputs cannot be used:")),
                tag("ul", *(tag("li", message) for message in messages)),
                class_="bj-problem",
            ),
            lang,
        )


def _group(title: str, key: str, problems: Problems, *fields: str) -> AbstractContextManager[object] | None:
    """A group of inputs, if it is open; it is marked where something in it is wrong."""
    wrong = any(problems.at(field) for field in fields)
    group = section(f"⚠ {title}" if wrong else title, f"group_{key}")
    return group if group.open else None


def _growth_and_months(problems: Problems, lang: Language) -> None:
    growth, months = st.columns(2, gap="small", wrap=False)
    with growth:
        st.number_input(
            lang.say("Growth a month, %"), -100.0, 1000.0, step=1.0, format="%g", key="growth", **form.PLAIN,
            help=lang.say("By how much your usage grows from one month to the next. Negative if it shrinks."),
        )  # fmt: skip
        show_problems(problems.at("growth"), lang)
    with months:
        st.number_input(
            lang.say("Months to look at"), 1, MAX_MONTHS, step=1, key="months", **form.PLAIN,
            help=lang.say("Free tokens run out within weeks; the list price stays. A year shows both."),
        )  # fmt: skip
        show_problems(problems.at("months"), lang)


def _stance(lang: Language) -> None:
    names = {
        "cautious": lang.say("Cautious"),
        "expected": lang.say("Expected"),
        "generous": lang.say("Generous"),
    }
    st.segmented_control(
        lang.say("Terms that nobody published"), STANCES, format_func=names.__getitem__, key="stance", required=True,
        persist_state="session",
        help=lang.say("Many offers do not say how long the tokens last or who may claim them: what to assume?"),
    )  # fmt: skip
    last = lang.say("The usual reading: gifts last {days} days.", days=ASSUMED_LIFE["expected"])
    if form.event().cutoff:
        last = lang.say(
            "The usual reading: gifts last {days} days and can be claimed until {after} days after the cut-off.",
            days=ASSUMED_LIFE["expected"],
            after=ASSUMED_WINDOW_AFTER_CUTOFF["expected"],
        )
    meaning = {
        "cautious": lang.say(
            "The worst reading: gifts last {days} days, new customers only, services save no work.",
            days=ASSUMED_LIFE["cautious"],
        ),
        "expected": last,
        "generous": lang.say("The best reading: gifts last without end and cover every model."),
    }
    st.caption(label(meaning[st.session_state.stance]))


def _team(problems: Problems, usual_day_rate: float | None, lang: Language) -> None:
    currency = st.session_state.currency
    st.selectbox(
        lang.say("Currency of the answer"), form.currencies(), key="currency", persist_state="session",
        on_change=_convert, args=(currency, lang.code),
        help=lang.say("Prices and the two amounts below are converted at the rate of the decision day."),
    )  # fmt: skip
    show_problems(problems.at("currency"), lang)
    engineers, rate = st.columns(2, gap="small", wrap=False)
    with engineers:
        st.number_input(
            lang.say("Engineers on the move"), 0.1, 10_000.0, step=1.0, format="%g", key="engineers", **form.PLAIN,
            help=lang.say("More engineers are ready sooner; the work costs the same."),
        )  # fmt: skip
        show_problems(problems.at("team", "engineers"), lang)
    with rate:
        usual = "" if usual_day_rate is None else format_amount(round(usual_day_rate, 2), lang.code)
        st.text_input(
            lang.say("Day rate, {currency}", currency=currency), key="day_rate", **form.PLAIN, placeholder=usual,
            help=lang.say("Full cost of an engineer a day. Empty: the usual rate of the effort data."),
        )  # fmt: skip
        show_problems(problems.at("team", "day_rate"), lang)
    show_problems(problems.at("team") if not problems.under(("team", "day_rate"), ("team", "engineers")) else [], lang)
    if form.event().cutoff is None:  # nobody is late
        return
    st.text_input(
        lang.say("Cost of a day without service, {currency}", currency=currency), key="loss_per_day", **form.PLAIN,
        help=lang.say("What you lose on each day between the cut-off and the end of the work."),
    )  # fmt: skip
    show_problems(problems.at("loss_per_day"), lang)


def _convert(before: str, lang: str) -> None:
    """Carries the amounts into the currency that was just picked."""
    state, prices = st.session_state, answers.catalogue().prices
    rate = prices.exchange(before, state.currency, state.as_of or form.event().decision_day)
    if rate is not None:
        form.convert_money(before, state.currency, lambda amount: amount * rate, lang)


def _dates(problems: Problems, lang: Language) -> None:
    decision, start = st.columns(2, gap="small", wrap=False)
    with decision:
        st.date_input(
            lang.say("Day of the decision"), None, FIRST_DAY, LAST_DAY, key="as_of", format="YYYY-MM-DD",
            persist_state="session", on_change=form.follow_decision, args=(form.decision_day(),),
            help=lang.say("Only prices, models and offers in force on this day count."),
        )  # fmt: skip
        show_problems(problems.at("as_of"), lang)
    if form.event().cutoff:
        with start:
            _starts(problems, lang)
    days, share = st.columns(2, gap="small", wrap=False)
    with days:
        st.number_input(
            lang.say("Days in parallel"), 0, MAX_OVERLAP_DAYS, step=1, key="overlap_days", **form.PLAIN,
            help=lang.say("Days before the first day of real use on which the new provider already gets traffic."),
        )  # fmt: skip
    with share:
        st.number_input(
            lang.say("Share of the traffic, %"), 0.0, 100.0, step=5.0, format="%g", key="overlap_share", **form.PLAIN,
            help=lang.say("How much of your usage also goes to the new provider on those days."),
        )  # fmt: skip
    show_problems(problems.at("overlap"), lang)


def _starts(problems: Problems, lang: Language) -> None:
    cutoff = form.event().cutoff
    usual = (
        lang.say("By default the cut-off, {day}.", day=cutoff)
        if cutoff
        else lang.say("Nobody is cut off, so choose the day. At first it is the first of the month after the decision.")
    )
    st.date_input(
        lang.say("First day of real use"), None, FIRST_DAY, LAST_DAY, key="starts", **form.PLAIN, format="YYYY-MM-DD",
        help=usual,
    )  # fmt: skip
    show_problems(problems.at("starts"), lang)


def _accounts(problems: Problems, lang: Language) -> None:
    catalogue = answers.catalogue()
    source = form.event().source
    providers = [one for one in catalogue.prices.providers if one != source]
    st.multiselect(
        lang.say("Already a customer of"), providers, key="customer_of", persist_state="session",
        format_func=lambda one: lang.name(catalogue.prices.providers[one]), placeholder=lang.say("none"),
        help=lang.say("Some offers are for new customers only."),
    )  # fmt: skip
    show_problems(problems.at("customer_of"), lang)
    st.segmented_control(
        lang.say("Kind of account"), ACCOUNTS, format_func=lambda one: account(one, lang), key="account", required=True,
        persist_state="session", help=lang.say("Some offers are for enterprises only."),
    )  # fmt: skip
