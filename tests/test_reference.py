"""The reference follows the worked cases, and keeps the model's own promises on generated worlds."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, event, given, settings
from oracle_world import differences, expand, load_oracle, oracle_files, readings, write_world
from reference import reference_compare
from worlds import worlds

WORLDS = settings(
    max_examples=int(os.environ.get("REFERENCE_WORLDS", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("path", oracle_files(), ids=lambda path: path.stem)
def test_worked_case(path: Path) -> None:
    world, expect = load_oracle(path)
    assert differences(expect, reference_compare(**world)) == []


@pytest.mark.parametrize("case", readings(), ids=lambda case: case["case"])
def test_reading(case: dict) -> None:
    assert differences(case["expect"], reference_compare(**expand(case))) == []


@WORLDS
@given(worlds())
def test_the_parts_sum_to_the_list_cost(world: dict) -> None:
    for option in options(world):
        for row in option["monthly"]:
            assert row["list_cost"] == row["grants"] + row["discounts"] + row["vouchers"] + row["bill"]
            assert min(row["grants"], row["discounts"], row["vouchers"], row["bill"]) >= 0
            assert 0 <= row["granted_tokens"] <= row["tokens"]
        assert option["bill"] == sum(row["bill"] for row in option["monthly"])
        assert option["saved_by_offers"] == option["list_cost"] - option["bill"]
        assert option["total"] == option["bill"] + option["one_off_cost"] + option["readiness_cost"]


@WORLDS
@given(worlds(partial_effort=True))
def test_what_is_reported_agrees(world: dict) -> None:
    answer = reference_compare(**world)
    event(f"{len(answer['options'])} options")
    for option in answer["options"]:
        for benefit in (b for offer in option["offers"] for b in offer["benefits"] if b["granted"] is not None):
            spent = benefit["used"] == benefit["granted"] > 0
            event(f"{benefit['kind']} {'spent' if spent else 'used' if benefit['used'] else 'unused'}")
            assert 0 <= benefit["used"] <= benefit["granted"]
            assert benefit["lapsed"] in (0, benefit["granted"] - benefit["used"])
            assert (benefit["runs_out_on"] is not None) == spent
        assert (option["free_until"] is not None) == (option["bill"] > 0)
        event(f"free_until {'never' if option['free_until'] is None else 'some day'}")
        rows = [row for row in option["monthly"] if row["bill"] > 0]
        if rows:
            assert rows[0]["from"] <= option["free_until"] < rows[0]["to"]
    ranks = [(o["total"], o["one_off_cost"], o["provider"]) for o in answer["options"]]
    assert ranks == sorted(ranks)


@WORLDS
@given(worlds())
def test_offers_never_raise_the_total(world: dict) -> None:
    without = {o["provider"]: o["total"] for o in options({**world, "offers": []})}
    for option in options(world):
        assert option["total"] <= without[option["provider"]]


@WORLDS
@given(worlds())
def test_a_world_survives_its_files(tmp_path_factory: pytest.TempPathFactory, world: dict) -> None:
    folder = tmp_path_factory.mktemp("world")
    profile = write_world(world, folder)
    read = {
        "profile": load(profile),
        "event": load(folder / "offers" / "test-event" / "event.yaml"),
        "offers": [(name, load(folder / "offers" / "test-event" / name)) for name, _ in world["offers"]],
        "providers": [load(folder / "prices" / "providers" / f"{p['provider']}.yaml") for p in world["providers"]],
        "rates": load(folder / "prices" / "exchange-rates.yaml"),
        "tokenizers": load(folder / "prices" / "tokenizers.yaml"),
        "effort": world["effort"],
    }
    assert read == world


def options(world: dict) -> Iterator[dict]:
    yield from reference_compare(**world)["options"]


def load(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
