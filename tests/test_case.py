"""One provider's case: amounts so small that a slip in the price of a token shows, and what is said of the search."""

from typing import Any

import pytest
from engine import engine_compare
from oracle_world import expand


def option(workload: dict[str, Any], *models: dict[str, Any]) -> dict[str, Any]:
    """The only option there is."""
    (one,) = engine_compare(
        expand({"profile": {"months": 1, "workloads": [workload]}, "providers": {"north": {"models": [*models]}}})
    )["options"]
    return one


@pytest.mark.parametrize("tokens", [0.25, 0.5, 1, 3])
def test_less_than_a_token_costs_its_share(tokens: float) -> None:
    found = option(
        {"input_tokens": tokens, "output_tokens": tokens / 5}, {"id": "m", "price": {"input": 2, "output": 5}}
    )
    assert found["bill"] == pytest.approx(3e-6 * tokens, rel=1e-9)


def test_it_is_said_where_not_all_combinations_were_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def warnings() -> Any:
        return option({"tokens": 1_000_000}, {"id": "m", "price": {"input": 2}})["warnings"]

    assert warnings() == []
    monkeypatch.setattr("calculator.case.too_many", lambda choices: True)
    assert warnings() == ["too many combinations of models to try them all: a good one is shown"]
