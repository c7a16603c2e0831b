"""The list price that a workload pays: by its day, by the size of its requests, by the hour, by its nature."""

from datetime import date
from typing import Any

import pytest
from engine import engine_compare
from oracle_world import expand, sourced

from pricing.schema import Model, Price

STEPS = [{"above": 128_000, "input": 4, "output": 8}, {"above": 32_000, "input": 2, "output": 6, "cached_input": 1}]
QUIET = {"input": 0.5, "output": 1, "hours": "at night"}


def price(**fields: Any) -> Price:
    return Price.model_validate(sourced({"from": date(2024, 1, 1), "input": 1, "output": 4, **fields}))


@pytest.mark.parametrize(
    ("context", "rates"),
    [
        (None, (1, 4, 1)),
        (0, (1, 4, 1)),
        (32_000, (1, 4, 1)),
        (32_001, (2, 6, 1)),
        (128_000, (2, 6, 1)),
        (128_001, (4, 8, 4)),
        (1_000_000, (4, 8, 4)),
    ],
)
def test_a_larger_request_pays_the_highest_step_below_it(context: int | None, rates: tuple[float, ...]) -> None:
    assert price(tiers=STEPS).rates(context) == rates
    assert price(tiers=STEPS[::-1]).rates(context) == rates


@pytest.mark.parametrize(
    ("share", "rates"),
    [(0, (1, 4, 0.5)), (1, (0.5, 1, 0.5)), (0.5, (0.75, 2.5, 0.5)), (0.25, (0.875, 3.25, 0.5))],
)
def test_a_share_of_the_tokens_pays_the_price_of_the_quiet_hours(share: float, rates: tuple[float, ...]) -> None:
    assert price(cached_input=0.5, off_peak=QUIET).rates(None, share) == pytest.approx(rates)
    assert price(cached_input=0.5).rates(None, share) == (1, 4, 0.5)


@pytest.mark.parametrize(("context", "rates"), [(32_000, (0.5, 1, 0.5)), (32_001, (2, 6, 1))])
def test_a_step_leaves_no_quiet_hours(context: int, rates: tuple[float, ...]) -> None:
    assert price(tiers=STEPS, off_peak=QUIET).rates(context, 1.0) == rates


@pytest.mark.parametrize(
    ("fields", "rates"),
    [
        ({}, (1, 4, 1)),
        ({"output": None}, (1, 0, 1)),
        ({"cached_input": 0}, (1, 4, 0)),
        ({"cached_input": "unknown"}, (1, 4, 1)),
        ({"input": 0, "output": 0}, (0, 0, 0)),
    ],
)
def test_what_a_price_leaves_out(fields: dict[str, Any], rates: tuple[float, ...]) -> None:
    assert price(**fields).rates() == rates


@pytest.mark.parametrize(
    ("nature", "bill"),
    [
        ({}, 10 * 1 + 5 * 4),
        ({"context": 32_000}, 10 * 1 + 5 * 4),
        ({"context": 32_001}, 10 * 2 + 5 * 6),
        ({"context": 32_001, "cached_share": 0.5}, 10 * (0.5 * 2 + 0.5 * 1) + 5 * 6),
        ({"off_peak_share": 0.5}, 10 * (0.5 * 1 + 0.5 * 0.5) + 5 * (0.5 * 4 + 0.5 * 1)),
        ({"batch_share": 1}, (10 * 1 + 5 * 4) * 0.5),
        ({"batch_share": 0.4}, 0.4 * (10 * 1 + 5 * 4) * 0.5 + 0.6 * (10 * 1 + 5 * 4)),
        ({"batch_share": 1, "context": 32_001}, (10 * 2 + 5 * 6) * 0.5),
        ({"ratio": {"north": 2}}, 2 * (10 * 1 + 5 * 4)),
    ],
)
def test_the_bill_of_ten_million_in_and_five_out(nature: dict[str, Any], bill: float) -> None:
    entry = {"input": 1, "output": 4, "batch_discount": 0.5, "tiers": STEPS[::-1], "off_peak": QUIET}
    workload = {"input_tokens": 10_000_000, "output_tokens": 5_000_000, **nature}
    north = {"models": [{"id": "n", "context": 200_000, "price": entry}]}
    world = expand({"profile": {"workloads": [workload], "months": 1}, "providers": {"north": north}})
    (option,) = engine_compare(world)["options"]
    assert option["bill"] == pytest.approx(bill)


def model(**fields: Any) -> Model:
    entries = [sourced({"from": date(2024, month, 1), "input": month, "output": 1}) for month in (3, 1, 2)]
    return Model.model_validate({"id": "m", "tier": "light", "prices": entries, **fields})


@pytest.mark.parametrize(
    ("day", "cost"),
    [
        (date(2023, 12, 31), None),
        (date(2024, 1, 1), 1),
        (date(2024, 1, 31), 1),
        (date(2024, 2, 1), 2),
        (date(2024, 2, 29), 2),
        (date(2024, 3, 1), 3),
        (date(2030, 1, 1), 3),
    ],
)
def test_the_price_of_a_day_is_the_latest_until_then(day: date, cost: float | None) -> None:
    found = model().price_on(day)
    assert (found.input if found else None) == cost


@pytest.mark.parametrize("unknown", [{"input": "unknown", "output": 1}, {"input": 1, "output": "unknown"}])
def test_an_unknown_price_is_no_price_and_not_the_one_before(unknown: dict[str, Any]) -> None:
    entries = [{"input": 1, "output": 1, "from": date(2024, 1, 1)}, {**unknown, "from": date(2024, 2, 1)}]
    found = model(prices=[sourced(entry) for entry in entries])
    assert found.price_on(date(2024, 1, 31)) is not None
    assert found.price_on(date(2024, 2, 1)) is None


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2024, 1, 31), False),
        (date(2024, 2, 1), True),
        (date(2024, 3, 31), True),
        (date(2024, 4, 1), False),
    ],
)
def test_a_model_is_there_from_its_release_to_the_day_before_it_is_withdrawn(day: date, there: bool) -> None:
    assert model(released=date(2024, 2, 1), withdrawn=date(2024, 4, 1)).available_on(day) == there
    assert model().available_on(day)
