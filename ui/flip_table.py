"""The inputs that flip the decision: where, to whom, and what a fifth less or more does."""

from __future__ import annotations

from collections.abc import Sequence

from calculator import Comparison
from calculator.variations import Input
from calculator.what_if import Finding, Flip, Nudge, standings
from report.language import Language
from report.verdict import money
from report.what_if import WHOLE, choice, label, nearest, shown

from .html import Markup, table, tag


def flip_table(findings: Sequence[Finding], comparison: Comparison, lang: Language) -> Markup:
    """A row for each input with a flip, the nearest first."""
    order = [input_ for input_, _ in nearest(findings)]
    flipping = sorted((one for one in findings if one.input in order), key=lambda one: order.index(one.input))
    first, second = sorted(standings(comparison).values())[:2]
    lead = second - first
    widest = max((abs(one.margin - lead) for found in flipping for one in (found.less, found.more) if one), default=0)
    header = [
        lang.say("Input"), lang.say("Your value"), lang.say("Flips below"), lang.say("Flips above"),
        lang.say("The lead with 20% less and 20% more"),
    ]  # fmt: skip

    def row(found: Finding) -> list[object]:
        effects = [_effect(found.input, one, lead, widest, comparison, lang) for one in (found.less, found.more) if one]
        return [
            tag("b", label(found.input, comparison, lang)),
            shown(found.input, found.input.today, comparison, lang),
            _flip(found.input, found.below, comparison, lang),
            _flip(found.input, found.above, comparison, lang),
            tag("span", *effects, class_="bj-effects") if effects else "",
        ]

    return tag("div", table(header, map(row, flipping), numbers=(1,)), class_="bj-wide bj-flips bj-prices")


def _flip(input_: Input, flip: Flip | None, comparison: Comparison, lang: Language) -> Markup | str:
    """From which value on, and who is the cheapest there."""
    if flip is None:
        return ""
    sign = ">" if flip.value > input_.today else "<"
    sign = {">": "≥", "<": "≤"}[sign] if input_.name in WHOLE else sign
    value = f"{sign} {shown(input_, flip.value, comparison, lang)}"
    return tag("span", value, tag("small", choice(flip.provider, comparison, lang)))


def _effect(
    input_: Input, nudge: Nudge, lead: float, widest: float, comparison: Comparison, lang: Language
) -> Markup:  # fmt: skip
    """What becomes of the lead: a bar to the left where it shrinks, to the right where it grows."""
    change = nudge.margin - lead
    length = abs(change) / widest * 50 if widest else 0.0
    left = 50 - length if change < 0 else 50.0
    sinks = "bj-lead-lost" if nudge.margin < 0 else "bj-lead-less" if change < 0 else "bj-lead-more"
    return tag(
        "span",
        tag("span", shown(input_, nudge.value, comparison, lang), class_="bj-effect-value"),
        tag("span", tag("i", class_=sinks, style=f"left:{left:.1f}%;width:{length:.1f}%"), class_="bj-effect-bar",
            aria_hidden="true"),
        tag("span", money(nudge.margin, comparison, lang), class_="bj-effect-lead"),
        class_="bj-effect",
    )  # fmt: skip
