"""The charge of one segment and the days in it, by numbers worked by hand."""

import pytest

from calculator.charge import paid_from, whole_days


@pytest.mark.parametrize(
    ("demand", "left", "due", "vouchers", "share"),
    [
        ([10], [10], [10], 0, 0),  # paid from the first day
        ([10], [5], [10], 0, 0.5),  # half is free
        ([10], [10], [10], 4, 0.4),  # 10 in the segment, 4 paid
        ([10], [5], [10], 4, 0.7),  # 10 in its second half, 4 paid
        ([10, 10], [10, 5], [10, 10], 2, 0.2),  # spent before the second workload's free part is over
        ([10, 10], [10, 5], [10, 10], 5, 0.5),  # spent at the moment at which it is
        ([10, 10], [5, 10], [10, 10], 11, 0.7),  # 5 in the first half, 30 a segment after it
        ([10, 10], [10, 10], [10, 0], 4, 0.4),  # a workload at a price of 0 is not paid
        ([10], [10], [10], 10, 1),  # all is paid by vouchers
        ([10], [10], [10], 11, 1),
        ([10], [10], [0], 0, None),
        ([10], [0], [0], 0, None),
    ],
)
def test_the_share_of_a_segment_after_which_money_is_paid(
    demand: list[float], left: list[float], due: list[float], vouchers: float, share: float | None
) -> None:
    assert paid_from(demand, left, due, vouchers) == (share if share is None else pytest.approx(share, abs=1e-9))


@pytest.mark.parametrize(
    ("days", "share", "whole"), [(31, 0.5, 15), (31, 1, 31), (30, 0.1 + 0.2, 9), (10, 0.3 - 1e-6, 2), (10, 0.7, 7)]
)
def test_days_are_rounded_down_but_not_for_the_noise_of_floating_point(days: float, share: float, whole: int) -> None:
    assert whole_days(days, share) == whole
