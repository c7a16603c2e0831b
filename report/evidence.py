"""The sources behind an option: each figure with where it was seen."""

from __future__ import annotations

from dataclasses import dataclass

from calculator import Comparison, Option
from calculator.answer import Json, OfferUse
from offers.schema import Benefit
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
    event = comparison.event
    found = [Cited(lang.say("The event"), event.confidence, tuple(event.sources), event.note)]
    for use in option.offers:
        found += [of_benefit(option, use, benefit, lang) for benefit in use.offer.benefits]
    found += of_prices(comparison, option, lang)
    if comparison.baseline.provider.currency != option.provider.currency:
        found += _of_rate(comparison, comparison.baseline.provider.currency, lang)
    for item in dict.fromkeys(line.item for line in option.one_off):
        found += of_work(comparison, option, item, lang)
    return found


def of_benefit(option: Option, use: OfferUse, benefit: Benefit, lang: Language) -> Cited:
    """Who says that an offer holds a benefit."""
    given = gives(benefit, option.provider, lang)
    figure = lang.say("{offer}: {benefit}", offer=lang.name(use.offer), benefit=given)
    return Cited(figure, benefit.confidence, tuple(benefit.sources), benefit.note)


def of_prices(comparison: Comparison, option: Option, lang: Language) -> list[Cited]:
    """The list prices of the models used, and the exchange rate where one is needed."""
    found, day = [], comparison.horizon.as_of
    for model in {model.id: model for model in option.models.values()}.values():
        price = model.price_on(day)
        if price:
            figure = lang.say("Price of {model} from {day}", model=model.label, day=price.from_)
            found.append(Cited(figure, price.confidence, tuple(price.sources), price.note))
    return found + _of_rate(comparison, option.provider.currency, lang)


def _of_rate(comparison: Comparison, currency: str, lang: Language) -> list[Cited]:
    """The exchange rate of a currency, unless it is that of the answer."""
    rates, day = comparison.catalogue.prices.rates, comparison.horizon.as_of
    found = []
    for foreign in sorted({currency, comparison.profile.currency} - {rates.base}):
        dated = [rate for rate in rates.rates.get(foreign, ()) if rate.from_ <= day]
        if dated and currency != comparison.profile.currency:
            rate = max(dated, key=lambda one: one.from_)
            figure = lang.say(
                "Exchange rate {currency}/{base} from {day}", currency=foreign, base=rates.base, day=rate.from_
            )
            found.append(Cited(figure, rate.confidence, tuple(rate.sources), rate.note or rates.note))
    return found


def of_work(comparison: Comparison, option: Option, item: str, lang: Language) -> list[Cited]:
    """The estimates behind a line of the one-off cost; none behind token charges, which follow from prices."""
    data = comparison.catalogue.effort
    lacking = {
        feature
        for workload in comparison.profile.workloads
        for feature in set(workload.features) - set(option.models[workload.label].features)
    }
    estimates = {
        "integration": [data.integration[option.provider.api.kind_on(comparison.horizon.as_of)]],
        "evaluation": [data.evaluation], "per_prompt": [data.per_prompt],
        "rework": [estimate for feature, estimate in data.rework.items() if feature in lacking],
        "reindex": [data.reindex], "retrain": [data.retrain],
    }  # fmt: skip
    return [
        Cited(
            lang.say(
                "{item}: {low} to {high} person-days, usually {mode}",
                item=effort_item(item, lang), low=lang.number(one.low, digits=2), high=lang.number(one.high, digits=2),
                mode=lang.number(one.mode, digits=2),
            ),
            None, tuple(one.sources or ()), one.judgement or one.note,
        )
        for one in estimates.get(item, [])
    ]  # fmt: skip


def source_name(source: Source, lang: Language) -> str:
    """A source in a few words: who, and when."""
    name = source.cite if source.cite and (source.publisher or "") in source.cite else source.publisher
    name = name or source.cite or source.url or ""
    if source.publisher and source.cite and source.publisher not in source.cite:
        name = lang.say("{publisher}, {cite}", publisher=source.publisher, cite=source.cite)
    return lang.say("{name}, {day}", name=name, day=source.published) if source.published else name
