"""Copies of rows in large Parquet files: the files' own notes on their blocks of rows tell where to look."""

from pathlib import Path

import duckdb
import pytest

from usage import Usage, engine, read_usage

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
            f"TO '{path}' (ROW_GROUP_SIZE {BLOCK})"
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


def test_a_copy_in_such_a_place_makes_all_rows_count_once(tmp_path: Path, places: list[str | None]) -> None:
    usage = read_usage([log(tmp_path / "log.parquet", "0, 50", "49, 50", f"50, {ROWS}", f"{ROWS - 1}, {ROWS}")])
    assert places[0] is not None
    assert (usage.rows, usage.used) == (ROWS + 2, ROWS)
    assert not is_doubtful(usage)


def test_exports_that_overlap_are_noticed_wherever_they_do(tmp_path: Path, places: list[str | None]) -> None:
    first, second = log(tmp_path / "1.parquet", "0, 33000"), log(tmp_path / "2.parquet", f"30000, {ROWS}")
    for files in [first, second], [log(tmp_path / "both.parquet", "0, 33000", f"30000, {ROWS}")]:
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
