"""Amounts as people write them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.amounts import AmountError, format_amount, parse_amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("80M", 80e6), ("80m", 80e6), ("80 million", 80e6), ("1.2B", 1.2e9), ("1.5bn", 1.5e9), ("2T", 2e12),
        ("500k", 5e5),
        ("3500万", 35e6), ("1.2亿", 1.2e8), ("2千万", 2e7), ("1.5万亿", 1.5e12), ("1亿2000万", 1.2e8),
        ("1亿 2000万", 1.2e8),
        ("80,000,000", 80e6), ("80_000_000", 80e6), ("80 000 000", 80e6), ("80000000", 80e6), ("8e7", 8e7),
        ("１，２００", 1200.0), ("８０００万", 8e7), ("０", 0.0), ("0", 0.0), ("  7 ", 7.0), (".5M", 5e5), ("1.", 1.0),
        ("80M tokens", 80e6), ("35万个", 35e4), ("1,234.5", 1234.5),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, value: float) -> None:
    assert parse_amount(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "  ", "1,2,3", "1,23", "12,3456", "1,000_000", ",5", "1.2.3", "80X", "eighty", "M", "万", "1M2", "1万2亿",
     "1M2K", "5%", "¥5", "NaN", "inf", "1e", "1e999", "--5", "1 2"],
)  # fmt: skip
def test_what_is_no_amount_is_refused_and_says_what_is_allowed(text: str) -> None:
    with pytest.raises(AmountError, match="80M"):
        parse_amount(text)


@pytest.mark.parametrize("text", ["-5", "- 5", "−5", "－５", "-.5"])
def test_negative_amounts_are_refused(text: str) -> None:
    with pytest.raises(AmountError, match="negative"):
        parse_amount(text)


def test_too_large_is_a_slip_of_the_keyboard() -> None:
    assert parse_amount("1000000T") == 1e18
    with pytest.raises(AmountError, match="too large"):
        parse_amount("1000001T")


def test_tokens_are_whole_so_that_a_german_thousand_is_not_one_point_two() -> None:
    assert parse_amount("1.5M", whole=True) == 1.5e6
    with pytest.raises(AmountError, match="whole"):
        parse_amount("1.200", whole=True)
    assert parse_amount("1.5") == 1.5


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (0, "0", "0"), (999, "999", "999"), (8_000, "8,000", "8,000"), (80_000, "80,000", "8万"),
        (80e6, "80M", "8000万"), (1.2e9, "1.2B", "12亿"), (120e6, "120M", "1.2亿"),
        (1_234_567, "1,234,567", "1,234,567"),
        (1_500_000, "1.5M", "150万"), (2000.5, "2,000.5", "2,000.5"),
    ],
)  # fmt: skip
def test_amounts_are_shown_short_where_that_is_exact(value: float, en: str, zh: str) -> None:
    assert (format_amount(value, "en"), format_amount(value, "zh")) == (en, zh)


@given(
    st.one_of(st.integers(0, 10**15), st.integers(0, 10**6).map(lambda n: n * 10_000)), st.sampled_from(["en", "zh"])
)
def test_what_is_shown_is_read_back_exactly(value: int, lang: str) -> None:
    assert parse_amount(format_amount(value, lang), whole=True) == value


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_a_plain_refusal(text: str) -> None:
    with contextlib.suppress(AmountError):
        assert parse_amount(text) >= 0
