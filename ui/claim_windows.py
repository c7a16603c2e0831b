"""The claim windows of the offers on one scale of time, the next to close first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from report.language import Language
from report.offers import OfferOnDay, TimeScale, state_words

from . import form
from .html import Markup, tag


def claim_windows(shown: Sequence[OfferOnDay], lang: Language) -> Markup:
    """A bar from the first to the last day to claim for each offer, with what is left in words."""
    event = form.event()
    scale = TimeScale.of(shown, [event.announced, event.cutoff or event.announced])
    day = shown[0].day
    ordered = sorted(shown, key=lambda one: (one.closes or date.max, one.opens))
    return tag(
        "div",
        _legend(day, lang),
        tag("div", tag("span"), tag("div", *_axis(scale, lang), class_="bj-track-axis"), tag("span"),
            class_="bj-window", aria_hidden="true"),
        *(_row(one, scale, lang) for one in ordered),
        class_="bj-windows",
    )  # fmt: skip


def _legend(day: date, lang: Language) -> Markup:
    entries = (
        ("bj-window-known", lang.say("can be claimed")),
        ("bj-window-assumed", lang.say("assumed: a day is not published")),
        ("bj-window-day", lang.day(day)),
    )
    return tag("p", *(tag("span", tag("i", class_=mark), name) for mark, name in entries), class_="bj-legend")


def _axis(scale: TimeScale, lang: Language) -> list[Markup]:
    days = {scale.first: lang.day(scale.first), scale.last: lang.day(scale.last)}
    cutoff = form.event().cutoff
    if cutoff and scale.first < cutoff < scale.last:
        days[cutoff] = lang.say("cut-off")
    return [tag("span", name, style=f"left:{scale.percent(at)}%") for at, name in sorted(days.items())]


def _row(one: OfferOnDay, scale: TimeScale, lang: Language) -> Markup:
    left, right = scale.percent(one.opens), scale.percent(one.closes or scale.last)
    assumed = "unknown" in (one.offer.claim.opens, one.offer.claim.closes)
    bar = tag(
        "i", class_="bj-window-assumed" if assumed else "bj-window-known", style=f"left:{left}%;right:{100 - right:g}%"
    )
    now = tag("i", class_="bj-window-day", style=f"left:{scale.percent(one.day)}%")
    until = lang.say("no last day") if one.closes is None else lang.day(one.closes)
    if one.closes and one.offer.claim.closes == "unknown":
        until = lang.say("{day} (assumed)", day=until)
    badge = tag("span", state_words(one, lang), class_=f"bj-badge bj-is-{one.state}")
    return tag(
        "div",
        tag("div", tag("b", lang.name(one.provider)), tag("small", lang.name(one.offer))),
        tag("div", bar, now, class_="bj-track", aria_hidden="true"),
        tag("div", badge, tag("small", until)),
        class_="bj-window",
    )
