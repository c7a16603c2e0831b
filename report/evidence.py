"""The sources behind an option: each figure with where it was seen."""

from __future__ import annotations

from dataclasses import dataclass

from calculator import Comparison, Option
from calculator.answer import Json
from pricing.records import LocalText, Source

from .language import Language
from .offers import gives
from .words import effort_item


@dataclass(frozen=True)
class Cited:
    """A figure, how sure it is, and where it was seen."""

    figure: str
    confidence: str | None
    sources: tuple[Source, ...]
    """Empty where the figure is our judgement."""
    note: LocalText | None = None

    def to_json(self, lang: Language) -> Json:
        """The figure with its sources as plain values."""
        return {
            "figure": self.figure,
            "confidence": self.confidence,
            "sources": [
                source.model_dump(mode="json", exclude_none=True)
                | ({"says": lang.local(source.says)} if source.says else {})
                for source in self.sources
            ],
            "note": lang.local(self.note) or None,
        }


def evidence(comparison: Comparison, option: Option, lang: Language) -> list[Cited]:
    """All sources of an option: the event, its offers, its prices, the exchange rate, the effort."""
    event, day = comparison.event, comparison.horizon.as_of
    found = [Cited(lang.say("The event"), event.confidence, tuple(event.sources), event.note)]
    for use in option.offers:
        for benefit in use.offer.benefits:
            given = gives(benefit, option.provider, lang)
            figure = lang.say("{offer}: {benefit}", offer=lang.name(use.offer), benefit=given)
            found.append(Cited(figure, benefit.confidence, tuple(benefit.sources), benefit.note))
    for model in dict.fromkeys(model.id for model in option.models.values()):
        chosen = option.provider.model(model)
        price = chosen.price_on(day) if chosen else None
        if chosen and price:
            figure = lang.say("Price of {model} from {day}", model=chosen.label, day=price.from_)
            found.append(Cited(figure, price.confidence, tuple(price.sources), price.note))
    rates = comparison.catalogue.prices.rates
    for currency in sorted({option.provider.currency, comparison.baseline.provider.currency}):
        dated = [rate for rate in rates.rates.get(currency, ()) if rate.from_ <= day]
        if dated and currency != comparison.profile.currency:
            rate = max(dated, key=lambda one: one.from_)
            figure = lang.say(
                "Exchange rate {currency}/{base} from {day}", currency=currency, base=rates.base, day=rate.from_
            )
            found.append(Cited(figure, rate.confidence, tuple(rate.sources), rate.note))
    data = comparison.catalogue.effort
    used = {feature for workload in comparison.profile.workloads for feature in workload.features}
    for item in dict.fromkeys(line.item for line in option.one_off):
        estimates = {
            "integration": [data.integration[option.provider.api.kind_on(day)]],
            "evaluation": [data.evaluation], "per_prompt": [data.per_prompt],
            "rework": [days for feature, days in data.rework.items() if feature in used],
            "reindex": [data.reindex], "retrain": [data.retrain],
        }  # fmt: skip
        for estimate in estimates.get(item, []):
            figure = lang.say("Person-days: {item}", item=effort_item(item, lang))
            found.append(Cited(figure, None, tuple(estimate.sources or ()), estimate.judgement))
    return found


def source_name(source: Source, lang: Language) -> str:
    """A source in a few words: who, and when."""
    name = source.cite if source.cite and (source.publisher or "") in source.cite else source.publisher
    name = name or source.cite or source.url or ""
    if source.publisher and source.cite and source.publisher not in source.cite:
        name = lang.say("{publisher}, {cite}", publisher=source.publisher, cite=source.cite)
    return lang.say("{name}, {day}", name=name, day=source.published) if source.published else name
