"""What an answer rests on: assumptions and sources."""

from __future__ import annotations

from calculator import Comparison, Option
from report.document import Bullets, Line, Link, Paragraph, Section
from report.evidence import Cited, evidence, source_name
from report.language import Language
from report.verdict import money
from report.words import assumed_term, confidence, stance


def assumptions(comparison: Comparison, best: Option, lang: Language) -> Section:
    """What is taken for granted, and what to be wary of."""
    titles = {use.offer.id: lang.name(use.offer) for use in best.offers}
    counts = lang.say("token counts")
    points = [
        lang.say(
            "{offer}, {term}: {assumed}",
            offer=titles.get(one.offer or "", counts), term=assumed_term(one.term, lang),
            assumed=one.assumed,
        )
        for one in best.assumptions
    ]  # fmt: skip
    points += [lang.render(warning) for warning in best.warnings]
    points += [
        lang.say(
            "“{offer}” rests on weak reports: it saves {saved}, less what other gifts would cover in its place.",
            offer=lang.name(use.offer), saved=money(one.saved, comparison, lang),
        )
        for use in best.offers
        for one in use.benefits
        if one.benefit.confidence == "low" and one.saved > 0
    ]  # fmt: skip
    points.append(lang.say("List prices are those in force on the day of the decision, held for the whole period."))
    points.append(
        lang.say(
            "A person-day costs {rate}; person-days are estimates with weak evidence, to be replaced by your own.",
            rate=money(comparison.day_rate, comparison, lang),
        )
    )  # fmt: skip
    lead = lang.say(
        "What nobody published is assumed under the stance “{stance}”.", stance=stance(comparison.profile.stance, lang)
    )
    return Section(lang.say("Assumptions and warnings"), (Paragraph(lead), Bullets.of(points)))


def sources(comparison: Comparison, best: Option, lang: Language) -> Section:
    """Where each figure was seen."""
    cited = tuple(_cited(one, lang) for one in evidence(comparison, best, lang))
    return Section(lang.say("Sources"), (Bullets(cited),))


def _cited(one: Cited, lang: Language) -> Line:
    label = one.figure
    if one.confidence:
        label = lang.say("{figure} ({confidence})", figure=one.figure, confidence=confidence(one.confidence, lang))
    line: list[str | Link] = [lang.say("{label}: {value}", label=label, value="")]
    for source in one.sources:
        line += [Link(source_name(source, lang), source.url), lang.joined(["", ""])]
    line = line[:-1] if one.sources else [*line, lang.say("our judgement")]
    return [*line, f" — {lang.local(one.note)}"] if one.note else line
