"""The search for flips with totals that are made up: what it finds, and at which values it compares, in their order."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from engine import catalogue_of
from oracle_world import expand

from calculator import Comparison, compare
from calculator.answer import Option
from calculator.catalogue import Catalogue
from calculator.profile import Profile
from calculator.variations import Input, Variation, variations
from calculator.what_if import Finding, Flip, Nudge, cheapest, finding, flips, standings

Total = Callable[[float], float]


@cache
def base() -> Comparison:
    names = ("north", "south", "west")
    providers = {name: {"models": [{"id": "m", "price": {"input": 1}}]} for name in names}
    profile = {"workloads": [{"tokens": 1_000_000}], "team": {"day_rate": 1}}
    world = expand({"providers": providers, "profile": profile, "event": {"cutoff": None}})
    return compare(world["profile"], catalogue_of(world))


def costing(totals: Mapping[str, float]) -> Comparison:
    """A comparison with these totals; equal ones in their order. Staying is ``old``; without it, it has no price."""
    known = {option.provider.provider: option for option in base().options}
    options = [
        dataclasses.replace(known[name], monthly=(), one_off=(), readiness_cost=total)
        for name, total in sorted(totals.items(), key=lambda pair: pair[1])
        if name != "old"
    ]
    stay = base().baseline._replace(monthly=(totals["old"],) if "old" in totals else None)
    return base()._replace(baseline=stay, options=tuple(options))


def search(
    totals: Mapping[str, Total], low: float, today: float, high: float, **how: Any
) -> tuple[Finding, list[float]]:
    """What is found, and the values that were compared."""
    compared: list[float] = []

    def comparison(value: float) -> Comparison:
        return costing({name: total(value) for name, total in totals.items()})

    def compare(profile: Profile, catalogue: Catalogue) -> Comparison:
        assert catalogue is base().catalogue
        compared.append(profile.loss_per_day)
        return comparison(profile.loss_per_day)

    def change(value: float) -> tuple[Profile, Catalogue]:
        return base().profile.model_copy(update={"loss_per_day": value}), base().catalogue

    variation = Variation(Input("any", "", today, low, high), change, **how)
    return finding(variation, comparison(today), compare), compared


def lines(
    totals: Mapping[str, list[tuple[float, float]]], low: float, today: float, high: float
) -> tuple[Finding, list[float]]:
    """The same, where each provider's total is the lowest of some straight lines: height at 0, and rise."""

    def lowest(name: str) -> Callable[[float], tuple[float, float]]:
        return lambda value: min((height + rise * value, rise) for height, rise in totals[name])

    def slope(option: Option | None, value: float) -> float:
        return lowest(option.provider.provider if option else "old")(value)[1]

    def total(name: str) -> Total:
        return lambda value: lowest(name)(value)[0]

    return search({name: total(name) for name in totals}, low, today, high, slope=slope)


def exactly(values: list[float]) -> Any:
    return pytest.approx(values, rel=1e-13, abs=1e-15)


def at(flip: Flip | None) -> Any:
    return None if flip is None else (pytest.approx(flip.value, rel=1e-13), flip.provider)


# ----------------------------------------------------------------------------------------------------- who is cheapest


@pytest.mark.parametrize(
    ("stay", "go", "order"),
    [
        (99, 100, ["old", "north"]), (100, 100, ["old", "north"]), (100.5, 100, ["north", "old"]),
        (100 + 5e-11, 100, ["old", "north"]), (100 + 2e-10, 100, ["north", "old"]),
        (5e-13, 0, ["old", "north"]), (2e-12, 0, ["north", "old"]),
    ],
)  # fmt: skip
def test_who_may_stay_at_the_same_cost_but_for_rounding_stays(stay: float, go: float, order: list[str]) -> None:
    answer = costing({"north": go, "old": stay})
    assert list(standings(answer).items()) == [(name, {"old": stay, "north": go}[name]) for name in order]
    assert cheapest(answer) == order[0]


def test_staying_counts_where_it_is_possible_and_has_a_price() -> None:
    assert standings(costing({"old": 7})) == {"old": 7}
    assert standings(costing({"north": 8})) == {"north": 8}
    answer = costing({"south": 9, "north": 8, "old": 7})
    over = answer._replace(event=answer.event.model_copy(update={"cutoff": date(2024, 7, 1)}))
    assert [*standings(over).items()] == [("north", 8), ("south", 9)]


