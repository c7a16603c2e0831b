"""Every sample, as exported by its program: tokens, requests and cost equal to what is added up by hand."""

from datetime import date
from pathlib import Path

import pytest

from pricing import InputError
from usage import Use, read_upload, read_usage

SAMPLES = Path(__file__).parent / "samples"
JUNE_12 = date(2024, 6, 12)
NEW_YEAR = date(2025, 1, 1)


def use(
    day: date, model: str, requests: float, uncached: float, cached: float, output: float, cost: float | None = None,
    *, form: str, kind: str | None = None, batch: bool = False,
) -> Use:  # fmt: skip
    """A row of the normal form; all costs of the samples are dollars."""
    currency = None if cost is None else "USD"
    return Use(day, model, kind, batch, None, requests, uncached, cached, output, cost, currency, form)  # type: ignore[arg-type]


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
