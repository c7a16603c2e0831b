"""The recommendation: a memo in Markdown that is complete without the app."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from calculator import Comparison, Option
from calculator.answer import BenefitUse, OfferUse
from calculator.timeline import OVERLAP
from offers.schema import Discount, Service, Voucher

from .evidence import Cited, evidence, source_name
from .language import Language
from .verdict import against_staying, money, stays, verdict, winners
from .words import account, assumed_term, confidence, effort_item, service, stance, status, tier


def memo(comparison: Comparison, lang: Language) -> str:
    """The recommendation in Markdown."""
    parts = [_head(comparison, lang)]
    if comparison.options:
        best = comparison.options[0]
        parts += [
            _why(comparison, best, lang),
            _runner_up(comparison, lang),
            _claims(best, lang),
            _checklist(comparison, best, lang),
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
    lines = [f"# {_text(title)}", "", f"**{_text(verdict(comparison, lang))}**", ""]
    lines += [f"- {_text(lang.say('{label}: {value}', label=label, value=value))}" for label, value in facts]
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
    return _section(lang.say("Why"), _bullets(points))


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
    return _section(
        lang.say("The runner-up, and what it would take"), _bullets(points) + f"\n\n{_text(lead)}\n\n" + _bullets(told)
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
    table = _table([lang.say("offer"), lang.say("claim"), lang.say("planned for"), lang.say("what it brings")], rows)
    text = table if rows else _text(lang.say("No offer of this provider can be claimed."))
    missed = [
        lang.say("{offer}: {status}, {reason}", offer=lang.name(use.offer), status=status(use.status, lang),
                 reason=lang.render(use.reason))
        for use in other
    ]  # fmt: skip
    if missed:
        text += "\n\n" + _text(lang.say("Not to be had:")) + "\n\n" + _bullets(missed)
    return _section(lang.say("Offers to claim, and by when"), text)


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


def _checklist(comparison: Comparison, best: Option, lang: Language) -> str:
    horizon, cutoff = comparison.horizon, comparison.event.cutoff
    provider, source = lang.name(best.provider), lang.name(comparison.baseline.provider)
    steps: list[tuple[date | None, str]] = [
        (
            horizon.as_of,
            lang.say(
                "Open an account with {provider} ({account}).",
                provider=provider, account=account(comparison.profile.account, lang),
            ),
        )
    ]  # fmt: skip
    for use in best.offers:
        if use.status == "claimed":
            steps.append((horizon.as_of, _confirm(use, best, lang)))
            steps.append((use.claimed_on, lang.say("Claim “{offer}”.", offer=lang.name(use.offer))))
    work = {item.item: item for item in best.one_off}
    todo = horizon.as_of + timedelta(days=1)
    if "integration" in work:
        steps.append((todo, _integration(best, horizon.as_of, lang)))
    prompts = sum(workload.prompts for workload in comparison.profile.workloads)
    tasks = {
        "evaluation": lang.say("Build an evaluation set from real traffic and run it on the new models."),
        "per_prompt": lang.say("Tune {count} prompts again.", count=prompts),
        "rework": lang.say("Rework what the new models lack (tools, JSON mode, vision)."),
        "reindex": lang.say("Plan the new index of the vector store."),
        "re_embedding": lang.say("Embed the vector store again; old and new vectors do not mix."),
        "retrain": lang.say("Train the fine-tuned models again and test them."),
    }
    steps += [(todo, task) for item, task in tasks.items() if item in work]
    if horizon.overlap_days:
        share = lang.percent(comparison.profile.overlap.share)
        steps.append((horizon.first_use, lang.say("Send {share} of the traffic to both providers.", share=share)))
    steps.append((best.ready_on, lang.say("Be ready: everything above is done.")))
    switch = max(horizon.starts, best.ready_on)
    steps.append(
        (switch, lang.say("Switch all traffic over; keep the old prompts and settings until it has proved itself."))
    )
    if best.free_until and best.free_until > horizon.starts:
        steps.append((best.free_until, lang.say("From here on tokens are paid for: set a budget alert before.")))
    lines = [
        (day, "- [ ] " + _text(lang.say("{day}: {task}", day=day, task=task) if day else task)) for day, task in steps
    ]
    if cutoff:
        closes = lang.say("{source} closes.", source=source)
        lines.append((cutoff, "- " + _text(lang.say("{day}: {task}", day=cutoff, task=closes))))
    ordered = [line for _, line in sorted(lines, key=lambda line: line[0] or date.max)]
    return _section(lang.say("Checklist of the move"), "\n".join(ordered))


def _integration(best: Option, as_of: date, lang: Language) -> str:
    url = best.provider.api.base_url
    if best.provider.api.kind_on(as_of) == "native":
        return lang.say("Write the adapter: the interface was not OpenAI-compatible on the day of the decision.")
    if url is None:
        return lang.say("Change key, address and model names: the interface is OpenAI-compatible.")
    return lang.say("Change key, address and model names: the interface is OpenAI-compatible ({url}).", url=url)


def _confirm(use: OfferUse, best: Option, lang: Language) -> str:
    open_terms = [
        assumed_term(one.term, lang)
        for one in best.assumptions
        if one.offer == use.offer.id and not one.term.startswith("service")
    ]
    if not open_terms:
        return lang.say("Read the terms of “{offer}”.", offer=lang.name(use.offer))
    return lang.say(
        "Get the terms of “{offer}” in writing; not published: {terms}.",
        offer=lang.name(use.offer), terms=lang.list(list(dict.fromkeys(open_terms))),
    )  # fmt: skip


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
    text = _table(header, rows, right=range(2, 8))
    if comparison.unavailable:
        absent = [
            lang.say("{provider}: {reason}", provider=lang.name(one.provider), reason=one.reason)
            for one in comparison.unavailable
        ]
        text += "\n\n" + _text(lang.say("Not available for this usage:")) + "\n\n" + _bullets(absent)
    return _section(lang.say("The comparison"), text)


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
    text = _table(header, rows, right=(3, 4, 5))
    rate = comparison.exchange_rates.get(currency)
    if rate is not None and currency != comparison.profile.currency:
        text += "\n\n" + _text(
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
        text += "\n\n" + _table(header, work, right=(1, 2, 3))
    return _section(lang.say("The models and the work"), text)


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
    return _section(lang.say("Month by month"), _table(header, rows, right=range(2, len(header))))


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
    return _section(lang.say("Assumptions and warnings"), f"{_text(lead)}\n\n{_bullets(points)}")


def _sources(comparison: Comparison, best: Option, lang: Language) -> str:
    return _section(lang.say("Sources"), "\n".join(_cited(one, lang) for one in evidence(comparison, best, lang)))


def _cited(one: Cited, lang: Language) -> str:
    label = one.figure
    if one.confidence:
        label = lang.say("{figure} ({confidence})", figure=one.figure, confidence=confidence(one.confidence, lang))
    links = lang.joined(_link(source_name(source, lang), source.url) for source in one.sources)
    line = lang.say("{label}: {value}", label=_text(label), value=links or _text(lang.say("our judgement")))
    return f"- {line}{' — ' if one.note else ''}{_text(lang.local(one.note))}"


def _section(title: str, text: str) -> str:
    return f"## {_text(title)}\n\n{text}"


def _bullets(points: Iterable[str]) -> str:
    return "\n".join(f"- {_text(point)}" for point in points)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] | range = ()) -> str:
    rule = ["---:" if index in right else "---" for index in range(len(header))]
    lines = [[_text(cell) for cell in header], rule, *([_text(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _text(text: str) -> str:
    """Text that Markdown shows as it is: what comes from data or a person cannot become markup."""
    escaped = "".join("\\" + char if char in "\\`*_[]<>|#~&" else char for char in " ".join(text.split()))
    return re.sub(r"^(\d*)([-+.)])", r"\1\\\2", escaped)  # what would begin a list


def _link(name: str, url: str | None) -> str:
    """A link to a web page; any other address is shown as text only."""
    if url is None or not url.startswith(("https://", "http://")):
        return _text(name)
    return f"[{_text(name)}](<{''.join(url.split()).replace('<', '%3C').replace('>', '%3E')}>)"
