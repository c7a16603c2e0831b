"""What holds in every world: sums, monotony, scale, order, and a search that finds the cheapest."""

import copy
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from engine import engine_compare
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from oracle_world import expand
from worlds import worlds

from calculator.search import cheapest

WORLDS = settings(
    max_examples=int(os.environ.get("WORLDS", "30")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
World = dict[str, Any]
Json = dict[str, Any]


def options(world: World) -> dict[str, Json]:
    """The engine's options by provider."""
    return {option["provider"]: option for option in engine_compare(world)["options"]}


def alike(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1.0)


def at_most(one: float, other: float) -> bool:
    return one <= other or alike(one, other)


def changed(world: World, change: Callable[[World], None]) -> World:
    """A copy of the world with a change."""
    copied = copy.deepcopy(world)
    change(copied)
    return copied


def pinned(world: World, found: dict[str, Json]) -> World:
    """The world with each provider's models fixed to those that it was represented by."""

    def pin(world: World) -> None:
        for workload in world["profile"]["workloads"]:
            of = workload.get("name", workload["model"])
            shown = {name: option["models"][of] for name, option in found.items()}
            workload["pin"] = {**workload.get("pin", {}), **shown}

    return changed(world, pin)


# -------------------------------------------------------------------------------------------------------- sums


@WORLDS
@given(worlds())
def test_the_amounts_add_up(world: World) -> None:
    found = engine_compare(world)["options"]
    assert [option["rank"] for option in found] == list(range(1, len(found) + 1))
    assert all(at_most(better["total"], worse["total"]) for better, worse in pairwise(found))
    plain = options(pinned({**world, "offers": []}, {option["provider"]: option for option in found}))
    for option in found:
        assert_months_split_the_list_cost(option, plain[option["provider"]])
        assert alike(option["bill"], sum(row["bill"] for row in option["monthly"]))
        assert alike(option["one_off_cost"], sum(line["cost"] for line in option["one_off"]))
        assert alike(option["total"], option["bill"] + option["one_off_cost"] + option["readiness_cost"])
    for workload in world["profile"]["workloads"]:
        workload.pop("stored_tokens", None)  # embedded before the first month, so no month shows it
    for option in options(world).values():
        assert_months_show_what_benefits_gave(option)


def assert_months_split_the_list_cost(option: Json, plain: Json) -> None:
    """The list cost is calculated apart: ``plain`` has the same models in a world without offers."""
    for row, bare in zip(option["monthly"], plain["monthly"], strict=True):
        parts = [row[part] for part in ("grants", "discounts", "vouchers", "bill")]
        assert min(parts) >= 0
        assert row["list_cost"] == sum(parts)
        assert alike(sum(parts), bare["bill"])
        assert alike(row["tokens"], bare["tokens"])
        assert bare["list_cost"] == bare["bill"]
        assert 0 <= row["granted_tokens"] <= row["tokens"] * (1 + 1e-12)
    assert alike(option["list_cost"], plain["bill"])
    assert alike(option["saved_by_offers"], option["list_cost"] - option["bill"])


def assert_months_show_what_benefits_gave(option: Json) -> None:
    uses = [use for offer in option["offers"] for use in offer["benefits"]]

    def total(key: str, *kinds: str) -> float:
        return float(sum(use[key] for use in uses if use["kind"] in kinds))

    def shown(column: str) -> float:
        return float(sum(row[column] for row in option["monthly"]))

    assert alike(total("used", "token_grant", "matched_grant"), shown("granted_tokens"))
    assert alike(total("saved", "token_grant", "matched_grant"), shown("grants"))
    assert alike(total("saved", "discount"), shown("discounts"))
    assert alike(total("used", "voucher"), shown("vouchers"))
    assert total("saved", "service") == 0
    for use in uses:
        if use["granted"] is not None:
            assert 0 <= use["used"] <= use["granted"] * (1 + 1e-12)
            assert use["lapsed"] == 0 or alike(use["lapsed"], use["granted"] - use["used"])


# ---------------------------------------------------------------------------------------------------- monotony


LIVES = st.sampled_from([{"valid_days": 30}, {"valid_days": 100}, {"valid_days": None}, {"valid_days": 1}])


@st.composite
def worlds_with_one_grant(draw: st.DrawFn) -> World:
    """A world in which one provider, whose file comes last, offers one token grant and nothing else.

    With several benefits a larger gift may cost money: it can push another one into months that are worth less.
    """
    world = draw(worlds())
    provider = draw(st.sampled_from(world["providers"][1:]))
    ids = [model["id"] for model in provider["models"]]
    as_of = world["profile"].get("as_of") or world["event"].get("as_of") or world["event"]["announced"]
    tokens = sum(w["input_tokens"] + w.get("output_tokens", 0) for w in world["profile"]["workloads"])
    grant = {
        "kind": "token_grant",
        "tokens": draw(st.sampled_from([tokens // 2, tokens, tokens * 3])) or 1_000_000,
        "models": draw(st.sampled_from([ids, ids[:1], ids[-2:]])),
        "pool": draw(st.sampled_from(["shared", "per_model"])),
        "sources": [{"cite": "test"}],
        **draw(LIVES),
    }
    closes = draw(st.sampled_from([None, as_of, as_of + timedelta(10), as_of + timedelta(40)]))
    offer = {"id": "only", "claim": {"opens": as_of, "closes": closes}, "benefits": [grant]}
    name = provider["provider"]
    others = [(file, content) for file, content in world["offers"] if content["provider"] != name]
    world["offers"] = [*others, (f"{name}.yaml", {"provider": name, "offers": [offer]})]
    return world


def total_of(world: World) -> float:
    """The total of the provider with the one grant; its models are chosen anew each time."""
    return float(options(world)[world["offers"][-1][1]["provider"]]["total"])


@WORLDS
@given(
    worlds_with_one_grant(),
    st.sampled_from([1.5, 2, 10]),
    st.sampled_from([1, 15, 60, None]),
    st.sampled_from([0, 0.5, 0.99]),
    st.data(),
)
def test_a_better_gift_or_a_lower_price_never_costs_more(
    world: World, larger: float, days: int | None, cheaper: float, data: st.DataObject
) -> None:
    provider = world["offers"][-1][1]["provider"]
    assume(provider in options(world))
    before = total_of(world)
    models = next(p["models"] for p in world["providers"] if p["provider"] == provider)
    chosen = data.draw(st.integers(0, len(models) - 1))

    def a_larger_grant(world: World) -> None:
        only_offer(world)["benefits"][0]["tokens"] *= larger

    def a_longer_life(world: World) -> None:
        life = only_offer(world)["benefits"][0]
        life["valid_days"] = None if None in (life["valid_days"], days) else life["valid_days"] + days

    def a_later_deadline(world: World) -> None:
        """Who may claim later claims on the first day of use, and loses less of the life before it."""
        claim = only_offer(world)["claim"]
        claim["closes"] = None if None in (claim["closes"], days) else claim["closes"] + timedelta(days)

    def a_lower_price(world: World) -> None:
        target = next(p for p in world["providers"] if p["provider"] == provider)
        for price in target["models"][chosen]["prices"]:
            scale(price, PRICES, cheaper)

    for change in (a_larger_grant, a_longer_life, a_later_deadline, a_lower_price):
        after = total_of(changed(world, change))
        event(f"{change.__name__} {'saves' if after < before else 'changes nothing'}")
        assert at_most(after, before), change.__name__


def only_offer(world: World) -> Json:
    return world["offers"][-1][1]["offers"][0]


# ------------------------------------------------------------------------------------------------------- scale


PRICES = ("input", "output", "cached_input", "training")


def scale(entry: Json, keys: tuple[str, ...], factor: float) -> None:
    for key in keys:
        if isinstance(entry.get(key), int | float):
            entry[key] *= factor


@WORLDS
@given(worlds(), st.sampled_from([2, 8, 0.5]))
def test_an_answer_in_other_units_of_money_is_the_same_answer(world: World, factor: float) -> None:
    """All money times a factor, everything else as it was; powers of two lose no digit."""

    def in_other_units(world: World) -> None:
        for provider in world["providers"]:
            for price in (price for model in provider["models"] for price in model["prices"]):
                for part in (price, *price.get("tiers", ()), price.get("off_peak") or {}):
                    scale(part, PRICES, factor)
        for offer in (offer for _, content in world["offers"] for offer in content["offers"]):
            for benefit in offer["benefits"]:
                scale(benefit, ("amount",), factor)
        scale(world["profile"]["team"], ("day_rate",), factor)
        scale(world["profile"], ("loss_per_day",), factor)

    before, after = engine_compare(world), engine_compare(changed(world, in_other_units))
    assert [o["provider"] for o in after["options"]] == [o["provider"] for o in before["options"]]
    for one, other in zip(before["options"], after["options"], strict=True):
        for key in ("models", "free_until", "ready_on"):
            assert one[key] == other[key]
        for key in ("total", "bill", "one_off_cost", "readiness_cost", "list_cost", "saved_by_offers"):
            assert alike(one[key] * factor, other[key])
        for row, scaled in zip(one["monthly"], other["monthly"], strict=True):
            assert row["granted_tokens"] == scaled["granted_tokens"]
            assert alike(row["bill"] * factor, scaled["bill"])
        spent = [[b["runs_out_on"] for offer in o["offers"] for b in offer["benefits"]] for o in (one, other)]
        assert spent[0] == spent[1]
    assert alike((before["baseline"]["total"] or 0) * factor, after["baseline"]["total"] or 0)


@WORLDS
@given(worlds(), st.sampled_from([0.5, 0.25, 0.875]), st.data())
def test_a_workload_split_in_two_costs_the_same(world: World, part: float, data: st.DataObject) -> None:
    """Of the same nature and with the same models. (The work of moving is counted by workload, and doubles.)"""
    found = options(world)
    assume(found)
    whole = pinned(world, found)
    index = data.draw(st.integers(0, len(whole["profile"]["workloads"]) - 1))

    def split(world: World) -> None:
        workloads = world["profile"]["workloads"]
        first, second = workloads[index], copy.deepcopy(workloads[index])
        second["name"] = "the rest"
        for workload, share in ((first, part), (second, 1 - part)):
            scale(workload, ("input_tokens", "output_tokens", "stored_tokens"), share)
        workloads.insert(index + 1, second)

    before, after = options(whole), options(changed(whole, split))
    assert before.keys() == after.keys()
    for name, option in before.items():
        other = after[name]
        for row, halves in zip(option["monthly"], other["monthly"], strict=True):
            for key in ("tokens", "granted_tokens", "list_cost", "grants", "discounts", "vouchers", "bill"):
                assert alike(row[key], halves[key]), key
        assert option["free_until"] == other["free_until"]
        for one, two in zip(option["offers"], other["offers"], strict=True):
            assert [b["runs_out_on"] for b in one["benefits"]] == [b["runs_out_on"] for b in two["benefits"]]
        costs = [sum(line["cost"] for line in o["one_off"] if line["item"] == "re_embedding") for o in (option, other)]
        assert alike(*costs)


# ------------------------------------------------------------------------------------------------------- order


@WORLDS
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_files_of_models_and_of_prices_does_not_matter(world: World, dice: Any) -> None:
    def shuffle(world: World) -> None:
        dice.shuffle(world["providers"])
        for provider in world["providers"]:
            dice.shuffle(provider["models"])
            for model in provider["models"]:
                dice.shuffle(model["prices"])
        dice.shuffle(world["offers"])
        prefixes = {provider["provider"]: dice.random() for provider in world["providers"]}
        world["offers"] = [(f"{prefixes[content['provider']]}-{name}", content) for name, content in world["offers"]]

    answer = engine_compare(world)
    assert engine_compare(changed(world, shuffle)) == answer
    # The order of the workloads may change which of several equally good assignments is shown, but no amount.
    other = options(changed(world, lambda w: dice.shuffle(w["profile"]["workloads"])))
    for option in answer["options"]:
        assert alike(option["total"], other[option["provider"]]["total"])
        assert alike(option["bill"], other[option["provider"]]["bill"])


@WORLDS
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_offers_matters_only_between_benefits_with_the_same_end(world: World, dice: Any) -> None:
    def shuffle(world: World) -> None:
        for _, content in world["offers"]:
            dice.shuffle(content["offers"])
            for offer in content["offers"]:
                dice.shuffle(offer["benefits"])
        contents = [content for _, content in world["offers"]]
        dice.shuffle(contents)
        world["offers"] = [(f"{number}.yaml", content) for number, content in enumerate(contents)]

    found = options(world)
    after = options(changed(world, shuffle))
    for name, option in found.items():
        places = [
            (use["kind"] == "voucher", use["ends_on"])
            for offer in option["offers"]
            for use in offer["benefits"]
            if use["granted"] is not None
        ]
        shared = len(places) > len(set(places))
        event(f"the order {'counts' if shared else 'does not count'}")
        if not shared:
            for key in ("total", "bill", "one_off_cost", "list_cost"):
                assert alike(option[key], after[name][key])
            assert option["free_until"] == after[name]["free_until"]


# ------------------------------------------------------------------------------------------------- nothing else


@WORLDS
@given(worlds())
def test_offers_that_are_not_claimed_change_nothing(world: World) -> None:
    found = options(world)
    status = {offer["id"]: offer["status"] for option in found.values() for offer in option["offers"]}

    def without_them(world: World) -> None:
        for _, content in world["offers"]:
            content["offers"] = [one for one in content["offers"] if status.get(one["id"]) == "claimed"]

    for name, option in options(changed(world, without_them)).items():
        claimed = [offer for offer in found[name]["offers"] if offer["status"] == "claimed"]
        kept = {key: found[name][key] for key in option if key not in ("offers", "assumptions")}
        assert {**kept, "offers": claimed} == {key: option[key] for key in (*kept, "offers")}


@WORLDS
@given(worlds())
def test_a_longer_horizon_begins_as_the_shorter_one_does(world: World) -> None:
    whole = pinned(world, options(world))

    def longer(world: World) -> None:
        world["profile"]["months"] = world["profile"].get("months", 12) + 1

    short, long = options(whole), options(changed(whole, longer))
    for name, option in short.items():
        for row, other in zip(option["monthly"], long[name]["monthly"], strict=False):
            assert all(row[key] == other[key] or alike(row[key], other[key]) for key in row)
        for key in ("one_off_cost", "readiness_cost", "ready_on"):
            assert option[key] == long[name][key]
        if option["free_until"]:
            assert option["free_until"] == long[name]["free_until"]


# ------------------------------------------------------------------------------------------------------ search


def searched(world: World, *too_many: bool) -> dict[str, Json]:
    """The options when the engine is told, call by call, whether the assignments are too many to try them all."""
    found = {}
    for provider in world["providers"][1:]:
        alone = {**world, "providers": [world["providers"][0], provider]}
        alone["offers"] = [pair for pair in world["offers"] if pair[1]["provider"] == provider["provider"]]
        alone = changed(alone, lambda w, name=provider["provider"]: only(w, name))
        with patch("calculator.case.too_many", side_effect=[*too_many]):
            found.update(options(alone))
    return found


def only(world: World, name: str) -> None:
    """Leaves out of the profile what it says of other providers."""
    profile = world["profile"]
    if "customer_of" in profile:
        profile["customer_of"] = [one for one in profile["customer_of"] if one == name]
    for workload in profile["workloads"]:
        for key in ("pin", "ratio"):
            if key in workload:
                workload[key] = {provider: value for provider, value in workload[key].items() if provider == name}


@WORLDS
@given(worlds())
def test_the_search_finds_the_cheapest_and_its_short_cuts_are_sound(world: World) -> None:
    without = options({**world, "offers": []})
    pruned, descended = searched(world, True, False), searched(world, True, True)
    for name, option in options(world).items():
        assert at_most(option["total"], without[name]["total"]), "offers cost nothing"
        assert alike(option["total"], pruned[name]["total"]), "candidates that are beaten are not missed"
        assert at_most(option["total"], descended[name]["total"]), "nothing is cheaper than the cheapest"
        event(f"descending {'finds' if alike(option['total'], descended[name]['total']) else 'misses'} the cheapest")
        assert any("too many combinations" in warning for warning in descended[name]["warnings"])


def one_workload(models: list[Json], *benefits: Json, **workload: Any) -> World:
    """One workload of the source, and one provider with these models and benefits."""
    offers = [{"id": "gift", "benefits": list(benefits)}]
    north = {"models": models, "offers": offers if benefits else []}
    return expand({"profile": {"workloads": [{"name": "main", **workload}]}, "providers": {"north": north}})


def tied(*models: Json) -> World:
    """One workload that uses tools for one month; writing them anew takes a day that costs 100."""
    workload = {"name": "main", "input_tokens": 100_000_000, "output_tokens": 0, "features": ["tools"]}
    profile = {"workloads": [workload], "months": 1, "team": {"day_rate": 100}, "effort": {"rework": {"tools": 1}}}
    return expand({"profile": profile, "providers": {"north": {"models": list(models)}}})


STORE = {"model": "s-embed", "stored_tokens": 50_000_000}
USE = {"input_tokens": 1_000_000, "output_tokens": 0}
GRANT = {"kind": "token_grant", "tokens": 100_000_000, "models": ["b-cheap"], "valid_days": None}
TUNED = {**USE, "training_tokens": 50_000_000}


@pytest.mark.parametrize(
    "world",
    [
        one_workload(
            [
                {"id": "a-dear", "kind": "embedding", "price": {"input": 10}},
                {"id": "b-cheap", "kind": "embedding", "price": {"input": 1}},
            ],
            **STORE,
        ),
        one_workload(
            [
                {"id": "a-dear", "price": {"input": 1, "training": 100}},
                {"id": "b-cheap", "price": {"input": 1, "training": 10}},
            ],
            **TUNED,
        ),
        one_workload(
            [{"id": "a-dear", "price": {"input": 1}}, {"id": "b-cheap", "price": {"input": 2}}],
            GRANT,
            **USE,
        ),
        one_workload(
            [{"id": "a-dear", "price": {"input": 1}}, {"id": "b-cheap", "price": {"input": 2}}],
            {"kind": "discount", "share": 0.9, "models": ["b-cheap"], "until": None},
            **USE,
        ),
        one_workload(
            [
                {"id": "a-dear", "price": {"input": 1, "output": 10}},
                {"id": "b-cheap", "price": {"input": 1, "output": 2}},
            ],
            **{**USE, "output_tokens": 1_000_000},
        ),
        tied({"id": "a-dear", "price": {"input": 1}}, {"id": "b-cheap", "price": {"input": 1}, "features": ["tools"]}),
    ],
    ids=["re-embedding", "retraining", "grant", "discount", "use", "work"],
)
def test_a_candidate_is_beaten_only_by_one_that_costs_no_more_in_any_way(world: World) -> None:
    full = options(world)["north"]
    assert full["models"] == {"main": "b-cheap"}
    assert searched(world, True, False)["north"]["total"] == full["total"]


def test_a_price_at_which_nothing_is_bought_keeps_no_candidate() -> None:
    """The cheaper input would count for a vector store, and there is none."""
    dear, cheap = {"input": 1, "output": 10}, {"input": 2, "output": 2}
    world = one_workload(
        [{"id": "a-dear", "price": dear}, {"id": "b-cheap", "price": cheap}], **{**USE, "output_tokens": 1_000_000}
    )
    left: list[list[list[int]]] = []
    with patch("calculator.case.too_many", side_effect=lambda choices: left.append(choices) or len(left) == 1):
        options(world)
    assert left == [[[0, 1]], [[1]]]


PAID = {"price": {"input": 1}, "features": ["tools"]}  # a bill of 100, no work
WORK = {"price": {"input": 0}}  # no bill, work for 100


@pytest.mark.parametrize(
    ("models", "chosen"),
    [
        ([{"id": "a", **PAID}, {"id": "b", **WORK}], "b"),
        ([{"id": "a", **WORK}, {"id": "b", **PAID}], "a"),
        ([{"id": "b", **PAID}, {"id": "a", **PAID}], "a"),
        ([{"id": "b", **WORK}, {"id": "a", **WORK}], "a"),
        ([{"id": "a", **PAID}, {"id": "b", "price": {"input": 0.99}, "features": ["tools"]}], "b"),
    ],
)
def test_equal_totals_go_to_the_lower_bill_and_then_to_the_first_id(models: list[Json], chosen: str) -> None:
    option = options(tied(*models))["north"]
    assert option["models"] == {"main": chosen}
    assert option["total"] == pytest.approx(99 if models[1]["price"]["input"] == 0.99 else 100)


def test_equal_totals_rank_by_the_work_and_then_by_the_provider() -> None:
    world = tied({"id": "n", **PAID})
    for name, model in (("west", PAID), ("east", WORK), ("abel", PAID)):
        provider = copy.deepcopy(world["providers"][-1])
        provider["provider"] = name
        provider["models"] = tied({"id": name[0], **model})["providers"][-1]["models"]
        world["providers"].append(provider)
    assert [option["provider"] for option in engine_compare(world)["options"]] == ["abel", "north", "west", "east"]


TABLES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=24)


@given(TABLES, st.integers(1, 5))
def test_the_search_takes_the_first_of_the_lowest_in_whatever_pieces_it_looks(
    table: list[tuple[int, int]], chunk: int
) -> None:
    with patch("calculator.search.CHUNK", chunk):
        found, _ = cheapest([list(range(len(table)))], costs(table))
    assert found == min(range(len(table)), key=lambda index: (table[index], index))


@pytest.mark.parametrize("chunk", [1, 2])
def test_totals_that_differ_by_rounding_alone_are_equal(chunk: int) -> None:
    with patch("calculator.search.CHUNK", chunk):
        for table in ([(0.1 + 0.2, 0.1 + 0.2), (0.3, 0.3)], [(0.3, 0.3), (0.1 + 0.2, 0.1 + 0.2)]):
            assert cheapest([[0, 1]], costs(table))[0] == 0
        assert cheapest([[0, 1]], costs([(0.3, 2), (0.1 + 0.2, 1)]))[0] == 1


def costs(table: Sequence[tuple[float, float]]) -> Callable[[Any], Any]:
    """The cost of choosing each row, for one customer: its total and its bill."""
    array = np.array(table, dtype=float)
    return lambda assignments: array[assignments[0]].T[:, :, None]


def test_embedding_the_vector_store_again_is_no_ordinary_use() -> None:
    """It is paid for before the first day, as a part of the work of moving."""
    models = [{"id": "e", "kind": "embedding", "price": {"input": 2}}]
    option = options(one_workload(models, **STORE))["north"]
    assert (option["bill"], option["free_until"], option["saved_by_offers"]) == (0, None, 0)
    assert option["one_off_cost"] == pytest.approx(100)
