"""The evidence of a figure: who says it, when, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pricing.records import LocalText, Source
from report.language import Language
from report.words import confidence

from .html import Markup, link, tag


@lru_cache(4096)
def _list(found: tuple[Source, ...], lang: Language) -> Markup:
    """The sources themselves: they never change, and a page shows dozens."""
    return tag("ul", *(tag("li", _source(source, lang)) for source in found))


def sources(title: str, found: Sequence[Source], sure: str | None, note: LocalText | None, lang: Language) -> Markup:
    """A line that opens to the sources of one figure, with what is said where they disagree."""
    summary = [tag("span", title)]
    if found:
        summary.append(tag("small", lang.say("sources: {count}", count=len(found))))
    if sure:
        summary.append(tag("small", confidence(sure, lang), class_=f"bj-sure bj-sure-{sure}"))
    return tag(
        "details",
        tag("summary", *summary),
        tag("p", lang.local(note), class_="bj-source-note") if note else "",
        _list(tuple(found), lang),
        class_="bj-sources",
    )


def _source(source: Source, lang: Language) -> Markup:
    name = source.publisher or source.cite or source.url or ""
    parts = [link(name, source.url)]
    if source.published:
        parts.append(tag("time", lang.day(source.published), datetime=source.published.isoformat()))
    if source.publisher and source.cite:
        parts.append(tag("span", source.cite))
    if source.says:
        parts.append(tag("q", lang.local(source.says)))
    return tag("span", *parts)
