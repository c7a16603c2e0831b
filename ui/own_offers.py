"""Offers that a visitor brings: they count in every answer of this session, and nobody else sees them."""

from __future__ import annotations

import streamlit as st

from offers import Offer
from offers.catalogue import MAX_BYTES, TEMPLATES
from pricing import InputError, Text
from pricing.yaml_reader import Problem
from report.language import Language

from . import answers, form
from .answers import OwnFile
from .html import label, section, show, tag
from .uploads import decoded, refusal

MAX_FILES = 20


def of_event() -> list[OwnFile]:
    """The visitor's files about the event on the page."""
    return [file for file in answers.own_files() if file.event == form.event().event]


def is_own(offer: Offer) -> bool:
    """Whether an offer about the event on the page comes from the visitor."""
    shipped = answers.shipped().events[form.event().event].offers.values()
    return not any(one is offer for offers in shipped for one in offers)


def show_note(lang: Language) -> None:
    """That own offers count, on every page."""
    names = [file.name for file in of_event()]
    if names:
        told = lang.say(
            "Your own offers count here: {files}. A shared link does not carry them.", files=lang.list(names)
        )
        show(tag("p", told, class_="bj-own", role="status"), lang)


def show_own_offers(lang: Language) -> None:
    """The files that count, each with a button to remove it; a template; and the place to bring one more."""
    for index, file in enumerate(of_event()):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"own_{index}"):
            show(tag("p", tag("b", file.name), " ", lang.say("counts in this session"), class_="bj-lead"), lang)
            st.button(lang.say("Remove"), key=f"own_remove_{index}", icon=":material/delete:", type="tertiary",
                      on_click=_remove, args=(file,))  # fmt: skip
    box = section(lang.say("Bring your own offers"), "own_box", icon=":material/upload_file:")
    if not box.open:
        return
    with box:
        st.caption(label(lang.say(
            "Were you quoted other terms? Write them into a YAML file, one provider a file. They count in all answers "
            "on these pages until you close or reload them. They stay in this session: nothing is stored, no other "
            "visitor sees them, and a shared link does not carry them."
        )))  # fmt: skip
        st.download_button(
            lang.say("Template (YAML)"), lambda: TEMPLATES[lang.code].read_bytes(), "offers.yaml", "application/yaml",
            key="own_template", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        key = _upload_key()
        st.file_uploader(
            lang.say("Offers (YAML)"), type=["yaml", "yml"], key=key, max_upload_size=1,
            label_visibility="collapsed", on_change=_add, args=(key,),
        )  # fmt: skip
        name, problems = st.session_state.get("own_refused") or ("", [])
        if problems:
            sentence = lang.say("{file} cannot be used; everything else is as it was.", file=name)
            show(refusal(sentence, problems, lang), lang)


def _upload_key() -> str:
    """The key of the uploader: a new one after each file that counts, as it would go on to show that file."""
    return f"own_upload_{st.session_state.get('own_read', 0)}"


def _add(key: str) -> None:
    """Reads the file that was just chosen; where it cannot be used, nothing changes."""
    state = st.session_state
    file, state.own_refused = state[key], None
    if file is None:
        return
    own = OwnFile(form.event().event, file.name, decoded(file.getvalue()[: MAX_BYTES + 1]))
    files = (*(one for one in answers.own_files() if one[:2] != own[:2]), own)
    try:
        if len(files) > MAX_FILES:
            raise InputError([Problem(own.name, 1, 1, Text("at most {most} files can be used", most=MAX_FILES))])
        answers.catalogue_with(files)
    except InputError as error:
        state.own_refused = own.name, error.problems
        return
    state.own_files = files
    state.own_read = state.get("own_read", 0) + 1


def _remove(file: OwnFile) -> None:
    """Takes a file away; the offers of it that were left out are forgotten."""
    state = st.session_state
    state.own_files = tuple(one for one in answers.own_files() if one != file)
    known = {offer.id for offers in answers.catalogue().events[file.event].offers.values() for offer in offers}
    state.declined = [offer for offer in state.declined if offer in known]
