"""The form: what the visitor typed, kept in the session, and the profile that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from calculator import InputError, Profile
from calculator.profile import Workload, profile_of
from offers import Event
from pricing import Model, Provider, Text
from pricing.yaml_reader import Document

from . import answers
from .amounts import AmountError, format_amount, parse_amount
from .example import on_sale, successor, usual_start
from .rows import Row, edited, survivors

Loc = tuple[str | int, ...]
Met = list[tuple[Loc, Text]]

TEXTS = ("zh", "en", "code", "json")
SHARES = ("cached_share", "batch_share")
TOKENS = ("stored_tokens", "training_tokens")
DETAILS: dict[str, Any] = {
    **dict.fromkeys(TEXTS, 0.0), **dict.fromkeys(SHARES, 0.0), **dict.fromkeys(TOKENS, ""),
    "context": "", "prompts": 0, "features": [], "must_have": [], "tier": "",
}  # fmt: skip
"""Fields of a workload's details and what they are when nothing was entered."""


def key(field: str, number: int) -> str:
    """The session key of a detail of a workload."""
    return f"{field}:{number}"


def detail(field: str, number: int) -> Any:
    """A detail of a workload as it stands in the form."""
    return st.session_state.get(key(field, number), DETAILS[field])


def editor_key() -> str:
    """The session key of the table; a new one makes the table start afresh from ``rows``."""
    return f"workloads_{st.session_state.editor_version}"


def open_form(lang: str) -> None:
    """Fills the form with the example on the first visit: of the event in the address, if it names one."""
    if "rows" not in st.session_state:
        load(answers.example(st.query_params.get("event")), lang)


def load(profile: Profile, lang: str) -> None:
    """Puts a profile into the form. What has no field there is kept and comes out again."""
    state = st.session_state
    event = _event(profile.event or next(iter(answers.catalogue().events)))
    state.kept = profile.model_dump(exclude_defaults=True, by_alias=True, exclude={"workloads"})
    state.kept_workloads = {}
    state.event = event.event
    state.as_of = profile.as_of or event.decision_day
    state.starts = profile.starts or usual_start(event, state.as_of)
    state.left_events, state.swapped = {}, {}
    state.months = profile.months
    state.growth = _percent(profile.growth)
    state.stance = profile.stance
    state.currency = profile.currency
    state.engineers = float(profile.team.engineers)
    state.day_rate = "" if profile.team.day_rate is None else format_amount(profile.team.day_rate, lang)
    state.loss_per_day = format_amount(profile.loss_per_day, lang)
    state.customer_of = list(profile.customer_of)
    state.account = profile.account
    state.overlap_days = profile.overlap.days
    state.overlap_share = _percent(profile.overlap.share)
    state.money_memory = {}
    rows = [_load_workload(workload, lang) for workload in profile.workloads]
    if not rows:
        rows = [Row(_next_number(), model=default_model().id)]
    replace_rows(rows)


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


def _load_workload(workload: Workload, lang: str) -> Row:
    state, number = st.session_state, _next_number()
    state.kept_workloads[number] = workload.model_dump(exclude_defaults=True, by_alias=True)
    details: dict[str, Any] = {
        **dict.fromkeys(TEXTS, 0.0), **{text: _percent(share) for text, share in workload.text.items()},
        **{share: _percent(getattr(workload, share)) for share in SHARES},
        **{field: _amount(getattr(workload, field), lang) for field in TOKENS},
        "context": _amount(workload.context or 0, lang), "prompts": workload.prompts,
        "features": list(workload.features), "must_have": list(workload.must_have), "tier": workload.tier or "",
    }  # fmt: skip
    for field, value in details.items():
        state[key(field, number)] = value
    tokens = (format_amount(tokens, lang) for tokens in (workload.input_tokens, workload.output_tokens))
    return Row(number, workload.name or "", workload.model, *tokens)


def _next_number() -> int:
    number: int = st.session_state.get("last_number", 0) + 1
    st.session_state.last_number = number
    return number


def replace_rows(rows: list[Row]) -> None:
    """Lets the table start afresh from ``rows``."""
    state = st.session_state
    state.rows, state.added, state.added_before = rows, [], []
    state.editor_version = state.get("editor_version", 0) + 1


def current_rows() -> list[Row]:
    """The rows as they stand on screen; kept, since the table forgets its edits when another page is shown."""
    state = st.session_state
    edits = state.get(editor_key())
    if edits is None:
        if "rows_now" in state and state.get("rows_now_version") == state.editor_version:
            state.rows, state.added = state.rows_now, []
    else:
        cells = [dict(row) for row in edits["added_rows"]]
        if len(cells) < len(state.added):
            state.added = survivors(state.added, state.added_before, cells)
        state.added += [_next_number() for _ in cells[len(state.added) :]]
        state.added_before = cells
    state.rows_now, state.rows_now_version = edited(state.rows, edits, state.added), state.editor_version
    return list(state.rows_now)


