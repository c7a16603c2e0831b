"""Prices in tables: chosen models on two days, and all models of a provider on one. Each price has its sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pricing import Model, Price, Provider
from report.language import Language
from report.prices import OnTwoDays, price_number, status_words
from report.words import tier

from .html import Markup, joined, table, tag
from .price_chart import colour
from .sources import sources


def two_days(compared: Sequence[OnTwoDays], then: date, now: date, lang: Language) -> Markup:
    """The price of each model on both days, and its change."""
    header = [lang.say("Model"), lang.day(then), lang.day(now), lang.say("Change")]

    def amount(one: OnTwoDays, converted: float | None, own: float | None) -> object:
        if converted is None:
            return "–"
        listed = f"{one.provider.currency} {price_number(own, lang)}" if own not in (None, converted) else ""
        return joined([tag("b", price_number(converted, lang)), tag("small", listed) if listed else ""])

    rows = [
        [
            tag(
                "div",
                tag("div", colour(line), tag("b", one.model.label)),
                tag("small", lang.name(one.provider)),
                *(price_sources(price, lang) for price in _prices(one)),
            ),
            amount(one, one.was, one.own_was), amount(one, one.is_, one.own_is),
            tag("span", status_words(one, lang), class_=f"bj-change bj-is-{one.status}"),
        ]
        for line, one in enumerate(compared)
    ]  # fmt: skip
    return tag("div", table(header, rows, numbers=range(1, 4)), class_="bj-wide bj-prices bj-two-days")


def _prices(one: OnTwoDays) -> list[Price]:
    """The prices of the two days, once where they are one."""
    return [price for price in (one.before, one.after if one.after is not one.before else None) if price]


def price_sources(price: Price, lang: Language) -> Markup:
    """Since when a price holds, and who says so."""
    since = (
        lang.say("in force from {day}", day=price.from_)
        if price.date_evidence == "effective"
        else lang.say("seen from {day}", day=price.from_)
    )
    return sources(since, price.sources, price.confidence, price.note, lang)


def price_list(listed: Sequence[tuple[Provider, Model, Price]], day: date, lang: Language) -> Markup:
    """All prices on a day as they are published."""
    if not listed:
        return tag("p", lang.say("No list price is known for {day}.", day=day), class_="bj-empty")
    header = [
        lang.say("Model"), lang.say("Class"), lang.say("Context, tokens"), lang.say("Input"), lang.say("Cached input"),
        lang.say("Output"), lang.say("In batches"), lang.say("Besides"),
    ]  # fmt: skip
    rows = [_listed(provider, model, price, lang) for provider, model, price in listed]
    title = lang.say("Per 1,000,000 tokens on {day}, in the currency of the provider.", day=day)
    return joined([
        tag("p", title, class_="bj-foot"),
        tag("div", table(header, rows, numbers=range(2, 7)), class_="bj-wide bj-prices bj-price-list"),
    ])  # fmt: skip


def _listed(provider: Provider, model: Model, price: Price, lang: Language) -> list[object]:
    def amount(value: float | str | None) -> str:
        if value == "unknown":
            return lang.say("not published")
        return price_number(value, lang) if isinstance(value, float | int) else "–"

    name = tag(
        "div", tag("b", model.label),
        tag("small", f"{lang.name(provider)} · {provider.currency}"), price_sources(price, lang),
    )  # fmt: skip
    return [
        name, tier(model.tier or model.kind, lang), lang.number(model.context) if model.context else "–",
        amount(price.input), amount(price.cached_input), amount(price.output),
        "–" if price.batch_discount is None else lang.say("−{share}", share=lang.percent(price.batch_discount)),
        joined(tag("small", one) for one in _besides(price, lang)),
    ]  # fmt: skip


def _besides(price: Price, lang: Language) -> list[str]:
    """Dearer prices of large requests, and cheaper ones of quiet hours."""
    told = [
        lang.say("requests above {tokens} tokens: {input} in, {output} out", tokens=lang.compact(step.above),
                 input=price_number(step.input, lang), output=price_number(step.output or 0, lang))
        for step in price.tiers
    ]  # fmt: skip
    if price.off_peak:
        told.append(
            lang.say("{hours}: {input} in, {output} out", hours=lang.local(price.off_peak.hours),
                     input=price_number(price.off_peak.input, lang),
                     output=price_number(price.off_peak.output or 0, lang))
        )  # fmt: skip
    return told
