"""Why the best option is the best, and what the runner-up lacks."""

from __future__ import annotations

from calculator import Comparison, Option
from report.document import Bullets, Section
from report.language import Language
from report.verdict import against_staying, money, winners
from report.words import stance


def why(comparison: Comparison, best: Option, lang: Language) -> Section:
    """Whether it is sure, and where the total comes from."""

    def amount(value: float) -> str:
        return money(value, comparison, lang)

    saved, last = best.saved_by_offers, best.monthly[-1]
    if saved > 0:
        tokens = lang.say(
            "The tokens would cost {list_cost} at list price; offers take off {saved}, so {bill} is paid.",
            list_cost=amount(best.list_cost), saved=amount(saved), bill=amount(best.bill),
        )  # fmt: skip
    else:
        tokens = lang.say("The tokens cost {list_cost}; no offer lowers that.", list_cost=amount(best.list_cost))
    points = [
        _by_stance(comparison, lang),
        tokens,
        lang.say("The work of moving costs {one_off} once.", one_off=amount(best.one_off_cost)),
        _readiness(comparison, best, lang),
        _free(best, lang),
        against_staying(comparison, best, lang),
    ]
    if last.bill < last.list_cost * 0.999:
        later = lang.say(
            "In the last month of the period the bill is {bill}; without offers it would be {list_cost}.",
            bill=amount(last.bill), list_cost=amount(last.list_cost),
        )  # fmt: skip
        points.append(later)
    elif saved > 0:
        points.append(
            lang.say(
                "When the offers are over, the tokens cost {bill} a month (in the last month of the period).",
                bill=amount(last.bill),
            )
        )
    return Section(lang.say("Why"), (Bullets.of(points),))


def _by_stance(comparison: Comparison, lang: Language) -> str:
    """Whether what is assumed for unpublished terms decides who wins."""
    by_stance = winners(comparison)
    told = lang.joined(
        lang.say(
            "{provider} ({stance}, {total})",
            stance=stance(one, lang), provider=lang.name(other.options[0].provider),
            total=money(other.options[0].total, other, lang),
        )
        for one, other in by_stance.items()
        if other.options
    )  # fmt: skip
    same = len({other.options[0].provider.provider for other in by_stance.values() if other.options}) == 1
    if same:
        return lang.say(
            "Whatever is assumed for the unpublished terms, the decision is the same: {winners}.", winners=told
        )
    return lang.say(
        "The decision hangs on the unpublished terms; by what is assumed for them, the winner is {winners}.",
        winners=told,
    )


def _readiness(comparison: Comparison, option: Option, lang: Language) -> str:
    cutoff = comparison.event.cutoff
    if cutoff is None:
        return lang.say("The work is done on {day}; nobody is cut off.", day=option.ready_on)
    if option.ready_on <= cutoff:
        return lang.say(
            "The work is done on {day}, in time for the cut-off on {cutoff}.", day=option.ready_on, cutoff=cutoff
        )
    late = (option.ready_on - cutoff).days
    return lang.say(
        "The work is done on {day}, {late} days after the cut-off: that costs {cost}.",
        day=option.ready_on, late=late, cost=money(option.readiness_cost, comparison, lang),
    )  # fmt: skip


def _free(option: Option, lang: Language) -> str:
    if option.free_until is None:
        return lang.say("Nothing is paid for tokens in the whole period.")
    if option.free_until <= option.monthly[0].starts:
        return lang.say("Tokens are paid for from the first day.")
    return lang.say("Nothing is paid for tokens before {day}.", day=option.free_until)


def runner_up(comparison: Comparison, lang: Language) -> Section | None:
    """The second, and what would make it the first; None where there is no second."""
    if len(comparison.options) < 2:
        return None
    best, second = comparison.options[:2]
    gap = second.total - best.total
    name, first = lang.name(second.provider), lang.name(best.provider)
    points = [
        lang.say(
            "{provider} comes second with {total}: bill {bill}, one-off cost {one_off}, not being ready {late}.",
            provider=name, total=money(second.total, comparison, lang), bill=money(second.bill, comparison, lang),
            one_off=money(second.one_off_cost, comparison, lang),
            late=money(second.readiness_cost, comparison, lang),
        )
    ]  # fmt: skip
    if gap >= 0.005:
        points.append(
            lang.say(
                "It would win if it became more than {gap} cheaper, or {first} more than that dearer.",
                gap=money(gap, comparison, lang), first=first,
            )
        )  # fmt: skip
        if second.bill > gap:
            points.append(
                lang.say("That is {percent} off its bill.", percent=lang.percent(gap / second.bill, digits=1))
            )
        if comparison.day_rate > 0:
            days = lang.number(gap / comparison.day_rate, digits=1)
            points.append(
                lang.say("{days} more person-days of work at {first} would do the same.", days=days, first=first)
            )
    return Section(lang.say("The runner-up, and what it would take"), (Bullets.of(points),))
