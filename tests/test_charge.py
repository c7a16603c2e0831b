"""The charge of one segment and the days in it, by numbers worked by hand."""

import numpy as np
import pytest

from calculator.charge import Charge, Pools, Vouchers, charge, paid_from, whole_days


def charged(
    tokens: list[list[list[float]]], pools: list[float], vouchers: list[float], price: tuple[float, ...] = (1,)
) -> Charge:
    """Of tokens by segment, workload and scenario; all pools are for all workloads, and everything is always alive."""
    demand = np.array(tokens, dtype=float)[..., None]
    segments, _, scenarios, _ = demand.shape
    unit_cost = np.broadcast_to(np.array(price, dtype=float)[None, :, None, None], demand.shape)
    always = slice(0, segments)
    sizes = np.broadcast_to(np.array(pools, dtype=float)[:, None, None], (len(pools), scenarios, 1))
    covers = np.ones((len(pools), *demand.shape[1:]))
    return charge(
        demand, unit_cost, np.zeros_like(demand),
        Pools(sizes, covers, [always] * len(pools)),
        Vouchers(np.array(vouchers, dtype=float), [always] * len(vouchers)),
    )  # fmt: skip


def test_scenarios_side_by_side_are_charged_each_for_itself() -> None:
    """Two segments, workloads at 2 and 1, 15 free tokens, vouchers of 25 and 10.

    With 10 and 20 tokens: half of the first segment is free, 5 x 2 + 10 = 20 remain, then 40: the first voucher pays
    20 and 5, the second 10. With 30 and 0: 15 x 2 = 30 remain, then 60: the first pays 25, the second 5 and 5.
    """
    month = [[10, 30], [20, 0]]
    found = charged([month, month], [15], [25, 10], (2, 1))
    assert found.left[..., 0].tolist() == [[[5, 15], [10, 0]], [[10, 30], [20, 0]]]
    assert found.spent[..., 0].tolist() == [[[20, 25], [0, 5]], [[5, 0], [10, 5]]]
    assert found.bill[..., 0].tolist() == [[0, 0], [25, 55]]
    assert [draw[..., 0].tolist() for draw in found.draws] == [[[[5, 15], [10, 0]], [[0, 0], [0, 0]]]]


THREE = 0.3e8
ABOUT_THREE = (0.1 + 0.2) * 1e8  # a little more, in floating point


def test_what_meets_exactly_leaves_no_noise_of_less_than_a_token() -> None:
    assert charged([[[0.1 + 0.2]]], [0.3], []).left.tolist() == [[[[0]]]]
    assert charged([[[0.1 + 0.2]]], [], [0.3]).bill.tolist() == [[[0]]]


@pytest.mark.parametrize(("one", "other"), [(THREE, ABOUT_THREE), (ABOUT_THREE, THREE)])
def test_what_meets_exactly_leaves_no_noise(one: float, other: float) -> None:
    assert one != other
    by_grant = charged([[[one]], [[one]]], [other, 5], [])
    assert by_grant.left[:, 0, 0, 0].tolist() == [0, one - 5]
    assert [draw[:, 0, 0, 0].tolist() for draw in by_grant.draws] == [[one, 0], [0, 5]]
    by_voucher = charged([[[one]], [[one]]], [], [other, 5])
    assert by_voucher.spent[:, 1, 0, 0].tolist() == [0, 5]
    assert by_voucher.bill[:, 0, 0].tolist() == [0, pytest.approx(one - 5)]


def test_what_is_spent_gives_nothing_however_little_is_wanted() -> None:
    found = charged([[[1e12]], [[1]], [[2]]], [1e12], [])
    assert found.left[:, 0, 0, 0].tolist() == [0, 1, 2]
    by_voucher = charged([[[1e12]], [[1]], [[2]]], [], [1e12])
    assert by_voucher.bill[:, 0, 0].tolist() == [0, 1, 2]


def test_what_is_drawn_before_is_not_lost_beside_what_is_wanted_later() -> None:
    found = charged([[[1]], [[1e20]]], [3], [])
    assert found.draws[0][:, 0, 0, 0].tolist() == [1, 2]


def test_a_pool_gives_while_it_lives() -> None:
    """Two pools of 10, the second from the second segment to the third; 4 tokens in each of four segments."""
    demand = np.full((4, 1, 1, 1), 4.0)
    pools = Pools(np.full((2, 1, 1), 10.0), np.ones((2, 1, 1, 1)), [slice(0, 4), slice(1, 3)])
    found = charge(demand, demand, np.zeros_like(demand), pools, Vouchers(np.array([5.0]), [slice(2, 4)]))
    assert [draw.ravel().tolist() for draw in found.draws] == [[4, 4, 2, 0], [0, 2]]
    assert found.left.ravel().tolist() == [0, 0, 0, 4]
    assert found.spent.ravel().tolist() == [0, 0, 0, 5]
    assert found.bill.ravel().tolist() == [0, 0, 0, 11]


def test_less_than_a_token_is_drawn_in_proportion_too() -> None:
    assert charged([[[0.5], [0.25]]], [0.3], []).left[0, :, 0, 0].tolist() == pytest.approx([0.3, 0.15])


def test_no_demand_draws_nothing() -> None:
    found = charged([[[0]], [[4]]], [3], [2])
    assert (found.left[:, 0, 0, 0].tolist(), found.bill[:, 0, 0].tolist()) == ([0, 1], [0, 0])
    assert found.spent[:, 0, 0, 0].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("demand", "left", "due", "vouchers", "share"),
    [
        ([10], [10], [10], 0, 0),  # paid from the first day
        ([10], [5], [10], 0, 0.5),  # half is free
        ([10], [10], [10], 4, 0.4),  # 10 in the segment, 4 paid
        ([10], [5], [10], 4, 0.7),  # 10 in its second half, 4 paid
        ([10, 10], [10, 5], [10, 10], 2, 0.2),  # spent before the second workload's free part is over
        ([10, 10], [10, 5], [10, 10], 4, 0.4),
        ([10, 10], [8, 5], [8, 10], 2, 0.4),  # the first is free for a fifth
        ([10, 10], [8, 5], [8, 10], 4, 0.5 + 1 / 30),
        ([10, 10], [8, 5], [8, 10], 9, 0.7),  # 3 up to the half, 30 a segment after it
        ([10, 10], [10, 5], [10, 10], 5, 0.5),  # spent at the moment at which it is
        ([10, 10], [5, 10], [10, 10], 11, 0.7),  # 5 in the first half, 30 a segment after it
        ([10, 10], [10, 10], [10, 0], 4, 0.4),  # a workload at a price of 0 is not paid
        ([10], [10], [10], 10, 1),  # all is paid by vouchers
        ([10], [10], [10], 11, 1),
        ([1e12], [1e-5], [10], 5, 1),  # grants leave so little that the day of the first is the last
    ],
)
def test_the_share_of_a_segment_after_which_money_is_paid(
    demand: list[float], left: list[float], due: list[float], vouchers: float, share: float
) -> None:
    assert paid_from(demand, left, due, vouchers) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(
    ("days", "share", "whole"), [(31, 0.5, 15), (31, 1, 31), (30, 0.1 + 0.2, 9), (10, 0.3 - 1e-6, 2), (10, 0.7, 7)]
)
def test_days_are_rounded_down_but_not_for_the_noise_of_floating_point(days: float, share: float, whole: int) -> None:
    assert whole_days(days, share) == whole
