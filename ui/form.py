"""The form: what was typed, kept in the session, where the inputs of the page have their values."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from calculator import Comparison, Profile
from offers import Event
from offers.claims import STANCES
from offers.schema import ACCOUNTS
from pricing import Model, Provider
from pricing.schema import TIERS

from . import answers
from .amounts import AmountError, format_amount, parse_amount
from .answers import Problems
from .draft import MAX_WORKLOADS, TEXTS, Draft, DraftWorkload
from .example import on_sale, successor, usual_start

FIELDS = tuple(Draft.model_fields)
WORKLOAD_FIELDS = tuple(DraftWorkload.model_fields)
FEATURES = ("features", "must_have")
ANSWER, LINKS, FILES = "answer", "links", "files"
"""Keys of what follows from the inputs: the body of a page, links that carry the inputs along, files to take away."""


def key(field: str, number: int) -> str:
    """The session key of a workload's field. The number stays with the workload, whatever happens to the others."""
    return f"{field}:{number}"


def numbers() -> list[int]:
    """The numbers of the workloads, as they stand on the page."""
    return list(st.session_state.numbers)


def put(draft: Draft) -> None:
    """Fills the form."""
    state = st.session_state
    for number in state.get("numbers", ()):
        for field in (*WORKLOAD_FIELDS, *TEXTS):
            state.pop(key(field, number), None)
    state.numbers = []
    for field in FIELDS:
        if field != "workloads":
            state[field] = getattr(draft, field)
    for workload in draft.workloads:
        _append(workload)
    if not draft.workloads:
        add_workload()
    state.left_events, state.swapped, state.money_memory = {}, {}, {}


def _append(workload: DraftWorkload) -> None:
    state = st.session_state
    number: int = state.get("last_number", 0) + 1
    state.last_number = number
    state.numbers = [*state.numbers, number]
    for field in WORKLOAD_FIELDS:
        state[key(field, number)] = getattr(workload, field)
    for text in TEXTS:
        state[key(text, number)] = workload.text.get(text, 0.0)


def add_workload() -> None:
    """One more workload, in which nothing is typed yet."""
    if len(numbers()) < MAX_WORKLOADS:
        _append(DraftWorkload(model=default_model().id))


def remove_workload(number: int) -> None:
    """Takes a workload away; the last one is emptied instead."""
    st.session_state.numbers = [one for one in numbers() if one != number]
    if not numbers():
        add_workload()


def carry(page: str) -> None:
    """Called on every run: takes all values along where the visitor came from another page.

    Streamlit takes an input that two pages draw for two inputs; the second one begins with what is set here.
    """
    state = st.session_state
    state.drawn_page = _page_of_run()
    if state.get("page") != page:
        state.page = page
        fields = [field for field in FIELDS if field != "workloads"]
        for name in [*fields, *(key(field, number) for number in numbers() for field in (*WORKLOAD_FIELDS, *TEXTS))]:
            state[name] = state[name]


def _page_of_run() -> str | None:
    """Streamlit's mark of the page that is drawn, or that was asked for while an input is seen to; None if none was."""
    run = get_script_run_ctx()
    if run is None or run.page_script_hash == run.pages_manager.main_script_hash:
        return None
    return run.page_script_hash


def keep_choices() -> None:
    """Called before anything is drawn: a name in the language of a moment ago, which a browser sent late, is no choice.

    Streamlit hands such a name over as if it had been chosen; what was chosen before it comes back.
    """
    state = st.session_state
    before: dict[str, Any] = state.setdefault("chosen", {})
    providers = answers.catalogue().prices.providers
    features = {feature for one in providers.values() for model in one.models for feature in model.features}
    known: dict[str, Collection[str]] = {"stance": STANCES, "account": ACCOUNTS, "customer_of": providers}
    for number in numbers():
        known |= {key("tier", number): ("", *TIERS), **{key(field, number): features for field in FEATURES}}
    for name, allowed in known.items():
        chosen, last = ([one] if not isinstance(one, list) else one for one in (state[name], before.get(name, [])))
        if any(one not in allowed and one not in last for one in chosen) and name in before:
            state[name] = before[name]
        before[name] = state[name]


