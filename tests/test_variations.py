"""Each input that may change the decision: its range, what its change makes of a profile, how fast totals then rise."""

from datetime import date
from typing import Any

import pytest
from engine import catalogue_of
from oracle_world import expand

from calculator import Comparison, compare
from calculator.variations import Variation, variations

CASE: dict[str, Any] = {
    "rates": {"USD": 8, "EUR": 9},
    "providers": {
        "north": {
            "currency": "USD", "compatible_since": None, "models": [{"id": "n", "price": {"input": 1}}],
            "offers": [{"id": "large", "conditions": {"min_monthly_tokens": 30_000_000}, "benefits": []}],
        },
        "west": {"models": [{"id": "w", "price": {"input": 10}}], "compatible_since": None},
        "south": {"models": [{"id": "s", "price": {"input": 90}}]},
    },
    "profile": {
        "months": 2, "growth": 0, "team": {"engineers": 1, "day_rate": 100}, "loss_per_day": 10,
        "overlap": {"days": 2, "share": 0.5},
        "workloads": [
            {"name": "notes", "input_tokens": 4_000_000, "growth": 0.1, "ratio": {"north": 0.5, "west": 1}},
            {"name": "chat", "input_tokens": 10_000_000, "output_tokens": 6_000_000, "cached_share": 0.25,
             "ratio": {"north": 0.25, "west": 1}},
        ],
        "effort": {"integration": {"compatible": 3, "native": 9}, "evaluation": 2, "services": {}},
    },
}  # fmt: skip
USUAL = {"low": 50, "mode": 60, "high": 70, "currency": "EUR"}


def asked(day_rate: dict[str, Any] = USUAL, **case: Any) -> Comparison:
    world = expand({**CASE, **case})
    world["effort"] = {**world["effort"], "day_rate": day_rate}
    return compare(world["profile"], catalogue_of(world))


def inputs(comparison: Comparison) -> dict[str, Variation]:
    """By name, and what of."""
    return {f"{one.input.name} {one.input.of}".strip(): one for one in variations(comparison)}


def test_the_ranges_are_those_of_the_model() -> None:
    def day(number: int, month: int = 6) -> int:
        return date(2024, month, number).toordinal()

    found = {name: (one.input.today, one.input.low, one.input.high) for name, one in inputs(asked()).items()}
    ratio = (4 * 0.5 + 16 * 0.25) / 20
    assert found == {
        "months": (2, 1, 36), "starts": (day(1, 7), day(22), day(31, 7)),
        "monthly_tokens": (20e6, 2e6, 200e6), "growth": (0, -0.2, 0.5), "cached_share chat": (0.25, 0, 1),
        "ratio north": pytest.approx((ratio, ratio / 2, ratio * 2)), "ratio west": (1, 0.5, 2), "effort": (1, 0.5, 2),
        "day_rate": (100, 0, 3 * 60 * 9), "loss_per_day": (10, 0, 300), "exchange_rate USD": (8, 4, 16),
    }  # fmt: skip


def test_where_the_usual_day_rate_says_nothing_the_own_one_decides() -> None:
    assert inputs(asked({**USUAL, "currency": "JPY", "high": 200, "mode": 200}))["day_rate"].input.high == 300
    assert inputs(asked({**USUAL, "currency": None, "high": 200, "mode": 200}))["day_rate"].input.high == 600


def test_what_cannot_change_is_left_out() -> None:
    free = {**CASE["profile"], "team": {"day_rate": 0}, "loss_per_day": 0}
    assert {"day_rate", "loss_per_day"}.isdisjoint(inputs(asked({"low": 0, "mode": 0, "high": 0}, profile=free)))


def test_what_a_change_makes_of_the_profile() -> None:
    comparison = asked()
    every = inputs(comparison)

    def workloads(name: str, value: float, field: str) -> list[Any]:
        return [getattr(workload, field) for workload in every[name].change(value)[0].workloads]

    assert workloads("monthly_tokens", 40e6, "input_tokens") == [8e6, 20e6]
    assert workloads("monthly_tokens", 40e6, "output_tokens") == [0, 12e6]
    assert workloads("cached_share chat", 0.5, "cached_share") == [0, 0.5]
    assert workloads("ratio north", 0.6, "ratio") == [{"north": 1, "west": 1}, {"north": 0.5, "west": 1}]
    assert workloads("ratio north", 0.6, "pin") == [{"north": "n"}] * 2
    effort = every["effort"].change(2)[0].effort
    assert (effort.integration, effort.evaluation) == ({"compatible": 6, "native": 18}, 4)
    profile, catalogue = every["exchange_rate USD"].change(10)
    assert compare(profile, catalogue).exchange_rates == {"CNY": 1, "USD": 10}
    assert every["monthly_tokens"].steps == {30e6}
    assert every["months"].change(5.0)[0].months == 5
    assert every["starts"].change(date(2024, 7, 9).toordinal())[0].starts == date(2024, 7, 9)
    assert every["growth"].change(0.3)[0].growth == 0.3
    assert [name for name, one in every.items() if one.whole] == ["months", "starts"]
    assert [name for name, one in every.items() if not one.monotone] == ["starts"]
    in_dollars = inputs(asked(profile={**CASE["profile"], "currency": "USD"}))
    assert compare(*in_dollars["exchange_rate CNY"].change(0.2)).exchange_rates == {"CNY": 0.2, "USD": 1}


@pytest.mark.parametrize("cutoff", [date(2024, 7, 1), None])
@pytest.mark.parametrize("loss_per_day", [0, 10])
@pytest.mark.parametrize(("currency", "price"), [("CNY", 1), ("USD", 1), ("USD", 0)])
def test_where_totals_are_lines_their_slope_is_known(
    cutoff: date | None, loss_per_day: float, currency: str, price: float
) -> None:
    """As steep as a small change says; not for person-days where a late day costs something."""
    providers = {**CASE["providers"], "old": {"currency": currency, "models": [{"id": "s", "price": {"input": price}}]}}
    comparison = asked(
        event={"cutoff": cutoff}, profile={**CASE["profile"], "loss_per_day": loss_per_day}, providers=providers,
    )  # fmt: skip
    straight = {name: one for name, one in inputs(comparison).items() if one.slope}
    late_costs = bool(cutoff and loss_per_day)
    assert [*straight] == [
        *([] if late_costs else ["effort"]), "day_rate", *(["loss_per_day"] if cutoff else []), "exchange_rate USD",
    ]  # fmt: skip
    for one in straight.values():
        assert one.slope
        near = one.input.today * 1.01 + 0.01
        changed = compare(*one.change(near))
        for before in comparison.options:
            (after,) = [option for option in changed.options if option.provider == before.provider]
            rise = (after.total - before.total) / (near - one.input.today)
            assert one.slope(before, one.input.today) == pytest.approx(rise, abs=1e-6), one.input.name
            assert one.slope(after, near) == pytest.approx(rise, abs=1e-6), one.input.name
        assert comparison.baseline.total is not None
        assert changed.baseline.total is not None
        rise = (changed.baseline.total - comparison.baseline.total) / (near - one.input.today)
        assert one.slope(None, one.input.today) == pytest.approx(rise, abs=1e-6), one.input.name
