"""The rules of the calculation in words; `docs/model.md` has them exactly."""

from __future__ import annotations

from datetime import date

from calculator import Comparison
from offers.claims import ASSUMED_LIFE, ASSUMED_WINDOW_AFTER_CUTOFF, STANCES
from report.language import Language
from report.words import assumed_term, stance

from . import answers
from .html import Markup, joined, table, tag

Rule = tuple[str, object]
"""What a rule is about, and the rule."""


def rules(comparison: Comparison, lang: Language) -> Markup:
    """All rules; days and names are those of the answer."""
    day = comparison.horizon.as_of
    return described([*_usage(day, lang), *_offers(lang), *_move(comparison, lang), *_ranking(comparison, lang)])


def described(entries: list[Rule]) -> Markup:
    """Subjects with what is said about each."""
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", text)) for name, text in entries), class_="bj-rules")


def _usage(day: date, lang: Language) -> list[Rule]:
    models = lang.say(
        "For each workload, the models of a provider that can do the job: of the tier of today's model or better, long "
        "enough for your requests, with every feature that you cannot do without, on sale at a published price on "
        "{day}. All combinations are tried; the cheapest stands for the provider.",
        day=day,
    )
    tokens = lang.say(
        "Your tokens of a month grow by the rate that you give. The new model cuts the same text into more tokens or "
        "fewer; the ratio comes from measured tokenizers and your mix of languages, or from your own pilot. Where "
        "nothing was measured it is 1, and the assumptions say so."
    )
    prices = lang.say(
        "The list prices of {day}, held for the whole period. Cached input, batches, off-peak hours and long requests "
        "have their own price where the provider lists one. An unknown price never counts as 0.",
        day=day,
    )
    return [
        (lang.say("What is compared"), models),
        (lang.say("Your usage at the new provider"), tokens),
        (lang.say("Prices"), prices),
    ]


def _offers(lang: Language) -> list[Rule]:
    claimed = lang.say(
        "Those whose window is open and whose conditions you meet. An offer is claimed on the first day of use, or on "
        "the last day of its window if that comes first; its life begins that day. What is missed or refused is shown "
        "with the reason."
    )
    order = [
        lang.say("list price"), lang.say("free tokens"), lang.say("discount"), lang.say("vouchers"), lang.say("bill"),
    ]  # fmt: skip
    drawn = lang.say(
        "Free tokens go first, those that end soonest before the others. The largest discount alive takes its share of "
        "the rest; discounts do not add up. Vouchers pay what is left. What is unused when a gift ends has lapsed and "
        "saves nothing, however large the gift."
    )
    unknown = lang.say(
        "{share} of the terms of the offers are unknown. You choose how to read them, and every assumption is listed "
        "beside its offer.",
        share=lang.percent(answers.statistics().unknown_share),
    )
    return [
        (lang.say("Which offers count"), claimed),
        (
            lang.say("In which order"),
            joined([tag("ol", *(tag("li", step) for step in order), class_="bj-order"), tag("p", drawn)]),
        ),
        (lang.say("Terms that nobody published"), joined([tag("p", unknown), _stances(lang)])),
    ]


def _move(comparison: Comparison, lang: Language) -> list[Rule]:
    work = lang.say(
        "Person-days to change the interface, evaluate, tune prompts again and rework missing features, at your day "
        "rate, less what a free service of a claimed offer takes off; and the tokens to embed or train again. The days "
        "are estimates on weak evidence: replace them by your own."
    )
    late = lang.say("Nobody is cut off, so nobody is late.")
    if comparison.event.cutoff:
        late = lang.say(
            "Your engineers share the person-days, on working days from the decision on. Each calendar day from the "
            "cut-off until they are done costs what you lose on a day without service."
        )
    return [(lang.say("The work of moving"), work), (lang.say("Being late"), late)]


def _ranking(comparison: Comparison, lang: Language) -> list[Rule]:
    money = lang.say(
        "A bill is made in the provider's currency and converted at the rate of {day}. Nothing is rounded before it is "
        "shown.",
        day=comparison.horizon.as_of,
    )
    rank = lang.say(
        "Providers rank by the total. Beside them stands what {source} charges for the same usage at list price.",
        source=lang.name(comparison.baseline.provider),
    )
    return [(lang.say("Currency and rounding"), money), (lang.say("Rank, and staying"), rank)]


def _stances(lang: Language) -> Markup:
    """What each stance assumes (section 9)."""

    def life(days: int | None) -> str:
        return lang.say("no end") if days is None else lang.say("{days} days", days=days)

    def until(days: int | None) -> str:
        if days is None:
            return lang.say("no end")
        return lang.say("{days} days after the cut-off", days=days) if days else lang.say("the cut-off day")

    everybody = lang.listed([lang.say("any customer"), lang.say("any account")])
    few = lang.listed([lang.say("new customers"), lang.say("enterprise account")])
    rows: list[list[object]] = [
        [assumed_term("valid_days", lang), *map(life, ASSUMED_LIFE.values())],
        [assumed_term("closes", lang), *map(until, ASSUMED_WINDOW_AFTER_CUTOFF.values())],
        [assumed_term("models", lang), lang.say("the cheapest paid one"), lang.say("all chat models"), lang.say("all")],
        [assumed_term("cap", lang), lang.say("nothing is matched"), lang.say("no cap"), lang.say("no cap")],
        [lang.say("for whom"), few, everybody, everybody],
        [lang.say("what free services save"), lang.say("nothing"), *[lang.say("as estimated")] * 2],
    ]
    header = [lang.say("Term"), *(stance(one, lang) for one in STANCES)]
    return tag(
        "details",
        tag("summary", lang.say("What each reading assumes")),
        tag("div", table(header, rows), class_="bj-wide"),
        class_="bj-more",
    )