def typed() -> Draft:
    """What stands in the form."""
    state = st.session_state
    workloads = [workload(number) for number in numbers()]
    return Draft.model_construct(
        **{field: state[field] for field in FIELDS if field != "workloads"}, workloads=workloads
    )


def workload(number: int) -> DraftWorkload:
    """What stands in the form of one workload."""
    state = st.session_state
    text = {text: state[key(text, number)] for text in TEXTS if state[key(text, number)]}
    fields = {field: state[key(field, number)] for field in WORKLOAD_FIELDS}
    return DraftWorkload.model_construct(**{**fields, "text": text})


def counting() -> list[tuple[int, DraftWorkload]]:
    """The workloads of the profile with their numbers: those in which something was typed."""
    found = [(number, workload(number)) for number in numbers()]
    return [(number, one) for number, one in found if not one.blank]


@dataclass(frozen=True)
class Answered:
    """What a page has to tell."""

    draft: Draft
    """What stands in the form."""
    good: Comparison | None
    """The answer to what stands in the form; where that cannot be used, the last one that could be given."""
    is_current: bool
    problems: Problems

    @property
    def is_example(self) -> bool:
        """Whether the form holds the example and nothing else."""
        good = self.good
        return self.is_current and good is not None and good.profile == answers.example(good.event.event)


def answered() -> Answered:
    """What a page has to tell, as it was last worked out."""
    found: Answered = st.session_state.answered
    return found


def work_out() -> Answered:
    """The answer to what stands in the form: called before a page is drawn, and where an input was changed."""
    state = st.session_state
    draft = typed()
    asked = answers.data(), *draft.plain(event())
    if state.get("asked") != asked:
        comparison, problems = answers.answer(*asked[1:])
        if comparison is not None:
            state.good = comparison
        state.answered = Answered(draft, state.get("good"), comparison is not None, problems)
        state.asked = asked
    else:
        state.answered = replace(state.answered, draft=draft)
    return answered()


def is_part() -> bool:
    """Whether this run is about a part of the page only."""
    run = get_script_run_ctx()
    return run is not None and bool(run.fragment_ids_this_run)


def redraw_answer() -> None:
    """Called when an input was changed on which no other input depends: draws anew what follows from it, and no more.

    The verdict first: it is on its way while the rest is drawn. All is drawn where messages stand beside the inputs, or
    stood there, and where the page was still being drawn or another was asked for.
    """
    state = st.session_state
    before, now = answered(), work_out()
    stays = state.is_drawn and _page_of_run() in (None, state.drawn_page)
    if stays and state.tell and not (state.link_refused or before.problems or now.problems):
        state.tell(now)
        time.sleep(0.001)  # lets the server send it, and hear what was clicked since
        if state.tell:  # Streamlit now sees to a click on a link, which `st.rerun` would forget
            with suppress(StreamlitAPIException):  # the page has no such parts
                st.rerun([ANSWER, LINKS] if is_part() else [ANSWER, LINKS, FILES])  # a whole run forgets all files
    st.rerun()


PLAIN: dict[str, Any] = {"on_change": redraw_answer, "persist_state": "session"}
"""What an input is given on which no other input depends."""


def load(profile: Profile, lang: str) -> None:
    """Puts a profile into the form; one that names no event is about the first."""
    put(Draft.of(profile, _event(profile.event or next(iter(answers.catalogue().events))), lang))


def take_usage(profile: Profile, lang: str) -> None:
    """Puts the usage of a profile into the form; all else that was typed about the same event stays."""
    imported = Draft.of(profile, _event(profile.event or ""), lang)
    if profile.event == st.session_state.event and not is_example():
        imported = typed().model_copy(update={"workloads": imported.workloads, "growth": imported.growth})
    put(imported)


