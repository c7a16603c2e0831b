"""From usage to a profile: means, growth, shares and cost, worked by hand."""

from datetime import date
from math import isclose

import pytest
from usage_logs import csv_log, entry

from pricing import InputError, Prices, load_prices
from usage import Usage, check_cost, propose, read_upload
from usage.models import meaning

PRICES: Prices = load_prices()[0]
OPENAI = PRICES.providers["openai"]
LAST_DAYS = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30}


def usage_of(rows: list[list[object]], by: str = "model") -> Usage:
    return read_upload({"log.csv": csv_log(rows)}, by=by)


def months(*tokens: int, model: str = "gpt-3.5-turbo-0125") -> list[list[object]]:
    """A log from January 2024 on: each month's input tokens on its first day, nothing but one token on its last."""
    rows = []
    for month, into in enumerate(tokens, 1):
        rows += [entry(month, f"2024-{month:02}-01", model, into - 1, 0),
                 entry(100 + month, f"2024-{month:02}-{LAST_DAYS[month]}", model, 1, 0)]  # fmt: skip
    return rows


def test_the_last_three_full_months_are_averaged() -> None:
    proposal = propose(usage_of(months(999, 100, 200, 600)), OPENAI)
    assert proposal.months == (date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1))
    assert proposal.profile.workloads[0].input_tokens == 300


def test_months_can_be_chosen() -> None:
    usage = usage_of(months(999, 100, 200, 600))
    assert propose(usage, OPENAI, months=1).profile.workloads[0].input_tokens == 600
    assert propose(usage, OPENAI, months=[date(2024, 1, 1)]).profile.workloads[0].input_tokens == 999


def test_a_month_that_is_not_covered_to_its_end_is_no_full_month() -> None:
    usage = usage_of([*months(100, 200), entry(50, "2024-03-30", "gpt-3.5-turbo-0125", 10**6)])
    assert usage.months() == (date(2024, 1, 1), date(2024, 2, 1))


def test_without_a_full_month_the_days_are_scaled() -> None:
    usage = usage_of([entry(1, "2024-06-11", into=480), entry(2, "2024-06-18", into=480)])
    proposal = propose(usage, OPENAI)  # 960 tokens in 8 days, a month has 30.4375
    assert proposal.months == ()
    assert proposal.profile.workloads[0].input_tokens == round(960 / 8 * 30.4375)


def test_growth_is_the_slope_of_tokens_a_day() -> None:
    tokens = [31 * 1000, 29 * 1100, 31 * 1210, 30 * 1331]
    growth = propose(usage_of(months(*tokens)), OPENAI).growth
    assert growth is not None
    assert growth.certain
    assert all(isclose(value, 0.1, abs_tol=1e-9) for value in (growth.rate, growth.low, growth.high))


def test_growth_with_its_uncertainty_as_worked_by_hand() -> None:
    # ln of tokens a day: 0, ln 1.2, ln 1.1 over 0, 1, 2: slope ln(1.1) / 2 = 0.047655
    # rest ln(1.2) - ln(1.1)/2 = 0.134666 of the middle: squares sum to 2/3 of its square, 0.012090
    # error 12.71 * sqrt(0.012090 / 1 / 2) = 0.98820
    growth = propose(usage_of(months(31 * 1000, 29 * 1200, 31 * 1100)), OPENAI).growth
    assert growth is not None
    assert growth.rate == pytest.approx(0.048809, abs=1e-5)
    assert growth.low == pytest.approx(-0.60963, abs=2e-4)
    assert growth.high == pytest.approx(1.81773, abs=2e-3)
    assert not growth.certain


def test_growth_that_may_as_well_be_none_is_not_put_into_the_profile() -> None:
    assert propose(usage_of(months(31 * 1000, 29 * 1200, 31 * 1100)), OPENAI).profile.growth == 0
    assert propose(usage_of(months(1000, 1100)), OPENAI).growth is None


