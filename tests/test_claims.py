"""Who can claim an offer, when, and for how long it lives: each boundary as a pair, the day before and the day."""

from datetime import date, timedelta
from typing import Any

import pytest
from oracle_world import full_event, full_offer, full_provider

from offers import Assumption, Customer, Event, Offer, Outcome, Term, claim
from offers.schema import Discount
from pricing import Provider

ANNOUNCED = date(2024, 6, 20)
CUTOFF = date(2024, 7, 1)
AS_OF = date(2024, 6, 25)
STARTS = date(2024, 7, 10)
DAY = timedelta(days=1)
LATER = date(2025, 1, 1)

GRANT = {"kind": "token_grant", "tokens": 5_000_000, "models": ["mid"], "valid_days": 30}
VOUCHER = {"kind": "voucher", "amount": 14, "valid_days": 30}
DISCOUNT = {"kind": "discount", "share": 0.5, "models": ["mid"], "until": None}
MATCHED = {"kind": "matched_grant", "months": 2, "models": ["mid"], "valid_days": None}
SERVICE = {"kind": "service", "service": "migration"}

MODELS = [
    {"id": "large", "price": {"input": 100, "output": 100}},
    {"id": "mid", "tier": "standard", "price": {"input": 4, "output": 12}},
    {"id": "small", "tier": "light", "price": {"input": 1, "output": 2}},
    {"id": "free", "tier": "light", "price": {"input": 0, "output": 0}},
    {"id": "embed", "kind": "embedding", "price": {"input": 0.1}},
    {"id": "gone", "tier": "light", "withdrawn": AS_OF, "price": {"input": 0.01, "output": 0.01}},
    {"id": "to-come", "tier": "light", "released": AS_OF + DAY, "price": {"input": 0.01, "output": 0.01}},
]
PROVIDER = Provider.model_validate(full_provider("north", {"models": MODELS}))
CHAT = frozenset({"large", "mid", "small", "free"})


def offer(*benefits: dict[str, Any], **fields: Any) -> Offer:
    """An offer as YAML gives it: opens with the announcement, never closes, for everybody."""
    return Offer.model_validate(full_offer({"id": "gift", "benefits": benefits or [GRANT], **fields}))


def settle(an_offer: Offer, event: dict[str, Any] | None = None, **customer: Any) -> Outcome:
    given = {"as_of": AS_OF, "first_use": STARTS, "monthly_tokens": 1_000_000.0, **customer}
    return claim(an_offer, Event.model_validate(full_event(event or {})), PROVIDER, Customer(**given))


def term(an_offer: Offer, **customer: Any) -> Term:
    """The one term of an offer that is claimed."""
    (only,) = settle(an_offer, **customer).terms
    return only


def assumed(an_offer: Offer, stance: str, **customer: Any) -> dict[str, str]:
    return {one.term: str(one.assumed) for one in settle(an_offer, stance=stance, **customer).assumptions}


# ------------------------------------------------------------------------------------------------------ window


@pytest.mark.parametrize(
    ("as_of", "status", "reason"),
    [
        (AS_OF - DAY, "not_yet_open", "opens on 2024-06-25"),
        (AS_OF, "claimed", "no last day to claim"),
    ],
)
def test_an_offer_opens_on_its_first_day(as_of: date, status: str, reason: str) -> None:
    outcome = settle(offer(opens=AS_OF), as_of=as_of)
    assert (outcome.status, str(outcome.reason)) == (status, reason)


@pytest.mark.parametrize(
    ("as_of", "status", "reason"),
    [
        (AS_OF, "claimed", "claim by 2024-06-25"),
        (AS_OF + DAY, "missed", "closed on 2024-06-25"),
    ],
)
def test_an_offer_can_be_claimed_on_its_last_day(as_of: date, status: str, reason: str) -> None:
    outcome = settle(offer(closes=AS_OF), as_of=as_of)
    assert (outcome.status, str(outcome.reason)) == (status, reason)


@pytest.mark.parametrize(
    ("closes", "claimed_on"),
    [
        (STARTS - DAY, STARTS - DAY),
        (STARTS, STARTS),
        (STARTS + DAY, STARTS),
        (None, STARTS),
    ],
)
def test_it_is_claimed_on_the_first_day_of_use_or_on_its_last_day(closes: date | None, claimed_on: date) -> None:
    assert settle(offer(closes=closes)).claimed_on == claimed_on


