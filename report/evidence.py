"""The sources behind an option: each figure with where it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calculator import Comparison, Option
from pricing.records import LocalText, Source

from .language import Language
from .offers import gives
from .words import confidence, effort_item


@dataclass(frozen=True)
class Cited:
    """A figure, how sure it is, and the pages that show it."""

    figure: str
    confidence: str
    links: tuple[tuple[str, str | None], ...]
    """Name and address of each source; no address for what has none."""
    note: str = ""


def evidence(comparison: Comparison, option: Option, lang: Language) -> list[Cited]:
    """All sources of an option: the event, its offers, its prices, the exchange rate, the effort."""
    event, day = comparison.event, comparison.horizon.as_of
    found = [_cited(lang.say("The event"), event.sources, event.confidence, event.note, lang)]
    for use in option.offers:
        for benefit in use.offer.benefits:
            given = gives(benefit, option.provider, lang)
            figure = lang.say("{offer}: {benefit}", offer=lang.name(use.offer), benefit=given)
            found.append(_cited(figure, benefit.sources, benefit.confidence, benefit.note, lang))
    for model in dict.fromkeys(model.id for model in option.models.values()):
        chosen = option.provider.model(model)
        price = chosen.price_on(day) if chosen else None
        if chosen and price:
            figure = lang.say("Price of {model} from {day}", model=chosen.label, day=price.from_)
            found.append(_cited(figure, price.sources, price.confidence, price.note, lang))
    rates = comparison.catalogue.prices.rates
    for currency in sorted({option.provider.currency, comparison.baseline.provider.currency}):
        dated = [rate for rate in rates.rates.get(currency, ()) if rate.from_ <= day]
        if dated and currency != comparison.profile.currency:
            rate = max(dated, key=lambda one: one.from_)
            figure = lang.say(
                "Exchange rate {currency}/{base} from {day}", currency=currency, base=rates.base, day=rate.from_
            )
            found.append(_cited(figure, rate.sources, rate.confidence, rate.note, lang))
    data = comparison.catalogue.effort
    since = option.provider.api.compatible_since
    used = {feature for workload in comparison.profile.workloads for feature in workload.features}
    for item in dict.fromkeys(line.item for line in option.one_off):
        estimates = {
            "integration": [data.integration["compatible" if since and since <= day else "native"]],
            "evaluation": [data.evaluation], "per_prompt": [data.per_prompt],
            "rework": [days for feature, days in data.rework.items() if feature in used],
            "reindex": [data.reindex], "retrain": [data.retrain],
        }  # fmt: skip
        for estimate in estimates.get(item, []):
            figure = lang.say("Person-days: {item}", item=effort_item(item, lang))
            found.append(_cited(figure, estimate.sources or (), None, estimate.judgement, lang))
    return found


def _cited(figure: str, sources: Sequence[Source], sure: str | None, note: LocalText | None, lang: Language) -> Cited:
    links = tuple((_named(source, lang), source.url) for source in sources)
    return Cited(figure, confidence(sure, lang), links or ((lang.say("our judgement"), None),), lang.local(note))


def _named(source: Source, lang: Language) -> str:
    name = source.publisher or source.cite or source.url or ""
    if source.publisher and source.cite:
        name = lang.say("{publisher}, {cite}", publisher=source.publisher, cite=source.cite)
    return lang.say("{name}, {day}", name=name, day=source.published) if source.published else name
