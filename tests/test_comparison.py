"""A whole answer, and the ways to ask for one."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from engine import catalogue_of
from oracle_world import ZERO_EFFORT, expand, write_world

from calculator import Comparison, InputError, compare
from calculator.profile import profile_from

GIFT = {"kind": "token_grant", "tokens": 10_000_000, "models": "all", "valid_days": None}
CASE: dict[str, Any] = {
    "rates": {"USD": 8},
    "providers": {
        "north": {
            "currency": "USD", "models": [{"id": "n", "price": {"input": 1}}],
            "offers": [{"id": "gift", "benefits": [GIFT]}],
        },
        "west": {"models": [{"id": "w", "price": {"input": 10}}], "compatible_since": None},
        "south": {"models": [{"id": "s", "tier": "light", "price": {"input": 1}}]},
    },
    "profile": {
        "months": 1, "stance": "generous", "team": {"engineers": 2, "day_rate": 100}, "loss_per_day": 10,
        "workloads": [{"tokens": 31_000_000, "ratio": {"north": 0.5, "west": 1}}],
        "effort": {"integration": {"compatible": 3, "native": 18}},
    },
}  # fmt: skip
"""15.5 M tokens in dollars, 10 M of them free, and 3 days of work; 31 M at 10, 18 days of work, 2 days late."""


def asked(**case: Any) -> Comparison:
    """The answer to the case with some parts replaced."""
    world = expand({**CASE, **case})
    return compare(world["profile"], catalogue_of(world))


def test_the_answer_as_programs_get_it() -> None:
    def integration(days: float, cost: float) -> dict[str, Any]:
        return {"item": "integration", "days": days, "cost": cost, "covered_by": None, "days_saved": 0}

    july = {"month": 0, "from": "2024-07-01", "to": "2024-08-01", "discounts": 0, "vouchers": 0}
    assert asked().to_json() == {
        "event": "test-event", "as_of": "2024-06-20", "starts": "2024-07-01", "months": 1, "currency": "CNY",
        "stance": "generous", "baseline": {"provider": "old", "total": 3100, "monthly": [3100]},
        "options": [
            {
                "rank": 1, "provider": "north", "models": {"main": "n"},
                "total": 344, "bill": 44, "one_off_cost": 300, "readiness_cost": 0,
                "list_cost": 124, "saved_by_offers": 80, "price_per_million": pytest.approx(44 / 31),
                "free_until": "2024-07-21", "ready_on": "2024-06-24",
                "monthly": [
                    {**july, "tokens": 15.5e6, "granted_tokens": 10e6, "list_cost": 124, "grants": 80, "bill": 44},
                ],
                "offers": [{
                    "id": "gift", "status": "claimed", "reason": "no last day to claim",
                    "claimed_on": "2024-07-01", "claim_by": None,
                    "benefits": [{
                        "kind": "token_grant", "granted": 10e6, "used": 10e6, "lapsed": 0, "ends_on": None,
                        "runs_out_on": "2024-07-21", "saved": 80, "models": ["n"],
                    }],
                }],
                "one_off": [integration(3, 300)], "assumptions": [], "warnings": [],
            },
            {
                "rank": 2, "provider": "west", "models": {"main": "w"},
                "total": 2130, "bill": 310, "one_off_cost": 1800, "readiness_cost": 20,
                "list_cost": 310, "saved_by_offers": 0, "price_per_million": 10,
                "free_until": "2024-07-01", "ready_on": "2024-07-03",
                "monthly": [{**july, "tokens": 31e6, "granted_tokens": 0, "list_cost": 310, "grants": 0, "bill": 310}],
                "offers": [], "one_off": [integration(18, 1800)], "assumptions": [], "warnings": [],
            },
        ],
        "unavailable": [
            {"provider": "south", "reason": "main: no model of tier flagship or better is on sale on 2024-06-20"},
        ],
    }  # fmt: skip


def test_what_the_answer_says_beside_it() -> None:
    world = expand(CASE)
    catalogue = catalogue_of(world)
    found = compare(world["profile"], catalogue)
    assert found.catalogue is catalogue
    assert found.exchange_rates == {"CNY": 1, "USD": 8}
    assert found.day_rate == 100
    assert [option.ratios for option in found.options] == [{"main": 0.5}, {"main": 1}]
    assert found.options[0].source_tokens == 31e6


def test_where_nothing_is_used_no_price_is_told_for_it() -> None:
    assert asked(profile={"workloads": [{"tokens": 0}]}).options[0].price_per_million is None


@pytest.mark.parametrize("change", [{"rates": {}}, {"event": {"source": "south"}}])
def test_what_staying_costs_is_not_told_without_a_price_or_a_rate(change: dict[str, Any]) -> None:
    """In dollars without a rate; with a source whose only model is not sold at a known price."""
    south = {"models": [{"id": "s", "price": {"input": "unknown"}}]}
    found = asked(providers={**CASE["providers"], "south": south}, profile={"currency": "USD"}, **change)
    assert found.baseline.total is None
    assert found.to_json()["baseline"] == {"provider": found.event.source, "total": None, "monthly": None}


def test_a_profile_may_be_a_file_a_mapping_or_a_record(tmp_path: Path) -> None:
    world = expand(CASE)
    catalogue = catalogue_of(world)
    path = write_world(world, tmp_path)
    for profile in (path, str(path), world["profile"], profile_from(world["profile"])[0]):
        assert compare(profile, catalogue).to_json() == asked().to_json()
        later = compare(profile, catalogue, months=2, starts=date(2024, 8, 1)).horizon
        assert (later.months, later.starts) == (2, date(2024, 8, 1))


def test_without_a_catalogue_the_shipped_one_is_asked() -> None:
    profile = {"event": "openai-2024", "workloads": [{"model": "gpt-4o", "input_tokens": 1_000_000}]}
    assert compare(profile).options


def test_the_day_rate_is_the_profiles_own_or_that_of_the_effort_data() -> None:
    usual = {"low": 50, "mode": 60, "high": 70, "currency": "USD"}
    team: dict[str, Any] = {}
    world = expand({**CASE, "profile": {"team": team}})
    world["effort"] = {**ZERO_EFFORT, "day_rate": usual}
    assert compare(world["profile"], catalogue_of(world)).day_rate == 480
    catalogue = catalogue_of({**world, "effort": {**ZERO_EFFORT, "day_rate": {**usual, "currency": "EUR"}}})
    with pytest.raises(InputError, match="there is no exchange rate on 2024-06-20 from EUR to CNY"):
        compare(world["profile"], catalogue)
    assert compare(world["profile"], catalogue, team={"day_rate": 100}).day_rate == 100