def counting_rows() -> list[Row]:
    """The rows in which something was typed: the workloads of the profile, in its order."""
    return [row for row in current_rows() if not row.blank]


def restart_after_deletion() -> None:
    """Called when the table has changed: once a row is gone it starts afresh, so that positions match the screen."""
    state = st.session_state
    edits, known = state[editor_key()], len(state.added)
    rows = current_rows()
    if edits["deleted_rows"] or len(edits["added_rows"]) < known:
        replace_rows(rows)


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
    st.query_params["event"] = after
    state.event = before
    untouched = _is_example()
    rows = current_rows()
    left = {**state.left_events, before: (state.as_of, state.starts, {row.number: row.model for row in rows})}
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
    state.swapped = {}
    replace_rows([_for_event(row, models.get(row.number), before) for row in rows])


def follow_decision(before: date) -> None:
    """Called when the day of the decision was changed: a first day of real use that was not chosen moves with it."""
    state, occasion = st.session_state, event()
    if occasion.cutoff is None and state.starts in (None, usual_start(occasion, before)):
        state.starts = usual_start(occasion, decision_day())


def _is_example() -> bool:
    """Whether the form holds the example and nothing else."""
    plain, met = draft()
    try:
        return not met and profile_of(Document("form", plain))[0] == answers.example(event().event)
    except InputError:
        return False


def _for_event(row: Row, remembered: str | None, before: str) -> Row:
    """The row with a model that the event's source sells on its day."""
    day, models = decision_day(), source_models()
    known = {one.id: one for one in models}
    wanted = remembered or row.model
    if not wanted or (wanted in known and on_sale(known[wanted], day)):
        return replace(row, model=wanted)
    old = _provider(_event(before).source).model(row.model)
    new = successor(old, models, day)
    if new is None:
        return row
    st.session_state.swapped[row.number] = (old.label if old else row.model, new.id)
    return replace(row, model=new.id)


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


def draft() -> tuple[dict[str, Any], Met]:
    """The profile that the form stands for, as plain values, and what could not be read in it."""
    state, met = st.session_state, Met()
    occasion = event()
    rows = counting_rows()
    if not rows:
        met.append(
            (("workloads",), Text("Enter at least one workload: the model you use today and its tokens a month."))
        )
    own: dict[str, Any] = {
        "event": occasion.event,
        "as_of": _unless(state.as_of, occasion.decision_day),
        "starts": _unless(state.starts, occasion.cutoff),
        "months": state.months,
        "currency": state.currency,
        "growth": _share(state.growth),
        "stance": state.stance,
        "workloads": [_workload(index, row, met) for index, row in enumerate(rows)],
        "customer_of": list(state.customer_of),
        "account": state.account,
        "team": {
            "engineers": state.engineers,
            "day_rate": _read(state.day_rate, ("team", "day_rate"), met) if state.day_rate.strip() else None,
        },
        "loss_per_day": _read(state.loss_per_day or "0", ("loss_per_day",), met),
        "overlap": {"days": state.overlap_days, "share": _share(state.overlap_share)},
    }
    return {**state.kept, **own}, met


def _workload(index: int, row: Row, met: Met) -> dict[str, Any]:
    def read(text: str, field: str) -> float:
        return _read(text, ("workloads", index, field), met, whole=True) if text.strip() else 0.0

    if not row.model:
        met.append((("workloads", index, "model"), Text("choose the model that you use today")))
    if not (row.input.strip() or row.output.strip()):
        met.append((("workloads", index, "input_tokens"), Text("enter the tokens of a month, for example 80M")))
    number = row.number
    context = int(read(detail("context", number), "context"))
    return {
        **st.session_state.kept_workloads.get(number, {}),
        "name": row.name.strip() or None,
        "model": row.model or "?",
        "input_tokens": read(row.input, "input_tokens"),
        "output_tokens": read(row.output, "output_tokens"),
        "text": {text: _share(detail(text, number)) for text in TEXTS if detail(text, number)},
        "context": context or None,
        "prompts": detail("prompts", number),
        "features": list(detail("features", number)),
        "must_have": list(detail("must_have", number)),
        "tier": detail("tier", number) or None,
        **{share: _share(detail(share, number)) for share in SHARES},
        **{field: read(detail(field, number), field) for field in TOKENS},
    }


def _read(text: str, loc: Loc, met: Met, *, whole: bool = False) -> float:
    try:
        return parse_amount(text, whole=whole)
    except AmountError as error:
        met.append((loc, error.message))
        return 0.0


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


def _unless(day: date | None, usual: date | None) -> date | None:
    return None if day == usual else day


def _percent(share: float) -> float:
    return round(share * 100, 8)


def _share(percent: float | None) -> float:
    return round((percent or 0.0) / 100, 10)


def _amount(value: float, lang: str) -> str:
    return format_amount(value, lang) if value else ""