def test_each_input_is_searched_with_the_comparison_that_is_given() -> None:
    answer = costing({"north": 5, "old": 6})
    shares: list[float] = []
    found = flips(answer, lambda *_: answer, shares.append)
    inputs = [one.input for one in variations(answer)]
    assert [one.input for one in found] == inputs
    assert shares == [done / len(inputs) for done in range(1, len(inputs) + 1)]
    assert {(one.below, one.above) for one in found} == {(None, None)}
    assert {(one.total, one.margin) for each in found for one in (each.less, each.more) if one} == {(5, 1)}
    assert flips(costing({"north": 5}), lambda *_: answer, shares.append) == []
    assert len(shares) == len(inputs)


# ------------------------------------------------------------------------------------- totals that only rise or fall


def test_a_range_is_halved_in_ratio_until_the_chord_is_followed() -> None:
    """Between 120 and 240 the margins are 60 and -60; 1/100 of the range counts for the tolerance, being more."""
    found, compared = search({"north": lambda v: v, "south": lambda v: 180}, 1, 100, 30720)
    half = 1e-6 * 307.19 / 2
    assert compared == exactly([80, 120, 1, 30720, 1920, 480, 240, 180, 180 + half])
    assert (found.below, at(found.above)) == (None, (180 + half, "south"))
    assert (found.less, found.more) == (Nudge(80, 80, 100), Nudge(120, 120, 60))


def test_on_the_way_down_as_well() -> None:
    found, compared = search({"north": lambda v: 60, "south": lambda v: v}, 0.3125, 100, 120)
    assert compared == exactly([80, 120, 0.3125, 5, 20, 40, 60, 60 - 3e-5])
    assert (at(found.below), found.above) == ((60 - 3e-5, "south"), None)
    assert (found.less, found.more) == (Nudge(80, 60, 20), Nudge(120, 60, 60))


def test_values_may_be_below_nothing() -> None:
    """Where the range is not above 0, it is halved in the middle. Changes end where the range does."""
    found, compared = search({"north": lambda v: 100 + v, "south": lambda v: 70}, -116, -100, 0)
    assert compared == exactly([-116, -80, 0, -40, -20, -30, -30 + 1.5e-5])
    assert (found.below, at(found.above)) == (None, (-30 + 1.5e-5, "south"))
    assert (found.less, found.more) == (Nudge(-116, -16, 86), Nudge(-80, 20, 50))


def test_where_totals_leap_every_third_step_halves_the_range() -> None:
    """North is 1 cheaper up to 61, then 3 dearer: first 1/4 of the way, then, as far's margin is halved, 1/2.5."""
    found, compared = search({"north": lambda v: 9 if v <= 61 else 13, "south": lambda v: 10}, 0, 0, 800)
    seventh = 55 + 22.5 / 7
    fifth = seventh + 0.4 * (77.5 - seventh)
    sixth = (seventh + fifth) / 2
    assert compared[:10] == exactly([800, 400, 200, 100, 25, 55, 77.5, seventh, fifth, sixth])
    assert found.above is not None
    assert 61 < found.above.value < 61 * (1 + 1e-6)
    assert found.above.provider == "south"
    assert (found.below, found.less, found.more) == (None, None, None)  # of nothing no part can be changed


def test_a_step_is_at_least_half_the_tolerance() -> None:
    """The chord meets 0 a billionth before 100; the flip is between half the tolerance before it and 100 itself."""
    found, compared = search({"north": lambda v: 0 if v < 99.99999 else 1e6 + 1e-3, "south": lambda v: 1e6}, 0, 0, 800)
    assert compared == exactly([800, 400, 200, 100, 100 - 5e-5])
    assert found.above == Flip(100, "south")


def test_where_margins_say_nothing_the_range_is_halved() -> None:
    """North and south cost the same; from 5 on staying does as well."""
    same = {"north": lambda v: 10.0, "south": lambda v: 10.0, "old": lambda v: 10.0 if v >= 5 else 20.0}
    found, compared = search(same, 0, 0, 8)
    assert compared == exactly([8, 4, 2, 1, 3, 6, 5, *(5 - 0.5**halvings for halvings in range(1, 19))])
    assert found.above == Flip(5, "old")


