"""From the list cost to the total, line by line: what each step adds or saves, by which rule, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from calculator import Comparison, Option
from calculator.answer import BenefitUse, OfferUse, OneOffItem

from .evidence import Cited, of_benefit, of_prices, of_work
from .language import Language
from .offers import gives
from .verdict import money
from .words import effort_item


@dataclass(frozen=True)
class Line:
    """One step."""

    label: str
    rule: str
    """How the amount comes about, with its dates."""
    amount: float
    """In the profile's currency; what is saved is negative."""
    evidence: tuple[Cited, ...] = ()
    is_sum: bool = False
    """Whether it sums up the lines above it."""


def ledger(comparison: Comparison, option: Option, lang: Language) -> list[Line]:
    """The lines of an option; those that are no sums add up to its total."""
    saved = [
        _saved(comparison, option, use, benefit, lang)
        for use in option.offers
        for benefit in use.benefits
        if benefit.saved
    ]
    embedding = sum(line.amount for line in saved) + option.saved_by_offers
    once = [_once(comparison, option, item, lang) for item in option.one_off]
    lines = [_list_cost(comparison, option, lang), *saved]
    if abs(embedding) > 1e-9 * max(option.list_cost, 1.0):
        # What offers save on embedding again is in the cost of that line already.
        rule = lang.say("this part of the savings lies in the line “{item}”", item=effort_item("re_embedding", lang))
        lines.append(Line(lang.say("Not in the monthly bills"), rule, -embedding))
    bill = lang.say("{months} monthly bills", months=comparison.horizon.months)
    lines.append(Line(lang.say("Bill after offers"), bill, option.bill, is_sum=True))
    lines += once
    if option.readiness_cost:
        lines.append(_late(comparison, option, lang))
    whole = lang.say("bill, work of moving, and not being ready")
    return [*lines, Line(lang.say("Total"), whole, option.total, is_sum=True)]


def _list_cost(comparison: Comparison, option: Option, lang: Language) -> Line:
    rule = lang.say(
        "{tokens} tokens as the new models count them, {first} to {last}",
        tokens=lang.compact(sum(row.tokens for row in option.monthly)),
        first=option.monthly[0].starts, last=option.monthly[-1].ends - timedelta(days=1),
    )  # fmt: skip
    return Line(lang.say("Tokens at list price"), rule, option.list_cost, tuple(of_prices(comparison, option, lang)))


def _saved(comparison: Comparison, option: Option, use: OfferUse, benefit: BenefitUse, lang: Language) -> Line:
    """A gift that was used."""
    parts = []
    if benefit.granted is not None and benefit.used is not None:
        amounts = [
            money(amount, comparison, lang) if benefit.benefit.kind == "voucher" else lang.compact(amount)
            for amount in (benefit.used, benefit.granted)
        ]
        parts.append(lang.say("{used} of {granted} used", used=amounts[0], granted=amounts[1]))
    if use.claimed_on:
        parts.append(lang.say("claimed on {day}", day=use.claimed_on))
    if benefit.runs_out_on:
        parts.append(lang.say("spent on {day}", day=benefit.runs_out_on))
    elif benefit.ends_on:
        parts.append(lang.say("ends on {day}", day=benefit.ends_on))
    label = lang.say(
        "{offer}: {benefit}", offer=lang.name(use.offer), benefit=gives(benefit.benefit, option.provider, lang)
    )
    return Line(label, lang.listed(parts), -benefit.saved, (of_benefit(option, use, benefit.benefit, lang),))


def _once(comparison: Comparison, option: Option, item: OneOffItem, lang: Language) -> Line:
    """A line of the one-off cost."""
    titles = {use.offer.id: lang.name(use.offer) for use in option.offers}
    rate = money(comparison.day_rate, comparison, lang)
    rule = lang.say("tokens, once")
    if item.days or item.days_saved:
        rule = lang.say("{days} person-days of {rate}", days=lang.number(item.days, digits=2), rate=rate)
    if item.covered_by and item.days_saved:
        rule = lang.say(
            "{rule}; a free service takes {saved} off (“{offer}”)", rule=rule,
            saved=lang.number(item.days_saved, digits=2), offer=titles.get(item.covered_by, item.covered_by),
        )  # fmt: skip
    elif item.covered_by:
        offer = titles.get(item.covered_by, item.covered_by)
        rule = lang.say("{rule}; a free service pays it (“{offer}”)", rule=rule, offer=offer)
    name = lang.say("Work of moving: {item}", item=effort_item(item.item, lang))
    return Line(name, rule, item.cost, tuple(of_work(comparison, option, item.item, lang)))


def _late(comparison: Comparison, option: Option, lang: Language) -> Line:
    cutoff = comparison.event.cutoff
    late = (option.ready_on - cutoff).days if cutoff else 0
    rule = lang.say(
        "ready on {day}: {days} days after the cut-off, {amount} a day",
        day=option.ready_on, days=late, amount=money(comparison.profile.loss_per_day, comparison, lang),
    )  # fmt: skip
    return Line(lang.say("Not being ready"), rule, option.readiness_cost)
