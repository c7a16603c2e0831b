"""The same sums on another engine: Spark on this machine, through Ibis.

They are not installed for the other tests. With `ENGINES` set, their lack is an error.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from usage_logs import csv_log, entry

from usage import Use, read_usage
from usage.elsewhere import read_usage_at

pytestmark = [
    pytest.mark.skipif("ENGINES" not in os.environ, reason="needs Ibis, Spark and Java: see .ci/engines"),
    pytest.mark.filterwarnings("ignore"),  # other people's
]


ROWS, COPIES = 500, 30
SMALL_SPARK = {
    "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}  # fmt: skip
"""Compiling a statement takes Spark longer than running it on so few rows."""


def log() -> list[list[object]]:
    """Two months of three models with top-ups, copies, refunds and what cannot be read."""
    dice = random.Random(7)
    models = ["gpt-4o", "gpt-3.5-turbo-0125", "text-embedding-ada-002", ""]
    rows = [
        entry(number, f"2024-0{dice.randint(4, 5)}-{dice.randint(1, 30):02}", dice.choice(models),
              dice.randint(-5, 3000), dice.randint(0, 900), kind=dice.choice([1, 2, 2, 2, 2, 6]),
              token=dice.choice(["a", "b"]), quota=dice.randint(0, 9000))
        for number in range(ROWS)
    ]  # fmt: skip
    return rows + rows[:COPIES]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark with the log as the table `logs`."""
    import ibis
    from pyspark.sql import SparkSession

    path = tmp_path_factory.mktemp("log") / "log.csv"
    path.write_bytes(csv_log(log()))
    builder = SparkSession.builder.master("local[1]")
    for name, value in SMALL_SPARK.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.read.csv(str(path), header=True, inferSchema=True).createOrReplaceTempView("logs")
    yield ibis.pyspark.connect(session)
    session.stop()


def rounded(uses: tuple[Use, ...]) -> list[tuple[object, ...]]:
    """All but the last digits of the cost, which depend on the order of addition."""
    return [
        tuple(round(value, 9) if isinstance(value, float) else value for value in vars(use).values()) for use in uses
    ]


def test_spark_gives_what_the_file_gives(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(csv_log(log()))
    here = read_usage([tmp_path / "log.csv"], by="project")
    there = read_usage_at(spark, "logs", by="project")
    assert rounded(there.uses) == rounded(here.uses)
    assert (there.rows, there.used, there.skipped) == (here.rows, here.used, here.skipped)
    assert len(here.skipped) >= 4
    assert here.used < len(log()) - COPIES < here.rows
