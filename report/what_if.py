"""What would change the decision, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from calculator import Comparison
from calculator.variations import Input
from calculator.what_if import Finding, Flip, cheapest

from .language import Language

WHOLE = ("months", "starts")
"""Inputs of whole numbers: a flip is the first value at which the decision is another."""


def told(findings: Iterable[Finding], comparison: Comparison, lang: Language) -> list[str]:
    """One sentence for each flip, the nearest first; then one for each input whose range holds none."""
    return [
        *(_flips(input_, flip, comparison, lang) for input_, flip in nearest(findings)),
        *(_holds(input_, comparison, lang) for input_ in steady(findings)),
    ]


def nearest(findings: Iterable[Finding]) -> list[tuple[Input, Flip]]:
    """All flips, the nearest first."""
    flips = [(one.input, flip) for one in findings for flip in (one.below, one.above) if flip is not None]
    return sorted(flips, key=lambda found: _distance(*found))


def steady(findings: Iterable[Finding]) -> list[Input]:
    """The inputs whose range holds no flip."""
    return [one.input for one in findings if one.below is None and one.above is None]


def condition(input_: Input, flip: Flip, comparison: Comparison, lang: Language) -> str:
    """When a flip happens, as part of a sentence."""
    named = {"input": label(input_, comparison, lang), "value": shown(input_, flip.value, comparison, lang)}
    rises = flip.value > input_.today
    if input_.name in WHOLE:
        return lang.say("{input} from {value} on", **named) if rises else lang.say("{input} up to {value}", **named)
    return lang.say("{input} above {value}", **named) if rises else lang.say("{input} below {value}", **named)


def label(input_: Input, comparison: Comparison, lang: Language) -> str:
    """What an input is called."""
    return {
        "months": lang.say("Months looked at"),
        "starts": lang.say("First day of real use"),
        "monthly_tokens": lang.say("Tokens a month"),
        "growth": lang.say("Growth a month"),
        "cached_share": lang.say("Cached share of the input, {workload}", workload=input_.of),
        "ratio": lang.say("New tokens for one old, {provider}", provider=_name(input_.of, comparison, lang)),
        "effort": lang.say("Person-days of every move"),
        "day_rate": lang.say("Day rate"),
        "loss_per_day": lang.say("Loss per day without a service"),
        "exchange_rate": lang.say("{into} for 1 {currency}", into=comparison.profile.currency, currency=input_.of),
    }[input_.name]


def shown(input_: Input, value: float, comparison: Comparison, lang: Language) -> str:
    """A value of an input; person-days in parts of today's."""
    if input_.name == "starts":
        return lang.day(date.fromordinal(int(value)))
    if input_.name in ("growth", "cached_share", "effort"):
        return lang.percent(value, digits=1)
    if input_.name in ("day_rate", "loss_per_day"):
        return lang.money(value, comparison.profile.currency, digits=0 if value >= 100 or value == 0 else 2)
    if input_.name == "monthly_tokens":
        return lang.compact(value)
    return lang.number(value, digits=2)


def _distance(input_: Input, flip: Flip) -> float:
    """How far a flip is away, in parts of the way to the end of the range: a share or a day has no size of its own."""
    end = input_.low if flip.value < input_.today else input_.high
    return abs(flip.value - input_.today) / abs(end - input_.today)


def _flips(input_: Input, flip: Flip, comparison: Comparison, lang: Language) -> str:
    values = {
        "input": label(input_, comparison, lang),
        "value": shown(input_, flip.value, comparison, lang),
        "today": shown(input_, input_.today, comparison, lang),
        "other": choice(flip.provider, comparison, lang),
        "winner": choice(cheapest(comparison), comparison, lang),
    }
    rises = flip.value > input_.today
    if input_.name in WHOLE and rises:
        return lang.say("{input}: from {value} on, {other} is cheaper than {winner} (now: {today}).", **values)
    if input_.name == "months":
        return lang.say("{input}: up to {value}, {other} is cheaper than {winner} (now: {today}).", **values)
    if input_.name == "starts":
        return lang.say("{input}: on {value} or before, {other} is cheaper than {winner} (now: {today}).", **values)
    if rises:
        return lang.say("{input}: above {value}, {other} is cheaper than {winner} (now: {today}).", **values)
    return lang.say("{input}: below {value}, {other} is cheaper than {winner} (now: {today}).", **values)


def _holds(input_: Input, comparison: Comparison, lang: Language) -> str:
    low, today, high = (shown(input_, one, comparison, lang) for one in (input_.low, input_.today, input_.high))
    return lang.say(
        "{input}: from {low} to {high}, {winner} remains the cheapest (now: {today}).",
        input=label(input_, comparison, lang), low=low, high=high, today=today,
        winner=choice(cheapest(comparison), comparison, lang),
    )  # fmt: skip


def choice(provider: str, comparison: Comparison, lang: Language) -> str:
    """Whom to go to; or to stay."""
    if provider == comparison.baseline.provider.provider:
        return lang.say("staying with {source}", source=lang.name(comparison.baseline.provider))
    return _name(provider, comparison, lang)


def _name(provider: str, comparison: Comparison, lang: Language) -> str:
    known = comparison.catalogue.prices.providers.get(provider)
    return lang.name(known) if known else provider
