"""The answer as files."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Sequence

import streamlit as st

from calculator import Comparison
from report.exports import FORMATS
from report.language import Language
from report.profiles import profile_yaml

from .html import label


def show_downloads(answer: Callable[[], Comparison], formats: Sequence[str], lang: Language) -> None:
    """A button for each format, the first in colour, and one for the profile.

    Nothing is made before it is clicked; then it is of the ``answer`` that is there.
    """
    with st.container(horizontal=True, key="downloads"):
        for number, name in enumerate(formats):
            export = FORMATS[name]
            st.download_button(
                label(lang.render(export.name)), _maker(name, answer, lang), export.file, export.mime,
                key=f"download_{name}", on_click="ignore", type="secondary" if number else "primary",
                icon=":material/download:",
            )  # fmt: skip
        st.download_button(
            label(lang.say("Profile (YAML)")), lambda: profile_yaml(answer().profile).encode(),
            "banjia-profile.yaml", "application/yaml", key="download_profile", on_click="ignore",
            icon=":material/download:", help=lang.say("Your inputs as a file, for this page and for the command line."),
        )  # fmt: skip


def _maker(name: str, answer: Callable[[], Comparison], lang: Language) -> Callable[[], bytes]:
    """Writes a file when it is asked for; with the mark by which Excel knows that a CSV is UTF-8."""
    export = FORMATS[name]
    mark = BOM_UTF8 if export.mime == "text/csv" else b""
    return lambda: mark + export.write(answer(), lang)
