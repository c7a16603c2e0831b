"""The decision in one sentence, and what would change it."""

from __future__ import annotations

from calculator import Comparison, Option
from calculator.comparison import compare_profile
from offers.claims import STANCES, Stance
from pricing.yaml_reader import Document

from .language import Language


def verdict(comparison: Comparison, lang: Language) -> str:
    """Who is cheapest, by how much, and compared with what."""
    if not comparison.options:
        return lang.say("No provider can take all your workloads on {day}.", day=comparison.horizon.as_of)
    best = comparison.options[0]
    if stays(comparison):
        return lang.say(
            "Stay with {source}: {stay} over {months} months; the best move, to {provider}, would cost {gap} more.",
            source=lang.name(comparison.baseline.provider), months=comparison.horizon.months,
            stay=money(comparison.baseline.total or 0.0, comparison, lang), provider=lang.name(best.provider),
            gap=money(best.total - (comparison.baseline.total or 0.0), comparison, lang),
        )  # fmt: skip
    decision = lang.say(
        "Move to {provider}: {total} in all over {months} months",
        provider=lang.name(best.provider), total=money(best.total, comparison, lang), months=comparison.horizon.months,
    )  # fmt: skip
    if len(comparison.options) == 1:
        return lang.say("{decision}; no other provider can take all your workloads.", decision=decision)
    return lang.say("{decision}, {margin}.", decision=decision, margin=margin(comparison, lang))


def stays(comparison: Comparison) -> bool:
    """Whether nobody is cut off and staying costs no more than the best move."""
    stay = comparison.baseline.total
    return comparison.event.cutoff is None and stay is not None and stay <= comparison.options[0].total


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
    if comparison.event.cutoff is None and gap > 0:
        return lang.say("Staying with {source} costs {stay}: {gap} less.", **amounts)
    if comparison.event.cutoff is None:
        return lang.say("Staying with {source} costs {stay}: {gap} more.", **amounts)
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
