"""``banjia check --strict`` doubts what a careful editor would doubt: each doubt by an example, with its place."""

from datetime import date
from pathlib import Path

import pytest
from written import PRICES_FOLDER, write_files

from offers import load_offers
from pricing import load_prices
from pricing.catalogue import DATA as PRICES

PROVIDER = """\
provider: north
currency: CNY
models:
  - id: m
    tier: light
    released: 2024-01-01
    prices:
      - from: 2024-01-01
        date_evidence: observed
        input: 1
        output: 1
        sources: [{url: "https://a.test", publisher: A, published: 2024-01-01}]
        confidence: medium
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "doubt"),
    [
        ("from: 2024-01-01", "from: 2023-12-31", 8, "is older than the model, released on 2024-01-01"),
        ("released: 2024-01-01", "released: 2024-01-01\n    withdrawn: 2023-12-31", 7,
         "withdrawn on 2023-12-31, before it was released on 2024-01-01"),
        ("released: 2024-01-01", "withdrawn: 2024-01-01", 8, "after the model was withdrawn on 2024-01-01"),
        ("published: 2024-01-01", "published: 2024-01-02", 8, "its earliest dated source is of 2024-01-02"),
        ("confidence: medium", "confidence: high", 13, "two independent reports; here is one: A"),
        ("        confidence: medium\n", "", 8, "no confidence"),
        ("from: 2024-01-01\n        date_evidence: observed", "from: 2024-01-02\n        date_evidence: effective", 7,
         "no price from 2024-01-01 to 2024-01-02"),
        ("tier: light", "tier: light\n    tokenizer: cl100", 6, "there is no tokenizer `cl100`"),
        ("confidence: medium", "confidence: medium\n        tiers: [{above: 2, input: 1}, {above: 1, input: 2}]",
         14, "the bounds of the tiers must rise"),
    ],
)  # fmt: skip
def test_a_doubt_is_told_by_its_line(tmp_path: Path, old: str, new: str, line: int, doubt: str) -> None:
    path = tmp_path / "providers" / "north.yaml"
    path.parent.mkdir()
    assert old in PROVIDER
    path.write_text(PROVIDER.replace(old, new, 1))
    assert load_prices(tmp_path)[1] == []
    found = load_prices(tmp_path, thorough=True)[1]
    assert (line, True) in [(problem.line, doubt in str(problem)) for problem in found]


def test_two_independent_reports_or_the_vendor_bear_high_confidence(tmp_path: Path) -> None:
    path = tmp_path / "providers" / "north.yaml"
    path.parent.mkdir()
    other = '"https://a.test", publisher: A, published: 2024-01-01}, {url: "https://b.test", publisher: B}'
    high = PROVIDER.replace("confidence: medium", "confidence: high")
    path.write_text(high.replace('"https://a.test", publisher: A, published: 2024-01-01}', other))
    assert load_prices(tmp_path, thorough=True)[1] == []
    path.write_text(high.replace("publisher: A", "publisher: North's own page"))
    assert load_prices(tmp_path, thorough=True)[1] == []


def test_reports_of_one_family_count_once(tmp_path: Path) -> None:
    path = tmp_path / "providers" / "north.yaml"
    path.parent.mkdir()
    one = '"https://a.test", publisher: A, published: 2024-01-01}'
    two = one.replace("}", ", family: f}") + ', {url: "https://b.test", publisher: B, family: f}'
    path.write_text(PROVIDER.replace("confidence: medium", "confidence: high").replace(one, two))
    assert ["here is one: f" in str(problem) for problem in load_prices(tmp_path, thorough=True)[1]] == [True]


def test_an_old_exchange_rate_and_a_model_that_is_not_on_sale_are_doubted(tmp_path: Path) -> None:
    prices, _ = load_prices(PRICES)
    source = '{url: "https://a.test", publisher: A, published: 2024-06-01}'
    (tmp_path / "e").mkdir()
    model = next(one for one in prices.providers["zhipu"].models if not one.available_on(date(2023, 6, 1)))
    (tmp_path / "e" / "event.yaml").write_text(
        f"event: e\nsource: openai\nannounced: 2023-06-01\nconfidence: medium\nsources: [{source}]\n"
    )
    (tmp_path / "e" / "zhipu.yaml").write_text(
        f"provider: zhipu\nsources: [{source}]\nconfidence: medium\noffers:\n  - id: o\n"
        "    claim: {opens: 2023-06-01}\n    benefits:\n"
        f"      - {{kind: token_grant, tokens: 1, models: [{model.id}], valid_until: 2023-05-01}}\n"
    )
    assert load_offers(prices, tmp_path)[1] == []
    doubts = "\n".join(map(str, load_offers(prices, tmp_path, thorough=True)[1]))
    assert "there is no exchange rate of USD up to 2023-06-01" in doubts
    assert f"{model.id} is not on sale on 2023-06-01" in doubts
    assert "ends on 2023-05-01, before it can be claimed from 2023-06-01" in doubts


def test_a_model_without_any_price_is_doubted(tmp_path: Path) -> None:
    path = tmp_path / "providers" / "north.yaml"
    path.parent.mkdir()
    path.write_text(PROVIDER.partition("    prices:")[0] + "    prices: []\n")
    assert ["m has no price" in str(problem) for problem in load_prices(tmp_path, thorough=True)[1]] == [True]


def test_a_tokenizer_that_no_model_uses_is_doubted(tmp_path: Path) -> None:
    path = tmp_path / "providers" / "north.yaml"
    path.parent.mkdir()
    path.write_text(PROVIDER.replace("tier: light", "tier: light\n    tokenizer: used"))
    tokenizer = "{tokens_per_1000_chars: {zh: 600}, sources: [{cite: measured}], confidence: high}"
    (tmp_path / "tokenizers.yaml").write_text(f"tokenizers:\n  used: {tokenizer}\n  idle: {tokenizer}\n")
    (problem,) = load_prices(tmp_path, thorough=True)[1]
    assert (problem.line, str(problem.message)) == (3, "no model uses the tokenizer idle")


@pytest.mark.parametrize(
    ("from_", "until", "doubted"),
    [("2024-06-05", "2024-06-04", True), ("2024-06-05", "2024-06-05", False), (None, "2024-06-04", False)],
)
def test_a_discount_that_ends_before_it_begins_is_doubted(
    tmp_path: Path, from_: str | None, until: str, doubted: bool
) -> None:
    write_files(tmp_path, PRICES_FOLDER)
    prices, _ = load_prices(tmp_path / "prices")
    benefit = f"{{kind: discount, share: 0.5, {f'from: {from_}, ' if from_ else ''}until: {until}}}"
    offer = f"  - id: o\n    claim: {{opens: 2024-06-01}}\n    benefits:\n      - {benefit}\n"
    source = "sources: [{cite: page}]\nconfidence: medium\n"
    event = f"event: openai-2024\nsource: openai\nannounced: 2024-06-25\n{source}"
    files = {"event.yaml": event, "zhipu.yaml": f"provider: zhipu\n{source}offers:\n{offer}"}
    write_files(tmp_path / "openai-2024", files)
    told = [str(problem.message) for problem in load_offers(prices, tmp_path / "openai-2024", thorough=True)[1]]
    assert [one for one in told if "before it begins" in one] == (
        [f"ends on {until}, before it begins on {from_}"] if doubted else []
    )


@pytest.mark.parametrize(("day", "old"), [("2024-02-01", False), ("2024-02-02", True)])
def test_an_exchange_rate_of_more_than_30_days_is_doubted(tmp_path: Path, day: str, old: bool) -> None:
    write_files(tmp_path, PRICES_FOLDER)  # its rate is of 2 January
    prices, _ = load_prices(tmp_path / "prices")
    source = "sources: [{cite: page}]\nconfidence: medium\n"
    write_files(tmp_path / "e", {"event.yaml": f"event: e\nsource: openai\nannounced: {day}\n{source}"})
    told = [str(problem.message) for problem in load_offers(prices, tmp_path / "e", thorough=True)[1]]
    assert ["of 2024-01-02: add one of the last 30 days" in one for one in told] == [True] * old
