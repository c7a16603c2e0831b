"""The price of a choice: pinning the model gives the total that was told."""

from __future__ import annotations

from typing import Any

import pytest
from engine import catalogue_of
from hypothesis import HealthCheck, given, settings
from worlds import worlds

from calculator import Comparison, compare
from calculator.choices import model_choices
from calculator.comparison import compare_profile
from pricing.yaml_reader import Document


def check(comparison: Comparison, most: int) -> None:
    for option in comparison.options:
        choices = model_choices(comparison, option)
        assert [*choices] == [workload.label for workload in comparison.profile.workloads]
        for w, workload in enumerate(comparison.profile.workloads):
            told = choices[workload.label]
            assert option.models[workload.label].id in [choice.model.id for choice in told]
            if option.provider.provider not in workload.pin:
                assert told[0].total == pytest.approx(option.total, rel=1e-9, abs=1e-9)
            for choice in told[:most]:
                pinned = workload.model_copy(
                    update={"pin": {**workload.pin, option.provider.provider: choice.model.id}}
                )
                workloads = [*comparison.profile.workloads]
                workloads[w] = pinned
                profile = comparison.profile.model_copy(update={"workloads": workloads})
                answer = compare_profile(profile, comparison.catalogue, Document("profile"))
                mine = next(one for one in answer.options if one.provider is option.provider)
                assert mine.models[workload.label] is choice.model
                assert mine.total == pytest.approx(choice.total, rel=1e-9, abs=1e-9)


@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(worlds())
def test_a_pinned_model_costs_what_the_choice_said(world: dict[str, Any]) -> None:
    check(compare(world["profile"], catalogue_of(world)), 2)


def test_a_pin_can_be_exchanged_for_every_other_model() -> None:
    comparison = compare("calculator/data/example-profile.yaml", months=3)
    first = comparison.options[0]
    other = model_choices(comparison, first)["drafting"][-1].model
    workloads = [*comparison.profile.workloads]
    workloads[1] = workloads[1].model_copy(update={"pin": {first.provider.provider: other.id}})
    profile = comparison.profile.model_copy(update={"workloads": workloads})
    pinned = compare_profile(profile, comparison.catalogue, Document("profile"))
    mine = next(one for one in pinned.options if one.provider is first.provider)
    assert mine.models["drafting"] is other
    assert {choice.model.id for choice in model_choices(pinned, mine)["drafting"]} == {
        choice.model.id for choice in model_choices(comparison, first)["drafting"]
    }
