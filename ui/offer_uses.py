"""What became of an offer: claimed, missed or refused, and what each gift is worth in full and was worth here."""

from __future__ import annotations

from calculator import Comparison, Option
from calculator.answer import BenefitUse, OfferUse
from offers.schema import Service, Voucher
from report.language import Language
from report.offers import gives
from report.verdict import money
from report.words import benefit_kind, service, status

from . import figures
from .html import Markup, joined, table, tag
from .sources import sources


def offer_use(comparison: Comparison, option: Option, use: OfferUse, lang: Language) -> Markup:
    """What became of an offer, and its sources."""
    head = tag(
        "p",
        tag("span", status(use.status, lang), class_=f"bj-badge bj-{use.status}"),
        tag("span", lang.render(use.reason)),
        tag("span", lang.say("planned for {day}", day=use.claimed_on)) if use.claimed_on else "",
        class_="bj-offer-head",
    )
    if use.benefits:
        body = _benefits(comparison, option, use, lang)
    else:
        gifts = (tag("li", gives(benefit, option.provider, lang)) for benefit in use.offer.benefits)
        body = tag("ul", *gifts)
    evidence = [
        sources(gives(benefit, option.provider, lang), benefit.sources, benefit.confidence, benefit.note, lang)
        for benefit in use.offer.benefits
    ]
    terms = [
        sources(lang.say("Terms of the offer"), use.offer.sources or (), use.offer.confidence, use.offer.note, lang)
    ] * bool(use.offer.sources or use.offer.note)
    return tag("div", head, body, tag("div", *terms, *evidence, class_="bj-evidence"), class_="bj-offer")


def _benefits(comparison: Comparison, option: Option, use: OfferUse, lang: Language) -> Markup:
    """The gifts with what they were worth; then the services, which take work off."""
    gifts = [one for one in use.benefits if not isinstance(one.benefit, Service)]
    services = [service(one.benefit.service, lang) for one in use.benefits if isinstance(one.benefit, Service)]
    header = [
        lang.say("Gift"), lang.say("For"), lang.say("Given"), lang.say("Used"), lang.say("Lapsed"),
        lang.say("Worth in full"), lang.say("Worth to you"), lang.say("Last day"), lang.say("Spent on"),
    ]  # fmt: skip
    rows = [_benefit(comparison, option, one, lang) for one in gifts]
    return joined([
        tag("div", table(header, rows, numbers=range(2, 7)), class_="bj-wide") if rows else "",
        tag("p", lang.say("Free help with the work: {services}.", services=lang.list(services)), class_="bj-help")
        if services else "",
    ])  # fmt: skip


def _benefit(comparison: Comparison, option: Option, use: BenefitUse, lang: Language) -> list[object]:
    is_money = isinstance(use.benefit, Voucher)

    def size(value: float | None) -> str:
        if value is None:
            return "–"
        return money(value, comparison, lang) if is_money else lang.compact(value)

    kind, worth = gives(use.benefit, option.provider, lang), figures.worth_in_full(use)
    return [
        tag("b", kind if use.granted is None else benefit_kind(use.benefit.kind, lang)),
        models_named(use, option, lang), size(use.granted), size(use.used), size(use.lapsed),
        "–" if worth is None else money(worth, comparison, lang), money(use.saved, comparison, lang),
        lang.day(use.ends_on) if use.ends_on else lang.say("no end"),
        lang.day(use.runs_out_on) if use.runs_out_on else "–",
    ]  # fmt: skip


def models_named(use: BenefitUse, option: Option, lang: Language) -> str:
    """The models that a gift is for."""
    if isinstance(use.benefit, Voucher):
        return lang.say("all models")
    if not use.models:
        return lang.say("no model")
    labels = [model.label for model in option.provider.models if model.id in use.models]
    return lang.list(labels) if len(labels) <= 2 else lang.say("{count} models", count=len(labels))
