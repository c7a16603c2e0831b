"""The recommendation: a document that is complete without the app."""

from __future__ import annotations

from calculator import Comparison
from report.chart import decision_chart
from report.document import Bullets, Document, Section
from report.language import Language
from report.verdict import stays, verdict
from report.words import stance

from .checklist import checklist
from .claims import claims
from .costs import models, months, ranking
from .grounds import assumptions, sources
from .why import runner_up, why


def memo(comparison: Comparison, lang: Language) -> Document:
    """The recommendation."""
    return Document(
        title=_title(comparison, lang),
        lead=verdict(comparison, lang),
        facts=Bullets.of(
            [lang.say("{label}: {value}", label=label, value=value) for label, value in facts(comparison, lang)]
        ),
        chart=decision_chart(comparison, lang),
        sections=_sections(comparison, lang),
    )


def _sections(comparison: Comparison, lang: Language) -> tuple[Section, ...]:
    if not comparison.options:
        return (ranking(comparison, lang),)
    best = comparison.options[0]
    second = runner_up(comparison, lang)
    return (
        why(comparison, best, lang),
        *([second] if second else []),
        claims(best, lang),
        checklist(comparison, best, lang),
        ranking(comparison, lang),
        models(comparison, best, lang),
        months(comparison, best, lang),
        assumptions(comparison, best, lang),
        sources(comparison, best, lang),
    )


def _title(comparison: Comparison, lang: Language) -> str:
    if not comparison.options:
        return lang.say("Recommendation: which provider to move to")
    if stays(comparison):
        return lang.say("Recommendation: stay with {source}", source=lang.name(comparison.baseline.provider))
    return lang.say("Recommendation: move to {provider}", provider=lang.name(comparison.options[0].provider))


def facts(comparison: Comparison, lang: Language) -> list[tuple[str, str]]:
    """What was asked: labels and values."""
    event, horizon, profile = comparison.event, comparison.horizon, comparison.profile
    return [
        (lang.say("Prepared for"), profile.name or lang.say("an unnamed profile")),
        (lang.say("Occasion"), lang.name(event)),
        (lang.say("Cut-off"), lang.day(event.cutoff) if event.cutoff else lang.say("none, the move is voluntary")),
        (lang.say("Decided on the prices and offers of"), lang.day(horizon.as_of)),
        (
            lang.say("Period"),
            lang.say("{months} months from {day}", months=horizon.months, day=horizon.starts),
        ),
        (lang.say("Stance on unpublished terms"), stance(profile.stance, lang)),
        (lang.say("Usage today"), _usage(comparison, lang)),
    ]


def _usage(comparison: Comparison, lang: Language) -> str:
    loads = [
        lang.say(
            "{name}: {input} input and {output} output tokens a month on {model}",
            name=one.label, input=lang.compact(one.input_tokens), output=lang.compact(one.output_tokens),
            model=one.model,
        )
        for one in comparison.profile.workloads
    ]  # fmt: skip
    growth = comparison.profile.growth
    if growth:
        loads.append(lang.say("growing {growth} a month", growth=lang.percent(growth, digits=1)))
    return lang.joined(loads)
