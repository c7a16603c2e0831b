"""HTML of our own: everything that comes from data or visitors is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from pricing import Text
from report.language import Language

STYLE = Path(__file__).parent / "style.css"


class Markup(str):
    """HTML that is ready: it is not escaped again."""

    __slots__ = ()


def safe(value: object) -> str:
    """A value as HTML: escaped, unless it is ready."""
    return value if isinstance(value, Markup) else escape(str(value))


def tag(name: str, *children: object, **attributes: str | None) -> Markup:
    """An element. ``class_`` stands for ``class``, an underscore for a hyphen; None leaves an attribute out."""
    return Markup(f"{_opening(name, *attributes.items())}{''.join(map(safe, children))}</{name}>")


@lru_cache(4096)
def _opening(name: str, *attributes: tuple[str, str | None]) -> str:
    given = (
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes if value is not None
    )
    return f"<{name}{''.join(given)}>"


def joined(parts: Iterable[object], separator: str = "") -> Markup:
    """Several parts as one."""
    return Markup(separator.join(map(safe, parts)))


def link(name: str, url: str | None) -> Markup:
    """A link to a page; plain text where there is no address."""
    if not url or not url.startswith(("https://", "http://")):
        return tag("span", name)
    return tag("a", name, href=url, target="_blank")


def table(header: Sequence[object], rows: Iterable[Sequence[object]], *, numbers: Iterable[int] = ()) -> Markup:
    """A table whose rows turn into cards where it is narrow; ``numbers`` are the columns of numbers."""
    right = set(numbers)
    columns = [
        _opening("td", ("class_", "bj-number" if i in right else None), ("data_label", str(name)), ("role", "cell"))
        for i, name in enumerate(header)
    ]

    def cells(row: Sequence[object]) -> Markup:
        pairs = zip(columns, row, strict=True)
        return Markup("".join(f'{column}<span class="bj-cell">{safe(cell)}</span></td>' for column, cell in pairs))

    head = joined(
        tag("th", cell, class_="bj-number" if i in right else None, scope="col", role="columnheader")
        for i, cell in enumerate(header)
    )
    return tag(
        "table",
        tag("thead", tag("tr", head, role="row"), role="rowgroup"),
        tag("tbody", *(tag("tr", cells(row), role="row") for row in rows), role="rowgroup"),
        class_="bj-table", role="table",
    )  # fmt: skip


def show(content: object, lang: Language, **look: Any) -> DeltaGenerator:
    """Puts HTML on the page, marked with its language; gives its place, where other HTML may be put later."""
    return st.html(marked(content, lang), **look)


def marked(content: object, lang: Language) -> Markup:
    """HTML with the mark of its language."""
    return tag("div", content, class_="bj", lang="zh-CN" if lang.code == "zh" else "en")


def show_style(lang: Language, *, fades: bool) -> None:
    """The style of all of this, and the words that Streamlit has no place for.

    ``fades``: whether what is worked out anew grows pale after half a second. To have each element ready for that takes
    a browser longer than most answers take.
    """
    words = {"inputs": lang.say("Your inputs"), "result": lang.say("To the result")}
    plain = {name: re.sub(r"[^\w ]", "", word) for name, word in words.items()}
    labels = "".join(f'--bj-{name}-label: "{word}"; ' for name, word in plain.items())
    still = "" if fades else '[data-stale="true"] { opacity: 1 !important; transition: none !important; }'
    st.html(f"<style>{_style()}\n:root {{ {labels}}}\n{still}</style>")


@cache
def _style() -> str:
    return STYLE.read_text("utf-8")


def show_problems(messages: Sequence[str | Text], lang: Language) -> None:
    """Messages beside the field that they are about."""
    if messages:
        show(
            joined(tag("p", lang.render(message).strip(), class_="bj-problem", role="alert") for message in messages),
            lang,
        )


def section(title: str, key: str, *, is_open: bool = False, **look: Any) -> ExpanderContainer:
    """A part of the page that opens and closes; what is closed need not be built.

    Streamlit takes one with another title for another part: it stays as it was when the language changes, or a mark
    says that something in it is wrong.
    """
    state = st.session_state
    if key in state:
        state[key] = state[key]
    return st.expander(label(title), expanded=is_open, key=key, on_change="rerun", **look)


def label(text: str) -> str:
    """Text for a label that Streamlit reads as Markdown: nothing in it is taken for markup.

    No more is escaped than has to be, as Streamlit also hands the label as it is to screen readers.
    """
    return _AT_THE_START.sub(r"\1\\\2", _ANYWHERE.sub(r"\\\g<0>", text))


_ANYWHERE = re.compile(r"[\\`*_\[\]~$<>|&]|:(?=[\w/])")
_AT_THE_START = re.compile(r"^(\s*\d*)([#+\-=.)])")
