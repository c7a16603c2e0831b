"""The pictures of a recommendation, laid out once for every format: totals side by side, and months of the best."""

from __future__ import annotations

import math
from dataclasses import dataclass

from calculator import Comparison, Option
from calculator.timeline import OVERLAP

from .language import BEYOND_WORDS, Language
from .verdict import money
from .words import part_names

MONTH_PARTS = ("bill", "vouchers", "discounts", "grants")
"""From the bottom of a bar to its top."""
TOTAL_PARTS = ("bill", "one_off_cost", "readiness_cost")
"""From the left of a bar to its right."""
MOST_TOTALS, MOST_MONTHS = 6, 2
"""Options shown."""


@dataclass(frozen=True)
class Bar:
    """Money by part; ``note`` stands at its end."""

    label: str
    parts: tuple[tuple[str, float], ...]
    note: str = ""

    @property
    def whole(self) -> float:
        """Length of the bar."""
        return sum(amount for _, amount in self.parts)


@dataclass(frozen=True)
class Panel:
    """Bars on one scale."""

    title: str
    bars: tuple[Bar, ...]
    old: tuple[float | None, ...]
    """What the old provider would cost: a point a bar or, across lying bars, one."""
    ticks: tuple[tuple[float, str], ...]
    """Amounts on the scale, from 0 to its end."""
    lies: bool = False
    """Whether the bars lie."""


@dataclass(frozen=True)
class Chart:
    """Panels below one another."""

    alt: str
    panels: tuple[Panel, ...]
    legend: tuple[tuple[str, str], ...]
    """Part (or ``old``) and what it is called, for those that occur."""


def decision_chart(comparison: Comparison, lang: Language) -> Chart | None:
    """The chart of the best options; None where nothing is to be seen."""
    best = comparison.options[:MOST_TOTALS]
    old = comparison.baseline
    top = max([*(option.total for option in best), old.total or 0.0])
    months = [_months(option, lang) for option in best[:MOST_MONTHS]]
    most = max([*(bar.whole for bars in months for bar in bars), *(old.monthly or ())], default=0.0)
    if not best or not 0 < most <= top < BEYOND_WORDS:
        return None
    currency = comparison.profile.currency
    totals = tuple(_total(comparison, option, lang) for option in best)
    title = lang.say("What the move costs in {months} months, in {currency}",
                     months=comparison.horizon.months, currency=currency)  # fmt: skip
    panels = [Panel(title, totals, (old.total,), _ticks(top, lang), lies=True)]
    for option, bars in zip(best, months, strict=False):
        title = lang.say("{provider}: what tokens cost month by month, in {currency}",
                         provider=lang.name(option.provider), currency=currency)  # fmt: skip
        panels.append(Panel(title, bars, _old_months(option, old.monthly), _ticks(most, lang)))
    names = lang.list([lang.name(option.provider) for option in best])
    return Chart(
        alt=lang.say("Bar charts of what {providers} cost; the numbers stand in the tables.", providers=names),
        panels=tuple(panels),
        legend=_legend(comparison, panels, lang),
    )


def _total(comparison: Comparison, option: Option, lang: Language) -> Bar:
    parts = tuple((part, getattr(option, part)) for part in TOTAL_PARTS)
    return Bar(lang.name(option.provider), parts, money(option.total, comparison, lang))


def _months(option: Option, lang: Language) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            lang.say("overlap") if row.month == OVERLAP else str(row.month + 1),
            tuple((part, getattr(row, part)) for part in MONTH_PARTS),
        )
        for row in option.monthly
    )


def _old_months(option: Option, old: tuple[float, ...] | None) -> tuple[float | None, ...]:
    return tuple(None if old is None or row.month == OVERLAP else old[row.month] for row in option.monthly)


def _legend(comparison: Comparison, panels: list[Panel], lang: Language) -> tuple[tuple[str, str], ...]:
    names = {
        **part_names(lang), "bill": lang.say("paid for tokens"), "one_off_cost": lang.say("work of moving"),
        "readiness_cost": lang.say("not being ready"),
    }  # fmt: skip
    seen = {part for panel in panels for bar in panel.bars for part, amount in bar.parts if amount}
    legend = [(part, names[part]) for part in dict.fromkeys((*TOTAL_PARTS, *MONTH_PARTS)) if part in seen]
    if comparison.baseline.monthly is not None:
        source = lang.name(comparison.baseline.provider)
        legend.append(("old", lang.say("staying with {source}, list price", source=source)))
    return tuple(legend)


def _ticks(highest: float, lang: Language) -> tuple[tuple[float, str], ...]:
    """Three to six round amounts, the last not below ``highest``."""
    power = 10.0 ** math.floor(math.log10(highest))
    step = next(one for one in (0.2 * power, 0.5 * power, power, 2 * power, 5 * power) if one * 5 >= highest)
    return tuple((step * k, lang.compact(step * k)) for k in range(math.ceil(highest / step - 1e-9) + 1))
