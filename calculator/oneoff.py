"""The work of moving and the day on which it is done: `docs/model.md`, sections 6 and 7."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from pricing import Text

from .answer import OneOffItem
from .effort import ITEMS, Item
from .setting import Setting
from .supply import Supply
from .usage import Usage

if TYPE_CHECKING:
    from .arrays import Days, Floats


MAX_WORKING_DAYS = 1_000_000
"""What takes longer is never ready; the calendar ends not much later."""


def common_days(setting: Setting, usage: Usage) -> dict[Item, Floats]:
    """(W, N) person-days before services of the items that are the same with every provider and model."""
    effort = setting.effort
    chat = np.array([[source.kind == "chat"] for source in setting.sources])
    days: dict[Item, Floats] = {
        "evaluation": effort.evaluation * chat,
        "per_prompt": effort.per_prompt * chat * usage.prompts,
        "reindex": effort.reindex * ~chat * (usage.stored_tokens > 0),
        "retrain": np.where(usage.training_tokens > 0, effort.retrain, 0.0),
    }
    return days


def ready_on(as_of: date, working_days: Floats) -> Days:
    """The day on which work is done that takes so many ``working_days``, the first of them after ``as_of``."""
    start = np.datetime64(as_of, "D")
    working = np.ceil(np.minimum(working_days, MAX_WORKING_DAYS) - 1e-9).astype(int)
    # A decision on a weekend counts from the Friday before: the next working day is the first.
    moved = np.busday_offset(start, np.maximum(working, 0), roll="backward")
    return np.where(working > 0, moved, start)


@dataclass(frozen=True, eq=False)
class Work:
    """The work of moving to one provider. Axes: ``W`` workloads, ``M`` models, ``N`` customers."""

    supply: Supply
    usage: Usage
    common: dict[Item, Floats]
    """``common_days``."""

    def readiness_cost(self, days: Floats) -> Floats:
        """What the calendar days from the cut-off to the day of being ready cost; 0 where nobody is cut off.

        ``days`` (S, N): person-days.
        """
        setting = self.supply.setting
        if setting.event.cutoff is None or not self.usage.loss_per_day.any():
            return np.zeros(1)
        ready = ready_on(setting.horizon.as_of, days / self.usage.engineers)
        late = (ready - np.datetime64(setting.event.cutoff, "D")).astype(int)
        return np.maximum(late, 0) * self.usage.loss_per_day

    # The work of one assignment for one customer

    def items(self, models: list[int], re_embedding: float, training: Floats) -> tuple[OneOffItem, ...]:
        """The lines of the one-off cost where each workload takes one of the ``models``.

        ``re_embedding`` is what is paid for it; ``training`` (W, M, 1) are the ``Costs`` of training again.
        """
        supply, day_rate = self.supply, float(self.usage.day_rate[0])
        days = {item: sum(table[:, 0].tolist()) for item, table in self.common.items()}
        days["integration"] = supply.integration
        days["rework"] = sum(row[m] for row, m in zip(supply.rework, models, strict=True))
        lines = []
        for item in ITEMS:
            share, offer = supply.services[item]
            if days[item] > 0:
                left = days[item] * (1 - share)
                lines.append(OneOffItem(item, left, left * day_rate, offer, days[item] * share))
        if supply.setting.embeds_again:
            lines.append(OneOffItem("re_embedding", 0.0, re_embedding, None))
        if self.usage.training_tokens.any():
            # Where its price is unknown a warning says so; the line then holds what is known.
            cost = sum(table[m, 0] for table, m in zip(training, models, strict=True)) * supply.exchange_rate
            lines.append(OneOffItem("retraining", 0.0, float(cost), supply.free_training))
        return tuple(lines)

    def warnings(self, models: list[int]) -> list[Text]:
        """What could not be counted."""
        found = []
        workloads, tokens = self.supply.setting.profile.workloads, self.usage.training_tokens[:, 0].tolist()
        for workload, trained, m in zip(workloads, tokens, models, strict=True):
            unknown = self.supply.prices[m].training in (None, "unknown")
            if trained > 0 and unknown and self.supply.free_training is None:
                found.append(
                    Text(
                        "the price of training {model} is not known: retraining of {workload} is left out",
                        model=self.supply.models[m].label, workload=workload.label,
                    )
                )  # fmt: skip
        return found
