"""A table of profiles gets row by row the answers that each of its profiles gets alone."""

import copy
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest
from engine import catalogue_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import GROWTH, SHARES, STANCES, TOKENS, some, worlds

import calculator
from calculator import Catalogue, InputError, compare, compare_many, load_catalogue
from calculator.profile import read_profile_file

EXAMPLE = Path(calculator.__file__).parent / "data" / "example-profile.yaml"
AMOUNTS = ("total", "bill", "one_off_cost", "readiness_cost")

OWN = {
    "growth": GROWTH,
    "loss_per_day": some(0, 100, 2500),
    "team.day_rate": some(0, 800, 2000),
    "team.engineers": some(1, 2, 0.5),
    "overlap.share": SHARES,
    "stance": STANCES,
    "months": st.integers(1, 6),
    "account": some("enterprise", "individual"),
}
OF_WORKLOAD = {
    "input_tokens": TOKENS,
    "output_tokens": TOKENS,
    "stored_tokens": TOKENS,
    "training_tokens": TOKENS,
    "cached_share": SHARES,
    "batch_share": SHARES,
    "off_peak_share": SHARES,
    "growth": GROWTH,
    "prompts": st.integers(0, 9),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A world, and rows that replace some fields of its profile."""
    world = draw(worlds())
    columns = dict(OWN)
    for number in range(len(world["profile"]["workloads"])):
        columns |= {f"workloads.{number}.{name}": values for name, values in OF_WORKLOAD.items()}
    chosen = draw(st.lists(st.sampled_from(sorted(columns)), min_size=1, max_size=6, unique=True))
    row = st.fixed_dictionaries({name: columns[name] for name in chosen})
    return world, draw(st.lists(row, min_size=1, max_size=6))


def one(profile: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """The profile of one row."""
    profile = copy.deepcopy(profile)
    for name, value in row.items():
        *owners, last = name.split(".")
        owner: Any = profile
        for step in owners:
            owner = owner[int(step)] if step.isdigit() else owner.setdefault(step, {})
        owner[last] = value
    return profile


def check(profile: dict[str, Any], rows: list[dict[str, Any]], catalogue: Catalogue) -> pd.DataFrame:
    """Compares the table with the answers to its rows, one by one."""
    table = compare_many(profile, pd.DataFrame(rows), catalogue, totals=True)
    for row, found in zip(rows, table.to_dict("records"), strict=True):
        alone = compare(one(profile, row), catalogue)
        base = alone.baseline.total
        assert found["baseline"] == pytest.approx(base, rel=1e-9, abs=1e-9) if base is not None else True
        assert pd.isna(found["baseline"]) == (base is None)
        totals = {f"total.{option.provider.provider}": option.total for option in alone.options}
        known = {name: value for name, value in found.items() if name.startswith("total.") and not pd.isna(value)}
        assert known == pytest.approx(totals, rel=1e-9, abs=1e-9)
        names = [option.provider.provider for option in alone.options]
        first, second = found["provider"], found["runner_up"]
        assert [name for name in (first, second) if not pd.isna(name)] == names[:2]
        if names:
            best = alone.options[0]
            expected = [getattr(best, name) for name in AMOUNTS]
            assert [found[name] for name in AMOUNTS] == pytest.approx(expected, rel=1e-9, abs=1e-9)
        if len(names) > 1:
            margin = alone.options[1].total - alone.options[0].total
            assert found["margin"] == pytest.approx(margin, rel=1e-9, abs=1e-9 * max(alone.options[0].total, 1))
    return table


@settings(
    max_examples=int(os.environ.get("WORLDS", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(tables(), st.sampled_from([1, 2, 4096]))
def test_each_row_has_the_answer_that_its_profile_has_alone(
    drawn: tuple[dict[str, Any], list[dict[str, Any]]], chunk: int
) -> None:
    world, rows = drawn
    with patch("calculator.many.CHUNK", chunk):
        check(world["profile"], rows, catalogue_of(world))


SHIPPED = load_catalogue()


@pytest.fixture
def catalogue() -> Catalogue:
    return SHIPPED


@pytest.fixture
def profile() -> dict[str, Any]:
    return read_profile_file(EXAMPLE)[0].model_dump(by_alias=True)


def test_shipped_offers_are_answered_row_by_row(profile: dict[str, Any], catalogue: Catalogue) -> None:
    rows = [
        {
            "workloads.0.input_tokens": 80e6 * scale,
            "workloads.1.output_tokens": 0 if scale == 1 else 2e6 / scale,
            "stance": stance,
            "starts": starts,
            "loss_per_day": 1000 * scale,
        }
        for scale in (0.001, 1, 30)
        for stance in ("cautious", "expected", "generous")
        for starts in (None, date(2024, 8, 1))
    ]
    table = check(profile, rows, catalogue)
    assert table["provider"].nunique() > 1, "a test in which everybody moves to the same provider shows little"


def test_offers_for_large_customers_are_for_the_rows_that_are_large(profile: dict[str, Any]) -> None:
    data = load_catalogue()
    offers = data.events["openai-2024"].offers
    bound = 50e6
    large = {"conditions": offers["zhipu"][0].conditions.model_copy(update={"min_monthly_tokens": bound})}
    offers["zhipu"] = [offer.model_copy(update=large) for offer in offers["zhipu"]]
    tokens = [bound - 8e6 - 20e6 - 1, bound - 8e6 - 20e6, 1e9, 0]
    table = check(profile, [{"workloads.0.input_tokens": one} for one in tokens], data)
    without = compare_many(profile, {"workloads.0.input_tokens": tokens}, load_catalogue(), totals=True)
    same = (table["total.zhipu"] == without["total.zhipu"]).tolist()
    assert same == [False, True, True, False]


def test_too_many_assignments_to_try_are_searched_as_for_one(profile: dict[str, Any], catalogue: Catalogue) -> None:
    rows = [{"workloads.0.input_tokens": tokens} for tokens in (1e6, 1e9)]
    with patch("calculator.search.MAX_ASSIGNMENTS", 3):
        check(profile, rows, catalogue)


def test_a_workload_goes_by_its_name_or_its_number(profile: dict[str, Any], catalogue: Catalogue) -> None:
    named = compare_many(profile, {"workloads.support chat.input_tokens": [1e6, 1e9]}, catalogue)
    numbered = compare_many(profile, {"workloads.0.input_tokens": [1e6, 1e9]}, catalogue)
    pd.testing.assert_frame_equal(named, numbered)


def test_the_answer_keeps_the_index_of_the_table(profile: dict[str, Any], catalogue: Catalogue) -> None:
    table = pd.DataFrame({"growth": [0.1, 0.2], "stance": ["generous", "cautious"]}, index=["a", "b"])
    assert compare_many(profile, table, catalogue).index.tolist() == ["a", "b"]
    assert compare_many(profile, table.head(0), catalogue).empty
    assert list(compare_many(profile, {}, catalogue).columns) == list(compare_many(profile, table, catalogue).columns)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"workloads.support chat.inputtokens": [1]}, "(did you mean `workloads.support chat.input_tokens`?)"),
        ({"growth": [0, 11, -2]}, "row 1, `growth`: growth must be <= 10 (got 11"),
        ({"growth": [0, 11, -2]}, "row 2, `growth`: growth must be >= -1 (got -2"),
        ({"growth": [0.1, None]}, "row 1, `growth`: growth must be a number (got nan)"),
        ({"growth": [0.1, "much"]}, "row 1, `growth`: growth must be a number (got 'much')"),
        ({"workloads.0.prompts": [1, 1.5]}, "row 1, `workloads.0.prompts`: prompts must be a whole number (got 1.5)"),
        ({"stance": ["expected", "hopeful"]}, "row 1, `stance`: stance must be one of cautious, expected, generous"),
        ({"starts": ["2024-07-09", "2024-02-30"]}, "row 1, `starts`: starts must be a date"),
        ({"starts": ["2024-07-09", "2020-01-01"]}, "row 1, `starts`: starts (2020-01-01) is before as_of"),
        ({"event": ["openai-2024", "openai-2042"]}, "row 1, `event`: unknown event `openai-2042`"),
        ({"growth": [1], "workloads.0.growth": [1], "workloads.support chat.growth": [2]}, "say the same"),
    ],
)
def test_what_is_wrong_names_the_row_and_the_column(
    table: dict[str, Any], told: str, profile: dict[str, Any], catalogue: Catalogue
) -> None:
    with pytest.raises(InputError) as caught:
        compare_many(profile, table, catalogue)
    assert told in str(caught.value)


CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
COLUMNS = some("growth", "workloads.0.prompts", "starts", "stance", "months", "workloads.0.context", "team.engineers")


@given(COLUMNS, st.lists(CELLS, min_size=1, max_size=3))
def test_whatever_stands_in_a_column_gives_an_answer_or_says_what_is_wrong(column: str, cells: list[Any]) -> None:
    try:
        answer = compare_many(EXAMPLE, {column: cells}, SHIPPED)
    except InputError as error:
        told = str(error)
    else:
        told = "row 0" if len(answer) == len(cells) else "too few rows"
    assert "row " in told


def test_importing_the_calculator_imports_no_pandas() -> None:
    code = "import sys, calculator; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