@pytest.mark.parametrize("fields", [{"opens": AS_OF + DAY}, {"closes": AS_OF - DAY}])
def test_what_is_not_claimed_has_no_terms(fields: dict[str, Any]) -> None:
    outcome = settle(offer(GRANT, SERVICE, **fields))
    assert (outcome.claimed_on, outcome.terms) == (None, ())


def test_the_window_is_looked_at_before_the_conditions() -> None:
    closed = offer(closes=AS_OF - DAY, conditions={"new_customer": True})
    assert settle(closed, customer_of=frozenset({"north"})).status == "missed"


# -------------------------------------------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    ("conditions", "customer", "reason"),
    [
        ({"new_customer": True}, {}, None),
        ({"new_customer": True}, {"customer_of": {"south"}}, None),
        ({"new_customer": True}, {"customer_of": {"north"}}, "for new customers only, and you are a customer already"),
        ({"new_customer": False}, {"customer_of": {"north"}}, None),
        ({"account": "any"}, {"account": "individual"}, None),
        ({"account": "enterprise"}, {"account": "enterprise"}, None),
        ({"account": "enterprise"}, {"account": "individual"}, "for enterprise accounts only"),
        ({"account": "individual"}, {"account": "individual"}, None),
        ({"account": "individual"}, {"account": "enterprise"}, "for individuals only"),
        ({"min_monthly_tokens": 1_000_000}, {"monthly_tokens": 1_000_000.0}, None),
        ({"min_monthly_tokens": 1_000_000}, {"monthly_tokens": 999_999.0}, "needs at least 1,000,000 tokens a month"),
        ({}, {"account": "individual", "customer_of": {"north"}, "monthly_tokens": 0.0}, None),
    ],
)
def test_conditions(conditions: dict[str, Any], customer: dict[str, Any], reason: str | None) -> None:
    outcome = settle(offer(conditions=conditions), **customer)
    if reason is None:
        assert outcome.status == "claimed"
    else:
        assert (outcome.status, str(outcome.reason), outcome.terms) == ("ineligible", reason, ())


# ------------------------------------------------------------------------------------------------------- lives


def alive(a_term: Term, day: date) -> bool:
    return a_term.starts <= day and (a_term.ends is None or day < a_term.ends)


@pytest.mark.parametrize("benefit", [GRANT, VOUCHER])
def test_a_life_counts_the_day_of_the_claim_as_the_first(benefit: dict[str, Any]) -> None:
    one_day = term(offer({**benefit, "valid_days": 1}))
    assert (one_day.starts, one_day.last_day) == (STARTS, STARTS)
    thirty = term(offer({**benefit, "valid_days": 30}))
    days = (STARTS - DAY, STARTS, STARTS + 29 * DAY, STARTS + 30 * DAY)
    assert [alive(thirty, day) for day in days] == [False, True, True, False]


def test_a_life_begins_with_the_claim_even_before_the_first_use() -> None:
    early = term(offer(closes=STARTS - 5 * DAY))
    assert (early.starts, early.last_day) == (STARTS - 5 * DAY, STARTS + 24 * DAY)


@pytest.mark.parametrize("benefit", [GRANT, VOUCHER])
@pytest.mark.parametrize(
    ("life", "last_day"),
    [
        ({"valid_until": LATER}, LATER),
        ({"valid_days": 30, "valid_until": STARTS + 28 * DAY}, STARTS + 28 * DAY),
        ({"valid_days": 30, "valid_until": STARTS + 29 * DAY}, STARTS + 29 * DAY),
        ({"valid_days": 30, "valid_until": STARTS + 30 * DAY}, STARTS + 29 * DAY),
        ({"valid_days": None, "valid_until": LATER}, LATER),
        ({"valid_days": None}, None),
        ({"valid_days": 10, "valid_until": None}, STARTS + 9 * DAY),
    ],
)
def test_a_life_ends_with_whichever_end_comes_first(
    benefit: dict[str, Any], life: dict[str, Any], last_day: date | None
) -> None:
    kept = {key: value for key, value in benefit.items() if key != "valid_days"}
    assert term(offer({**kept, **life})).last_day == last_day


