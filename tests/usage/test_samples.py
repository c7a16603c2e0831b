"""Every sample, as exported by its program: tokens, requests and cost equal to what is added up by hand."""

import json
from datetime import date
from pathlib import Path

import pytest
from usage_logs import csv_log, entry

from pricing import InputError
from usage import Use, engine, read_upload, read_usage

SAMPLES = Path(__file__).parent / "samples"
JUNE_12 = date(2024, 6, 12)
NEW_YEAR = date(2025, 1, 1)


def use(
    day: date, model: str, requests: float, uncached: float, cached: float, output: float, cost: float | None = None,
    *, form: str, kind: str | None = None, batch: bool = False,
) -> Use:  # fmt: skip
    """A row of the normal form; all costs of the samples are dollars."""
    currency = None if cost is None else "USD"
    return Use(day, model, kind, batch, None, requests, uncached, cached, output, cost, currency, form)


EXPECTED = {
    # quota 6875 / 500,000; the second row is a top-up
    "oneapi_logs.csv": [use(JUNE_12, "gpt-4o", 1, 1250, 0, 500, 6875 / 500_000, form="one-api")],
    # 400 of the 1250 prompt tokens stand in `other`
    "newapi_logs.csv": [use(JUNE_12, "gpt-4o", 1, 1250 - 400, 400, 500, 6375 / 500_000, form="one-api")],
    "openai_activity_2023.csv": [
        use(date(2023, 12, 1), "gpt-3.5-turbo-0613", 12, 18200, 0, 4100, form="openai-activity"),
        use(date(2023, 12, 1), "text-embedding-ada-002-v2", 3, 51000, 0, 0, form="openai-activity", kind="embedding"),
    ],
    "openai_legacy_v1_usage.json": [
        use(JUNE_12, "gpt-4o-2024-05-13", 12, 18200, 0, 4100, form="openai-legacy"),
        use(JUNE_12, "text-embedding-ada-002-v2", 3, 51000, 0, 0, form="openai-legacy", kind="embedding"),
    ],
    # 59,200 input tokens count 5,760 cached ones; the second row is a day without use
    "openai_completions_usage_2025.csv": [
        use(date(2025, 10, 5), "gpt-4o-2024-08-06", 10, 59200 - 5760, 5760, 10646, form="openai-usage")
    ],
    "openai_usage_completions.json": [
        use(NEW_YEAR, "gpt-4o-2024-08-06", 842, 1_250_000 - 400_000, 400_000, 310_000, form="openai-usage"),
        use(NEW_YEAR, "gpt-4o-mini-2024-07-18", 60, 900_000, 0, 120_000, form="openai-usage", batch=True),
    ],
    "openai_usage_embeddings.json": [
        use(NEW_YEAR, "text-embedding-3-small-1", 400, 5_000_000, 0, 0, form="openai-usage", kind="embedding")
    ],
    "litellm_spendlogs.csv": [use(JUNE_12, "gpt-4o-2024-05-13", 1, 1250, 0, 500, 0.01375, form="litellm")],
    # Langfuse counts the 400 cached tokens beside the 850
    "langfuse_observations.jsonl": [
        use(date(2024, 10, 12), "gpt-4o-2024-08-06", 1, 850, 400, 500, 0.007625, form="langfuse")
    ],
    "helicone_export.csv": [use(JUNE_12, "gpt-4o-2024-05-13", 1, 1250, 0, 500, 0.01375, form="helicone")],
    "otlp_spans.json": [use(JUNE_12, "gpt-4o-2024-05-13", 1, 1250 - 400, 400, 500, form="otlp")],
    # 1,250 units of 1,000 tokens
    "azure_cost_ea.csv": [use(JUNE_12, "gpt-4o-0513", 0, 1250 * 1000, 0, 0, 6.25, form="azure")],
    "focus_1_2.csv": [use(JUNE_12, "gpt-4o-0513", 0, 1_250_000, 0, 0, 6.25, form="focus")],
}
MONEY_ONLY = ("openai_cost_2024.csv", "openai_costs.json", "openai_dashboard_billing_usage.json")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gives_the_tokens_that_stand_in_it(name: str) -> None:
    assert list(read_usage([SAMPLES / name]).uses) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_an_uploaded_sample_gives_the_same(name: str) -> None:
    assert list(read_upload({"any name": (SAMPLES / name).read_bytes()}).uses) == EXPECTED[name]


@pytest.mark.parametrize("name", MONEY_ONLY)
def test_a_file_with_money_only_is_refused_with_what_is_needed_instead(name: str) -> None:
    with pytest.raises(InputError, match=r"no tokens.* give both files"):
        read_usage([SAMPLES / name])


def test_every_sample_is_one_or_the_other() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == {*EXPECTED, *MONEY_ONLY}


