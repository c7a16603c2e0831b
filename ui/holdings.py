"""What the data hold: how much, how old, how sure."""

from __future__ import annotations

from datetime import date

from report.language import Language
from report.words import confidence

from . import answers
from .header import data_age
from .html import Markup, joined, tag
from .rules import described
from .verdict import tile


def holdings(today: date, lang: Language) -> Markup:
    """All of it; ``today`` tells how old the prices are."""
    return joined(
        [
            tag("div", *_tiles(today, lang), class_="bj-tiles"),
            tag("h3", lang.say("How sure a figure is")),
            _confidence(lang),
        ]
    )


def _tiles(today: date, lang: Language) -> list[Markup]:
    found = answers.statistics()
    models = lang.say(
        "{models} models, {providers} providers", models=found.total("models"), providers=len(found.counts)
    )
    offers = lang.say("{offers} offers, {events} events", offers=found.total("offers"), events=found.events)
    unknown = lang.say(
        "{unknown} of {terms} terms of offers", unknown=found.total("unknown_terms"), terms=found.total("terms")
    )
    tiles = [
        tile(lang.say("Prices"), lang.number(found.total("prices")), models),
        tile(lang.say("Gifts"), lang.number(found.total("benefits")), offers),
        tile(lang.say("Sources"), lang.number(found.sources), lang.say("pages and papers")),
        tile(lang.say("Never published"), lang.percent(found.unknown_share), unknown),
    ]
    newest = found.newest_price
    if newest is None:
        return tiles
    age = data_age((today - newest).days, lang) if newest <= today else ""
    return [tile(lang.say("Newest price"), lang.day(newest), age), *tiles]


def _confidence(lang: Language) -> Markup:
    """The levels, what each means, and how many prices and gifts have it."""
    meaning = {
        "high": lang.say("The vendor's own page, or two independent reports that agree."),
        "medium": lang.say("One good report."),
        "low": lang.say("Hearsay, or sources that contradict one another; a note says how."),
    }
    counts = answers.statistics().confidence
    entries: list[tuple[str, object]] = []
    for one, text in meaning.items():
        count = tag("small", lang.say("{count} figures", count=counts.get(one, 0)))
        entries.append((confidence(one, lang), joined([text, " ", count])))
    return described(entries)