@pytest.mark.parametrize(
    ("dates", "starts", "last_day"),
    [
        ({"until": LATER}, STARTS, LATER),
        ({"until": None}, STARTS, None),
        ({"from": STARTS - DAY, "until": LATER}, STARTS, LATER),
        ({"from": STARTS, "until": LATER}, STARTS, LATER),
        ({"from": STARTS + DAY, "until": LATER}, STARTS + DAY, LATER),
    ],
)
def test_a_discount_lives_from_its_first_day_but_not_before_the_claim(
    dates: dict[str, Any], starts: date, last_day: date | None
) -> None:
    found = term(offer({**DISCOUNT, **dates}))
    assert (found.starts, found.last_day, found.size) == (starts, last_day, 0.5)


def test_a_service_and_all_benefits_keep_the_order_of_the_file() -> None:
    found = settle(offer(SERVICE, VOUCHER, DISCOUNT, GRANT)).terms
    assert [one.benefit.kind for one in found] == ["service", "voucher", "discount", "token_grant"]
    assert [one.size for one in found] == [0, 14, 0.5, 5_000_000]


# --------------------------------------------------------------------------------------------- models and sizes


@pytest.mark.parametrize(
    ("models", "covered"),
    [
        (["mid"], {"mid"}),
        (["mid", "embed"], {"mid", "embed"}),
        (["gone"], set()),
        (["to-come", "small"], {"small"}),
        ("all", CHAT | {"embed"}),
    ],
)
@pytest.mark.parametrize("benefit", [GRANT, DISCOUNT, MATCHED])
def test_a_benefit_covers_its_models_that_are_on_sale(benefit: dict[str, Any], models: Any, covered: set[str]) -> None:
    found = settle(offer({**benefit, "models": models}))
    assert found.terms[0].models == covered
    assert found.assumptions == ()


@pytest.mark.parametrize(
    ("cap", "months", "size"),
    [
        (None, 1, 1_000_000), (None, 2, 2_000_000), (None, 0.5, 500_000),
        (1_999_999, 2, 1_999_999), (2_000_000, 2, 2_000_000), (2_000_001, 2, 2_000_000), (0, 2, 0),
    ],
)  # fmt: skip
def test_a_matched_grant_gives_months_of_use_up_to_its_cap(cap: float | None, months: float, size: float) -> None:
    found = settle(offer({**MATCHED, "months": months, "cap": cap}))
    assert found.terms[0].size == size
    assert found.assumptions == ()


# ----------------------------------------------------------------------------------------------- unknown terms


@pytest.mark.parametrize(
    ("stance", "days", "words"),
    [
        ("cautious", 30, "valid for 30 days"),
        ("expected", 180, "valid for 180 days"),
        ("generous", None, "valid without end"),
    ],
)
@pytest.mark.parametrize("benefit", [GRANT, VOUCHER, {**MATCHED, "cap": None}])
def test_an_unknown_life(benefit: dict[str, Any], stance: str, days: int | None, words: str) -> None:
    unknown = offer({**benefit, "valid_days": "unknown"})
    assert term(unknown, stance=stance).ends == (None if days is None else STARTS + days * DAY)
    assert assumed(unknown, stance) == {"valid_days": words}


@pytest.mark.parametrize(("stance", "last_day"), [("cautious", STARTS + 29 * DAY), ("expected", STARTS + 59 * DAY)])
def test_an_unknown_life_does_not_outlive_a_known_day(stance: str, last_day: date) -> None:
    known = STARTS + 59 * DAY
    unknown = offer({**GRANT, "valid_days": "unknown", "valid_until": known})
    assert term(unknown, stance=stance).last_day == last_day
    assert term(unknown, stance="generous").last_day == known


