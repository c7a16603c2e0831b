"""What one provider sells and gives: the price of a workload, the model that discounts and moves decide on, help."""

from typing import Any

import pytest
from engine import engine_compare
from oracle_world import expand

EFFORT = {"integration": {"compatible": 4}, "evaluation": 2, "rework": {"tools": 3}}


def answer(north: dict[str, Any], *services: str, **profile: Any) -> dict[str, Any]:
    """The answer where north is the only one to go to, and has an offer for each of these services."""
    offers = [{"id": f"free {one}", "benefits": [{"kind": "service", "service": one}]} for one in services]
    usage = {"months": 1, "team": {"engineers": 1, "day_rate": 1000}, **profile}
    return engine_compare(expand({"profile": usage, "providers": {"north": {"offers": offers, **north}}}))


def option(north: dict[str, Any], *services: str, **profile: Any) -> dict[str, Any]:
    """The only option there is."""
    (one,) = answer(north, *services, **profile)["options"]
    return one


def embedding(name: str, price: float, training: float = 0) -> dict[str, Any]:
    return {"id": name, "kind": "embedding", "price": {"input": price, "training": training}}


@pytest.mark.parametrize(
    ("context", "off_peak_share", "bill"),
    [(None, 0, 310), (1000, 0, 310), (1000, 0.25, 263.5), (1001, 0, 620), (1001, 0.25, 620)],
)
def test_a_workload_pays_the_price_of_its_size_and_hours(
    context: int | None, off_peak_share: float, bill: float
) -> None:
    """31 M at 10, off the busy hours at 4; at 20 in requests of more than 1000 tokens, at any hour."""
    price = {
        "input": 10, "off_peak": {"input": 4, "hours": "at night"},
        "tiers": [{"above": 1000, "input": 20}, {"above": 8000, "input": 40}],
    }  # fmt: skip
    north = {"models": [{"id": "m", "context": 32_000, "price": price}]}
    large = {"name": "large", "input_tokens": 1_000_000, "context": 32_000}
    workload = {"input_tokens": 31_000_000, "context": context, "off_peak_share": off_peak_share}
    assert option(north, workloads=[workload, large])["bill"] == pytest.approx(bill + 40)


def test_the_cheaper_model_is_the_one_that_is_cheaper_after_its_discount() -> None:
    benefit = {"kind": "discount", "share": 0.5, "models": ["x"], "until": None}
    models = [{"id": "x", "price": {"input": 10}}, {"id": "y", "price": {"input": 6}}]
    north = {"models": models, "offers": [{"id": "sale", "benefits": [benefit]}]}
    assert option(north, workloads=[{"tokens": 1_000_000}])["models"] == {"main": "x"}


def test_the_vector_store_is_embedded_once_however_many_months_there_are() -> None:
    """x: 3 x 10 of use + 10 + 50 of training = 90; y: 60 + 20 = 80. Embedded each month x would be the cheaper one."""
    found = option(
        {"models": [embedding("x", 1, 50), embedding("y", 2)]},
        months=3,
        workloads=[
            {"model": "s-embed", "tokens": 10_000_000, "stored_tokens": 10_000_000, "training_tokens": 1_000_000}
        ],
    )
    assert (found["models"], found["total"]) == ({"main": "y"}, pytest.approx(80))


def test_of_services_alike_the_first_is_named_and_none_that_takes_nothing_off() -> None:
    services = {"migration": {"integration": 0.5}, "consulting": {"integration": 0.5}, "training": {"evaluation": 0}}
    found = option(
        {"models": [{"id": "m", "price": {"input": 1}}]}, "training", "migration", "consulting",
        effort={**EFFORT, "services": services},
    )  # fmt: skip
    assert [(one["item"], one["days"], one["covered_by"]) for one in found["one_off"]] == [
        ("integration", 2, "free migration"), ("evaluation", 2, None),
    ]  # fmt: skip


def test_a_service_of_which_no_effort_is_known_takes_nothing_off() -> None:
    north = {
        "models": [{"id": "m", "price": {"input": 1}}],
        "offers": [{"id": "help", "benefits": [{"kind": "service", "service": "consulting"}]}],
    }
    world = expand({"profile": {"effort": EFFORT}, "providers": {"north": north}})
    world["effort"] = {**world["effort"], "services": {}}
    world["profile"]["effort"]["services"] = {}
    (found,) = engine_compare(world)["options"]
    assert [(one["item"], one["days"], one["covered_by"]) for one in found["one_off"]] == [
        ("integration", 4, None), ("evaluation", 2, None),
    ]  # fmt: skip


def test_chat_is_reworked_for_what_the_model_lacks_where_that_is_work() -> None:
    models = [{"id": "m", "features": ["json"], "price": {"input": 1}}, embedding("e", 1)]
    chat = {"name": "chat", "tokens": 1, "features": ["streaming", "tools", "json"]}
    search = {"name": "search", "model": "s-embed", "tokens": 1, "features": ["tools"]}
    found = option({"models": models}, workloads=[chat, search], effort=EFFORT)
    assert {one["item"]: one["days"] for one in found["one_off"]} == {"integration": 4, "evaluation": 2, "rework": 3}


def test_what_the_customer_is_and_wants_decides_which_offers_count() -> None:
    conditions = {
        "new": {"new_customer": True}, "individual": {"account": "individual"}, "firm": {"account": "enterprise"},
        "other": {},
    }  # fmt: skip
    offers = [{"id": id_, "conditions": those, "benefits": []} for id_, those in conditions.items()]

    def statuses(**profile: Any) -> list[str]:
        found = option({"models": [{"id": "m", "price": {"input": 1}}], "offers": offers}, **profile)
        return [offer["status"] for offer in found["offers"]]

    assert statuses() == ["claimed", "ineligible", "claimed", "claimed"]
    assert statuses(customer_of=["north"], account="individual", declined=["other"]) == [
        "ineligible", "claimed", "ineligible", "declined",
    ]  # fmt: skip


def test_without_an_exchange_rate_a_provider_cannot_be_had() -> None:
    found = answer({"currency": "EUR", "models": [{"id": "m", "price": {"input": 1}}]})
    assert found["unavailable"] == [{"provider": "north", "reason": "no exchange rate from EUR to CNY on 2024-06-20"}]
