"""One month worked through on the visitor's own numbers, from tokens to the bill, and from the bills to the total."""

from __future__ import annotations

from datetime import timedelta

from calculator import Comparison
from calculator.answer import BenefitUse, MonthRow
from offers import Offer
from offers.schema import Voucher
from report.language import Language
from report.offers import gives
from report.words import benefit_kind, part_names
from report.worked import Kind, Worked, WorkloadMonth, worked

from .html import Markup, joined, table, tag
from .months import month_name
from .offer_uses import models_named
from .reasons import ledger_lines

DAY = timedelta(days=1)


def calculation(comparison: Comparison, lang: Language) -> Markup:
    """The cheapest option of an answer, step by step."""
    steps = worked(comparison, comparison.options[0])
    return joined([
        tag("p", _which(steps, lang), class_="bj-lead"),
        tag("ol", *(
            tag("li", tag("h3", title), *body) for title, body in (
                (lang.say("Tokens"), _tokens(steps, lang)),
                (lang.say("At list price"), _list_cost(comparison, steps, lang)),
                (lang.say("After the offers"), _bill(comparison, steps, lang)),
                (lang.say("All months, the work of moving, and the total"), [
                    ledger_lines(comparison, steps.option, lang), _all_months(comparison, steps, lang),
                ]),
            )
        ), class_="bj-steps"),
    ])  # fmt: skip


def _which(steps: Worked, lang: Language) -> str:
    return lang.say(
        "{provider}, the cheapest option, in month {number}: {first} to {last}, the first month that shows most of the "
        "rules at work.",
        provider=lang.name(steps.option.provider), number=steps.row.month + 1, first=steps.row.starts,
        last=steps.row.ends - DAY,
    )  # fmt: skip


def _tokens(steps: Worked, lang: Language) -> list[Markup]:
    header = [
        lang.say("Workload"), lang.say("New model"), lang.say("Tokens a month today"), lang.say("Growth"),
        lang.say("New tokens for one old"), lang.say("Tokens in this month"),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [
            one.workload, one.model.label, lang.number(one.base_tokens),
            _growth(one, steps.row.month, lang),
            lang.say("× {factor}", factor=lang.number(one.ratio, digits=6)), tag("b", lang.number(one.tokens)),
        ]
        for one in steps.workloads if one.base_tokens
    ]  # fmt: skip
    return [tag("div", table(header, rows, numbers=range(2, 6)), class_="bj-wide")]


def _growth(workload: WorkloadMonth, month: int, lang: Language) -> Markup:
    """What the tokens of the base month are multiplied by, and how that comes about."""
    factor = lang.say("× {factor}", factor=lang.number(workload.grown, digits=6))
    if workload.step == 1 or month == 0:
        return tag("span", factor)
    return joined([factor, tag("small", "= ", lang.number(workload.step, digits=6), tag("sup", month))])


def _list_cost(comparison: Comparison, steps: Worked, lang: Language) -> list[Markup]:
    currency = steps.option.provider.currency
    names = _kinds(lang)

    def money(amount: float) -> str:
        return lang.money(amount, currency, digits=2)

    header = [
        lang.say("Model"), lang.say("Kind"), lang.say("Tokens"),
        lang.say("Price of 1M tokens, {currency}", currency=currency), lang.say("Cost"),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [one.model.label, names[part.kind], lang.number(part.tokens),
         lang.say("× {factor}", factor=lang.number(part.price, digits=6)), money(part.cost)]
        for one in steps.workloads for part in one.charges
    ]  # fmt: skip
    found = [tag("div", table(header, rows, numbers=(2, 3, 4)), class_="bj-wide")]
    if currency != comparison.profile.currency:
        found.append(tag("p", lang.say(
            "{amount} × {rate} = {converted}, at the exchange rate of {day}.", amount=money(steps.list_cost),
            rate=lang.number(steps.exchange_rate, digits=6), converted=_money(steps.row.list_cost, comparison, lang),
            day=comparison.horizon.as_of,
        ), class_="bj-foot"))  # fmt: skip
    return found


