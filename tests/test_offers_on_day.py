"""The offers as one looks at them on a day: open or not, what is published, and where a window stands in time."""

from datetime import date, timedelta
from typing import Any

import pytest
from oracle_world import full_event, full_offer, full_provider

from offers import Event, EventOffers, Offer
from pricing import Prices, Provider
from pricing.schema import ExchangeRates, Tokenizers
from report.language import language
from report.offers import OfferOnDay, TimeScale, benefit_terms, count_terms, gives, offer_terms, offers_on, state_words

EN, ZH = language("en"), language("zh")
ANNOUNCED, CUTOFF = date(2024, 6, 20), date(2024, 7, 1)
OPENS, CLOSES = date(2024, 6, 25), date(2024, 7, 15)
DAY = timedelta(days=1)
_PLAIN = full_provider("north", {"models": [{"id": "large", "price": {"input": 1, "output": 1}}]})
_PLAIN["models"][0]["name"] = "Large"
NORTH = Provider.model_validate(_PLAIN)
SERVICE = {"kind": "service", "service": "migration"}


def offer(*benefits: dict[str, Any], **fields: Any) -> Offer:
    return Offer.model_validate(full_offer({"id": "gift", "benefits": list(benefits) or [SERVICE], **fields}))


def seen(opens: Any, closes: Any, day: date, stance: Any = "expected") -> OfferOnDay:
    event = Event.model_validate(full_event({}))
    offers = EventOffers(event, {"north": [offer(opens=opens, closes=closes)]})
    (one,) = offers_on(offers, Prices({"north": NORTH}, ExchangeRates(), Tokenizers()), day, stance)
    return one


@pytest.mark.parametrize(
    ("opens", "closes", "day", "state", "words"),
    [
        (OPENS, CLOSES, OPENS - 3 * DAY, "not_yet_open", "opens in 3 days"),
        (OPENS, CLOSES, OPENS - DAY, "not_yet_open", "opens in 1 day"),
        (OPENS, CLOSES, OPENS, "closing", "open, 20 days left"),
        (OPENS, CLOSES, CLOSES - DAY, "closing", "open, 1 day left"),
        (OPENS, CLOSES, CLOSES, "last_day", "open, last day"),
        (OPENS, CLOSES, CLOSES + DAY, "closed", "closed"),
        (OPENS, None, CLOSES + 900 * DAY, "open", "open"),
        ("unknown", None, OPENS, "unpublished", "open as far as known"),
        (OPENS, "unknown", OPENS, "unpublished", "open as far as known"),
        (OPENS, "unknown", CUTOFF + 30 * DAY, "unpublished", "open as far as known"),
        (OPENS, "unknown", CUTOFF + 31 * DAY, "presumed_closed", "probably closed"),
        ("unknown", "unknown", ANNOUNCED - DAY, "not_yet_open", "opens in 1 day"),
    ],
)
def test_the_state_of_an_offer_on_each_side_of_its_days(
    opens: Any, closes: Any, day: date, state: str, words: str
) -> None:
    one = seen(opens, closes, day)
    assert one.state == state
    assert state_words(one, EN) == words
    assert state_words(one, ZH) != words
    assert one.can_be_claimed == (state not in ("not_yet_open", "closed", "presumed_closed"))


@pytest.mark.parametrize(
    ("stance", "closes"), [("cautious", CUTOFF), ("expected", CUTOFF + 30 * DAY), ("generous", None)]
)
def test_a_last_day_that_nobody_published_is_that_of_the_stance(stance: str, closes: date | None) -> None:
    assert seen(OPENS, "unknown", OPENS, stance).closes == closes


def test_what_nobody_published_is_none_and_counted() -> None:
    grant = {"kind": "token_grant", "tokens": 5_000_000, "models": "unknown", "valid_days": "unknown"}
    matched = {"kind": "matched_grant", "months": 1, "models": ["large"], "cap": "unknown", "valid_days": 30}
    discount = {"kind": "discount", "share": 0.2, "models": "all", "until": None}
    one = offer(
        grant, matched, discount, SERVICE, opens=OPENS, closes="unknown",
        conditions={"new_customer": "unknown", "account": "any", "min_monthly_tokens": 2_000_000},
    )  # fmt: skip
    assert [term.value for term in offer_terms(one, EN)] == ["25 June 2024", None, None, "any account", "2M tokens"]
    told = [[(term.name, term.value) for term in benefit_terms(benefit, NORTH, EN)] for benefit in one.benefits]
    assert told == [
        [("models", None), ("lasts", None)],
        [("models", "Large"), ("lasts", "30 days"), ("at most", None)],
        [("models", "all"), ("lasts", "no end")],
        [],
    ]
    assert count_terms(one, NORTH, EN) == (12, 5)
    assert count_terms(one, NORTH, ZH) == (12, 5)


def test_a_grant_for_each_model_says_so() -> None:
    shared, each = (
        offer({"kind": "token_grant", "tokens": 5e6, "models": "all", "pool": pool, "valid_days": None}).benefits[0]
        for pool in ("shared", "per_model")
    )
    assert gives(shared, NORTH, EN) == "5M free tokens"
    assert gives(each, NORTH, EN) == "5M free tokens for each model"


def test_days_are_placed_between_the_first_and_the_last() -> None:
    windows = [seen(OPENS, OPENS + 10 * DAY, OPENS), seen(OPENS, None, OPENS)]
    scale = TimeScale.of(windows, [OPENS - 10 * DAY])
    assert (scale.first, scale.last) == (OPENS - 10 * DAY, OPENS + 10 * DAY)
    assert [scale.percent(OPENS + n * DAY) for n in (-20, -10, -5, 0, 10, 500)] == [0, 0, 25, 50, 100, 100]
    assert TimeScale.of([seen(OPENS, None, OPENS)], []).last == OPENS + DAY