def test_shares_of_cached_and_batched_tokens() -> None:
    header = "start_time,num_model_requests,model,batch,input_tokens,output_tokens,input_cached_tokens\n"
    rows = "1717200000,1,gpt-4o-2024-05-13,False,600,100,150\n1717200000,1,gpt-4o-2024-05-13,True,200,100,0\n"
    proposal = propose(read_upload({"usage.csv": (header + rows).encode()}), OPENAI)
    workload = proposal.profile.workloads[0]
    assert workload.cached_share == round(150 / 800, 4)
    assert workload.batch_share == 0.3


def test_projects_are_workloads_of_their_own() -> None:
    rows = [entry(1, into=10, token="chat"), entry(2, into=20, token="search"), entry(3, into=30, token="chat")]
    profile = propose(usage_of(rows, by="project"), OPENAI).profile
    assert [(one.name, one.model) for one in profile.workloads] == [
        ("chat / gpt-4o-2024-05-13", "gpt-4o-2024-05-13"), ("search / gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),
    ]  # fmt: skip


def test_models_of_others_are_left_out_and_told() -> None:
    proposal = propose(usage_of([entry(1), entry(2, model="moonshot-v1-8k", into=500, out=0)]), OPENAI)
    assert [one.model for one in proposal.profile.workloads] == ["gpt-4o-2024-05-13"]
    assert [(one.model, round(one.tokens)) for one in proposal.left_out] == [("moonshot-v1-8k", round(500 * 30.4375))]


def test_a_name_of_ones_own_can_be_renamed() -> None:
    usage = usage_of([entry(1, model="our-chat")])
    with pytest.raises(InputError, match=r"none of the models .* our-chat.*--rename"):
        propose(usage, OPENAI)
    assert propose(usage, OPENAI, renamed={"our-chat": "gpt-4o"}).profile.workloads[0].model == "gpt-4o-2024-05-13"


@pytest.mark.parametrize(
    ("name", "day", "model"),
    [
        ("gpt-4o", date(2024, 10, 1), "gpt-4o-2024-05-13"),
        ("gpt-4o", date(2024, 10, 2), "gpt-4o-2024-08-06"),
        ("openai/GPT-4o-mini-2024-07-18", date(2025, 1, 1), "gpt-4o-mini"),
        ("text-embedding-ada-002-v2", date(2023, 12, 1), "text-embedding-ada-002"),
        ("something", date(2024, 1, 1), "something"),
    ],
)
def test_a_name_means_what_it_meant_on_that_day(name: str, day: date, model: str) -> None:
    assert meaning(name, day) == model


def test_every_alias_is_of_a_model_that_is_sold() -> None:
    from usage.models import load_aliases

    assert [alias.name for alias in load_aliases().aliases if OPENAI.model(alias.model) is None] == []


def test_the_cost_agrees_where_the_gateway_charges_the_price() -> None:
    # 1250 x 5 + 500 x 15 dollars a million = 0.01375 = 6875 quota
    check = check_cost(usage_of([entry(1, into=1250, out=500, quota=6875)]), PRICES, OPENAI)
    assert check is not None
    assert (check.computed, check.reported) == pytest.approx((0.01375, 0.01375))
    assert check.explained == ()


def test_a_hundredfold_cost_is_told_to_be_cents() -> None:
    check = check_cost(usage_of([entry(1, into=1250, out=500, quota=687_500)]), PRICES, OPENAI)
    assert check is not None
    assert any("cents" in str(text) for text in check.explained)
    assert any("500,000 for a dollar" in str(text) for text in check.explained)


def test_batches_pay_half_and_no_cached_price() -> None:
    header = "start_time,num_model_requests,model,batch,input_tokens,output_tokens,input_cached_tokens\n"
    row = "1754006400,1,gpt-4o-2024-08-06,{},1000000,0,400000\n"  # August 2025: 2.5, cached 1.25

    def computed(batch: bool) -> float:
        check = check_cost(read_upload({"u": (header + row.format(batch)).encode()}), PRICES, OPENAI)
        assert check is not None
        return check.computed

    assert computed(False) == pytest.approx(0.6 * 2.5 + 0.4 * 1.25)
    assert computed(True) == pytest.approx(2.5 / 2)
