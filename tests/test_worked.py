"""The calculation worked through on the Method page: its steps lead to the answer's own figures."""

import os
from datetime import date
from typing import Any

import pytest
from engine import catalogue_of
from hypothesis import HealthCheck, given, settings
from oracle_world import expand
from worlds import worlds

from calculator import Comparison
from calculator.comparison import compare_profile
from calculator.profile import profile_from
from pricing.yaml_reader import Document
from report.statistics import Statistics
from report.worked import worked


def answer(world: dict[str, Any]) -> Comparison:
    return compare_profile(profile_from(world["profile"])[0], catalogue_of(world), Document("profile"))


@settings(
    max_examples=int(os.environ.get("WORLDS", "50")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(worlds())
def test_the_steps_lead_to_the_figures_of_the_answer(world: dict[str, Any]) -> None:
    comparison = answer(world)
    for option in comparison.options:
        steps = worked(comparison, option)
        row = steps.row
        assert row in option.monthly
        assert sum(one.tokens for one in steps.workloads) == pytest.approx(row.tokens)
        assert steps.list_cost * steps.exchange_rate == pytest.approx(row.list_cost)
        for one in steps.workloads:
            assert one.base_tokens * one.grown * one.ratio == pytest.approx(one.tokens)
        if row.list_cost > row.bill:
            assert steps.gifts


def test_the_month_in_which_free_tokens_run_out_is_worked_through() -> None:
    # Half as many tokens, 10 % growth: 50 million, then 55 million, of which 80 - 50 are free.
    # Of 44 million input 20 % go in batches at half price and of the others a quarter is cached at 2 dollars.
    gift = {"id": "gift", "benefits": [{"kind": "token_grant", "tokens": 80_000_000, "valid_days": None}]}
    price = {"input": 10, "output": 20, "cached_input": 2, "batch_discount": 0.5}
    workload = {
        "name": "chat", "input_tokens": 80_000_000, "output_tokens": 20_000_000, "ratio": {"north": 0.5},
        "cached_share": 0.25, "batch_share": 0.2,
    }  # fmt: skip
    comparison = answer(expand({
        "rates": {"USD": 7},
        "providers": {"north": {"currency": "USD", "models": [{"id": "n", "price": price}], "offers": [gift]}},
        "profile": {"growth": 0.1, "months": 6, "workloads": [workload]},
    }))  # fmt: skip
    steps = worked(comparison, comparison.options[0])
    assert steps.row.month == 1
    assert steps.row.granted_tokens == pytest.approx(30e6)
    (chat,) = steps.workloads
    assert (chat.base_tokens, chat.step, chat.grown, chat.ratio) == (100e6, 1.1, 1.1, 0.5)
    assert [(one.kind, one.tokens, one.price) for one in chat.charges] == [
        ("input", pytest.approx(26.4e6), 10),
        ("cached_input", pytest.approx(8.8e6), 2),
        ("batch_input", pytest.approx(8.8e6), 5),
        ("output", pytest.approx(8.8e6), 20),
        ("batch_output", pytest.approx(2.2e6), 10),
    ]
    assert steps.list_cost == pytest.approx(264 + 17.6 + 44 + 176 + 22)
    assert steps.row.bill == pytest.approx((264 + 17.6 + 44 + 176 + 22) * 25 / 55 * 7)
    assert [(offer.id, use.granted) for offer, use in steps.gifts] == [("gift", 80e6)]


@pytest.mark.parametrize(
    ("discount", "alive"),
    [
        ({"until": date(2024, 8, 30)}, True),
        ({"until": date(2024, 7, 31)}, False),
        ({"from": date(2024, 8, 31), "until": None}, True),
        ({"from": date(2024, 9, 1), "until": None}, False),
    ],
)
def test_only_gifts_alive_in_the_month_are_named(discount: dict[str, Any], alive: bool) -> None:
    # The month is August, in which the free tokens run out.
    gift = {"id": "gift", "benefits": [{"kind": "token_grant", "tokens": 150_000_000, "valid_days": None}]}
    cut = {"id": "cut", "benefits": [{"kind": "discount", "share": 0.5, "models": ["n-other"], **discount}]}
    models = [{"id": "n", "price": {"input": 10}}, {"id": "n-other", "price": {"input": 1}}]
    north = {"models": models, "offers": [gift, cut]}
    workloads = [
        {"name": "a", "input_tokens": 100_000_000, "pin": {"north": "n"}},
        {"name": "b", "input_tokens": 1_000_000, "pin": {"north": "n-other"}},
    ]
    comparison = answer(expand({"providers": {"north": north}, "profile": {"months": 6, "workloads": workloads}}))
    steps = worked(comparison, comparison.options[0])
    assert steps.row.starts == date(2024, 8, 1)
    assert [offer.id for offer, _ in steps.gifts] == ["gift", "cut"] if alive else ["gift"]


def test_the_data_are_counted_with_their_age_their_confidence_and_their_sources() -> None:
    world = expand({
        "providers": {"north": {"models": [{"id": "n", "price": {"input": 10}}]}},
        "profile": {"workloads": [{"input_tokens": 1}]},
    })  # fmt: skip
    prices = world["providers"][1]["models"][0]["prices"]
    page = {"url": "https://pages.test/n", "publisher": "Pages"}
    prices.append({**prices[0], "from": date(2024, 9, 9), "confidence": "low", "sources": [page, page]})
    catalogue = catalogue_of(world)
    found = Statistics.of(catalogue.prices, catalogue.events)
    assert found.newest_price == date(2024, 9, 9)
    assert found.confidence == {"high": 4, "low": 1}  # three models are left, one is new, and has two prices
    assert found.sources == 2  # "worked case", and the page
    assert found.unknown_share == 0
