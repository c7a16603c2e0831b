"""List prices over time: what was in force when, what a mix of tokens costs, and what changed between two days."""

from datetime import date
from typing import Any

import pytest
from oracle_world import sourced

from pricing import Model, Price, Prices, Provider
from pricing.history import Mix, history, listed_on, per_million, relative_change
from pricing.schema import ExchangeRates, Tokenizers
from report.language import language
from report.prices import Point, all_on, factors, finding, on_two_days, points, price_number, status_words, usual_days

EN, ZH = language("en"), language("zh")


def price(day: str, into: Any, out: Any = None, **fields: Any) -> dict[str, Any]:
    return sourced({"from": date.fromisoformat(day), "input": into, "output": out, **fields})


def model(*prices: dict[str, Any], name: str = "m", kind: str = "chat", **fields: Any) -> Model:
    tier = {"tier": "standard"} if kind == "chat" else {}
    return Model.model_validate({"id": name, "kind": kind, "prices": list(prices), **tier, **fields})


def provider(*models: Model, currency: str = "CNY", name: str = "north") -> Provider:
    return Provider.model_validate({"provider": name, "currency": currency, "models": list(models)})


def day(text: str) -> date:
    return date.fromisoformat(text)


FALLING = model(
    price("2024-06-01", 4, 8), price("2024-01-10", 10, 20), price("2024-05-01", "unknown", "unknown"),
    price("2024-03-01", 5, 10), withdrawn=day("2024-09-01"),
)  # fmt: skip


def steps(one: Model) -> list[tuple[str, str | None, Any]]:
    return [(str(step.starts), step.ends and str(step.ends), step.price.input) for step in history(one)]


def test_a_price_holds_until_the_next_and_an_unpublished_one_leaves_a_gap() -> None:
    assert steps(FALLING) == [
        ("2024-01-10", "2024-03-01", 10), ("2024-03-01", "2024-05-01", 5), ("2024-06-01", "2024-09-01", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [("2024-01-10", None, 10)]),
        ({"released": day("2024-02-01")}, [("2024-02-01", None, 10)]),
        ({"withdrawn": day("2024-01-10")}, []),
        # Seen last on 30 June 2024: a year later, from 1 July 2025 on, it counts as gone.
        ({"last_seen": day("2024-06-30")}, [("2024-01-10", "2025-07-01", 10)]),
        ({"last_seen": day("2024-06-30"), "withdrawn": day("2024-08-01")}, [("2024-01-10", "2024-08-01", 10)]),
    ],
)
def test_a_price_counts_only_while_the_model_is_sold(fields: dict[str, Any], expected: list[Any]) -> None:
    one = model(price("2024-01-10", 10, 20), **fields)
    assert steps(one) == expected
    for step in history(one):  # the same as asking day by day
        assert listed_on(one, step.starts) is step.price
        assert step.ends is None or listed_on(one, step.ends) is None


def test_the_mix_is_that_of_all_tokens() -> None:
    # 60 input, half of it cached, and 40 output; 100 input more: 130 fresh, 30 cached and 40 output of 200.
    mix = Mix.of([(60, 0.5, 40), (100, 0, 0)])
    assert mix is not None
    assert (mix.input, mix.cached_input, mix.output) == pytest.approx((0.65, 0.15, 0.2))
    assert Mix.of([]) is None
    assert Mix.of([(0, 0.5, 0)]) is None


@pytest.mark.parametrize(
    ("fields", "measure", "expected"),
    [
        ({"out": 20}, "input", 10),
        ({"out": 20}, "output", 20),
        ({"out": 20}, "mix", 14),  # 0.3 × 10 + 0.3 × 10 + 0.4 × 20
        ({"out": 20, "cached_input": 2}, "mix", 11.6),  # 0.3 × 10 + 0.3 × 2 + 0.4 × 20
        ({"out": None}, "mix", 10),  # an embedding model has no output
        ({"out": None}, "output", None),
    ],
)
def test_a_million_tokens_cost(fields: dict[str, Any], measure: Any, expected: float | None) -> None:
    one = Price.model_validate(price("2024-01-10", 10, **fields))
    assert per_million(one, measure, Mix(0.3, 0.3, 0.4)) == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("before", "after", "change"), [(10, 5, -0.5), (4, 5, 0.25), (3, 3, 0), (0, 0, 0), (0, 1, None), (2, 0, -1)]
)
def test_the_change_is_relative_to_the_price_before(before: float, after: float, change: float | None) -> None:
    assert relative_change(before, after) == change