def completed(profile: Profile) -> Profile:
    """A profile from a file that leaves out the event is about the one on the page, and begins when that says."""
    own = profile.event or st.session_state.event
    if own not in answers.catalogue().events:
        return profile
    occasion = _event(own)
    starts = profile.starts or (
        None if occasion.cutoff else usual_start(occasion, profile.as_of or occasion.decision_day)
    )
    return profile.model_copy(update={"event": own, "starts": starts})


def _event(event_id: str) -> Event:
    return answers.catalogue().events[event_id].event


def event() -> Event:
    """The event that the form is about."""
    return _event(st.session_state.event)


def decision_day() -> date:
    """The day whose prices count."""
    return st.session_state.as_of or event().decision_day


def switch_event(before: str, lang: str) -> None:
    """Called when another event was picked: all that was typed stays, but for the days and models of the old event.

    Those of each event are remembered for the way back. Where nothing was typed the example of the new event comes.
    """
    state = st.session_state
    after: str = state.event
    state.event = before
    if after not in answers.catalogue().events:  # the browser sent its name in the language of a moment ago
        return
    untouched = is_example()
    models = {number: state[key("model", number)] for number in numbers()}
    left = {**state.left_events, before: (state.as_of, state.starts, models)}
    state.event = after
    if untouched:
        load(answers.example(after), lang)
        state.left_events = left
        return
    occasion = event()
    usual = occasion.decision_day, usual_start(occasion, occasion.decision_day)
    state.as_of, state.starts, models = left.get(after, (*usual, {}))
    state.left_events = left
    state.customer_of = [one for one in state.customer_of if one != occasion.source]
    state.declined = []
    state.swapped = {}
    for number in numbers():
        _use_model_of_event(number, models.get(number), before)


def follow_decision(before: date) -> None:
    """Called when the day of the decision was changed: a first day of real use that was not chosen moves with it."""
    state, occasion = st.session_state, event()
    if occasion.cutoff is None and state.starts in (None, usual_start(occasion, before)):
        state.starts = usual_start(occasion, decision_day())


def is_example() -> bool:
    """Whether the form holds the example and nothing else."""
    return work_out().is_example


def _use_model_of_event(number: int, remembered: str | None, before: str) -> None:
    """Gives a workload a model that the event's source sells on its day."""
    state = st.session_state
    day, models = decision_day(), source_models()
    known = {one.id: one for one in models}
    present: str = state[key("model", number)]
    wanted = remembered or present
    if not wanted or (wanted in known and on_sale(known[wanted], day)):
        state[key("model", number)] = wanted
        return
    old = _provider(_event(before).source).model(present)
    new = successor(old, models, day)
    if new is not None:
        state.swapped[number] = (old.label if old else present, new.id)
        state[key("model", number)] = new.id


def _provider(provider: str) -> Provider:
    return answers.catalogue().prices.providers[provider]


def source_models() -> list[Model]:
    """The models that a workload may use today: the source's."""
    return list(_provider(event().source).models)


def models_on_sale() -> list[Model]:
    """Those of them that are sold on the day of the decision."""
    return [one for one in source_models() if on_sale(one, decision_day())]


def default_model() -> Model:
    """The model that a new workload begins with: the source's first that is on sale."""
    return next((one for one in models_on_sale() if one.kind == "chat"), source_models()[0])


def currencies() -> list[str]:
    """Currencies in which the answer can be given."""
    rates = answers.catalogue().prices.rates
    return [rates.base, *sorted(rates.rates)]


def convert_money(before: str, into: str, convert: Callable[[float], float], lang: str) -> None:
    """Carries the amounts of the form into another currency; going back brings back what was typed."""
    state = st.session_state
    for field in ("day_rate", "loss_per_day"):
        memory: dict[str, str] = state.money_memory.get(field, {})
        if memory.get(before) != state[field]:
            memory = {before: state[field]}
        if into not in memory and state[field].strip():
            try:
                memory[into] = format_amount(round(convert(parse_amount(state[field])), 2), lang)
            except AmountError:
                return
        state[field] = memory.get(into, state[field])
        state.money_memory[field] = memory
