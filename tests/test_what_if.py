"""What would change the decision: flips worked out by hand, and properties of those in generated worlds."""

import os
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine import catalogue_of
from hypothesis import HealthCheck, event, given, settings
from oracle_world import expand
from worlds import worlds

import calculator
from calculator import Comparison, compare
from calculator.catalogue import Catalogue
from calculator.cheapest_map import cheapest_map, usual_grid
from calculator.profile import Profile, profile_from
from calculator.variations import Variation, variations
from calculator.what_if import Finding, Flip, cheapest, compare_plainly, finding, flips, standings
from report.language import language
from report.what_if import told

WORLDS = settings(
    max_examples=max(int(os.environ.get("WORLDS", "40")) // 13, 1),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
World = dict[str, Any]


def comparison(world: World) -> Comparison:
    profile, _ = profile_from(world["profile"])
    return compare_plainly(profile, catalogue_of(world))


def asked(providers: dict[str, Any], *, rates: Any = None, event: Any = None, **profile: Any) -> Comparison:
    """North, south, … and 10 million tokens a month at one engineer's cost of nothing, unless ``profile`` says more."""
    usage = {"months": 12, "workloads": [{"tokens": 10_000_000}], **profile}
    case = {"providers": providers, "profile": usage, "rates": rates or {}, "event": event or {}}
    return comparison(expand(case))


def sells(price: float, *benefits: World, **provider: Any) -> World:
    """A provider with one model, and an offer if it has benefits."""
    offers = [{"id": "gift", "benefits": list(benefits)}] if benefits else []
    return {"models": [{"id": "m", "price": {"input": price}}], "offers": offers, **provider}


def found(comparison: Comparison, name: str, of: str = "") -> Finding:
    """What is found of one input."""
    every = variations(comparison)
    return finding(next(one for one in every if (one.input.name, one.input.of) == (name, of)), comparison)


def at(flip: Flip | None) -> tuple[float, str] | None:
    """A flip to as many digits as are promised."""
    return None if flip is None else (pytest.approx(flip.value, rel=2e-6), flip.provider)


GRANT = {"kind": "token_grant", "tokens": 60_000_000, "valid_days": None}


def test_after_the_free_months_the_lower_price_wins() -> None:
    """60 M free, then 200 a month, against 120 a month: 200 (N - 6) > 120 N beyond 15 months, where both cost 1800."""
    months = found(asked({"north": sells(20, GRANT), "south": sells(12)}), "months")
    assert (months.below, months.above) == (None, Flip(16, "south"))
    assert months.less is not None
    assert months.more is not None
    assert (months.less.value, months.less.total, months.less.margin) == pytest.approx((10, 800, 400))
    assert (months.more.value, months.more.total, months.more.margin) == pytest.approx((14, 1600, 80))


def test_growth_uses_up_a_grant() -> None:
    """In two months 200 (1 + g) after a free month, against 110 + 110 (1 + g): 1 + g = 11/9."""
    free_month = {**GRANT, "tokens": 10_000_000}
    growth = found(asked({"north": sells(20, free_month), "south": sells(11)}, months=2), "growth")
    assert (growth.below, at(growth.above)) == (None, (2 / 9, "south"))


def test_more_tokens_for_the_same_text_cost_the_lead() -> None:
    """North at 10 and one token for one beats south at 13.4 up to 1.34 tokens; south wins below 10 / 13.4."""
    answer = asked({"north": sells(10), "south": sells(13.4)})
    north, south = found(answer, "ratio", "north"), found(answer, "ratio", "south")
    assert (north.below, at(north.above)) == (None, (1.34, "south"))
    assert (at(south.below), south.above) == ((10 / 13.4, "south"), None)


def test_a_ratio_is_of_the_models_that_were_chosen() -> None:
    """North's second model, better by its own tokenizer, does not come in with the ratio of the first."""
    north = {
        "models": [
            {"id": "m1", "tokenizer": "few", "price": {"input": 10}},
            {"id": "m2", "tokenizer": "many", "price": {"input": 9}},
        ]
    }
    texts = {"old": {"en": 200}, "few": {"en": 200}, "many": {"en": 250}}
    case = {
        "source_tokenizer": "old",
        "tokenizers": texts,
        "providers": {"north": north, "south": sells(12)},
        "profile": {"workloads": [{"tokens": 10_000_000, "text": {"en": 1}}]},
    }
    assert at(found(comparison(expand(case)), "ratio", "north").above) == (1.2, "south")


@pytest.mark.parametrize(
    ("currency", "rate_of", "cheaper", "dearer", "flip"),
    [
        # 12 months of 10 dollars and 2 days at 100, against 1200 yuan and 1 day: 120 x + 200 = 1300
        ("CNY", "USD", None, "south", 1100 / 120),
        # The same at 100 dollars a day: 120 + 200 = 1200 y + 100
        ("USD", "CNY", None, "north", 220 / 1200),
    ],
)
def test_an_exchange_rate_moves_what_is_paid_in_its_currency(
    currency: str, rate_of: str, cheaper: str | None, dearer: str, flip: float
) -> None:
    answer = asked(
        {"north": sells(1, currency="USD", compatible_since=None), "south": sells(10)},
        rates={"USD": 7},
        currency=currency,
        team={"day_rate": 100},
        effort={"integration": {"compatible": 1, "native": 2}},
    )
    rate = found(answer, "exchange_rate", rate_of)
    assert (at(rate.below), at(rate.above)) == (cheaper, (flip, dearer))


def test_a_decision_may_flip_and_flip_back() -> None:
    """At both ends of the range north is the cheapest, by different models, and between them west is.

    North: 600 and 3 days, or 1200 and 1 day; west: 975 and 1.5 days: 600 + 3x = 975 + 1.5x at 250.
    """
    north = {
        "models": [
            {"id": "m1", "price": {"input": 5}},
            {"id": "m2", "price": {"input": 10}, "features": ["tools"]},
        ]
    }
    west = {
        "models": [{"id": "m", "price": {"input": 8.125}, "features": ["tools"]}],
        "compatible_since": None,
    }
    answer = asked(
        {"north": north, "west": west},
        workloads=[{"tokens": 10_000_000, "features": ["tools"]}],
        team={"day_rate": 200},
        effort={"integration": {"compatible": 1, "native": 1.5}, "rework": {"tools": 2}},
    )
    rate = found(answer, "day_rate")
    assert rate.input.high == 600
    assert (rate.below, at(rate.above)) == (None, (250, "west"))
    # Nobody is late, so that all is the same in person-days.
    assert at(found(answer, "effort").above) == (1.25, "west")


def test_a_day_too_late_flips_at_once() -> None:
    """North needs 6 of the 7 working days before the cut-off: beyond 7/6 of that, a day of 500 outweighs its lead."""
    answer = asked(
        {"north": sells(10, compatible_since=None), "south": sells(12.5)},
        team={"day_rate": 0},
        loss_per_day=500,
        effort={"integration": {"compatible": 3, "native": 6}},
    )
    effort = found(answer, "effort")
    assert (effort.below, at(effort.above)) == (None, (7 / 6, "south"))


def test_the_loss_of_a_day_decides_where_one_is_late() -> None:
    """North is ready on 2 July, a day late, and 300 cheaper."""
    answer = asked(
        {"north": sells(10, compatible_since=None), "south": sells(12.5)},
        team={"day_rate": 0},
        loss_per_day=200,
        effort={"integration": {"compatible": 3, "native": 8}},
    )
    loss = found(answer, "loss_per_day")
    assert (loss.below, at(loss.above)) == (None, (300, "south"))


def test_offers_open_at_a_certain_usage() -> None:
    """South at 14 halves its price for 17 million tokens a month or more, north at 10 for 18 million."""
    half = {"kind": "discount", "share": 0.5, "until": None}
    north, south = sells(10, half), sells(14, half)
    north["offers"][0]["conditions"] = {"min_monthly_tokens": 18_000_000}
    south["offers"][0]["conditions"] = {"min_monthly_tokens": 17_000_000}
    tokens = found(asked({"north": north, "south": south}), "monthly_tokens")
    assert (tokens.below, at(tokens.above)) == (None, (17_000_000, "south"))


def test_a_later_start_loses_the_days_of_a_discount() -> None:
    """A month of 160, half price to 31 July, d days later: 80 + 80 d/31 exceeds 120 from the 16th day on."""
    half = {"kind": "discount", "share": 0.5, "until": date(2024, 7, 31)}
    starts = found(asked({"north": sells(16, half), "south": sells(12)}, months=1), "starts")
    assert (starts.below, starts.above) == (None, Flip(date(2024, 7, 17).toordinal(), "south"))
    assert (starts.less, starts.more) == (None, None)


def test_what_is_cached_counts_where_it_is_cheaper() -> None:
    """12 - 8c < 10 from a quarter on."""
    south = {"models": [{"id": "m", "price": {"input": 12, "cached_input": 4}}]}
    cached = found(asked({"north": sells(10), "south": south}), "cached_share", "main")
    assert (cached.below, at(cached.above)) == (None, (0.25, "south"))


def test_who_is_not_cut_off_may_stay() -> None:
    """1000 a month for staying, against 500 a month and 40 days at 100: the same after 8 months, less after 9."""
    answer = asked(
        {"north": sells(50)},
        event={"cutoff": None},
        months=6,
        team={"day_rate": 100},
        effort={"integration": {"compatible": 40}},
    )
    assert cheapest(answer) == "old"
    assert found(answer, "months").above == Flip(9, "north")
    assert at(found(answer, "day_rate").below) == (75, "north")  # 6000 = 3000 + 40 days
    assert "loss_per_day" not in {one.input.name for one in variations(answer)}


def test_what_staying_costs_has_a_currency_too() -> None:
    """12,000 yuan for staying, 1500 dollars for going: the same at 0.125 dollars for a yuan."""
    answer = asked({"north": sells(12.5, currency="USD")}, event={"cutoff": None}, rates={"USD": 10}, currency="USD")
    assert cheapest(answer) == "old"
    rate = found(answer, "exchange_rate", "CNY")
    assert (rate.below, at(rate.above)) == (None, (0.125, "north"))


def test_nothing_flips_where_there_is_no_choice() -> None:
    assert flips(asked({"north": sells(10)})) == []


def test_the_work_can_be_watched_and_stopped() -> None:
    answer = asked({"north": sells(10), "south": sells(12)}, months=2, team={"day_rate": 100})
    shares: list[float] = []
    names = [one.input.name for one in flips(answer, progress=shares.append)]
    assert names == ["months", "starts", "monthly_tokens", "growth", "cached_share", "ratio", "ratio", "effort",
                     "day_rate", "loss_per_day"]  # fmt: skip
    assert shares == sorted(shares)
    assert shares[-1] == 1

    class Enough(Exception):
        pass

    def stop(share: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        flips(answer, progress=stop)
    with pytest.raises(Enough):
        cheapest_map(answer, [1e6], [1], progress=stop)


# ----------------------------------------------------------------------------------------------------- in words


def test_what_is_found_is_told_the_nearest_first() -> None:
    """After 60 M free tokens 20 against 12 throughout: south wins beyond 150 M tokens in all."""
    answer = asked({"north": sells(20, GRANT), "south": sells(12)})
    results = flips(answer)
    english, chinese = told(results, answer, language("en")), told(results, answer, language("zh"))
    assert english[:6] == [
        "Tokens a month: above 12.5M, South is cheaper than North (now: 10M).",
        "Growth a month: above 4%, South is cheaper than North (now: 0%).",
        "New tokens for one old, North: above 1.1, South is cheaper than North (now: 1).",
        "Months looked at: from 16 on, South is cheaper than North (now: 12).",
        "New tokens for one old, South: below 0.83, South is cheaper than North (now: 1).",
        "First day of real use: from 20 June 2024 to 31 July 2024, North remains the cheapest (now: 1 July 2024).",
    ]
    assert chinese[3] == "测算期（月）：从 16 起，South比North便宜（当前：12）。"
    assert len(chinese) == len(english)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_input_has_words(lang: str) -> None:
    """A flip on either side of each input, and none."""
    answer = asked(
        {"north": sells(10), "south": sells(12, currency="USD")}, rates={"USD": 1}, team={"day_rate": 100}, months=6
    )
    inputs = [variation.input for variation in variations(answer)]
    assert {one.name for one in inputs} == {
        "months", "starts", "monthly_tokens", "growth", "cached_share", "ratio", "effort", "day_rate", "loss_per_day",
        "exchange_rate",
    }  # fmt: skip
    south = [Flip(one.low if one.low < one.today else one.high, "south") for one in inputs]
    below = told([Finding(*pair, None, None, None) for pair in zip(inputs, south, strict=True)], answer, language(lang))
    stay = [Flip(one.high, "old") for one in inputs]
    above = told(
        [Finding(one, None, flip, None, None) for one, flip in zip(inputs, stay, strict=True)], answer, language(lang)
    )
    holds = told([Finding(one, None, None, None, None) for one in inputs], answer, language(lang))
    assert len({*below, *above, *holds}) == 3 * len(inputs)


# --------------------------------------------------------------------------------------------------------- the map


def test_the_map_shows_who_is_the_cheapest_where() -> None:
    """60 M free and then 20, against 12 throughout: 20 (N t - 60) > 12 N t beyond 150 M tokens in all."""
    answer = asked({"north": sells(20, GRANT), "south": sells(12)})
    tokens, months = [1e6 * 1.5**k for k in range(-1, 14)], [1, 2, 6, 15, 36]
    shares: list[float] = []
    compared: list[Profile] = []

    def counting(profile: Profile, catalogue: Catalogue) -> Comparison:
        compared.append(profile)
        return compare_plainly(profile, catalogue)

    picture = cheapest_map(answer, tokens, months, counting, shares.append)
    assert len(compared) == len(months) * (len(tokens) + 3)  # each border is found by halving three times
    assert (picture.tokens, picture.months) == (tuple(tokens), tuple(months))
    assert picture.providers == ("north", "south")
    assert picture.today == (10_000_000, 12)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    for row, horizon in enumerate(months):
        for column, amount in enumerate(tokens):
            millions = horizon * amount / 1e6
            cost = min(20 * max(millions - 60, 0), 12 * millions)
            assert picture.providers[picture.winners[row, column]] == ("north" if millions <= 150 else "south")
            assert picture.totals[row, column] == pytest.approx(cost)
        regions = [region for region in picture.regions if region.months == horizon]
        assert [region.provider for region in regions] == ["north", "south"]
        assert [regions[0].low, regions[1].high] == [tokens[0], tokens[-1]]
        assert regions[0].high == regions[1].low == pytest.approx(150e6 / horizon, rel=1.5 ** (1 / 16) - 1)


def test_the_usual_map_is_around_today() -> None:
    tokens, months = usual_grid(asked({"north": sells(10)}, months=13))
    assert [len(tokens), tokens[0], tokens[12], tokens[24]] == pytest.approx([25, 1e6, 1e7, 1e8])
    assert [after / before for before, after in pairwise(tokens)] == pytest.approx([100 ** (1 / 24)] * 24)
    assert months == [3, 6, 9, 12, 13, 15, 18, 21, 24, 27, 30, 33, 36]


def test_a_border_may_hide_a_third_provider() -> None:
    """A day of work for each feature that is missing, and 12, 6 and 2 a million: 100 + 12 t, 200 + 6 t, 400 + 2 t."""
    features = ["json", "tools", "vision"]
    providers = {
        name: {"models": [{"id": "m", "price": {"input": price}, "features": features[:known]}]}
        for name, price, known in [("north", 12, 2), ("east", 6, 1), ("south", 2, 0)]
    }
    answer = asked(
        providers,
        workloads=[{"tokens": 10_000_000, "features": features}],
        team={"day_rate": 1},
        effort={"rework": {"json": 200, "tools": 100, "vision": 100}},
    )
    picture = cheapest_map(answer, [1e6, 1e9], [1])
    assert [region.provider for region in picture.regions] == ["north", "east", "south"]
    near = 1000 ** (1 / 16)
    borders = [region.low / 1e6 for region in picture.regions[1:]]
    assert all(exact / near <= found <= exact * near for exact, found in zip([100 / 6, 50], borders, strict=True))


# --------------------------------------------------------------------------------------------- in generated worlds


def values_between(variation: Variation, end: float) -> list[float]:
    """Values on the way from today's to ``end``, without the ends."""
    today = variation.input.today
    if variation.whole:
        step = 1 if end > today else -1
        return [float(value) for value in range(int(today) + step, int(end), step)]
    return [float(value) for value in np.linspace(today, end, 14)[1:-1]]


@WORLDS
@given(worlds())
def test_the_decision_flips_where_it_is_said_to(world: World) -> None:
    answer = comparison(world)
    if len(standings(answer)) < 2:
        return
    for variation in variations(answer):
        result = finding(variation, answer)

        def winner(value: float, variation: Variation = variation) -> str:
            return cheapest(compare_plainly(*variation.change(value)))

        for flip, end in ((result.below, variation.input.low), (result.above, variation.input.high)):
            assert_flips(flip, variation, winner, cheapest(answer))
            exact = variation.whole or variation.slope is not None
            passed = [
                value
                for value in values_between(variation, flip.value if flip else end)
                if flip is None or variation.whole or abs(value - flip.value) > margin_of_error(flip, variation)
            ]
            others = [value for value in passed if winner(value) != cheapest(answer)]
            assert not (exact and others), (variation.input.name, others)
            if others:
                event(f"missed: {variation.input.name}")


def margin_of_error(flip: Flip, variation: Variation) -> float:
    """Three times the tolerance."""
    return 3e-6 * max(abs(flip.value), (variation.input.high - variation.input.low) / 100)


def assert_flips(flip: Flip | None, variation: Variation, winner: Callable[[float], str], today: str) -> None:
    """Just before it the old winner is the cheapest, just after it the new one."""
    if flip is None:
        return
    event(f"flips: {variation.input.name}")
    side = 1 if flip.value > variation.input.today else -1
    near = 1 if variation.whole else margin_of_error(flip, variation)
    passed = near < abs(flip.value - variation.input.today)
    assert winner(flip.value - side * near if passed else variation.input.today) == today
    assert winner(flip.value + (0 if variation.whole else side * near)) == flip.provider


@WORLDS
@given(worlds())
def test_totals_only_rise_or_only_fall_where_that_is_relied_on(world: World) -> None:
    answer = comparison(world)
    for variation in variations(answer) if len(standings(answer)) > 1 else ():
        if not variation.monotone:
            continue
        one = variation.input
        edges = sorted({one.low, *(step for step in variation.steps if one.low < step < one.high), one.high})
        for low, high in pairwise(edges):
            inside = (1 - 1e-9) * high if high in variation.steps else high
            values = sorted({round(v) if variation.whole else v for v in np.linspace(low, inside, 9).tolist()})
            seen = [standings(compare_plainly(*variation.change(value))) for value in values]
            for provider in seen[0]:
                steps = np.diff([totals[provider] for totals in seen])
                noise = 1e-9 * max(totals[provider] for totals in seen)
                assert (steps >= -noise).all() or (steps <= noise).all(), (one.name, provider)


# --------------------------------------------------------------------------------------------- with the shipped data


def test_the_example_is_answered_with_few_comparisons() -> None:
    answer = compare(Path(calculator.__file__).parent / "data" / "example-profile.yaml")
    counted = 0

    def counting(profile: Profile, catalogue: Catalogue) -> Comparison:
        nonlocal counted
        counted += 1
        return compare_plainly(profile, catalogue)

    results = flips(answer, counting)
    assert 50 < counted < 200
    by_input = {(variation.input.name, variation.input.of): variation for variation in variations(answer)}
    told_of = [(one.input, flip) for one in results for flip in (one.below, one.above) if flip]
    assert told_of
    for input_, flip in told_of:
        there = compare_plainly(*by_input[input_.name, input_.of].change(flip.value))
        first, second = sorted(standings(there).values())[:2]
        assert standings(there)[flip.provider] == pytest.approx(first, rel=1e-6)
        assert cheapest(there) == flip.provider or first == pytest.approx(second, rel=1e-6)
