"""Where the inputs come from: the example, nothing, or a file."""

from __future__ import annotations

import streamlit as st

from calculator import InputError, Profile
from calculator.profile import MAX_BYTES, read_profile
from report.language import Language

from . import address, answers, form
from .html import show, tag
from .uploads import decoded, refusal


def show_start(lang: Language) -> None:
    """Start from the example, from nothing, or from a profile in a file."""
    with st.container(horizontal=True, gap="small", key="start"):
        state = st.session_state
        empty = Profile.model_construct(event=state.event, currency=state.currency, workloads=[])
        st.button(lang.say("Example"), key="start_example", on_click=_start,
                  args=(answers.example(state.event), lang.code), help=lang.say("Put the example back."))  # fmt: skip
        st.button(lang.say("Empty"), key="start_empty", on_click=_start, args=(empty, lang.code),
                  help=lang.say("Start with empty inputs."))  # fmt: skip
        if "before" in state:
            st.button(lang.say("Undo"), key="start_undo", icon=":material/undo:", on_click=_undo,
                      help=lang.say("Bring back what stood here before."))  # fmt: skip
        with st.popover(lang.say("Upload a profile"), key="start_upload"):
            st.caption(lang.say("A profile in YAML, as this page downloads it and the command line reads it."))
            st.file_uploader(
                lang.say("Profile (YAML)"), type=["yaml", "yml"], key="upload", max_upload_size=1,
                label_visibility="collapsed", on_change=_upload, args=(lang.code,),
            )  # fmt: skip
            _show_refusal(lang)
        st.button(lang.say("From a usage export"), key="start_usage", icon=":material/monitoring:",
                  on_click=_to_usage, help=lang.say("Let your own logs or bills say what you use."))  # fmt: skip
    result = st.session_state.get("upload_result")
    if result and not result[1]:
        show(tag("p", lang.say("{file} was read.", file=result[0]), class_="bj-done", role="status"), lang)


def _to_usage() -> None:
    st.switch_page(address.page("usage"), query_params=address.query())


def _start(profile: Profile, lang: str) -> None:
    remember()
    form.load(profile, lang)


def remember() -> None:
    """So that nothing typed is lost by starting again."""
    st.session_state.before, st.session_state.upload_result = form.typed(), None


def _undo() -> None:
    before = st.session_state.before
    remember()
    form.put(before)


def _upload(lang: str) -> None:
    """Reads the file that was just chosen; where it cannot be used, nothing else changes."""
    state = st.session_state
    file = state.upload
    if file is None:
        state.upload_result = None
        return
    try:
        content = file.getvalue()[: MAX_BYTES + 1]
        profile, document = read_profile(decoded(content), file.name)
        profile = form.completed(profile)
        answers.compared(profile, document)
    except InputError as error:
        state.upload_result = (file.name, error.problems)
        return
    remember()
    form.load(profile, lang)
    state.upload_result = (file.name, [])


def _show_refusal(lang: Language) -> None:
    """Where in the file what is wrong."""
    name, problems = st.session_state.get("upload_result") or ("", [])
    if problems:
        show(refusal(lang.say("{file} cannot be used; your inputs are as they were.", file=name), problems, lang), lang)
