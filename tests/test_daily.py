"""The model lived through day by day follows the worked cases, and knows where days and segments part."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from daily import daily_compare
from daily_world import Between
from oracle_world import differences, expand, load_oracle, oracle_files, readings


def by_days(world: dict[str, Any]) -> dict[str, Any]:
    """The answer to a world."""
    return daily_compare(**world)[0]


@pytest.mark.parametrize("path", oracle_files(), ids=lambda path: path.stem)
def test_worked_case(path: Path) -> None:
    world, expect = load_oracle(path)
    assert differences(expect, by_days(world)) == []


@pytest.mark.parametrize("case", readings(), ids=lambda case: case["case"])
def test_reading(case: dict[str, Any]) -> None:
    answer = by_days(expand(case))
    assert [found for found in differences(case["expect"], answer) if "Between" not in found] == []


def of_two_models(*grants: dict[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    """July with 10 M of x at 1 and 10 M of y at 100 and two grants: the option, and its segments."""
    models = [{"id": "x", "price": {"input": 1}}, {"id": "y", "tier": "standard", "price": {"input": 100}}]
    benefits = [{"kind": "token_grant", "valid_days": None, **grant} for grant in grants]
    workloads = [
        {"name": "a", "tokens": 10_000_000, "pin": {"north": "x"}},
        {"name": "b", "model": "s-mini", "tokens": 10_000_000, "pin": {"north": "y"}},
    ]
    north = {"models": models, "offers": [{"id": "gift", "benefits": benefits}]}
    world = expand({"providers": {"north": north}, "profile": {"months": 1, "workloads": workloads}})
    answer, lived = daily_compare(**world)
    return answer["options"][0], lived


def test_a_segment_is_contested_where_an_earlier_grant_covers_a_part_of_a_later_one() -> None:
    """See the reading of the same numbers: 335 in one step, 252.50 by days."""
    option, lived = of_two_models({"tokens": 5_000_000, "models": ["x"]}, {"tokens": 10_000_000, "models": ["x", "y"]})
    assert (option["bill"], lived["contested"]) == (335, 1)
    assert isinstance(option["free_until"], Between)


@pytest.mark.parametrize(
    ("first", "second", "bill"),
    [
        ({"tokens": 10_000_000, "models": ["x"]}, {"tokens": 5_000_000, "models": ["x", "y"]}, 500),
        ({"tokens": 5_000_000, "models": ["x"]}, {"tokens": 15_000_000, "models": ["x", "y"]}, 0),
        ({"tokens": 5_000_000, "models": ["x"]}, {"tokens": 4_000_000, "models": ["y"]}, 605),
        (
            {"tokens": 10_000_000, "models": ["x", "y"], "valid_until": date(2024, 8, 1)},
            {"tokens": 2_000_000, "models": ["x"]},
            503,
        ),
    ],
    ids=["the first lasts", "the second lasts", "no model in common", "all of the second in the first"],
)
def test_otherwise_days_and_segments_agree(first: dict[str, Any], second: dict[str, Any], bill: int) -> None:
    option, lived = of_two_models(first, second)
    assert (option["bill"], lived["contested"]) == (bill, 0)
