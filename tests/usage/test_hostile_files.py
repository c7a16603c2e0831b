"""Files that are broken, strange or meant to do harm: a clear message or a counted skip, never a silent wrong total."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from usage_logs import HEADER, csv_log, database_log, entry

from pricing import InputError
from usage import Limits, Usage, read_upload, read_usage
from usage.engine import sandbox

GOOD = [entry(1, into=1000, out=100), entry(2, into=500, out=50)]


def read(content: bytes, **options: object) -> Usage:
    return read_upload({"log.csv": content}, **options)


def totals(usage: Usage) -> tuple[float, float]:
    return sum(use.input for use in usage.uses), sum(use.output for use in usage.uses)


def skips(usage: Usage) -> dict[str, int]:
    return {str(one.because): one.rows for one in usage.skipped}


def refusal(content: bytes, name: str = "log.csv") -> str:
    with pytest.raises(InputError) as error:
        read_upload({name: content})
    return str(error.value)


def test_a_row_cut_off_at_the_end_is_counted_with_its_line() -> None:
    usage = read(csv_log(GOOD) + b"3,17181936")
    assert totals(usage) == (1500, 150)
    assert skips(usage) == {"that are no rows of the table": 1}
    assert usage.skipped[0].example is not None
    assert usage.skipped[0].example.startswith("log.csv:4:")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    assert totals(read(csv_log(GOOD, delimiter))) == (1500, 150)


def test_another_delimiter_is_refused() -> None:
    assert "no usage export that is known" in refusal(csv_log(GOOD, "~"))


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert totals(read(b"\xef\xbb\xbf" + csv_log(GOOD))) == (1500, 150)


def test_utf_16_is_refused_with_the_remedy() -> None:
    assert "UTF-16 text: save it as UTF-8" in refusal(csv_log(GOOD).decode().encode("utf-16"))


def test_gbk_is_refused_with_the_line() -> None:
    rows = csv_log(GOOD) + "3,1718193600,2,生产,gpt-4o,0,1,1\n".encode("gbk")
    assert refusal(rows).startswith("log.csv:4:1: the file is not UTF-8 text (GBK")


def test_a_header_in_the_middle_is_a_skipped_row_and_copies_count_once() -> None:
    usage = read(csv_log(GOOD) + csv_log(GOOD))
    assert totals(usage) == (1500, 150)
    assert sum(skips(usage).values()) == 3
    assert skips(usage)["that stand there twice"] == 2


def test_too_many_columns_are_refused() -> None:
    header = HEADER + "," + ",".join(f"c{number}" for number in range(100_000))
    assert "too long" in refusal(header.encode() + b"\n")
    few = HEADER + "," + ",".join(f"c{number}" for number in range(3_000))
    assert "3,008 columns: at most 2,000" in refusal(few.encode() + b"\n")


def test_a_file_without_a_model_says_how_to_get_one() -> None:
    header = b"start_time,num_model_requests,input_tokens,output_tokens,model\n"
    assert "group_by=model" in refusal(header + b"1759622400,10,59200,10646,\n")
    page = {
        "data": [{"start_time": 1735689600, "results": [{"num_model_requests": 1, "input_tokens": 5, "model": None}]}]
    }
    assert "group_by=model" in refusal(json.dumps(page).encode())


def test_rows_without_a_model_are_counted_beside_others() -> None:
    assert skips(read(csv_log([*GOOD, entry(3, model="")]))) == {"without a model": 1}


@pytest.mark.parametrize(
    ("tokens", "read_as"), [("1250.0", 1250), ("1,250", 1250), ("1,234,567", 1_234_567), (" 12 ", 12), ("", 0)]
)
def test_numbers_are_read_as_people_write_them(tokens: str, read_as: float) -> None:
    assert totals(read(csv_log([entry(1, into=f'"{tokens}"')])))[0] == read_as


@pytest.mark.parametrize(
    ("tokens", "because"),
    [
        ("1,25", "with a number that cannot be read"),
        ("12a", "with a number that cannot be read"),
        ("nan", "with a number that cannot be read"),
        ("inf", "with a number that cannot be read"),
        ("1e40", "with a number that cannot be read"),
        ("-5", "with a negative number"),
        ("1.25", "with a fraction of a token"),
    ],
)
def test_other_numbers_are_counted_and_left_out(tokens: str, because: str) -> None:
    usage = read(csv_log([*GOOD, entry(3, into=f'"{tokens}"')]))
    assert (totals(usage), skips(usage)) == ((1500, 150), {because: 1})


@pytest.mark.parametrize("kind", [1, 3, 4, 5, 6, "1.0", 9, ""])
def test_entries_that_are_no_consumption_do_not_count(kind: object) -> None:
    usage = read(csv_log([*GOOD, entry(3, kind=kind, into=-700, quota=-9000)]))
    assert (totals(usage), usage.rows, usage.used) == ((1500, 150), 3, 2)


def test_days_may_come_in_any_order() -> None:
    rows = [entry(3, "2024-06-14"), entry(1, "2024-06-12"), entry(2, "2024-06-13")]
    assert [f"{use.day:%d}" for use in read(csv_log(rows)).uses] == ["12", "13", "14"]


def test_times_with_and_without_an_offset_are_understood() -> None:
    header = "request_id,call_type,spend,prompt_tokens,completion_tokens,startTime,model\n"
    rows = [
        "a,acompletion,0,1,1,2024-06-12T23:30:00+08:00,gpt-4o",  # 15:30 UTC
        "b,acompletion,0,10,1,2024-06-12 23:30:00,gpt-4o",  # UTC: 13 June in Shanghai
        "c,acompletion,0,100,1,2024-06-12T15:59:59.5Z,gpt-4o",
        "d,acompletion,0,1000,1,12.06.2024,gpt-4o",
    ]
    usage = read((header + "\n".join(rows)).encode())
    assert {use.day.day: use.input for use in usage.uses} == {12: 101, 13: 10}
    assert skips(usage) == {"without a time that can be read": 1}


def test_midnight_is_that_of_the_zone() -> None:
    rows = csv_log([[1, 1719763199, 2, "t", "gpt-4o", 0, 1, 0], [2, 1719763200, 2, "t", "gpt-4o", 0, 10, 0]])
    assert {f"{use.day}": use.input for use in read(rows).uses} == {"2024-06-30": 1, "2024-07-01": 10}
    assert {f"{use.day}": use.input for use in read(rows, zone="UTC").uses} == {"2024-06-30": 11}


def test_a_zone_with_summer_time_is_shifted_by_the_season() -> None:
    seconds = {1704085199: 1, 1704085200: 10, 1720065599: 100, 1720065600: 1000}  # 23:59:59 and midnight in New York
    rows = csv_log([[n, at, 2, "t", "gpt-4o", 0, into, 0] for n, (at, into) in enumerate(seconds.items())])
    days = {f"{use.day}": use.input for use in read(rows, zone="America/New_York").uses}
    assert days == {"2023-12-31": 1, "2024-01-01": 10, "2024-07-03": 100, "2024-07-04": 1000}


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(InputError, match=r"unknown time zone `Moon/Base`"):
        read(csv_log(GOOD), zone="Moon/Base")


def test_a_model_with_quotes_is_text_and_no_sql() -> None:
    usage = read(csv_log([entry(1, model="x'); DROP TABLE logs; --")]))
    assert [use.model for use in usage.uses] == ["x'); DROP TABLE logs; --"]


def test_a_bomb_of_one_line_is_refused() -> None:
    bomb = gzip.compress(HEADER.encode() + b"\n" + b"0" * 30_000_000)
    assert len(bomb) < 100_000
    refusal(bomb)


def test_reading_ends_when_its_time_is_up() -> None:
    rows = "\n".join(",".join(map(str, entry(number))) for number in range(5_000))
    bomb = gzip.compress((HEADER + "\n" + (rows + "\n") * 400).encode())
    with pytest.raises(InputError, match=r"longer than 0.2 seconds"):
        read_upload({"bomb": bomb}, limits=Limits(seconds=0.2))


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    assert "no sound SQLite database" in refusal(b"SQLite format 3\0" + b"\7" * 5000)
    good = database_log(tmp_path / "one-api.db", [entry(number) for number in range(2000)]).read_bytes()
    assert "no sound SQLite database" in refusal(good[: len(good) // 2])


def test_a_database_without_a_log_names_its_tables(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "other.db") as database:
        database.execute("CREATE TABLE photos (id INTEGER)")
    database.close()
    with pytest.raises(InputError, match=r"none of the tables .* photos"):
        read_usage([tmp_path / "other.db"])


@pytest.mark.parametrize("content", [
    b"", b"\n\n", b"\0\1\2", b"{", b"[", b"[1, 2]", b"{}", b"hello", b"PAR1" + b"x" * 99, b"[" * 100_000,
    b'{"data": ' * 5_000, b"\x1f\x8bnot gzip",
])  # fmt: skip
def test_what_is_no_export_is_refused_without_a_traceback(content: bytes) -> None:
    assert refusal(content).startswith("log.csv:")


def test_a_zip_is_to_be_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("log.csv", csv_log(GOOD))
    assert "unpack it" in refusal(packed.getvalue())


def test_a_broken_line_of_json_is_counted() -> None:
    line = {"id": 1, "trace_id": "t", "type": "GENERATION", "start_time": "2024-06-12 03:10:11",
            "provided_model_name": "gpt-4o", "usage_details": {"input": 5, "output": 7}}  # fmt: skip
    usage = read((json.dumps(line) + "\n" + json.dumps(line)[:50] + "\n").encode())
    assert (totals(usage), usage.rows, usage.used) == ((5, 7), 2, 1)


def test_only_the_given_file_can_be_read(tmp_path: Path) -> None:
    import duckdb

    secret, given = tmp_path / "secret.csv", tmp_path / "given.csv"
    secret.write_bytes(csv_log(GOOD))
    given.write_bytes(csv_log(GOOD))
    with sandbox([given]) as connection:
        assert connection.execute(f"SELECT COUNT(*) FROM read_csv('{given}')").fetchone() == (2,)
        for attempt in (
            f"SELECT * FROM read_csv('{secret}')", f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            "SET enable_external_access = true", "INSTALL httpfs", "ATTACH 'x.db'", "SELECT * FROM GOOD",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                connection.execute(attempt)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path, message in ((tmp_path, "this is no file"), (tmp_path / "none.csv", "there is no such file")):
        with pytest.raises(InputError, match=message):
            read_usage([path])
