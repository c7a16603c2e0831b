"""The one-off work, line by line: what it is, what it costs, and which offer takes how much off."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from engine import engine_compare
from oracle_world import expand

from calculator.oneoff import ready_on

EFFORT = {
    "integration": {"compatible": 3, "native": 10}, "evaluation": 2, "per_prompt": 0.5, "reindex": 1, "retrain": 4,
    "services": {"migration": {"integration": 0.5}, "consulting": {}, "training": {}, "fine_tuning": {"retrain": 0.25}},
}  # fmt: skip
PROFILE = {"months": 1, "team": {"engineers": 1, "day_rate": 2000}, "effort": EFFORT}


def lines(workload: dict[str, Any], model: dict[str, Any], *services: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines of one provider with these services, and its warnings."""
    offers = [{"id": f"free {one}", "benefits": [{"kind": "service", "service": one}]} for one in services]
    world = expand({
        "profile": {**PROFILE, "workloads": [workload]}, "providers": {"north": {"models": [model], "offers": offers}},
    })  # fmt: skip
    (option,) = engine_compare(world)["options"]
    return option["one_off"], option["warnings"]


def line(item: str, days: float, cost: float, covered_by: str | None = None, saved: float = 0.0) -> dict[str, Any]:
    return {"item": item, "days": days, "cost": pytest.approx(cost), "covered_by": covered_by, "days_saved": saved}


def test_a_service_takes_its_share_off_and_is_named() -> None:
    told, warnings = lines({"tokens": 1_000_000, "prompts": 4}, {"id": "m", "price": {"input": 1}}, "migration")
    assert told == [
        line("integration", 1.5, 3000.0, "free migration", 1.5),
        line("evaluation", 2.0, 4000.0),
        line("per_prompt", 2.0, 4000.0),
    ]
    assert warnings == []


def test_a_vector_store_is_embedded_again_at_list_price() -> None:
    told, _ = lines(
        {"model": "s-embed", "stored_tokens": 50_000_000}, {"id": "m", "kind": "embedding", "price": {"input": 2}}
    )
    assert told == [
        line("integration", 3.0, 6000.0),
        line("reindex", 1.0, 2000.0),
        line("re_embedding", 0.0, 100.0),
    ]


def test_an_empty_vector_store_is_no_work() -> None:
    told, _ = lines({"model": "s-embed", "tokens": 1_000_000}, {"id": "m", "kind": "embedding", "price": {"input": 2}})
    assert "reindex" not in {one["item"] for one in told}


@pytest.mark.parametrize(
    ("as_of", "working_days", "ready"),
    [
        (date(2024, 6, 21), 0.0, date(2024, 6, 21)),
        (date(2024, 6, 22), 0.0, date(2024, 6, 22)),  # a Saturday: nothing to do, so nothing to wait for
        (date(2024, 6, 22), 1.0, date(2024, 6, 24)),
        (date(2024, 6, 21), 0.5, date(2024, 6, 24)),
        (date(2024, 6, 20), 6.0, date(2024, 6, 28)),
    ],
)
def test_work_is_done_on_working_days(as_of: date, working_days: float, ready: date) -> None:
    assert ready_on(as_of, np.array([working_days])).tolist() == [ready]


@pytest.mark.parametrize(("engineers", "late"), [(1, 9), (2, 0), (0.5, 29)])
def test_more_engineers_are_late_for_fewer_days(engineers: float, late: int) -> None:
    """14 person-days from Thursday 20 June, cut off on 1 July."""
    world = expand({
        "profile": {
            **PROFILE, "workloads": [{"tokens": 1, "prompts": 4}], "loss_per_day": 100,
            "team": {"engineers": engineers, "day_rate": 2000},
        },
        "providers": {"north": {"compatible_since": None, "models": [{"id": "m", "price": {"input": 1}}]}},
    })  # fmt: skip
    (option,) = engine_compare(world)["options"]
    assert option["readiness_cost"] == late * 100


TUNED = {"tokens": 1_000_000, "training_tokens": 50_000_000}


def test_what_training_again_costs_is_a_line_of_its_own() -> None:
    told, warnings = lines(TUNED, {"id": "m", "price": {"input": 1, "training": 10}})
    assert told[-2:] == [line("retrain", 4.0, 8000.0), line("retraining", 0.0, 500.0)]
    assert warnings == []


def test_training_in_dollars_is_converted() -> None:
    north = {"currency": "USD", "models": [{"id": "m", "price": {"input": 1, "training": 10}}]}
    world = expand({
        "rates": {"USD": 8}, "profile": {**PROFILE, "workloads": [TUNED]}, "providers": {"north": north},
    })  # fmt: skip
    (option,) = engine_compare(world)["options"]
    assert option["one_off"][-1] == line("retraining", 0.0, 4000.0)


def test_a_service_that_trains_makes_training_free_and_is_named() -> None:
    told, warnings = lines(TUNED, {"id": "m", "price": {"input": 1, "training": 10}}, "fine_tuning")
    assert told[-2:] == [
        line("retrain", 3.0, 6000.0, "free fine_tuning", 1.0), line("retraining", 0.0, 0.0, "free fine_tuning"),
    ]  # fmt: skip
    assert warnings == []


@pytest.mark.parametrize("price", [{"input": 1}, {"input": 1, "training": "unknown"}])
def test_a_price_of_training_that_nobody_knows_is_left_out_and_told(price: dict[str, Any]) -> None:
    told, warnings = lines(TUNED, {"id": "m", "price": price})
    assert told[-1] == line("retraining", 0.0, 0.0)
    assert warnings == ["the price of training m is not known: retraining of main is left out"]
    assert lines(TUNED, {"id": "m", "price": price}, "fine_tuning")[1] == []
