"""One option's account, told whole: its months, what became of each benefit, the days on which things are spent."""

from datetime import date
from typing import Any

import pytest
from engine import engine_compare
from oracle_world import expand

END = {"valid_until": date(2024, 7, 31)}  # of July, the first month


def option(*benefits: dict[str, Any], price: float = 10, **profile: Any) -> dict[str, Any]:
    """The only option there is: one model of a provider whose offer has these benefits."""
    models = [{"id": "m", "price": {"input": price}}]
    return option_of({"models": models, "offers": [{"id": "gift", "benefits": [*benefits]}]}, **profile)


def option_of(north: dict[str, Any], **profile: Any) -> dict[str, Any]:
    """The only option there is, at 8 yuan a dollar."""
    usage = {"months": 1, "workloads": [{"tokens": 31_000_000}], **profile}
    (one,) = engine_compare(expand({"rates": {"USD": 8}, "profile": usage, "providers": {"north": north}}))["options"]
    return one


def grant(tokens: float, **more: Any) -> dict[str, Any]:
    return {"kind": "token_grant", "tokens": tokens, "models": "all", "valid_days": None, **more}


def voucher(amount: float, **more: Any) -> dict[str, Any]:
    return {"kind": "voucher", "amount": amount, "valid_days": None, **more}


def discount(share: float, until: date | None, models: Any = "all") -> dict[str, Any]:
    return {"kind": "discount", "share": share, "until": until, "models": models}


def used(
    kind: str, granted: float | None, used: float | None, lapsed: float | None, *, ends: str | None, out: str | None,
    saved: float, models: tuple[str, ...] = ("m",),
) -> dict[str, Any]:  # fmt: skip
    """What is told of a benefit."""
    return {
        "kind": kind, "granted": granted, "used": used, "lapsed": lapsed, "ends_on": ends, "runs_out_on": out,
        "saved": pytest.approx(saved), "models": [*models],
    }  # fmt: skip


def test_all_that_is_told_of_two_months_and_an_overlap() -> None:
    """31 M a month at 2 dollars; half of ten days before; 20 M free in July, then half off, 10 dollars as a voucher.

    The overlap takes 5 M, July 15 M: free to the 15th. 16 M x 2 = 32 dollars, 16 after the discount, one a day: the
    voucher pays ten days.
    """
    found = option_of(
        {
            "currency": "USD", "models": [{"id": "m", "price": {"input": 2}}],
            "offers": [
                {"id": "early", "closes": date(2024, 7, 9), "benefits": [grant(20_000_000, **END), voucher(10)]},
                {"id": "sale", "benefits": [
                    {"kind": "service", "service": "migration"}, discount(0.5, date(2024, 8, 31)),
                ]},
                {"id": "late", "opens": date(2024, 6, 30), "benefits": [voucher(10)]},
            ],
        },
        months=2, overlap={"days": 10, "share": 0.5},
    )  # fmt: skip

    def row(month: int, of: str, to: str, *amounts: float) -> dict[str, Any]:
        names = ("tokens", "granted_tokens", "list_cost", "grants", "discounts", "vouchers", "bill")
        return {"month": month, "from": of, "to": to, **dict(zip(names, map(pytest.approx, amounts), strict=True))}

    assert found["monthly"] == [
        row(-1, "2024-06-21", "2024-07-01", 5e6, 5e6, 80, 80, 0, 0, 0),
        row(0, "2024-07-01", "2024-08-01", 31e6, 15e6, 496, 240, 128, 80, 48),
        row(1, "2024-08-01", "2024-09-01", 31e6, 0, 496, 0, 248, 0, 248),
    ]
    assert found["free_until"] == "2024-07-26"
    assert found["offers"] == [
        {
            "id": "early", "status": "claimed", "reason": "claim by 2024-07-09",
            "claimed_on": "2024-06-21", "claim_by": "2024-07-09",
            "benefits": [
                used("token_grant", 20e6, 20e6, 0, ends="2024-07-31", out="2024-07-16", saved=320),
                used("voucher", 80, 80, 0, ends=None, out="2024-07-26", saved=80, models=()),
            ],
        },
        {
            "id": "sale", "status": "claimed", "reason": "no last day to claim", "claimed_on": "2024-06-21",
            "claim_by": None,
            "benefits": [
                used("service", None, None, None, ends=None, out=None, saved=0, models=()),
                used("discount", None, None, None, ends="2024-08-31", out=None, saved=376),
            ],
        },
        {
            "id": "late", "status": "not_yet_open", "reason": "opens on 2024-06-30", "claimed_on": None,
            "claim_by": None, "benefits": [],
        },
    ]  # fmt: skip


def test_without_an_overlap_months_begin_at_0() -> None:
    months = [(row["month"], row["from"], row["to"]) for row in option(months=2)["monthly"]]
    assert months == [(0, "2024-07-01", "2024-08-01"), (1, "2024-08-01", "2024-09-01")]


