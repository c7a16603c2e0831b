"""``banjia import`` as its users meet it: a gateway's database in, a recommendation out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from usage_logs import csv_log, database_log, entry

ROOT = Path(__file__).resolve().parents[2]


def banjia(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", *map(str, arguments)]
    run = subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in run.stderr
    assert "leaked" not in run.stderr  # as DuckDB complains where Python ends in haste
    return run


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months of a start-up's gateway: 31, 30 and 31 days of 1,000,000 + 100,000 tokens, and a top-up."""
    days = [f"2024-{month:02}-{day:02}" for month, last in ((3, 31), (4, 30), (5, 31)) for day in range(1, last + 1)]
    rows = [entry(number, day, into=1_000_000, out=100_000) for number, day in enumerate(days)]
    top_up = entry(1000, "2024-03-15", kind=1, model="", quota=5_000_000)
    return database_log(tmp_path_factory.mktemp("gateway") / "one-api.db", [*rows, top_up])


def test_from_a_gateway_database_to_a_recommendation_in_two_commands(gateway: Path) -> None:
    imported = banjia("import", gateway)
    assert imported.returncode == 0
    assert "rows 93, used 92, left out 1" in imported.stderr
    assert "Left out: 1 row: top-ups" in imported.stderr
    assert "input_tokens: 30_666_667" in imported.stdout  # 92 days of a million in three months
    compared = banjia("compare", "-", stdin=imported.stdout)
    assert compared.returncode == 0
    assert compared.stdout.startswith("Move to ")


def test_json_holds_everything(gateway: Path) -> None:
    told = json.loads(banjia("import", gateway, "--format", "json", "--last", "1").stdout)
    assert told["rows"] == {
        "read": 93, "used": 92, "skipped": [{"rows": 1, "because": "top-ups", "example": None}],
    }  # fmt: skip
    assert told["months_available"] == ["2024-03", "2024-04", "2024-05"]
    assert told["months"] == ["2024-05"]
    assert len(told["usage"]) == 92
    assert sum(use["input_uncached"] for use in told["usage"]) == 92_000_000
    assert told["profile"]["workloads"] == [
        {"model": "gpt-4o-2024-05-13", "input_tokens": 31_000_000, "output_tokens": 3_100_000}
    ]


def test_the_summary_speaks_chinese(gateway: Path) -> None:
    run = banjia("import", gateway, "--lang", "zh")
    assert "充值" in run.stderr
    assert not any(line.startswith(("Read", "Monthly", "Growth")) for line in run.stderr.splitlines())


def test_the_comments_say_where_the_profile_is_from(gateway: Path) -> None:
    head = [line for line in banjia("import", gateway).stdout.splitlines() if line.startswith("#")]
    assert "one-api.db" in head[0]
    assert any("Monthly means of 2024-03, 2024-04, 2024-05" in line for line in head)


def test_usage_after_the_cut_off_is_for_the_event_that_cuts_nobody_off(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(csv_log([entry(1, "2025-03-01")]))
    assert "event: openai-voluntary" in banjia("import", tmp_path / "log.csv").stdout


def test_a_file_name_cannot_write_into_the_profile(tmp_path: Path) -> None:
    path = tmp_path / "x\nmonths: 99\n#.csv"
    path.write_bytes(csv_log([entry(1)]))
    imported = banjia("import", path).stdout
    assert "\nmonths: 99" not in imported
    assert banjia("compare", "-", stdin=imported).returncode == 0


def test_wrong_input_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    run = banjia("import", tmp_path / "x.csv", "-o", tmp_path / "profile.yaml")
    assert (run.returncode, run.stdout) == (1, "")
    assert "Its columns: a, b" in run.stderr
    assert not (tmp_path / "profile.yaml").exists()
