"""Why a provider costs what it costs: models, offers, work, assumptions, sources."""

from __future__ import annotations

import streamlit as st

from calculator import Comparison, Option
from calculator.effort import Estimate
from pricing import Model, Price
from report.language import Language
from report.verdict import money
from report.words import assumed_term, effort_item

from .html import Markup, joined, label, show, table, tag
from .offer_uses import offer_uses
from .sources import sources
from .workloads import feature_words


def show_reasons(comparison: Comparison, lang: Language) -> None:
    """One section a provider, in rank order; what is closed is not built."""
    show(tag("h2", lang.say("Why: provider by provider")), lang)
    with st.container(gap="xsmall", key="reasons"):
        for option in comparison.options:
            _reasons_if_open(comparison, option, lang)


def _reasons_if_open(comparison: Comparison, option: Option, lang: Language) -> None:
    title = lang.say(
        "{rank}. {provider}, {total}",
        rank=option.rank, provider=lang.name(option.provider), total=money(option.total, comparison, lang),
    )  # fmt: skip
    section = st.expander(
        label(title), expanded=option.rank == 1, key=f"why_{option.provider.provider}", on_change="rerun"
    )
    if section.open:
        with section:
            show(reasons(comparison, option, lang), lang)


def reasons(comparison: Comparison, option: Option, lang: Language) -> Markup:
    """Everything that explains one option."""
    sections = [
        (lang.say("Which model replaces which"), _models(comparison, option, lang)),
        (lang.say("Offers"), offer_uses(comparison, option, lang)),
        (lang.say("The work of moving, once"), _one_off(comparison, option, lang)),
        (lang.say("Assumed, as nobody published it"), _assumptions(comparison, option, lang)),
        (lang.say("Mind"), _list([lang.render(one) for one in option.warnings])),
    ]
    return joined(tag("section", tag("h4", title), body, class_="bj-reason") for title, body in sections if body)


def _list(items: list[str]) -> Markup:
    return tag("ul", *(tag("li", item) for item in items)) if items else Markup()


def _models(comparison: Comparison, option: Option, lang: Language) -> Markup:
    day, source, currency = comparison.horizon.as_of, comparison.baseline.provider, option.provider.currency

    def price(value: object) -> str:
        known = isinstance(value, float | int)
        return lang.money(float(value), currency, digits=2) if known else "–"  # type: ignore[arg-type]  # known: a number

    header = [
        lang.say("Workload"), lang.say("Today"), lang.say("New"), lang.say("New tokens for one old"),
        lang.say("Input, 1M tokens"), lang.say("Output, 1M tokens"),
    ]  # fmt: skip
    rows: list[list[object]] = []
    used: dict[str, tuple[Model, Price]] = {}
    for workload in comparison.profile.workloads:
        model = option.models[workload.label]
        today = source.model(workload.model)
        entry = model.price_on(day)
        if entry:
            used[model.id] = (model, entry)
        rows.append([
            workload.label, today.label if today else workload.model, tag("b", model.label),
            lang.say("× {ratio}", ratio=lang.number(option.ratios[workload.label], digits=2)),
            price(entry.input) if entry else "–", price(entry.output) if entry else "–",
        ])  # fmt: skip
    evidence = [
        sources(
            lang.say("List price of {model}, in force since {day}", model=model.label, day=entry.from_),
            entry.sources, entry.confidence, entry.note, lang,
        )
        for model, entry in used.values()
    ]  # fmt: skip
    return joined(
        [
            tag("div", table(header, rows, numbers=range(3, 6)), class_="bj-wide"),
            *evidence,
            *_rate(comparison, option, lang),
        ]
    )


def _rate(comparison: Comparison, option: Option, lang: Language) -> list[Markup]:
    """The exchange rate, where the provider's prices are in another currency."""
    rates, day = comparison.catalogue.prices.rates, comparison.horizon.as_of
    found = []
    for currency in sorted({option.provider.currency, comparison.profile.currency} - {rates.base}):
        if option.provider.currency != comparison.profile.currency:
            dated = [rate for rate in rates.rates.get(currency, ()) if rate.from_ <= day]
            rate = max(dated, key=lambda one: one.from_)
            title = lang.say("Exchange rate of {currency} since {day}", currency=currency, day=rate.from_)
            found.append(sources(title, rate.sources, rate.confidence, rate.note or rates.note, lang))
    return found


def _one_off(comparison: Comparison, option: Option, lang: Language) -> Markup:
    header = [lang.say("Work"), lang.say("Person-days"), lang.say("Cost"), lang.say("A free service takes off")]
    titles = {use.offer.id: lang.name(use.offer) for use in option.offers}
    rows: list[list[object]] = []
    for line in option.one_off:
        help_: object = "–"
        if line.covered_by and line.days_saved:
            help_ = lang.say(
                "{days} person-days (“{offer}”)",
                days=lang.number(line.days_saved, digits=2), offer=titles.get(line.covered_by, line.covered_by),
            )  # fmt: skip
        elif line.covered_by:
            help_ = lang.say("all of it (“{offer}”)", offer=titles.get(line.covered_by, line.covered_by))
        days = lang.number(line.days, digits=2) if line.days else "–"
        rows.append([effort_item(line.item, lang), days, money(line.cost, comparison, lang), help_])
    rate = lang.say("A person-day costs {amount}.", amount=money(comparison.day_rate, comparison, lang))
    return joined([
        tag("div", table(header, rows, numbers=(1, 2)), class_="bj-wide"), tag("p", rate, class_="bj-foot"),
        tag("div", *_estimates(comparison, option, lang), class_="bj-evidence"),
    ])  # fmt: skip


def _estimates(comparison: Comparison, option: Option, lang: Language) -> list[Markup]:
    """Where the person-days come from."""
    data, words = comparison.catalogue.effort, feature_words(lang)
    api = option.provider.api.kind_on(comparison.horizon.as_of)
    lacking = {
        feature
        for workload in comparison.profile.workloads
        for feature in set(workload.features) - set(option.models[workload.label].features)
    }
    found: list[tuple[str, Estimate]] = []
    for line in option.one_off:
        name, entry = effort_item(line.item, lang), getattr(data, line.item, None)
        if line.item == "integration":
            found.append((name, data.integration[api]))
        elif line.item == "rework":
            found += [(words.get(one, one), estimate) for one, estimate in data.rework.items() if one in lacking]
        elif isinstance(entry, Estimate):
            found.append((name, entry))
    return [_estimate(name, estimate, lang) for name, estimate in found]


def _estimate(name: str, estimate: Estimate, lang: Language) -> Markup:
    title = lang.say(
        "{item}: {low} to {high} person-days, usually {mode}",
        item=name, low=lang.number(estimate.low, digits=2), high=lang.number(estimate.high, digits=2),
        mode=lang.number(estimate.mode, digits=2),
    )  # fmt: skip
    return sources(title, estimate.sources or (), None, estimate.judgement or estimate.note, lang)


def _assumptions(comparison: Comparison, option: Option, lang: Language) -> Markup:
    """By offer; what is not about an offer is about the token counts."""
    names: dict[str | None, str] = {use.offer.id: lang.name(use.offer) for use in option.offers}
    groups: dict[str | None, list[Markup]] = {}
    for one in option.assumptions:
        term = tag("span", assumed_term(one.term, lang), class_="bj-term")
        groups.setdefault(one.offer, []).append(tag("li", term, lang.render(one.assumed)))
    return joined(
        tag("div", tag("b", names.get(offer, lang.say("Token counts"))), tag("ul", *terms), class_="bj-assumed")
        for offer, terms in groups.items()
    )