def _kinds(lang: Language) -> dict[Kind, str]:
    return {
        "input": lang.say("input"), "output": lang.say("output"), "cached_input": lang.say("cached input"),
        "batch_input": lang.say("input in batches"), "batch_output": lang.say("output in batches"),
    }  # fmt: skip


def _bill(comparison: Comparison, steps: Worked, lang: Language) -> list[Markup]:
    row, parts = steps.row, part_names(lang)
    taken = [
        (lang.say("{granted} of {tokens} tokens are free", granted=lang.number(row.granted_tokens),
                  tokens=lang.number(row.tokens)), row.grants),
        (parts["discounts"], row.discounts),
        (parts["vouchers"], row.vouchers),
    ]  # fmt: skip
    lines = [
        (lang.say("List price of the month"), _money(row.list_cost, comparison, lang)),
        *((name, f"−{_money(amount, comparison, lang)}") for name, amount in taken if amount > 0),
    ]
    result = (lang.say("Bill of the month"), _money(row.bill, comparison, lang))
    bar = (
        tag("i", class_=f"bj-{part}", style=f"width:{getattr(row, part) / row.list_cost:.2%}", title=parts[part])
        for part in ("grants", "discounts", "vouchers", "bill")
        if getattr(row, part) > 0
    )
    return [
        tag("div", *bar, class_="bj-bar", aria_hidden="true"),
        _account(lines, result),
        _gifts(comparison, steps, lang),
    ]


def _account(lines: list[tuple[str, str]], result: tuple[str, str]) -> Markup:
    """Amounts under each other, and what they come to."""
    rows = [tag("div", tag("dt", name), tag("dd", amount)) for name, amount in (*lines, result)]
    return tag("dl", *rows, class_="bj-account")


def _gifts(comparison: Comparison, steps: Worked, lang: Language) -> Markup:
    if not steps.gifts:
        return tag("p", lang.say("No offer takes anything off in this month."), class_="bj-foot")
    return tag("ul", *(tag("li", _gift(comparison, steps, offer, use, lang)) for offer, use in steps.gifts),
               class_="bj-alive")  # fmt: skip


def _gift(comparison: Comparison, steps: Worked, offer: Offer, use: BenefitUse, lang: Language) -> str:
    """What a gift is, and how long it lasts."""
    size = gives(use.benefit, steps.option.provider, lang)
    if use.granted is not None and not isinstance(use.benefit, Voucher):
        size = lang.say("{kind}, {tokens}", kind=benefit_kind(use.benefit.kind, lang), tokens=lang.number(use.granted))
    if use.models:
        size = lang.say("{gift} for {models}", gift=size, models=models_named(use, steps.option, lang))
    end = lang.say("no end")
    if use.runs_out_on:
        end = lang.say("spent on {day}", day=use.runs_out_on)
    elif use.ends_on:
        end = lang.say("last day {day}", day=use.ends_on)
    return lang.say("“{offer}”: {gift}; {end}", offer=lang.name(offer), gift=size, end=end)


def _all_months(comparison: Comparison, steps: Worked, lang: Language) -> Markup:
    names = part_names(lang)
    months = steps.option.monthly
    parts = [part for part in ("grants", "discounts", "vouchers") if any(getattr(row, part) for row in months)]
    header = [lang.say("Month"), lang.say("Tokens"), lang.say("List price"), *(names[part] for part in parts),
              lang.say("Bill")]  # fmt: skip

    def cells(row: MonthRow) -> list[object]:
        amounts = [row.list_cost, *(-getattr(row, part) for part in parts), row.bill]
        return [
            month_name(row, lang),
            lang.number(row.tokens),
            *(_money(amount, comparison, lang) for amount in amounts),
        ]

    rows = [cells(row) for row in months]
    return tag(
        "details",
        tag("summary", lang.say("The bills month by month")),
        tag("div", table(header, rows, numbers=range(1, len(header))), class_="bj-wide"),
        class_="bj-more",
    )  # fmt: skip


def _money(amount: float, comparison: Comparison, lang: Language) -> str:
    return lang.money(amount, comparison.profile.currency, digits=2)
