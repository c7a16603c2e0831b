"""The recommendation: a memo in Markdown that is complete without the app."""

from __future__ import annotations

from collections.abc import Sequence

from calculator import Comparison, Option
from calculator.answer import BenefitUse
from calculator.timeline import OVERLAP
from offers.schema import Discount, Service, Voucher

from .checklist import checklist
from .evidence import Cited, evidence, source_name
from .language import Language
from .markdown import bullets, link, section, table, text
from .verdict import against_staying, money, stays, verdict, winners
from .words import assumed_term, confidence, effort_item, service, stance, status, tier


def memo(comparison: Comparison, lang: Language) -> str:
    """The recommendation in Markdown."""
    parts = [_head(comparison, lang)]
    if comparison.options:
        best = comparison.options[0]
        parts += [
            _why(comparison, best, lang),
            _runner_up(comparison, lang),
            _claims(best, lang),
            checklist(comparison, best, lang),
        ]
    parts.append(_ranking(comparison, lang))
    if comparison.options:
        best = comparison.options[0]
        parts += [
            _models(comparison, best, lang),
            _months(comparison, best, lang),
            _assumptions(comparison, best, lang),
            _sources(comparison, best, lang),
        ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(comparison: Comparison, lang: Language) -> str:
    event, horizon, profile = comparison.event, comparison.horizon, comparison.profile
    title = lang.say("Recommendation: which provider to move to")
    if comparison.options:
        title = lang.say("Recommendation: move to {provider}", provider=lang.name(comparison.options[0].provider))
        if stays(comparison):
            title = lang.say("Recommendation: stay with {source}", source=lang.name(comparison.baseline.provider))
    facts = [
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
    lines = [f"# {text(title)}", "", f"**{text(verdict(comparison, lang))}**", ""]
    lines += [f"- {text(lang.say('{label}: {value}', label=label, value=value))}" for label, value in facts]
    return "\n".join(lines)


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


def _why(comparison: Comparison, best: Option, lang: Language) -> str:
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
    return section(lang.say("Why"), bullets(points))


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


def _runner_up(comparison: Comparison, lang: Language) -> str:
    if len(comparison.options) < 2:
        return ""
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
    by_stance = winners(comparison)
    told = [
        lang.say(
            "{stance}: {provider}, {total}",
            stance=stance(one, lang), provider=lang.name(other.options[0].provider),
            total=money(other.options[0].total, other, lang),
        )
        for one, other in by_stance.items()
        if other.options
    ]  # fmt: skip
    same = len({other.options[0].provider.provider for other in by_stance.values() if other.options}) == 1
    lead = (
        lang.say("The decision does not hang on the unpublished terms. Whatever is assumed for them, the winner is:")
        if same
        else lang.say("The decision hangs on the unpublished terms. What is assumed for them decides the winner:")
    )
    return section(
        lang.say("The runner-up, and what it would take"), bullets(points) + f"\n\n{text(lead)}\n\n" + bullets(told)
    )


def _claims(best: Option, lang: Language) -> str:
    claimed = [use for use in best.offers if use.status == "claimed"]
    other = [use for use in best.offers if use.status != "claimed"]
    rows = [
        [
            lang.name(use.offer),
            lang.render(use.reason),
            lang.day(use.claimed_on) if use.claimed_on else "",
            lang.joined(benefit_line(one, best.provider.currency, lang) for one in use.benefits),
        ]
        for use in claimed
    ]
    header = [lang.say("offer"), lang.say("claim"), lang.say("planned for"), lang.say("what it brings")]
    body = table(header, rows) if rows else text(lang.say("No offer of this provider can be claimed."))
    missed = [
        lang.say("{offer}: {status}, {reason}", offer=lang.name(use.offer), status=status(use.status, lang),
                 reason=lang.render(use.reason))
        for use in other
    ]  # fmt: skip
    if missed:
        body += "\n\n" + text(lang.say("Not to be had:")) + "\n\n" + bullets(missed)
    return section(lang.say("Offers to claim, and by when"), body)


def benefit_line(use: BenefitUse, currency: str, lang: Language) -> str:
    """What a benefit gives, and what becomes of it."""
    benefit = use.benefit
    if isinstance(benefit, Service):
        return lang.say("free {service}", service=service(benefit.service, lang))
    if isinstance(benefit, Discount):
        line = lang.say("{share} off", share=lang.percent(benefit.share))
    elif isinstance(benefit, Voucher):
        line = lang.say("voucher of {amount}", amount=lang.money(benefit.amount, currency))
    else:
        line = lang.say(
            "{granted} free tokens on {models} ({used} of them used in the period)",
            granted=lang.compact(use.granted or 0), used=lang.compact(use.used or 0),
            models=_named(use.models, lang),
        )  # fmt: skip
    if use.runs_out_on:
        return lang.say("{benefit}, spent on {day}", benefit=line, day=use.runs_out_on)
    return lang.say("{benefit}, until {day}", benefit=line, day=use.ends_on) if use.ends_on else line


def _named(models: Sequence[str], lang: Language) -> str:
    return lang.list(list(models)) if len(models) <= 3 else lang.say("{count} models", count=len(models))


def _ranking(comparison: Comparison, lang: Language) -> str:
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
    body = table(header, rows, right=range(2, 8))
    if comparison.unavailable:
        absent = [
            lang.say("{provider}: {reason}", provider=lang.name(one.provider), reason=one.reason)
            for one in comparison.unavailable
        ]
        body += "\n\n" + text(lang.say("Not available for this usage:")) + "\n\n" + bullets(absent)
    return section(lang.say("The comparison"), body)


def _free_until(option: Option, lang: Language) -> str:
    if option.free_until is None:
        return lang.say("the end")
    return lang.day(option.free_until) if option.free_until > option.monthly[0].starts else lang.say("never free")


def _models(comparison: Comparison, best: Option, lang: Language) -> str:
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
    body = table(header, rows, right=(3, 4, 5))
    rate = comparison.exchange_rates.get(currency)
    if rate is not None and currency != comparison.profile.currency:
        body += "\n\n" + text(
            lang.say(
                "1 {one} = {rate} {other} on {day}.",
                one=currency, rate=lang.number(rate, digits=4), other=comparison.profile.currency, day=day,
            )
        )  # fmt: skip
    work = [
        [
            effort_item(item.item, lang), lang.number(item.days, digits=2), lang.number(item.days_saved, digits=2),
            lang.money(item.cost, comparison.profile.currency, digits=2),
        ]
        for item in best.one_off
    ]  # fmt: skip
    if work:
        header = [lang.say("work"), lang.say("person-days"), lang.say("taken off by services"), lang.say("cost")]
        body += "\n\n" + table(header, work, right=(1, 2, 3))
    return section(lang.say("The models and the work"), body)


def _months(comparison: Comparison, best: Option, lang: Language) -> str:
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
    return section(lang.say("Month by month"), table(header, rows, right=range(2, len(header))))


def _assumptions(comparison: Comparison, best: Option, lang: Language) -> str:
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
    return section(lang.say("Assumptions and warnings"), f"{text(lead)}\n\n{bullets(points)}")


def _sources(comparison: Comparison, best: Option, lang: Language) -> str:
    return section(lang.say("Sources"), "\n".join(_cited(one, lang) for one in evidence(comparison, best, lang)))


def _cited(one: Cited, lang: Language) -> str:
    label = one.figure
    if one.confidence:
        label = lang.say("{figure} ({confidence})", figure=one.figure, confidence=confidence(one.confidence, lang))
    links = lang.joined(link(source_name(source, lang), source.url) for source in one.sources)
    line = lang.say("{label}: {value}", label=text(label), value=links or text(lang.say("our judgement")))
    return f"- {line}{' — ' if one.note else ''}{text(lang.local(one.note))}"