def test_a_line_steps_at_each_price_and_breaks_at_a_gap() -> None:
    north = provider(FALLING)
    east = provider(model(price("2024-02-01", 1, 2)), currency="USD", name="east")
    south = provider(model(price("2024-02-01", 1, 2)), currency="EUR", name="south")
    sold = [(one, one.models[0]) for one in (north, south, east)]
    drawn = points(sold, "input", None, {"CNY": 1.0, "USD": 7.0}, day("2024-12-31"))
    assert drawn == [
        Point(0, 0, day("2024-01-10"), 10), Point(0, 0, day("2024-03-01"), 5), Point(0, 0, day("2024-05-01"), 5),
        Point(0, 1, day("2024-06-01"), 4), Point(0, 1, day("2024-09-01"), 4),
        Point(2, 3, day("2024-02-01"), 7), Point(2, 3, day("2024-12-31"), 7),
    ]  # fmt: skip
    early = points(sold[:1], "output", None, {"CNY": 1.0}, day("2024-02-01"))
    assert early == [Point(0, 0, day("2024-01-10"), 20), Point(0, 0, day("2024-02-01"), 20)]


def test_two_days_are_compared_in_one_currency_at_one_rate() -> None:
    rates = ExchangeRates.model_validate({"rates": {"USD": [
        sourced({"from": day("2024-01-01"), "rate": 7.0}), sourced({"from": day("2024-08-01"), "rate": 8.0}),
    ]}})  # fmt: skip
    prices = Prices({}, rates, Tokenizers())
    cut = model(price("2024-01-10", 10, 20), price("2024-07-01", 6, 20), name="cut")
    raised = model(price("2024-01-10", 4, 8), price("2024-07-01", 5, 8), name="raised")
    came = model(price("2024-07-01", 1, 1), name="came", released=day("2024-07-01"))
    first_priced = model(price("2024-07-01", 1, 1), name="first-priced")
    secret = model(price("2024-01-10", 1, 1), price("2024-07-01", "unknown", "unknown"), name="secret")
    kept = model(price("2024-01-10", 3, 3), name="kept")
    later = model(price("2025-01-10", 3, 3), name="later")
    free = model(price("2024-01-10", 0, 0), price("2024-07-01", 2, 2), name="free")
    everything = [cut, raised, came, first_priced, secret, kept, later, free, FALLING]
    usa = provider(*everything, currency="USD")
    sold = [(usa, one) for one in everything]
    factor = factors(sold, prices, "CNY", day("2024-06-01"))
    assert factor == {"USD": 7.0}
    found = on_two_days(sold, day("2024-06-15"), day("2024-10-01"), "input", None, factor)
    assert [(one.model.id, one.status, one.was, one.is_, one.change) for one in found] == [
        ("cut", "cheaper", 70, 42, pytest.approx(-0.4)), ("raised", "dearer", 28, 35, 0.25),
        ("came", "new", None, 7, None), ("first-priced", "new", None, 7, None),
        ("secret", "unpublished", 7, None, None),
        ("kept", "same", 21, 21, 0), ("later", "absent", None, None, None), ("free", "dearer", 0, 14, None),
        ("m", "gone", 28, None, None),
    ]  # fmt: skip
    assert [status_words(one, EN) for one in found] == [
        "−40%", "+25%", "new", "new", "price not published", "unchanged", "not on sale on either day", "free before",
        "no longer sold",
    ]  # fmt: skip
    assert finding(found, EN) == "cut fell most, by 40%; no longer sold: m; new: came, first-priced"
    assert "cut" in finding(found, ZH)
    assert finding(found[1:2], EN) == "no price fell"
    assert finding(found[5:6], EN) == "no price changed"
    assert finding(found[6:7], EN) == "none of these models was on sale on either day"
    (unknown,) = on_two_days(sold[:1], day("2024-06-15"), day("2024-10-01"), "input", None, {})
    assert (unknown.was, unknown.is_, unknown.change) == (None, None, pytest.approx(-0.4))


def test_all_prices_on_a_day_are_those_in_force_and_published() -> None:
    north = provider(FALLING, model(price("2024-02-01", 1), name="embed", kind="embedding"))
    listed = [(one.id, found.input) for _, one, found in all_on([north], day("2024-04-01"))]
    assert listed == [("m", 5), ("embed", 1)]
    assert [one.id for _, one, _ in all_on([north], day("2024-05-15"))] == ["embed"]


def test_the_days_compared_at_first() -> None:
    from offers import Event

    event = sourced({"event": "e", "source": "s", "announced": day("2024-06-25"), "cutoff": day("2024-07-09")})
    cut_off, free = Event.model_validate(event), Event.model_validate({**event, "cutoff": None})
    decision, today = day("2024-06-28"), day("2026-11-22")
    assert usual_days(cut_off, decision, today) == (decision, today)
    assert usual_days(free, decision, today) == (day("2023-06-28"), decision)
    assert usual_days(cut_off, today, today) == (day("2025-11-22"), today)
    assert usual_days(free, day("2024-02-29"), today) == (day("2023-02-28"), day("2024-02-29"))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0.5, "0.5"), (0.0375, "0.0375"), (36.314, "36.31"), (1200, "1,200"), (0, "0"), (0.99999, "1")],
)
def test_small_prices_show_more_decimals(amount: float, shown: str) -> None:
    assert price_number(amount, EN) == shown
