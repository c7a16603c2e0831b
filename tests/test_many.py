"""A small table of profiles, answered row by row; and what is told of a table that cannot be."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from engine import catalogue_of
from oracle_world import expand

from calculator import InputError, compare, compare_many
from calculator.table import OWN_TERMS

GRANT = {"kind": "token_grant", "tokens": 5_000_000, "models": "all", "valid_days": "unknown"}
CASE: dict[str, Any] = {
    "rates": {"USD": 8},
    "providers": {
        "north": {
            "models": [
                {"id": "n", "context": 8000, "price": {"input": 10, "cached_input": 2}},
                {"id": "n-embed", "kind": "embedding", "price": {"input": 1, "output": None}},
            ],
            "offers": [{"id": "gift", "conditions": {"min_monthly_tokens": 3_000_000}, "benefits": [GRANT]}],
        },
        "west": {
            "currency": "USD", "compatible_since": None,
            "models": [
                {"id": "w", "context": 32_000, "price": {"input": 1, "output": 3, "batch_discount": 0.5}},
                {"id": "w-embed", "kind": "embedding", "price": {"input": 1}},
            ],
        },
        "south": {
            "models": [
                {"id": "light", "tier": "light", "context": 64_000, "price": {"input": 1}},
                {"id": "s-embed", "kind": "embedding", "price": {"input": 1}},
            ],
        },
    },
    "profile": {
        "months": 2, "stance": "generous", "team": {"engineers": 1, "day_rate": 10}, "loss_per_day": 1,
        "overlap": {"days": 3, "share": 0.5},
        "workloads": [
            {"name": "chat", "input_tokens": 2_000_000, "output_tokens": 1_000_000},
            {"name": "notes", "model": "s-mini", "input_tokens": 1_000_000, "growth": 0.5},
            {"name": "search", "model": "s-embed", "input_tokens": 1000},
        ],
        "effort": {"integration": {"compatible": 3, "native": 12}},
    },
}  # fmt: skip
WORLD = expand(CASE)
CATALOGUE = catalogue_of(WORLD)
PROFILE = WORLD["profile"]


def put(profile: dict[str, Any], column: str, value: Any) -> dict[str, Any]:
    """The profile with the field of a column replaced; left out where the cell is empty."""
    *owners, last = column.split(".")
    if not owners:
        return {**profile, last: value} if value is not None else {k: v for k, v in profile.items() if k != last}
    if owners[0] == "workloads":
        names = [workload["name"] for workload in profile["workloads"]]
        number = names.index(owners[1]) if owners[1] in names else int(owners[1])
        changed = [put(one, last, value) if w == number else one for w, one in enumerate(profile["workloads"])]
        return {**profile, "workloads": changed}
    return {**profile, owners[0]: put(profile.get(owners[0], {}), last, value)}


def as_alone(profile: dict[str, Any]) -> dict[str, Any]:
    """The row that the answer to one profile makes."""
    found = compare(profile, CATALOGUE)
    first, second = [*found.options, None, None][:2]
    return {
        "provider": first and first.provider.provider,
        "total": first and first.total, "bill": first and first.bill, "one_off_cost": first and first.one_off_cost,
        "readiness_cost": first and first.readiness_cost, "runner_up": second and second.provider.provider,
        "margin": second and first and second.total - first.total, "baseline": found.baseline.total,
        **{
            f"total.{provider}": next((one.total for one in found.options if one.provider.provider == provider), None)
            for provider in ("north", "old", "south", "west")
        },
    }  # fmt: skip


TABLES: dict[str, dict[str, list[Any]]] = {
    "numbers of the profile": {
        "growth": [0, 0.1, 1], "team.day_rate": [10, 20, 5], "team.engineers": [1, 2, 0.5], "loss_per_day": [1, 5, 9],
        "overlap.share": [0, 0.5, 1],
    },
    "numbers of a workload": {
        "workloads.chat.input_tokens": [2e6, 1.9e6, 9e6], "workloads.chat.output_tokens": [0, 1, 5e6],
        "workloads.1.cached_share": [0, 0.5, 1], "workloads.notes.batch_share": [1, 0.5, 0],
        "workloads.notes.prompts": [0, 1, 2], "workloads.0.growth": [0.1, 0, -0.5],
    },
    "growth of one and of all": {"workloads.chat.growth": [0.2, 0.3], "growth": [0.5, 0.1]},
    "one field of two workloads": {
        "workloads.chat.input_tokens": [1e6, 2e6], "workloads.notes.input_tokens": [3e6, 4e6],
    },
    "whether there is any": {
        "workloads.chat.output_tokens": [0, 0.5, 0, 0.5, 0, 0.5, 0, 0.5],
        "workloads.search.output_tokens": [0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5],
        "workloads.search.stored_tokens": [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5],
    },
    "one of two": {"workloads.search.output_tokens": [0, 1]},
    "three providers": {"workloads.chat.tier": ["light"], "workloads.notes.tier": ["light"]},
    "terms": {
        "stance": ["cautious", None, "generous"], "months": [1, 2.0, 3],
        "starts": ["2024-07-01", date(2024, 8, 1), None],
        "overlap.days": [0, 1, 2], "as_of": [datetime(2024, 6, 20), "2024-06-21", None],
    },
    "terms of a workload": {
        "workloads.chat.context": [8000, 16_000, None], "workloads.notes.tier": ["standard", "light", None],
        "workloads.notes.model": ["s-mini", "s", "s-mini"],
    },
    "one provider, or none": {"workloads.chat.context": [9000, 64_000, 128_000]},
    "equal rows apart": {"stance": ["expected", "cautious", "expected"], "growth": [0.1, 0.2, 0.3]},
    "offers that open": {"workloads.chat.input_tokens": [999_000, 998_999, 5e6, 0]},
}  # fmt: skip


@pytest.mark.parametrize("columns", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("chunk", [1, 2, 4096])
def test_each_row_is_answered_as_if_it_were_alone(
    columns: dict[str, list[Any]], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calculator.many.CHUNK", chunk)
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()}).iloc[::-1]
    found = compare_many(PROFILE, frame, CATALOGUE, totals=True)
    assert found.index.tolist() == frame.index.tolist()
    for row in frame.index:
        profile = PROFILE
        for name, cells in columns.items():
            value = cells[row]
            if isinstance(value, str) and name in ("starts", "as_of"):
                value = date.fromisoformat(value)
            elif isinstance(value, datetime):
                value = value.date()
            elif isinstance(value, float) and name == "months":
                value = int(value)
            profile = put(profile, name, value)
        alone = as_alone(profile)
        told = {name: None if pd.isna(value) else value for name, value in found.loc[row].items()}
        assert [*told] == [*alone]
        assert told == {
            key: value if isinstance(value, str | None) else pytest.approx(value) for key, value in alone.items()
        }


def test_what_the_answer_looks_like() -> None:
    plain = compare_many(PROFILE, {"growth": [0.1]}, CATALOGUE)
    assert [*plain.columns] == [
        "provider", "total", "bill", "one_off_cost", "readiness_cost", "runner_up", "margin", "baseline",
    ]  # fmt: skip
    assert plain["provider"].cat.categories.tolist() == ["north", "old", "south", "west"]
    told = compare_many(PROFILE, {"growth": [0.1]}, CATALOGUE, totals=True)
    assert {str(told[name].dtype) for name in told.columns} == {"category", "float64"}
    assert compare_many(PROFILE, {"growth": []}, CATALOGUE).empty
    assert [*compare_many(PROFILE, {}, CATALOGUE).columns] == [*plain.columns]


ALLOWED = [
    "growth", "loss_per_day", "team.day_rate", "team.engineers", "overlap.share",
    *(".".join(map(str, path)) for path in OWN_TERMS),
    *(
        f"workloads.{workload}.{name}" for workload in ("chat", "0", "notes", "1", "search", "2") for name in (
            "batch_share", "cached_share", "growth", "input_tokens", "off_peak_share", "output_tokens", "prompts",
            "stored_tokens", "training_tokens", "model", "tier", "context",
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (
            {"months": [1], "grwth": [0], "workloads.0.tier": ["light"], "workloads.chat.tier": ["light"], 5: [1]},
            [
                f"profiles:1:2: unknown column `grwth` (did you mean `growth`?); known: {', '.join(ALLOWED)}",
                "profiles:1:4: the columns `workloads.0.tier` and `workloads.chat.tier` say the same",
                f"profiles:1:5: unknown column `5`; known: {', '.join(ALLOWED)}",
            ],
        ),
        (
            {"months": [1, 1, 1], "growth": [0, 11, -2]},
            [
                "profiles:2:2: row b, `growth`: growth must be <= 10 (got 11)",
                "profiles:3:2: row c, `growth`: growth must be >= -1 (got -2)",
            ],
        ),
        ({"growth": [0.1, "much"]}, ["profiles:2:1: row b, `growth`: growth must be a number (got 'much')"]),
        (
            {"workloads.0.prompts": [1, -1]},
            ["profiles:2:1: row b, `workloads.0.prompts`: prompts must be >= 0 (got -1)"],
        ),
        (
            {"starts": [date(2024, 6, 22)]},
            [
                "profiles:1:1: row a, `overlap.days`: 3 days of overlap begin before as_of (2024-06-20): there are 2 "
                "days before starts (2024-06-22)"
            ],
        ),
        ({"growth": [0.1, None]}, ["profiles:2:1: row b, `growth`: growth must be a number (got nan)"]),
        (
            {"workloads.0.prompts": [3, 1.5, 2.5, 1]},
            ["profiles:2:1: row b, `workloads.0.prompts`: prompts must be a whole number (got 1.5)"],
        ),
        (
            {"starts": ["2024-07-09", "soon"], "stance": ["expected", "hopeful"]},
            [
                "profiles:2:1: row b, `starts`: starts must be a date like 2024-07-09, or null (got 'soon')",
                "profiles:2:2: row b, `stance`: stance must be one of cautious, expected, generous (got 'hopeful')",
            ],
        ),
        (
            {"months": [1, 2, 3], "workloads.0.model": ["u", "s", "t"]},
            [
                "profiles:1:2: row a, `workloads.0.model`: unknown model `u`; known: s, s-embed, s-mini",
                "profiles:3:2: row c, `workloads.0.model`: unknown model `t`; known: s, s-embed, s-mini",
            ],
        ),
        (
            {"event": ["moon", "test-event", "sun"]},
            [
                "profiles:1:1: row a, `event`: unknown event `moon`; known: test-event",
                "profiles:3:1: row c, `event`: unknown event `sun`; known: test-event",
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(columns: dict[str, list[Any]], told: list[str]) -> None:
    rows = len(next(iter(columns.values())))
    with pytest.raises(InputError) as error:
        compare_many(PROFILE, pd.DataFrame(columns, index=[*"abcd"[:rows]]), CATALOGUE)
    assert [str(problem) for problem in error.value.problems] == told


def test_two_columns_of_one_name_are_told() -> None:
    with pytest.raises(InputError, match="the columns `growth` and `growth` say the same"):
        compare_many(PROFILE, pd.DataFrame([[0.1, 0.2]], columns=["growth", "growth"]), CATALOGUE)


def test_the_usual_day_rate_is_that_of_the_effort_data() -> None:
    usual = {"low": 50, "mode": 60, "high": 70}
    catalogue = catalogue_of({**WORLD, "effort": {**WORLD["effort"], "day_rate": usual}})
    found = compare_many({**PROFILE, "team": {}}, {"team.engineers": [1, 2]}, catalogue)
    assert found["one_off_cost"].tolist() == [180, 180]


def test_what_no_column_holds_is_told_of_the_row() -> None:
    catalogue = catalogue_of(expand({**CASE, "event": {"cutoff": None}}))
    with pytest.raises(InputError) as error:
        compare_many({k: v for k, v in PROFILE.items() if k != "starts"}, {"growth": np.zeros(1)}, catalogue)
    assert [str(problem) for problem in error.value.problems] == [
        "profiles:1:1: row 0, `starts`: `starts` is needed: this event has no cut-off day to start from"
    ]
