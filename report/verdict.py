"""The decision in one sentence, and what would change it."""

from __future__ import annotations

from calculator import Comparison, Option
from calculator.comparison import compare_profile
from offers.claims import Stance
from pricing.yaml_reader import Document

from .language import Language

STANCES: tuple[Stance, ...] = ("cautious", "expected", "generous")


def verdict(comparison: Comparison, lang: Language) -> str:
    """Who is cheapest, by how much, and compared with what."""
    if not comparison.options:
        return lang.say("No provider can take all your workloads on {day}.", day=comparison.horizon.as_of)
    best = comparison.options[0]
    decision = lang.say(
        "Move to {provider}: {total} in all over {months} months",
        provider=lang.name(best.provider), total=money(best.total, comparison, lang), months=comparison.horizon.months,
    )  # fmt: skip
    if len(comparison.options) == 1:
        return lang.say("{decision}; no other provider can take all your workloads.", decision=decision)
    return lang.say("{decision}, {margin}.", decision=decision, margin=margin(comparison, lang))


def margin(comparison: Comparison, lang: Language) -> str:
    """By how much the first beats the second."""
    best, second = comparison.options[:2]
    gap = second.total - best.total
    other = lang.name(second.provider)
    if gap < 0.005:
        return lang.say("the same as {provider}, the runner-up", provider=other)
    return lang.say(
        "{gap} ({percent}) less than {provider}, the runner-up",
        gap=money(gap, comparison, lang), percent=lang.percent(gap / second.total, digits=1), provider=other,
    )  # fmt: skip


def against_staying(comparison: Comparison, option: Option, lang: Language) -> str:
    """An option's total beside the list cost of staying."""
    stay = comparison.baseline.total
    source = lang.name(comparison.baseline.provider)
    if stay is None:
        return lang.say("What staying with {source} would have cost is not known.", source=source)
    gap = option.total - stay
    if abs(gap) < 0.005:
        return lang.say("That is what staying with {source} would have cost.", source=source)
    amounts = {"source": source, "stay": money(stay, comparison, lang), "gap": money(abs(gap), comparison, lang)}
    if gap > 0:
        return lang.say("Staying with {source}, had it been possible, would have cost {stay}: {gap} less.", **amounts)
    return lang.say("Staying with {source}, had it been possible, would have cost {stay}: {gap} more.", **amounts)


def winners(comparison: Comparison) -> dict[Stance, Comparison]:
    """The same question under each stance."""
    return {
        stance: comparison
        if stance == comparison.profile.stance
        else compare_profile(
            comparison.profile.model_copy(update={"stance": stance}), comparison.catalogue, Document("profile")
        )
        for stance in STANCES
    }


def money(amount: float, comparison: Comparison, lang: Language) -> str:
    """An amount in the profile's currency: whole units where cents say nothing."""
    return lang.money(amount, comparison.profile.currency, digits=2 if abs(amount) < 100 else 0)
