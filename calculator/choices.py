"""What the choice of a model costs: an option's total with each model that could take a workload."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from pricing import Model, Provider
from pricing.yaml_reader import Document

from .answer import Comparison, Option
from .case import Case, case_for
from .catalogue import Catalogue
from .profile import Profile
from .search import CHUNK, TOTAL
from .setting import setting_for
from .supply import Supply, supply_of
from .usage import usage_of

if TYPE_CHECKING:
    from .arrays import Assignment


@dataclass(frozen=True)
class Choice:
    """A model that could take a workload."""

    model: Model
    total: float
    """The option's total if this model is pinned, in the profile's currency."""


def model_choices(comparison: Comparison, option: Option) -> dict[str, tuple[Choice, ...]]:
    """By workload: the models that could take it, by total. Pins of the other workloads stay as they are.

    Where the combinations are too many to try them all, the other workloads keep their present models.
    """
    profile, found = comparison.profile, {}
    for w, workload in enumerate(profile.workloads):
        unpinned = workload.model_copy(
            update={"pin": {name: pin for name, pin in workload.pin.items() if name != option.provider.provider}}
        )
        workloads = [unpinned if one is workload else one for one in profile.workloads]
        case = _case(profile.model_copy(update={"workloads": workloads}), comparison.catalogue, option.provider)
        assignments = _assignments(case.supply, option, w)
        totals = case.cost(assignments)[TOTAL, :, 0]
        models = case.supply.models
        choices = (Choice(models[m], float(totals[assignments[w] == m].min())) for m in case.supply.choices[w])
        found[workload.label] = tuple(sorted(choices, key=lambda choice: choice.total))
    return found


def _case(profile: Profile, catalogue: Catalogue, provider: Provider) -> Case:
    """A provider that can take the profile: it is an option already."""
    setting = setting_for(profile, catalogue, Document("profile"), profile.monthly_tokens)
    supply = supply_of(provider, setting)
    assert isinstance(supply, Supply)
    return case_for(supply, usage_of(profile, setting.day_rate))


def _assignments(supply: Supply, option: Option, w: int) -> Assignment:
    """(W, S) all assignments; those that differ in workload ``w`` alone where they are too many."""
    if prod(map(len, supply.choices)) <= CHUNK:
        return np.array([*product(*supply.choices)], dtype=np.intp).T
    index = {model.id: m for m, model in enumerate(supply.models)}
    present = np.array([[index[model.id]] for model in option.models.values()])
    tries = np.repeat(present, len(supply.choices[w]), axis=1)
    tries[w] = supply.choices[w]
    return tries