def test_an_end_at_which_staying_costs_the_same_is_a_flip() -> None:
    found, compared = search({"north": lambda v: 10 + v / 4, "old": lambda v: 12}, 0, 0, 8)
    assert compared == exactly([8, 4, 6, 7, 8 - 4e-6])
    assert found.above == Flip(8, "old")


def test_a_leap_is_looked_at_from_both_sides() -> None:
    totals = {"north": lambda v: 1 if v < 2 else 5, "south": lambda v: 3}
    found, compared = search(totals, 0, 0, 4, steps=frozenset({-1.0, 2.0, 8.0}))
    assert compared == exactly([2 - 1e-6, 2 + 1e-6])
    assert at(found.above) == (2 + 1e-6, "south")


def test_of_whole_numbers_the_first_is_found() -> None:
    found, compared = search({"north": lambda v: v, "south": lambda v: 15.5}, 1, 12, 36, whole=True)
    assert compared == [10, 14, 1, 36, 25, 19, 16, 15]
    assert found == Finding(found.input, None, Flip(16, "south"), Nudge(10, 10, 5.5), Nudge(14, 14, 1.5))


def test_where_nothing_is_known_of_totals_every_day_is_looked_at() -> None:
    totals = {"north": lambda v: 5, "south": lambda v: 3 if 13 <= v <= 15 else 9}
    found, compared = search(totals, 4, 10, 17, whole=True, monotone=False)
    assert compared == [9, 8, 7, 6, 5, 4, 11, 12, 13]
    assert found == Finding(found.input, None, Flip(13, "south"), None, None)


def test_an_input_of_1_is_changed_too() -> None:
    found, _ = search({"north": lambda v: v, "south": lambda v: 3}, 0.5, 1, 2)
    assert (found.less, found.more) == (Nudge(0.8, 0.8, 2.2), Nudge(1.2, 1.2, 1.8))


# ------------------------------------------------------------------------------------------------- totals in lines


def test_lines_flip_where_they_meet() -> None:
    found, compared = lines({"north": [(100, 0)], "south": [(210, -1)]}, 80, 100, 120)
    assert compared == exactly([80, 120, 110])
    assert (found.below, at(found.above)) == (None, (110, "south"))


@pytest.mark.parametrize(("lead", "flip"), [(1e-9, (110, "south")), (1e-7, (110 - 2e-7, "west"))])
def test_who_leads_by_rounding_only_where_two_others_meet_does_not_count(lead: float, flip: tuple[float, str]) -> None:
    totals = {"north": [(100.0, 0.0)], "south": [(210.0, -1.0)], "west": [(155 - lead, -0.5)]}
    assert at(lines(totals, 80, 100, 120)[0].above) == flip


def test_another_model_of_the_cheapest_is_no_flip() -> None:
    """North at 2v or 50 + v, south at 120: at 60, where 2v would be 120, it is 110; then 50 + v = 120 at 70."""
    found, compared = lines({"north": [(0, 2), (50, 1)], "south": [(120, 0)]}, 0, 0, 100)
    assert compared == exactly([100, 60, 50, 70])
    assert at(found.above) == (70, "south")


def test_who_leads_by_rounding_only_at_an_end_leads_from_there_on() -> None:
    found, compared = lines({"north": [(100, 0)], "south": [(100 + 1.1e-9, -1e-11)]}, 80, 100, 200)
    assert compared == [80, 120]
    assert (found.below, found.above) == (None, Flip(120, "south"))


def test_staying_for_nothing_at_the_very_end_is_no_flip() -> None:
    found, compared = lines({"north": [(0, 0)], "old": [(10, -1)]}, 0, 0, 10)
    assert compared == [10]
    assert found.above is None


@pytest.mark.parametrize(("slope", "flip"), [(1, 120), (0, 120), (-0.25, 100), (-1, 110)])
def test_a_flip_is_within_the_range_though_too_many_models_left_a_total_too_high(slope: float, flip: float) -> None:
    """90 at 120 with a slope that is no less than that of the 100 before, or too small to have met it."""
    found, _ = search(
        {"north": lambda v: 100, "south": lambda v: 90 if v == 120 else 101}, 80, 100, 120,
        slope=lambda option, value: slope if option.provider.provider == "south" else 0,
    )  # fmt: skip
    assert (found.below, at(found.above)) == (None, (flip, "south"))