@pytest.mark.parametrize(
    ("stance", "days", "words"),
    [
        ("cautious", 30, "valid for 30 days"),
        ("expected", 180, "valid for 180 days"),
        ("generous", None, "valid without end"),
    ],
)
def test_an_unknown_end_of_a_discount_counts_from_its_beginning(stance: str, days: int | None, words: str) -> None:
    begins = STARTS + 10 * DAY
    unknown = offer({**DISCOUNT, "from": begins, "until": "unknown"})
    found = term(unknown, stance=stance)
    assert isinstance(found.benefit, Discount)
    assert (found.starts, found.ends) == (begins, None if days is None else begins + days * DAY)
    assert assumed(unknown, stance) == {"until": words}


@pytest.mark.parametrize(
    ("stance", "covered", "words"),
    [
        ("cautious", {"small"}, "only small, the cheapest paid chat model"),
        ("expected", CHAT, "every chat model"),
        ("generous", CHAT | {"embed"}, "every model"),
    ],
)
@pytest.mark.parametrize("benefit", [GRANT, DISCOUNT, MATCHED])
def test_unknown_models(benefit: dict[str, Any], stance: str, covered: set[str], words: str) -> None:
    unknown = offer({**benefit, "models": "unknown"})
    assert term(unknown, stance=stance).models == covered
    assert assumed(unknown, stance) == {"models": words}


@pytest.mark.parametrize(
    ("prices", "cheapest"),
    [
        ([{"input": 1, "output": 9}, {"input": 4, "output": 5}], "b"),
        ([{"input": 1, "output": 4}, {"input": 4, "output": 1}], "a"),
        ([{"input": 0, "output": 1}, {"input": 1, "output": 1}], "a"),
        ([{"input": 0, "output": 0}, {"input": 1, "output": 1}], "b"),
        ([{"input": "unknown", "output": 0.1}, {"input": 1, "output": 1}], "b"),
        ([{"input": 0, "output": 0}, {"input": 0, "output": 0}], None),
    ],
)
def test_the_cheapest_paid_chat_model_is_that_of_the_lowest_sum_above_zero(
    prices: list[dict[str, Any]], cheapest: str | None
) -> None:
    models = [{"id": name, "price": price} for name, price in zip("ab", prices, strict=True)]
    provider = Provider.model_validate(full_provider("north", {"models": models}))
    event = Event.model_validate(full_event({}))
    customer = Customer(AS_OF, STARTS, stance="cautious")
    outcome = claim(offer({**GRANT, "models": "unknown"}), event, provider, customer)
    assert outcome.terms[0].models == ({cheapest} if cheapest else set())


FIRST_SEEN = AS_OF + 3 * DAY


@pytest.mark.parametrize(
    ("stance", "opens"),
    [("cautious", FIRST_SEEN), ("expected", ANNOUNCED), ("generous", ANNOUNCED)],
)
def test_an_unknown_opening(stance: str, opens: date) -> None:
    unknown = offer(opens="unknown")
    first = unknown.model_copy(update={"benefits": [seen_on(unknown.benefits[0], FIRST_SEEN)]})
    statuses = [settle(first, as_of=day, stance=stance, first_use=LATER).status for day in (opens - DAY, opens)]
    assert statuses == ["not_yet_open", "claimed"]
    assert assumed(first, stance)["opens"] == f"claims open on {opens}"


def seen_on(benefit: Any, *days: date | None) -> Any:
    """The benefit with sources published on these days."""
    source = benefit.sources[0]
    return benefit.model_copy(update={"sources": [source.model_copy(update={"published": day}) for day in days]})


def test_the_earliest_dated_source_counts_of_the_offer_and_its_benefits() -> None:
    unknown = offer(GRANT, VOUCHER, opens="unknown")
    grant, voucher = unknown.benefits
    many = unknown.model_copy(update={"benefits": [seen_on(grant, LATER, None), seen_on(voucher, None, FIRST_SEEN)]})
    assert many.first_seen == FIRST_SEEN
    undated = unknown.model_copy(update={"benefits": [seen_on(grant, None)]})
    assert undated.first_seen is None
    assert assumed(undated, "cautious")["opens"] == f"claims open on {ANNOUNCED}"