def test_skipped_rows_are_counted_with_their_reason() -> None:
    usage = read_usage([SAMPLES / "oneapi_logs.csv"])
    assert (usage.rows, usage.used) == (2, 1)
    assert [(one.rows, str(one.because)) for one in usage.skipped] == [(1, "top-ups")]
    usage = read_usage([SAMPLES / "openai_completions_usage_2025.csv"])
    assert [(one.rows, str(one.because)) for one in usage.skipped] == [(1, "days without use")]


def test_several_files_are_one_usage() -> None:
    usage = read_usage([SAMPLES / "openai_usage_*.json"])
    assert list(usage.uses) == EXPECTED["openai_usage_completions.json"] + EXPECTED["openai_usage_embeddings.json"]
    assert usage.rows == 3


def test_the_same_file_twice_counts_once() -> None:
    sample = (SAMPLES / "openai_usage_completions.json").read_bytes()
    usage = read_upload({"page 1": sample, "page 1 again": sample})
    assert list(usage.uses) == EXPECTED["openai_usage_completions.json"]
    assert (usage.rows, usage.used) == (4, 2)
    assert [(one.rows, str(one.because)) for one in usage.skipped] == [(2, "that stand there twice")]


def test_money_stands_beside_tokens() -> None:
    usage = read_usage([SAMPLES / "openai_usage_completions.json", SAMPLES / "openai_costs.json"])
    assert [one.cost for one in usage.money] == [5.725]
    assert list(usage.uses) == EXPECTED["openai_usage_completions.json"]


def bucket(start: int, end: int, tokens: int) -> dict[str, object]:
    result = {"model": "gpt-4o-2024-08-06", "num_model_requests": 1, "input_tokens": tokens, "output_tokens": 0}
    return {"start_time": start, "end_time": end, "results": [result]}


HOURS = {0: 1, 15: 10, 16: 100}
"""Tokens by hour of a UTC day: in Shanghai the third is on the next one."""


def test_hours_are_shifted_to_the_zone_and_days_are_not() -> None:
    midnight = 1735689600  # 1 January 2025, UTC
    hours = [bucket(midnight + hour * 3600, midnight + (hour + 1) * 3600, tokens) for hour, tokens in HOURS.items()]
    usage = read_upload({"hours": json.dumps({"data": hours}).encode()})
    assert {use.day: use.input for use in usage.uses} == {NEW_YEAR: 1 + 10, date(2025, 1, 2): 100}
    assert usage.notes == ()
    usage = read_upload({"day": json.dumps({"data": [bucket(midnight, midnight + 86400, 7)]}).encode()})
    assert [(use.day, use.input) for use in usage.uses] == [(NEW_YEAR, 7)]
    assert "cannot be shifted" in str(usage.notes[0])


def test_parquet_gives_what_csv_gives(tmp_path: Path) -> None:
    import duckdb

    rows = [entry(1), entry(2, into=7, out=3), entry(2, into=7, out=3), entry(3, kind=1), entry(4, model="")]
    (tmp_path / "log.csv").write_bytes(csv_log(rows))
    read = f"SELECT * FROM read_csv('{tmp_path / 'log.csv'}')"
    duckdb.execute(f"COPY ({read}) TO '{tmp_path / 'log.parquet'}'")
    duckdb.execute(f"COPY (SELECT * REPLACE (make_timestamp(created_at * 1000000) AS created_at) FROM ({read})) "
                   f"TO '{tmp_path / 'times.parquet'}'")  # fmt: skip
    expected = read_usage([tmp_path / "log.csv"])
    assert (expected.rows, expected.used) == (5, 2)
    for name in ("log.parquet", "times.parquet"):
        usage = read_usage([tmp_path / name])
        assert (usage.uses, usage.skipped, usage.rows) == (expected.uses, expected.skipped, expected.rows)


def test_a_column_of_numbers_may_hold_something_else_further_on(tmp_path: Path) -> None:
    rows = [entry(number, into=1) for number in range(2_000)]
    rows += [entry(2_000, into='"1,250"'), entry(2_001, into="many"), entry(2_002, into="0.5"), entry(2_003, kind="x")]
    usage = read_upload({"log.csv": csv_log(rows)})
    assert sum(use.input for use in usage.uses) == 2_000 + 1_250
    assert sorted(str(one.because) for one in usage.skipped) == [
        "entries of an unknown type", "with a fraction of a token", "with a number that cannot be read",
    ]  # fmt: skip


def test_a_sample_of_ids_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SMALL", 10)
    assert "looked for in a sample" in str(read_upload({"log.csv": csv_log([entry(1), entry(1)])}).notes[0])
    usage = read_upload({"log.csv": csv_log([entry(1), entry(1), entry(77), entry(77)])})
    assert (usage.rows, usage.used, usage.notes) == (4, 2, ())


def test_ids_that_begin_as_numbers_may_go_on_as_words() -> None:
    rows = [entry(number) for number in range(1, 2_001)]
    usage = read_upload({"log.csv": csv_log([*rows, entry("abc"), entry("abc"), entry(2_000)])})
    assert (usage.rows, usage.used) == (2_003, 2_001)
    assert [(one.rows, str(one.because)) for one in usage.skipped] == [(2, "that stand there twice")]
