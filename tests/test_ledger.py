"""The ledger: its lines lead from the list cost to the total, for any world."""

from __future__ import annotations

from typing import Any

import pytest
from engine import catalogue_of
from hypothesis import HealthCheck, given, settings
from worlds import worlds

from calculator import Comparison, compare
from report.language import language
from report.ledger import ledger

EN, ZH = language("en"), language("zh")


def check(comparison: Comparison) -> None:
    for option in comparison.options:
        lines = ledger(comparison, option, EN)
        steps = [line for line in lines if not line.is_sum]
        bill = next(index for index, line in enumerate(lines) if line.is_sum)
        near = {"rel": 1e-9, "abs": 1e-9 * max(option.list_cost, 1.0)}
        assert sum(line.amount for line in steps) == pytest.approx(option.total, **near)
        assert sum(line.amount for line in lines[:bill]) == pytest.approx(option.bill, **near)
        assert (lines[bill].amount, lines[-1].amount) == (option.bill, option.total)
        assert len(ledger(comparison, option, ZH)) == len(lines)


@settings(max_examples=30, suppress_health_check=list(HealthCheck), deadline=None)
@given(worlds())
def test_the_lines_add_up_to_the_total(world: dict[str, Any]) -> None:
    check(compare(world["profile"], catalogue_of(world)))


def test_every_line_of_the_shipped_example_says_how_and_who_says_so() -> None:
    comparison = compare("calculator/data/example-profile.yaml")
    check(comparison)
    for option in comparison.options:
        for line in ledger(comparison, option, EN):
            assert line.label
            assert line.rule
            assert line.evidence or line.is_sum or line.label == "Not being ready"
            assert all(one.sources or one.note for one in line.evidence)


def test_what_offers_save_on_embedding_again_is_not_counted_twice() -> None:
    profile = {
        "event": "openai-2024", "stance": "generous",
        "workloads": [{"model": "text-embedding-ada-002", "input_tokens": 1e8, "stored_tokens": 5e9}],
    }  # fmt: skip
    comparison = compare(profile)
    labels = {line.label for option in comparison.options for line in ledger(comparison, option, EN)}
    assert "Not in the monthly bills" in labels
    check(comparison)