@pytest.mark.parametrize(
    ("stance", "last_day"),
    [("cautious", CUTOFF), ("expected", CUTOFF + 30 * DAY), ("generous", None)],
)
def test_an_unknown_closing(stance: str, last_day: date | None) -> None:
    unknown = offer(closes="unknown")
    if last_day is None:
        assert settle(unknown, as_of=LATER, first_use=LATER, stance=stance).status == "claimed"
        assert assumed(unknown, stance) == {"closes": "claims stay open"}
        return
    found = [settle(unknown, as_of=day, first_use=LATER, stance=stance) for day in (last_day, last_day + DAY)]
    assert [one.status for one in found] == ["claimed", "missed"]
    assert found[0].claimed_on == last_day
    assert str(found[0].reason) == f"claim by {last_day} (assumed, not published)"
    assert assumed(unknown, stance) == {"closes": f"claims close on {last_day}"}


@pytest.mark.parametrize(("stance", "after"), [("cautious", 0), ("expected", 30)])
def test_an_unknown_closing_counts_from_the_first_use_where_nobody_is_cut_off(stance: str, after: int) -> None:
    found = settle(offer(closes="unknown"), event={"cutoff": None}, stance=stance)
    assert str(found.reason) == f"claim by {STARTS + after * DAY} (assumed, not published)"


@pytest.mark.parametrize(
    ("stance", "status", "words"),
    [
        ("cautious", "ineligible", "only new customers"),
        ("expected", "claimed", "new and old customers"),
        ("generous", "claimed", "new and old customers"),
    ],
)
def test_whether_it_is_for_new_customers_only_is_unknown(stance: str, status: str, words: str) -> None:
    unknown = offer(conditions={"new_customer": "unknown"})
    assert settle(unknown, stance=stance, customer_of=frozenset({"north"})).status == status
    assert settle(unknown, stance=stance).status == "claimed"
    assert assumed(unknown, stance) == {"new_customer": words}


@pytest.mark.parametrize(
    ("stance", "status", "words"),
    [
        ("cautious", "ineligible", "enterprise accounts only"),
        ("expected", "claimed", "any account"),
        ("generous", "claimed", "any account"),
    ],
)
def test_an_unknown_kind_of_account(stance: str, status: str, words: str) -> None:
    unknown = offer(conditions={"account": "unknown"})
    assert settle(unknown, stance=stance, account="individual").status == status
    assert settle(unknown, stance=stance, account="enterprise").status == "claimed"
    assert assumed(unknown, stance) == {"account": words}


@pytest.mark.parametrize(
    ("stance", "size", "words"),
    [
        ("cautious", 0, "nothing is matched"),
        ("expected", 2_000_000, "no cap"),
        ("generous", 2_000_000, "no cap"),
    ],
)
def test_an_unknown_cap(stance: str, size: float, words: str) -> None:
    unknown = offer({**MATCHED, "cap": "unknown"})
    assert term(unknown, stance=stance).size == size
    assert assumed(unknown, stance) == {"cap": words}


@pytest.mark.parametrize(
    ("stance", "words"),
    [
        ("cautious", "it saves no work"),
        ("expected", "it saves the share of the work given in the effort data"),
        ("generous", "it saves the share of the work given in the effort data"),
    ],
)
def test_what_a_service_saves_is_never_published(stance: str, words: str) -> None:
    assert assumed(offer(SERVICE), stance) == {"service:migration": words}


def test_an_assumption_says_whose_it_is_and_stands_once() -> None:
    many = offer({**GRANT, "valid_days": "unknown"}, {**VOUCHER, "valid_days": "unknown"}, SERVICE, SERVICE)
    found = settle(many).assumptions
    assert [(one.term, one.offer) for one in found] == [("valid_days", "gift"), ("service:migration", "gift")]
    assert all(isinstance(one, Assumption) for one in found)


def test_known_terms_need_no_assumption_in_any_stance() -> None:
    known = offer(GRANT, VOUCHER, DISCOUNT, {**MATCHED, "cap": 5}, closes=LATER, conditions={"new_customer": True})
    for stance in ("cautious", "expected", "generous"):
        assert assumed(known, stance) == {}


def test_what_was_assumed_for_the_window_is_told_of_a_missed_offer_too() -> None:
    late = settle(offer(closes="unknown"), as_of=LATER, first_use=LATER, stance="cautious")
    assert late.status == "missed"
    assert [one.term for one in late.assumptions] == ["closes"]
