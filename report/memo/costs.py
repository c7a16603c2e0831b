"""The figures: all options side by side, then the best one's prices, work and months."""

from __future__ import annotations

from calculator import Comparison, Option
from calculator.timeline import OVERLAP
from report.document import Block, Bullets, Paragraph, Section, Table
from report.language import Language
from report.words import effort_item, tier


def ranking(comparison: Comparison, lang: Language) -> Section:
    """All options, the cost of staying, and who is absent."""
    header = [
        "#", lang.say("provider"), lang.say("total"), lang.say("bill"), lang.say("one-off"), lang.say("not ready"),
        lang.say("list cost"), lang.say("offers save"), lang.say("free until"), lang.say("models"),
    ]  # fmt: skip
    currency = comparison.profile.currency

    def amount(value: float) -> str:
        return lang.money(value, currency, digits=2)

    rows = [
        [
            str(one.rank), lang.name(one.provider), amount(one.total), amount(one.bill), amount(one.one_off_cost),
            amount(one.readiness_cost), amount(one.list_cost), amount(one.saved_by_offers),
            _free_until(one, lang),
            lang.listed(dict.fromkeys(model.label for model in one.models.values())),
        ]
        for one in comparison.options
    ]  # fmt: skip
    stay = comparison.baseline.total
    if stay is not None:
        name = lang.name(comparison.baseline.provider)
        source = lang.say("{source} (staying, had it been possible)", source=name)
        if comparison.event.cutoff is None:
            source = lang.say("{source} (staying)", source=name)
        rows.append(["–", source, amount(stay), amount(stay), "", "", amount(stay), "", "", ""])
    blocks: list[Block] = [Table(header, rows, right=range(2, 8))]
    if comparison.unavailable:
        absent = [
            lang.say("{provider}: {reason}", provider=lang.name(one.provider), reason=one.reason)
            for one in comparison.unavailable
        ]
        blocks += [Paragraph(lang.say("Not available for this usage:")), Bullets.of(absent)]
    return Section(lang.say("The comparison"), tuple(blocks))


def _free_until(option: Option, lang: Language) -> str:
    if option.free_until is None:
        return lang.say("the end")
    return lang.day(option.free_until) if option.free_until > option.monthly[0].starts else lang.say("never free")


def models(comparison: Comparison, best: Option, lang: Language) -> Section:
    """Which model replaces which at what price, and the work line by line."""
    day, currency = comparison.horizon.as_of, best.provider.currency
    rows = []
    for workload in comparison.profile.workloads:
        model = best.models[workload.label]
        price = model.price_on(day)
        if price is None:
            continue
        output = lang.money(float(price.output), currency, digits=2) if isinstance(price.output, float | int) else "–"
        rows.append([
            workload.label, workload.model, model.label, lang.money(float(price.input), currency, digits=2), output,
            lang.number(best.ratios[workload.label], digits=3), tier(model.tier or model.kind, lang),
        ])  # fmt: skip
    header = [
        lang.say("workload"), lang.say("model today"), lang.say("new model"), lang.say("input, per million"),
        lang.say("output, per million"), lang.say("new tokens for one old"), lang.say("tier"),
    ]  # fmt: skip
    blocks: list[Block] = [Table(header, rows, right=(3, 4, 5))]
    rate = comparison.exchange_rates.get(currency)
    if rate is not None and currency != comparison.profile.currency:
        exchange = lang.say(
            "1 {one} = {rate} {other} on {day}.",
            one=currency, rate=lang.number(rate, digits=4), other=comparison.profile.currency, day=day,
        )  # fmt: skip
        blocks.append(Paragraph(exchange))
    work = [
        [
            effort_item(item.item, lang), lang.number(item.days, digits=2), lang.number(item.days_saved, digits=2),
            lang.money(item.cost, comparison.profile.currency, digits=2),
        ]
        for item in best.one_off
    ]  # fmt: skip
    if work:
        header = [lang.say("work"), lang.say("person-days"), lang.say("taken off by services"), lang.say("cost")]
        blocks.append(Table(header, work, right=(1, 2, 3)))
    return Section(lang.say("The models and the work"), tuple(blocks))


def months(comparison: Comparison, best: Option, lang: Language) -> Section:
    """What a month costs, and what offers take off."""

    def amount(value: float) -> str:
        return lang.money(value, comparison.profile.currency, digits=2)

    money_columns: list[tuple[str, list[float]]] = [
        (lang.say("list cost"), [row.list_cost for row in best.monthly]),
        (lang.say("grants save"), [row.grants for row in best.monthly]),
        (lang.say("discounts save"), [row.discounts for row in best.monthly]),
        (lang.say("vouchers pay"), [row.vouchers for row in best.monthly]),
        (lang.say("bill"), [row.bill for row in best.monthly]),
    ]
    shown = [column for index, column in enumerate(money_columns) if index in (0, 4) or any(column[1])]
    header = [
        lang.say("month"),
        lang.say("from"),
        lang.say("tokens"),
        lang.say("granted"),
        *(name for name, _ in shown),
    ]
    rows = [
        [
            lang.say("overlap") if row.month == OVERLAP else str(row.month + 1), lang.day(row.starts),
            lang.compact(row.tokens), lang.compact(row.granted_tokens), *(amount(values[k]) for _, values in shown),
        ]
        for k, row in enumerate(best.monthly)
    ]  # fmt: skip
    return Section(lang.say("Month by month"), (Table(header, rows, right=range(2, len(header))),))
