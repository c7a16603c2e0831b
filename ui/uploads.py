"""Files that visitors bring: what they say, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from pricing import Problem
from report.language import Language

from .html import Markup, tag

MAX_SHOWN = 20


def decoded(content: bytes) -> str:
    """The text of a file; bytes that are no UTF-8 become a character that YAML refuses with its line."""
    return content.decode("utf-8-sig", errors="replace").replace("\ufffd", "\x00")


def refusal(sentence: str, problems: Sequence[Problem], lang: Language) -> Markup:
    """That a file cannot be used, and where in it what is wrong."""
    places = [
        tag("li", tag("code", f"{one.file}:{one.line}"), " ", lang.render(one.message)) for one in problems[:MAX_SHOWN]
    ]
    if len(problems) > MAX_SHOWN:
        places.append(tag("li", lang.say("and {count} more", count=len(problems) - MAX_SHOWN)))
    return tag("div", tag("p", sentence), tag("ul", *places), class_="bj-problem", role="alert")
