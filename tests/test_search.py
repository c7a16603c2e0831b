"""The search by itself: what is left out is beaten, what is found is the lowest, and equal ones keep their order."""

from itertools import product
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.search import COSTS, TOTAL, cheapest, descend, least, prune, ranked, slack

ALIKE = [[1.0], [1.0], [1.0], [2.0]]


def tables(*rows: list[float]) -> list[np.ndarray]:
    """Costs by model, a row a kind, of one workload."""
    return [np.array([row]) for row in rows]


@pytest.mark.parametrize(
    ("money", "days", "kept"),
    [
        ([1, 2, 3, 9], [3, 2, 1, 9], [0, 1, 2, 3]),  # each is best at something; the last is not like them
        ([1, 2, 3, 9], [1, 2, 3, 9], [0, 3]),  # the first beats all like it
        ([3, 2, 1, 9], [3, 2, 1, 9], [2, 3]),  # the last of them does
        ([2, 1, 2, 9], [1, 2, 2, 9], [0, 1, 3]),  # one is beaten, two are not
        ([1, 1, 1, 9], [2, 2, 2, 9], [0, 3]),  # of equal ones the first
        ([1, 1, 2, 9], [2, 1, 1, 9], [1, 3]),  # as good in one respect and better in another
    ],
)
def test_candidates_are_left_out_that_another_one_beats_in_every_respect(
    money: list[float], days: list[float], kept: list[int]
) -> None:
    assert prune([[0, 1, 2, 3]], ALIKE, tables(money, days)) == [kept]


@given(st.data())
def test_without_those_that_are_beaten_the_lowest_sum_is_the_same(data: Any) -> None:
    amounts = st.lists(st.integers(0, 4), min_size=6, max_size=6)
    kinds = data.draw(st.lists(st.sampled_from([1.0, 2.0]), min_size=6, max_size=6))
    costs = [np.array(data.draw(st.lists(amounts, min_size=2, max_size=2))) for _ in range(2)]
    choices = [list(range(6)), list(range(6))]
    kept = prune(choices, [[kind] for kind in kinds], costs)
    for wanted in set(kinds):
        of_a_kind = [[m for m in models if kinds[m] == wanted] for models in choices]
        left = [[m for m in models if kinds[m] == wanted] for models in kept]
        for weights in ([1, 0], [0, 1], [1, 1], [1, 3]):

            def total(
                assignment: tuple[int, ...], costs: list[np.ndarray] = costs, weights: list[int] = weights
            ) -> int:
                return sum(
                    weight * int(cost[w, m])
                    for weight, cost in zip(weights, costs, strict=True)
                    for w, m in enumerate(assignment)
                )

            assert min(map(total, product(*left))) == min(map(total, product(*of_a_kind)))


def costs_of(table: list[list[float]], bills: list[list[float]] | None = None) -> Any:
    """What assignments cost whose total is the sum of their models' amounts."""

    def cost(assignment: np.ndarray) -> np.ndarray:
        found = np.zeros((COSTS, assignment.shape[1], 1))
        for row, amounts in ((TOTAL, table), (1, bills or table)):
            found[row, :, 0] = sum(np.array(amounts[w])[models] for w, models in enumerate(assignment))
        return found

    return cost


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=3))
def test_both_searches_find_the_lowest_sum_and_of_equal_ones_the_first(table: list[list[int]]) -> None:
    choices = [[0, 1, 2]] * len(table)
    first = [[row.index(min(row))] for row in table]
    for found, costs in (cheapest(choices, costs_of(table)), descend(choices, costs_of(table))):
        assert found.tolist() == first
        assert costs[TOTAL].tolist() == [sum(map(min, table))]


@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=3), st.data())
def test_looked_at_in_pieces_the_cheapest_is_the_same(table: list[list[int]], data: Any) -> None:
    bills = [data.draw(st.lists(st.integers(0, 3), min_size=3, max_size=3)) for _ in table]
    choices = [[0, 1, 2]] * len(table)
    found, costs = cheapest(choices, costs_of(table, bills))
    for size in (1, 2, 4):
        with patch("calculator.search.CHUNK", size):
            again, same = cheapest(choices, costs_of(table, bills))
        assert again.tolist() == found.tolist()
        assert same.tolist() == costs.tolist()

    def order(assignment: tuple[int, ...]) -> tuple[int, int]:
        return sum(table[w][m] for w, m in enumerate(assignment)), sum(bills[w][m] for w, m in enumerate(assignment))

    assert tuple(found[:, 0].tolist()) == min(product(*choices), key=order)


def test_in_each_piece_only_those_customers_change_for_whom_it_is_cheaper() -> None:
    amounts = np.array([[1.0, 3, 2], [2, 1, 3], [3, 2, 1]])  # by model and customer

    def cost(assignment: np.ndarray) -> np.ndarray:
        found = np.zeros((COSTS, assignment.shape[1], 3))
        found[TOTAL] = amounts[assignment[0]]
        return found

    with patch("calculator.search.CHUNK", 1):
        found, costs = cheapest([[0, 1, 2]], cost, customers=3)
    assert found.tolist() == [[0, 1, 2]]
    assert costs[TOTAL].tolist() == [1, 1, 1]


def test_descending_goes_on_while_it_gets_better() -> None:
    """Two workloads that are cheap together: the first round cannot see that, the second takes what it left."""
    together = np.array([[5.0, 9, 9], [4, 3, 9], [9, 2, 1]])

    def cost(assignment: np.ndarray) -> np.ndarray:
        found = np.zeros((COSTS, assignment.shape[1], 1))
        found[TOTAL, :, 0] = together[assignment[0], assignment[1]]
        return found

    found, costs = descend([[0, 1, 2], [0, 1, 2]], cost)
    assert found.tolist() == [[2], [2]]
    assert costs[TOTAL, 0] == 1


def test_totals_that_differ_by_rounding_only_are_equal() -> None:
    assert slack(0.0) == slack(1.0) == 1e-12
    assert slack(-1000.0) == 1e-9
    totals, bills = np.array([[1.0], [1.0 - 4e-13], [1.5]]), np.array([[2.0], [1.0], [0.0]])
    assert least(totals, bills).tolist() == [1]
    assert least(totals, bills[::-1]).tolist() == [0]
    assert least(np.array([[1.0], [1.0 - 4e-12]]), np.array([[0.0], [1.0]])).tolist() == [1]


def test_the_ranking_goes_by_total_then_by_the_work_then_by_the_name() -> None:
    costs = np.zeros((4, COSTS, 1))
    costs[:, TOTAL, 0] = [2, 1, 1, 1]
    costs[:, 2, 0] = [0, 5, 3, 3]
    assert ranked(costs, 4)[:, 0].tolist() == [2, 3, 1, 0]
    assert ranked(costs, 2)[:, 0].tolist() == [2, 3]