def test_of_several_discounts_each_saves_what_it_took_off() -> None:
    """31 M a month of x at 10 and of y at 1, three months: half off for all until August, a fifth for ever.

    The first four differ by a model, by their end, by their place in the file alone: of equal ones the first counts.
    """
    july, august = date(2024, 7, 31), date(2024, 8, 31)
    offers = [
        {"id": "y in July", "benefits": [discount(0.5, july, ["y"])]},
        {"id": "x in July", "benefits": [discount(0.5, july, ["x"])]},
        {"id": "all", "benefits": [discount(0.5, august)]},
        {"id": "all again", "benefits": [discount(0.5, august)]},
        {"id": "a fifth", "benefits": [discount(0.2, None)]},
        {"id": "nothing", "benefits": [discount(0, None)]},
    ]
    models = [{"id": "x", "price": {"input": 10}}, {"id": "y", "tier": "standard", "price": {"input": 1}}]
    found = option_of(
        {"models": models, "offers": offers},
        months=3,
        workloads=[
            {"name": "a", "tokens": 31_000_000, "pin": {"north": "x"}},
            {"name": "b", "model": "s-mini", "tokens": 31_000_000, "pin": {"north": "y"}},
        ],
    )
    saved = {offer["id"]: offer["benefits"][0]["saved"] for offer in found["offers"]}
    assert saved == {
        "y in July": pytest.approx(15.5), "x in July": pytest.approx(155), "all": pytest.approx(170.5), "all again": 0,
        "a fifth": pytest.approx(68.2), "nothing": 0,
    }  # fmt: skip
    assert sum(saved.values()) == pytest.approx(found["saved_by_offers"])


def test_vouchers_of_one_month_are_spent_one_after_the_other() -> None:
    """10 a day: 60 of the second in the file, which ends first, then 100 of the first."""
    (offer,) = option(voucher(100), voucher(60, valid_until=date(2024, 9, 30)))["offers"]
    assert [one["runs_out_on"] for one in offer["benefits"]] == ["2024-07-17", "2024-07-07"]


def test_less_than_a_token_or_a_cent_counts_as_well() -> None:
    found = option(grant(0.75), voucher(0.25e-6), price=1, workloads=[{"tokens": 1.5}])
    assert [one["runs_out_on"] for one in found["offers"][0]["benefits"]] == ["2024-07-16", "2024-07-21"]
    assert found["free_until"] == "2024-07-21"
    assert found["bill"] == pytest.approx(0.5e-6)


def test_a_voucher_pays_first_for_the_vector_store() -> None:
    """50 M at 2 dollars: 60 remain of 100, then 2 a day of use."""
    north = {
        "currency": "USD", "models": [{"id": "e", "kind": "embedding", "price": {"input": 2}}],
        "offers": [{"id": "gift", "benefits": [voucher(40)]}],
    }  # fmt: skip
    found = option_of(north, workloads=[{"model": "s-embed", "tokens": 31_000_000, "stored_tokens": 50_000_000}])
    assert found["one_off_cost"] == pytest.approx(480)
    assert found["monthly"][0]["bill"] == pytest.approx(496)
    assert found["offers"][0]["benefits"] == [
        used("voucher", 320, 320, 0, ends=None, out="2024-07-01", saved=320, models=())
    ]
    assert found["free_until"] == "2024-07-01"


def test_a_grant_for_models_that_nobody_sells_is_nothing_and_loses_nothing() -> None:
    (offer,) = option(grant(5_000_000, models=["gone"], pool="per_model", **END))["offers"]
    assert offer["benefits"] == [used("token_grant", 0, 0, 0, ends="2024-07-31", out=None, saved=0, models=())]


def test_what_is_assumed_of_a_workload_that_says_nothing_of_its_text() -> None:
    told = {"term": "ratio", "offer": None, "assumed": "1 for main: it does not say what its text consists of"}
    assert option()["assumptions"] == [told]
    assert option(workloads=[{"tokens": 1, "ratio": {"north": 1}}])["assumptions"] == []


def test_the_best_choice_is_told_the_same_where_the_search_has_gone_on_since(monkeypatch: pytest.MonkeyPatch) -> None:
    models = [{"id": name, "price": {"input": price}} for name, price in (("a", 3), ("b", 2), ("c", 5))]
    offers = [{"id": "gift", "benefits": [grant(20_000_000, models=["a", "c"]), voucher(7)]}]
    found = option_of({"models": models, "offers": offers})
    assert (found["models"], found["bill"]) == ({"main": "a"}, pytest.approx(11 * 3 - 7))
    monkeypatch.setattr("calculator.search.CHUNK", 1)
    assert option_of({"models": models, "offers": offers}) == found
