"""The page Your usage: an export comes in, what it says is shown, and becomes the inputs of the comparison."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Semaphore
from zoneinfo import available_timezones

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pricing import InputError, Problem, Text
from report.imports import read_lines
from report.language import Language
from usage import TooManyGroups, Usage, read_upload
from usage.presets import shipped_presets

from . import address
from .html import label, show, tag
from .uploads import refusal
from .usage_chart import show_tokens
from .usage_profile import show_proposal

MOST_BYTES = 50_000_000
"""Of all files together. The server refuses a single larger one by itself: .streamlit/config.toml."""
COMMAND = "banjia import FILE -o profile.yaml"
ZONE = "Asia/Shanghai"
_READING = Semaphore(2)
"""More visitors than this wait for each other: reading takes memory."""


def page(lang: Language) -> None:
    """Draws the page; the usage stays in the session, its files do not."""
    state = st.session_state
    if state.pop("usage_taken", False):
        st.switch_page(address.page(""), query_params=address.query())
    show(
        tag(
            "section",
            tag("h2", lang.say("Your usage")),
            tag("p", lang.say("Bring an export of what you use today: it becomes the inputs of the comparison."),
                class_="bj-lead"),
        ),
        lang,
    )  # fmt: skip
    _show_upload(lang)
    names, problems = state.get("usage_refused") or ("", [])
    if problems:
        show(refusal(lang.say("{file} cannot be used.", file=names), problems, lang), lang)
    usage: Usage | None = state.get("usage")
    if usage is None:
        _show_formats(lang)
        return
    _show_what_was_read(usage, lang)
    show_tokens(usage, lang)
    show_proposal(usage, lang)


def _show_upload(lang: Language) -> None:
    """The place for files. A new one takes its place once they are read, as it would go on to hold them."""
    state = st.session_state
    zones, files = st.columns([1, 3], gap="medium")
    with zones:
        zone = st.selectbox(
            lang.say("Time zone of the days"), [ZONE, "UTC", *sorted(available_timezones() - {ZONE, "UTC"})],
            key="usage_zone", persist_state="session",
            help=lang.say("A request belongs to the day on which it was made here."),
        )  # fmt: skip
    with files:
        given = st.file_uploader(
            lang.say("Exports of your usage, several at once if you like"), accept_multiple_files=True,
            key=f"usage_files:{state.get('usage_uploads', 0)}", max_upload_size=MOST_BYTES // 1_000_000,
        )  # fmt: skip
    show(
        tag(
            "p",
            lang.say(
                "The server that this page runs on reads your files in memory and in a temporary folder, and deletes "
                "them as soon as they are read. Nothing is sent anywhere else. Only sums by day, model and project are "
                "kept, for you alone and until you close or reload the page."
            ),
            " ",
            lang.say("Larger than {most} MB, or not to leave your machine? There the command line does the same:",
                     most=MOST_BYTES // 1_000_000),
            " ",
            tag("code", COMMAND),
            class_="bj-help",
        ),
        lang,
    )  # fmt: skip
    if given:
        state.usage_uploads = state.get("usage_uploads", 0) + 1
        _read(given, zone, lang)
        st.rerun()


def _read(given: Sequence[UploadedFile], zone: str, lang: Language) -> None:
    """Reads files into the session; where they cannot be used, the usage that is there stays."""
    state = st.session_state
    names = lang.listed(file.name for file in given)
    state.usage_refused = names, [Problem(names, 1, 1, Text("reading was interrupted: choose the file once more"))]
    files = _taken(given)
    told = label(lang.say("Reading {files}", files=names))
    bar = st.progress(0.0, told)

    def advance(share: float) -> None:
        bar.progress(share, told)

    try:
        if sum(map(len, files.values())) > MOST_BYTES:
            message = Text("more than {most} MB; the command line reads files of any size: {command}",
                           most=MOST_BYTES // 1_000_000, command=COMMAND)  # fmt: skip
            raise InputError([Problem(names, 1, 1, message)])
        with _READING:
            try:
                state.usage = read_upload(files, zone=zone, by="project", progress=advance)
            except TooManyGroups:  # as where each customer is a project
                state.usage = read_upload(files, zone=zone, progress=advance)
        state.usage_refused = None
    except InputError as error:
        state.usage_refused = names, error.problems


def _taken(given: Sequence[UploadedFile]) -> dict[str, bytes]:
    """What is in the files, by name; Streamlit, which would keep them as long as the session, forgets them."""
    files: dict[str, bytes] = {}
    for number, file in enumerate(given, 1):
        files[f"{file.name} ({number})" if file.name in files else file.name] = file.getvalue()
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)
    return files


def _show_formats(lang: Language) -> None:
    """What can be read."""
    titles = (lang.local(preset.title) for preset in shipped_presets() if preset.money_only is None)
    show(
        tag(
            "section",
            tag("h3", lang.say("What can be read")),
            tag("p", lang.say("CSV, JSON, JSON lines, Parquet and SQLite, also gzipped. What a file is shows from its "
                              "content, whatever its name."), class_="bj-lead"),
            tag("ul", *(tag("li", title) for title in titles), class_="bj-help"),
        ),
        lang,
    )  # fmt: skip


def _show_what_was_read(usage: Usage, lang: Language) -> None:
    """The same sentences as on the command line, and a way to forget it all."""
    first, *rest = read_lines(usage, lang)
    show(
        tag(
            "section",
            tag("h3", lang.say("What was read")),
            tag("p", first, role="status"),
            tag("ul", *(tag("li", line) for line in rest), class_="bj-help") if rest else "",
        ),
        lang,
    )
    st.button(lang.say("Forget this usage"), key="usage_forget", icon=":material/delete:", type="tertiary",
              on_click=_forget)  # fmt: skip


def _forget() -> None:
    st.session_state.usage = st.session_state.usage_refused = None
