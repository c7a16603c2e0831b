"""Prices that depend on the size of a request and on the hour."""

from datetime import date, timedelta

import pytest

from pricing import Model, Price

SOURCES = [{"cite": "a test"}]
PRICE = Price.model_validate(
    {
        "from": date(2026, 1, 1), "input": 2, "output": 10, "cached_input": 0.5, "sources": SOURCES,
        "tiers": [{"above": 32_000, "input": 4, "output": 16}, {"above": 128_000, "input": 7, "output": 28}],
        "off_peak": {"input": 1, "output": 5, "cached_input": 0.25, "hours": "at night"},
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("context", "rates"),
    [
        (None, (2, 10, 0.5)),
        (32_000, (2, 10, 0.5)),
        (32_001, (4, 16, 4)),
        (128_000, (4, 16, 4)),
        (128_001, (7, 28, 7)),
    ],
)
def test_a_request_pays_the_tier_it_fits_in(context: int | None, rates: tuple[float, ...]) -> None:
    assert PRICE.rates(context) == rates


@pytest.mark.parametrize(("share", "rates"), [(0, (2, 10, 0.5)), (0.5, (1.5, 7.5, 0.375)), (1, (1, 5, 0.25))])
def test_what_can_wait_pays_the_quiet_hours(share: float, rates: tuple[float, ...]) -> None:
    assert PRICE.rates(8_000, share) == rates


def test_a_large_request_has_no_quiet_hours() -> None:
    assert PRICE.rates(64_000, 1) == PRICE.rates(64_000)


def test_a_model_counts_as_gone_a_year_after_it_was_last_seen() -> None:
    model = Model.model_validate({"id": "m", "tier": "light", "last_seen": date(2025, 2, 28), "prices": []})
    assert model.available_on(date(2025, 2, 28) + timedelta(days=365))
    assert not model.available_on(date(2025, 2, 28) + timedelta(days=366))
