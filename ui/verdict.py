"""The decision, before all numbers: one sentence and four figures."""

from __future__ import annotations

from calculator import Comparison, Option
from report.language import Language
from report.verdict import money, verdict

from . import figures
from .html import Markup, joined, tag


def decision(comparison: Comparison, lang: Language, *, is_example: bool, is_current: bool) -> Markup:
    """The sentence and the tiles."""
    note = ""
    if not is_current:
        note = lang.say("Last good answer: some inputs cannot be used, see below.")
    elif is_example:
        note = lang.say("Example: a start-up with a support chat. Put in your own usage.")
    best = comparison.options[0] if comparison.options else None
    return tag(
        "section",
        tag("p", note, class_="bj-note" if is_current else "bj-note bj-stale") if note else "",
        tag("p", verdict(comparison, lang), class_="bj-verdict", role="status"),
        _cautions(best, lang) if best else "",
        tag("div", *_tiles(comparison, best, lang), class_="bj-tiles") if best else "",
        class_="bj-card",
    )


def _cautions(best: Option, lang: Language) -> Markup:
    """What to know of the cheapest before one trusts it."""
    return joined(tag("p", "⚠ ", lang.render(one), class_="bj-caution") for one in best.warnings)


def _tiles(comparison: Comparison, best: Option, lang: Language) -> list[Markup]:
    return [
        _total(comparison, best, lang),
        _staying(comparison, best, lang),
        _free(best, lang),
        _work(comparison, best, lang),
    ]


def tile(title: str, value: str, *lines: object) -> Markup:
    """A figure with its name above and what to know of it below."""
    return tag(
        "div",
        tag("div", title, class_="bj-tile-title"),
        tag("div", value, class_="bj-tile-value"),
        *(tag("div", line, class_="bj-tile-line") for line in lines if line),
        class_="bj-tile",
    )


def _total(comparison: Comparison, best: Option, lang: Language) -> Markup:
    parts = [
        lang.say("{amount} for tokens", amount=money(best.bill, comparison, lang)),
        lang.say("{amount} for the work of moving", amount=money(best.one_off_cost, comparison, lang)),
    ]
    if best.readiness_cost:
        parts.append(lang.say("{amount} for not being ready", amount=money(best.readiness_cost, comparison, lang)))
    title = lang.say("{provider}, {months} months", provider=lang.name(best.provider), months=comparison.horizon.months)
    return tile(title, money(best.total, comparison, lang), *parts)


def _staying(comparison: Comparison, best: Option, lang: Language) -> Markup:
    source = lang.name(comparison.baseline.provider)
    title = lang.say("Against staying with {source}", source=source)
    above, stay = figures.above_staying(comparison, best), comparison.baseline.total
    if above is None or stay is None:
        return tile(title, "–", lang.say("What staying would cost is not known."))
    amount = money(abs(above), comparison, lang)
    value = lang.say("{amount} more", amount=amount) if above > 0 else lang.say("{amount} less", amount=amount)
    paid = money(stay, comparison, lang)
    if comparison.event.cutoff is None:
        return tile(title, value, lang.say("Staying costs {amount}", amount=paid))
    return tile(title, value, lang.say("Staying would have cost {amount}, had it been possible", amount=paid))


def _free(best: Option, lang: Language) -> Markup:
    claim = claim_by(best, lang)
    title = lang.say("First paid token")
    if best.free_until is None:
        return tile(title, lang.say("never"), lang.say("Nothing is paid for tokens in the whole period"), claim)
    if not figures.free_days(best):
        return tile(title, lang.say("from the first day"), lang.say("No offer makes all tokens free"), claim)
    return tile(title, lang.day(best.free_until), lang.say("Until then offers cover everything"), claim)


def _work(comparison: Comparison, best: Option, lang: Language) -> Markup:
    days = lang.number(figures.person_days(best), digits=1)
    lines = [lang.say("{days} person-days of work, once", days=days)]
    left = figures.days_to_cutoff(comparison, best)
    if left is not None and left < 0:
        lines.append(
            lang.say(
                "Days late: {days}, costing {amount}", days=-left, amount=money(best.readiness_cost, comparison, lang)
            )
        )
    elif left is None:
        lines.append(lang.say("Nobody is cut off: there is no hurry"))
    else:
        lines.append(lang.say("Days to spare before the cut-off: {days}", days=left))
    return tile(lang.say("Ready on"), lang.day(best.ready_on), *lines)


def claim_by(option: Option, lang: Language) -> str | None:
    """By when to claim, and whether that day was published."""
    first = figures.first_claim(option)
    if first is None:
        return None
    if first.offer.claim.closes == "unknown":
        return lang.say("Claim the offers by {day} (assumed: no day was published)", day=first.claim_by)
    return lang.say("Claim the offers by {day}", day=first.claim_by)
