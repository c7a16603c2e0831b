"""The work of moving and the day on which it is done: `docs/model.md`, sections 6 and 7."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from offers.schema import Service
from pricing import Text

from .answer import OneOffItem
from .effort import ITEMS, Item
from .option import Case

if TYPE_CHECKING:
    from .arrays import Assignment, Floats


MAX_WORKING_DAYS = 1_000_000
"""What takes longer is never ready; the calendar ends not much later."""


@dataclass(frozen=True)
class Work:
    """Person-days, money and readiness of a provider's assignments."""

    case: Case

    @cached_property
    def services(self) -> dict[Item, tuple[float, str | None]]:
        """For each item the largest share that a claimed service takes off, and its offer."""
        best: dict[Item, tuple[float, str | None]] = dict.fromkeys(ITEMS, (0.0, None))
        if self.case.profile.stance == "cautious":
            return best
        for term in self.case.terms:
            if isinstance(term.benefit, Service):
                for item, share in self.case.effort.services.get(term.benefit.service, {}).items():
                    if share > best[item][0]:
                        best[item] = (share, term.offer)
        return best

    @cached_property
    def free_training(self) -> str | None:
        """Id of a claimed offer with a fine-tuning service, which makes the training itself free."""
        offers = [
            term.offer
            for term in self.case.terms
            if isinstance(term.benefit, Service) and term.benefit.service == "fine_tuning"
        ]
        return offers[0] if offers else None

    @cached_property
    def days(self) -> dict[Item, Floats]:
        """(W, M) person-days of each item before services; integration stands once, on the first workload."""
        case, effort = self.case, self.case.effort
        shape = (len(case.workloads), len(case.models))
        table = {item: np.zeros(shape) for item in ITEMS}
        table["integration"][0] = effort.integration[case.provider.api.kind_on(case.horizon.as_of)]
        for w, (workload, source) in enumerate(zip(case.workloads, case.sources, strict=True)):
            if source.kind == "chat":
                table["evaluation"][w] = effort.evaluation
                table["per_prompt"][w] = effort.per_prompt * workload.prompts
                table["rework"][w] = [
                    sum(effort.rework.get(feature, 0.0) for feature in set(workload.features) - set(model.features))
                    for model in case.models
                ]
            elif workload.stored_tokens > 0:
                table["reindex"][w] = effort.reindex
            if workload.training_tokens > 0:
                table["retrain"][w] = effort.retrain
        return table

    @cached_property
    def days_after_services(self) -> Floats:
        """(W, M) person-days that are left."""
        table = [days * (1 - self.services[item][0]) for item, days in self.days.items()]
        return np.sum(table, axis=0)

    @cached_property
    def training_cost(self) -> Floats:
        """(W, M) price of training again, in the provider's currency; 0 where it is free or its price unknown."""
        tokens = np.array([workload.training_tokens for workload in self.case.workloads])
        price = np.array([price.training_rate for price in self.case.list_prices])
        return tokens[:, None] * self.case.ratio * price / 1e6 * (self.free_training is None)

    def person_days(self, assignment: Assignment) -> Floats:
        """(S,) person-days after services."""
        return self._over(self.days_after_services, assignment)

    def money(self, assignment: Assignment) -> Floats:
        """(S,) one-off cost without re-embedding, and the cost of not being ready, in the profile's currency."""
        days = self.person_days(assignment)
        training = self._over(self.training_cost, assignment) * self.case.exchange_rate
        return days * self.case.day_rate + training + self.late_days(days) * self.case.profile.loss_per_day

    def ready_on(self, days: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]:
        """(S,) the day on which the work is done: working days from the day after ``as_of``."""
        as_of = np.datetime64(self.case.horizon.as_of, "D")
        working = np.ceil(np.minimum(days / self.case.profile.team.engineers, MAX_WORKING_DAYS) - 1e-9).astype(int)
        # A decision on a weekend counts from the Friday before: the next working day is the first.
        moved = np.busday_offset(as_of, np.maximum(working, 0), roll="backward")
        return np.where(working > 0, moved, as_of)

    def late_days(self, days: Floats) -> Floats:
        """(S,) calendar days from the cut-off to the day of being ready; 0 where nobody is cut off."""
        if self.case.cutoff is None:
            return np.zeros(len(days))
        late = (self.ready_on(days) - np.datetime64(self.case.cutoff, "D")).astype(int)
        return np.maximum(late, 0).astype(float)

    def items(self, assignment: Assignment, re_embedding: float) -> tuple[OneOffItem, ...]:
        """The lines of the one-off cost of one assignment (W,)."""
        lines = []
        for item in ITEMS:
            share, offer = self.services[item]
            days = float(self._over(self.days[item], assignment[None, :])[0])
            if days > 0:
                left = days * (1 - share)
                lines.append(OneOffItem(item, left, left * self.case.day_rate, offer, days * share))
        if any(row[m] > 0 for row, m in zip(self.case.stored_tokens, assignment, strict=True)):
            lines.append(OneOffItem("re_embedding", 0.0, re_embedding, None))
        if any(workload.training_tokens > 0 for workload in self.case.workloads):
            # Where its price is unknown a warning says so; the line then holds what is known.
            cost = float(self._over(self.training_cost, assignment[None, :])[0]) * self.case.exchange_rate
            lines.append(OneOffItem("retraining", 0.0, cost, self.free_training))
        return tuple(lines)

    def warnings(self, assignment: Assignment) -> list[Text]:
        """What could not be counted."""
        found = []
        for workload, m in zip(self.case.workloads, assignment, strict=True):
            unknown = self.case.list_prices[m].training in (None, "unknown")
            if workload.training_tokens > 0 and unknown and self.free_training is None:
                found.append(
                    Text(
                        "the price of training {model} is not known: retraining of {workload} is left out",
                        model=self.case.models[m].label, workload=workload.label,
                    )
                )  # fmt: skip
        return found

    def _over(self, table: Floats, assignment: Assignment) -> Floats:
        each = np.arange(len(self.case.workloads))
        return table[each, assignment].sum(axis=1)
