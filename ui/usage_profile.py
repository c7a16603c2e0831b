"""From the usage on the page to the inputs of the comparison: which months, by what, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from calculator import InputError, Profile
from offers import EventOffers
from offers.catalogue import event_for_usage
from pricing import Provider
from report.imports import averaged_lines, cost_lines, left_out_lines
from report.language import Language
from usage import Proposal, Usage, check_cost, propose
from usage.models import model_of
from usage.profile import MONTHS

from . import answers, form
from .html import label, show, table, tag
from .start import remember
from .uploads import refusal

NAMES = 8
"""Unknown names, the largest, for which one can say what they stand for."""


def show_proposal(usage: Usage, lang: Language) -> None:
    """What it cost, the choices, the profile that follows, and the way to use it."""
    catalogue = answers.catalogue()
    event = event_for_usage(catalogue.events, usage.uses[-1].day)
    if event is None:
        return
    source = catalogue.prices.providers[event.event.source]
    lines = cost_lines(check_cost(usage, catalogue.prices, source), lang)
    show(
        tag("section", tag("h3", lang.say("What it cost")), tag("ul", *(tag("li", line) for line in lines))),
        lang,
    )
    show(tag("h3", lang.say("Your usage a month")), lang)
    months = _chosen_months(usage.months(), lang)
    if not _by_project(usage, lang):
        usage = usage.without_projects()
    renamed = _renamed(usage, source, lang)
    try:
        proposal = propose(usage, source, months=months, renamed=renamed,
                           event=event.event.event, currency=st.session_state.currency)  # fmt: skip
    except InputError as error:
        told = lang.say("No inputs can be made of this usage.")
        show(refusal(told, error.problems, lang), lang)
        return
    _show_profile(proposal, event, lang)


def _chosen_months(full: Sequence[date], lang: Language) -> Sequence[date]:
    """The full months to average: at first the last ones."""
    if len(full) < 2:
        return full
    months = [f"{month:%Y-%m}" for month in full]
    key = f"usage_months:{months[0]}:{months[-1]}"
    first, last = st.select_slider(
        lang.say("Full months to average"), months, (months[-MONTHS:][0], months[-1]), key=key, persist_state="session"
    )
    return full[months.index(first) : months.index(last) + 1]


def _by_project(usage: Usage, lang: Language) -> bool:
    """Whether each project is to be a workload of its own."""
    projects = {use.project for use in usage.uses}
    if len(projects) < 2:
        return False
    return st.checkbox(
        lang.say("One workload for each project and model"), key="usage_by_project", persist_state="session",
        help=lang.say("The file names {count} projects. Without the tick there is one workload for each model.",
                      count=len(projects)),
    )  # fmt: skip


def _renamed(usage: Usage, source: Provider, lang: Language) -> Mapping[str, str]:
    """What the names stand for that no price file knows; none of them is asked for where all are known."""
    unknown: dict[str, float] = {}
    for use in usage.uses:
        if use.kind != "other" and model_of(use.model, use.day, source) is None:
            unknown[use.model] = unknown.get(use.model, 0) + use.tokens
    if not unknown:
        return {}
    names = sorted(unknown, key=lambda name: -unknown[name])[:NAMES]
    models = {model.id: model.label for model in source.models}
    renamed: dict[str, str] = {}
    with st.expander(
        label(lang.say("Names that are no model of {provider}", provider=lang.name(source))),
        key="usage_names", expanded=len(unknown) == len({use.model for use in usage.uses}),
    ):  # fmt: skip
        st.caption(label(lang.say("A gateway may call a model as it likes. Say what such a name stands for.")))
        for name in names:
            told = lang.say("{model}, {tokens} tokens", model=name[:80], tokens=lang.compact(round(unknown[name])))
            chosen = st.selectbox(
                label(told), ["", *models], key=f"usage_name:{name}", persist_state="session",
                format_func=lambda model: models.get(model, lang.say("leave it out")),
            )  # fmt: skip
            if chosen:
                renamed[name] = chosen
    return renamed


def _show_profile(proposal: Proposal, event: EventOffers, lang: Language) -> None:
    header = [
        lang.say("Workload"), lang.say("Requests"), lang.say("Input tokens"), lang.say("Output tokens"),
        lang.say("From the cache"), lang.say("In batches"),
    ]  # fmt: skip
    rows = [
        [
            workload.label, lang.compact(round(requests)) if (requests := proposal.requests[workload.label]) else "–",
            lang.compact(workload.input_tokens), lang.compact(workload.output_tokens),
            lang.percent(workload.cached_share), lang.percent(workload.batch_share),
        ]
        for workload in proposal.profile.workloads
    ]  # fmt: skip
    lines = [*averaged_lines(proposal, lang), *left_out_lines(proposal, lang)]
    occasion = lang.say("It is about “{event}”, which fits its days.", event=lang.name(event.event))
    missing = lang.say(
        "An export does not know your languages, features, prompts and team: add them on the page Compare, they change "
        "the answer."
    )
    show(
        tag(
            "section",
            tag("div", table(header, rows, numbers=range(1, 6)), class_="bj-wide"),
            tag("ul", *(tag("li", line) for line in [*lines, occasion, missing]), class_="bj-help"),
        ),
        lang,
    )
    st.button(
        lang.say("Compare with this usage"), key="usage_take", type="primary", icon=":material/arrow_forward:",
        on_click=_take, args=(proposal.profile, lang.code),
        help=lang.say("It takes the place of your workloads and growth; one click there brings them back."),
    )  # fmt: skip


def _take(profile: Profile, lang: str) -> None:
    """Puts the profile into the form; the page then goes on to Compare."""
    remember()
    form.take_usage(profile, lang)
    st.session_state.usage_taken = True
