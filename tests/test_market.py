"""Customers who differ in numbers alone are offered the same, and it is worked out once for them."""

from typing import Any

import pytest
from engine import catalogue_of
from oracle_world import expand

from calculator import Catalogue, InputError
from calculator.market import NUMBERS, Market, market_for
from calculator.profile import profile_from

OFFER = {"id": "large", "conditions": {"min_monthly_tokens": 1000}, "benefits": []}
USED = {"name": "main", "model": "s", "input_tokens": 900, "output_tokens": 99, "stored_tokens": 9}
PROFILE = {"event": "test-event", "team": {"engineers": 1, "day_rate": 100}, "overlap": {"days": 5, "share": 0.1}}


@pytest.fixture
def catalogue() -> Catalogue:
    north = {"models": [{"id": "m", "price": {"input": 1}}], "offers": [OFFER]}
    return catalogue_of(expand({"providers": {"north": north}, "profile": {}}))


def market(catalogue: Catalogue, workload: dict[str, Any], **profile: Any) -> Market:
    """What is offered to a customer like the one above but for these fields of the profile and its workload."""
    read, document = profile_from({**PROFILE, **profile, "workloads": [{**USED, **workload}]})
    return market_for(read, catalogue, document)


OTHER_NUMBERS = {
    "input_tokens": 90, "output_tokens": 0.5, "cached_share": 0.5, "batch_share": 0.5, "off_peak_share": 0.5,
    "growth": 0.5, "stored_tokens": 0.5, "training_tokens": 5, "prompts": 5,
}  # fmt: skip


def test_other_numbers_are_offered_the_same(catalogue: Catalogue) -> None:
    assert OTHER_NUMBERS.keys() == NUMBERS
    others = market(
        catalogue, OTHER_NUMBERS, name="another", growth=0.5, loss_per_day=5, team={"engineers": 5, "day_rate": 5},
        overlap={"days": 5, "share": 0.5},
    )  # fmt: skip
    assert others is market(catalogue, {})


@pytest.mark.parametrize(
    ("workload", "profile"),
    [
        ({"output_tokens": 0}, {}),  # it may take a model without a price of output
        ({"stored_tokens": 0}, {}),  # it has nothing to embed again
        ({"input_tokens": 901}, {}),  # an offer opens at 1000 tokens
        ({"tier": "light"}, {}),
        ({}, {"team": {}}),  # the usual day rate has to be known
        ({}, {"overlap": {"days": 6, "share": 0.1}}),
        ({}, {"stance": "cautious"}),
    ],
)
def test_what_else_differs_may_be_offered_something_else(
    workload: dict[str, Any], profile: dict[str, Any], catalogue: Catalogue
) -> None:
    assert market(catalogue, workload, **profile) is not market(catalogue, {})


@pytest.mark.parametrize(("tokens", "status"), [(0, "ineligible"), (900, "ineligible"), (901, "claimed")])
def test_an_offer_opens_at_a_certain_usage(tokens: float, status: str, catalogue: Catalogue) -> None:
    (supply,) = market(catalogue, {"input_tokens": tokens}).supplies
    assert [outcome.status for outcome in supply.outcomes] == [status]


def test_an_event_that_nobody_knows_is_told(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="unknown event `moon`"):
        market(catalogue, {}, event="moon")
