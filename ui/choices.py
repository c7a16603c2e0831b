"""Which model takes which workload."""

from __future__ import annotations

from calculator import Comparison, Option
from pricing import Price
from report.language import Language

from .html import show, table, tag


def show_models(comparison: Comparison, option: Option, lang: Language) -> None:
    """The models of a provider, with their prices."""
    show(tag("h3", lang.say("Which model replaces which")), lang)
    day, source, currency = comparison.horizon.as_of, comparison.baseline.provider, option.provider.currency

    def price(value: object) -> str:
        return lang.money(float(value), currency, digits=2) if isinstance(value, float | int) else "–"

    header = [
        lang.say("Workload"), lang.say("Today"), lang.say("New"), lang.say("New tokens for one old"),
        lang.say("Input, 1M tokens"), lang.say("Output, 1M tokens"),
    ]  # fmt: skip
    rows: list[list[object]] = []
    for workload in comparison.profile.workloads:
        model, today = option.models[workload.label], source.model(workload.model)
        entry: Price | None = model.price_on(day)
        ratio = lang.say("× {ratio}", ratio=lang.number(option.ratios[workload.label], digits=2))
        rows.append([
            workload.label, today.label if today else workload.model, tag("b", model.label), ratio,
            price(entry and entry.input), price(entry and entry.output),
        ])  # fmt: skip
    show(tag("div", table(header, rows, numbers=range(3, 6)), class_="bj-wide"), lang)
