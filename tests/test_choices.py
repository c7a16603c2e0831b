"""The price of a choice: pinning the model gives the total that was told."""

from __future__ import annotations

from typing import Any

import pytest
from engine import catalogue_of
from hypothesis import HealthCheck, given, settings
from oracle_world import expand
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


@pytest.mark.parametrize(
    ("pin", "chunk", "y_for_a"),
    [
        ({}, 4096, 140),  # notes then take the free tokens of x
        ({}, 4, 140),
        ({}, 3, 180),  # of four combinations only those are tried in which notes stay with y
        ({"north": "y"}, 4096, 180),
    ],
)
def test_what_another_model_would_cost(
    pin: dict[str, str], chunk: int, y_for_a: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """10 M tokens each at 10 with x, of whose tokens 10 M are free, at 4 with y, with which chat is 2 days of work."""
    monkeypatch.setattr("calculator.choices.CHUNK", chunk)
    gift = {"kind": "token_grant", "tokens": 10_000_000, "models": ["x"], "valid_days": None}
    north = {
        "models": [{"id": "x", "features": ["tools"], "price": {"input": 10}}, {"id": "y", "price": {"input": 4}}],
        "offers": [{"id": "gift", "benefits": [gift]}],
    }
    workloads = [
        {"name": "chat", "tokens": 10_000_000, "features": ["tools"], "pin": {"north": "x"}},
        {"name": "notes", "tokens": 10_000_000, "pin": pin},
    ]
    profile = {"months": 1, "workloads": workloads, "effort": {"rework": {"tools": 2}}}
    world = expand({"profile": profile, "providers": {"north": north}})
    world["effort"] = {**world["effort"], "day_rate": 50}
    comparison = compare(world["profile"], catalogue_of(world))
    found = model_choices(comparison, comparison.options[0])
    assert {workload: [(one.model.id, round(one.total, 6)) for one in told] for workload, told in found.items()} == {
        "chat": [("x", 40), ("y", y_for_a)], "notes": [("y", 40), ("x", 100)],
    }  # fmt: skip


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
