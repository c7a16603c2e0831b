"""Copies of rows in large files: where blocks of rows follow one another in time only a few places are looked at.

Of Parquet files their own notes tell that, of CSV files a look at places evenly apart.
"""

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from usage import Usage, engine, read_usage, tables

ROWS, BLOCK = 60_000, 2_048
"""Thirty blocks of a little more than half an hour, a row a second."""


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Where copies were looked for, file after file; None: everywhere. All files count as large."""
    places: list[str | None] = []
    near = engine._near

    def told(*arguments: object) -> str | None:
        places.append(near(*arguments))  # type: ignore[arg-type]
        return places[-1]

    monkeypatch.setattr(engine, "SMALL", 10)
    monkeypatch.setattr(tables, "PLACES", 30)
    monkeypatch.setattr(tables, "PLACE", 4_000)
    monkeypatch.setattr(engine, "_near", told)
    return places


def log(path: Path, *rows: str, time: str = "created_at") -> Path:
    """A gateway's log: rows from i to j for each ``i, j`` in ``rows``, block after block."""
    several = " UNION ALL ".join(
        f"SELECT {place} AS place, i AS id, 1718164800 + i AS created_at, 2 AS type, '' AS token_name, "
        f"'gpt-4o' AS model_name, 0 AS quota, 10 AS prompt_tokens, 1 AS completion_tokens FROM range({one}) rows(i)"
        for place, one in enumerate(rows)
    )
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(
            f"COPY (SELECT * EXCLUDE place REPLACE ({time} AS created_at) FROM ({several}) ORDER BY place, id) "
            f"TO '{path}' ({'HEADER' if path.suffix == '.csv' else f'ROW_GROUP_SIZE {BLOCK}'})"
        )
    return path


def is_doubtful(usage: Usage) -> bool:
    """Whether the result says that there may be copies."""
    return any("looked for in a sample" in str(note) for note in usage.notes)


@pytest.mark.parametrize("time", ["created_at", "make_timestamp(created_at * 1000000)", "to_timestamp(created_at)"])
def test_blocks_that_follow_one_another_are_looked_at_in_places(
    tmp_path: Path, places: list[str | None], time: str
) -> None:
    usage = read_usage([log(tmp_path / "log.parquet", f"0, {ROWS}", time=time)])
    assert places
    assert None not in places
    assert usage.used == ROWS
    assert is_doubtful(usage)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_copy_in_such_a_place_makes_all_rows_count_once(tmp_path: Path, places: list[str | None], form: str) -> None:
    usage = read_usage([log(tmp_path / f"log.{form}", "0, 50", "49, 50", f"50, {ROWS}", f"{ROWS - 1}, {ROWS}")])
    assert places[0] is not None
    assert (usage.rows, usage.used) == (ROWS + 2, ROWS)
    assert not is_doubtful(usage)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_exports_that_overlap_are_noticed_wherever_they_do(tmp_path: Path, places: list[str | None], form: str) -> None:
    first, second = log(tmp_path / f"1.{form}", "0, 33000"), log(tmp_path / f"2.{form}", f"30000, {ROWS}")
    for files in [first, second], [log(tmp_path / f"both.{form}", "0, 33000", f"30000, {ROWS}")]:
        assert read_usage(files).used == ROWS
        assert places[0] is None
        places.clear()


@pytest.mark.parametrize(
    "time", ["CAST(created_at AS VARCHAR)", "CASE WHEN created_at % 9000 > 3000 THEN created_at END"]
)
def test_where_nothing_is_noted_on_times_copies_are_looked_for_everywhere(
    tmp_path: Path, places: list[str | None], time: str
) -> None:
    read_usage([log(tmp_path / "log.parquet", f"0, {ROWS}", time=time)])
    assert places == [None]


def test_an_overlap_could_hide_in_one_of_few_blocks(tmp_path: Path, places: list[str | None]) -> None:
    read_usage([log(tmp_path / "log.parquet", f"0, {BLOCK * (engine.FEWEST_BLOCKS - 1)}")])
    assert places == [None]


HELICONE = "response_id,request_created_at,response_status,model,prompt_tokens,completion_tokens,request_body"


def test_places_of_a_csv_file_are_looked_at_where_its_times_rise(tmp_path: Path, places: list[str | None]) -> None:
    path = log(tmp_path / "log.csv", f"0, {ROWS}")
    usage = read_usage([path])
    assert None not in places
    assert (usage.used, is_doubtful(usage)) == (ROWS, True)
    dated = tmp_path / "dated.csv"
    start = datetime(2024, 6, 12)
    rows = [f"r{i},{start + timedelta(minutes=i)},200,gpt-4o,10,1," for i in range(9_000)]
    dated.write_text("\n".join([HELICONE, *rows]) + "\n")
    places.clear()
    assert read_usage([dated]).used == 9_000
    assert len(places) == 1
    assert places[0] is not None
    dated.write_text("\n".join([HELICONE, *rows, rows[-20]]) + "\n")
    assert read_usage([dated]).used == 9_000


@pytest.mark.parametrize(("zone", "near"), [("Z", True), ("+08:00", False)])
def test_places_of_files_with_and_without_a_zone_are_set_in_order(
    tmp_path: Path, places: list[str | None], zone: str, near: bool
) -> None:
    """Times without a zone are UTC: eight hours earlier the second file would begin within the first."""
    start = datetime(2024, 6, 12)
    for name, end, minutes in (("1", "", range(9_000)), ("2", zone, range(9_000, 18_000))):
        rows = [f"{name}{i},{start + timedelta(minutes=i)}{end},200,gpt-4o,10,1," for i in minutes]
        (tmp_path / f"{name}.csv").write_text("\n".join([HELICONE, *rows, ""]))
    assert read_usage([tmp_path / "1.csv", tmp_path / "2.csv"]).used == 18_000
    assert [place is not None for place in places] == [near]


@pytest.mark.parametrize("odd", ["form", "day", "early", "cell", "row"])
def test_a_csv_file_is_looked_at_everywhere_where_its_places_do_not_tell(
    tmp_path: Path, places: list[str | None], odd: str
) -> None:
    """Times in another form, that stand still, or before all time; lines within a cell; a cell too many."""
    start = datetime(2024, 6, 12)
    times = [str(start.date() if odd == "day" else start + timedelta(minutes=i)) for i in range(9_000)]
    if odd == "form":
        times = [time.replace("-06-", "-6-") for time in times]
    if odd == "early":
        times[10] = "0001-01-01 00:00:00+08:00"
    body = '"a line,\nanother,\nand a third"' if odd == "cell" else ""
    rows = [f"r{i},{time},200,gpt-4o,10,1,{body}" for i, time in enumerate(times)]
    rows[10] += ",more" if odd == "row" else ""
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HELICONE, *rows, rows[0], ""]))
    assert read_usage([path]).rows >= 9_000
    assert {*places} == {None}


def test_an_id_that_is_no_number_is_met_where_all_are_read(tmp_path: Path, places: list[str | None]) -> None:
    path = log(tmp_path / "log.csv", "0, 50", f"0, {ROWS}")
    lines = path.read_text().splitlines()
    lines[30_000] = f"x{lines[30_000]}"
    path.write_text("\n".join([*lines, ""]))
    usage = read_usage([path])
    assert None not in places
    assert (usage.rows, usage.used) == (ROWS + 50, ROWS)
