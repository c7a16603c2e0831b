"""YAML as a person writes it: plain values, their places, and every problem at once."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from pricing.yaml_reader import MAX_DEPTH, Document, read_yaml

ROOT = Path(__file__).resolve().parent.parent


def read(text: str, **limits: int) -> Document:
    return read_yaml(dedent(text), "file.yaml", **limits)


def value(text: str) -> Any:
    """The value of a text that has no problems."""
    document = read(text)
    assert document.problems == []
    return document.value


def problems(text: str, **limits: int) -> list[str]:
    return [str(problem) for problem in read(text, **limits).problems]


# ---------------------------------------------------------------------------------------------------- scalars


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("50_000_000", 50_000_000), ("1_000.50", 1000.5), ("0.1", 0.1), (".5", 0.5), ("-.5", -0.5), ("5.", 5.0),
        ("+3", 3), ("-3", -3), ("1e3", 1000.0), ("1.5e-3", 0.0015), ("2E+2", 200.0), ("0", 0), ("007", 7),
    ],
)  # fmt: skip
def test_numbers_are_written_in_the_usual_ways(written: str, meant: float) -> None:
    got = value(f"x: {written}")["x"]
    assert (got, type(got)) == (meant, type(meant))


@pytest.mark.parametrize(
    "written",
    [
        "no", "yes", "on", "off", "True", "False", "NULL", "Null", "12:30", "1:30:00", "0x10", "0b1", "0o7", ".inf",
        ".nan", "--1", "1.2.3", "1e", "v1", "1,000", "_1", "2024-06-28 12:00", "2024-06", "=", "<<", "unknown",
    ],
)  # fmt: skip
def test_what_yaml_1_1_would_convert_stays_text(written: str) -> None:
    assert value(f"x: {written}\n") == {"x": written}


@pytest.mark.parametrize("written", ["'12'", '"12"', "'2024-06-28'", '"true"', "'null'", "'~'", '""', "'1_000'"])
def test_quotes_make_text(written: str) -> None:
    assert value(f"x: {written}") == {"x": written[1:-1]}


def test_true_false_and_the_ways_of_null() -> None:
    assert value("[true, false, null, ~, ]") == [True, False, None, None]
    assert value("a:\nb: 1") == {"a": None, "b": 1}


def test_a_block_of_text_that_looks_like_a_number_stays_text() -> None:
    assert value("x: |\n  12\n") == {"x": "12\n"}
    assert value("x: >-\n  12\n  months\n") == {"x": "12 months"}


def test_dates_are_days_of_the_calendar() -> None:
    assert value("x: 2024-02-29") == {"x": date(2024, 2, 29)}
    assert value("x: [2024-12-31, 0001-01-01]") == {"x": [date(2024, 12, 31), date(1, 1, 1)]}


@pytest.mark.parametrize("day", ["2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "0000-01-01"])
def test_an_impossible_day_stays_text_for_validation_to_name(day: str) -> None:
    assert value(f"x: {day}") == {"x": day}


@pytest.mark.parametrize("written", ["1e999", "9" * 400, "-1e999"])
def test_a_number_too_large_for_the_machine_is_infinite_and_not_a_crash(written: str) -> None:
    assert abs(value(f"x: {written}")["x"]) == float("inf")


def test_keys_are_always_text() -> None:
    assert value("1: a\n2024-06-28: b\ntrue: c\n~: d\n") == {"1": "a", "2024-06-28": "b", "true": "c", "~": "d"}


def test_chinese_text_and_emoji_are_text() -> None:
    assert value("名称: 智谱 🚀") == {"名称": "智谱 🚀"}


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert value("\ufeffa: 1\r\nb: 2\r\n") == {"a": 1, "b": 2}


def test_an_empty_file_is_null() -> None:
    assert value("") is None
    assert value("# only a comment\n") is None


# ----------------------------------------------------------------------------------------------------- places

PLACES = """\
# a comment
name: Support chat
workloads:
  - model: gpt-4o
    text: {zh: 0.8, en: 0.2}
  - model: gpt-4
prices: [1, 2,
  3]
"""


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        ((), (2, 1)),
        (("name",), (2, 1)),
        (("workloads",), (3, 1)),
        (("workloads", 0), (4, 5)),
        (("workloads", 0, "model"), (4, 5)),
        (("workloads", 0, "text", "zh"), (5, 12)),
        (("workloads", 0, "text", "en"), (5, 21)),
        (("workloads", 1, "model"), (6, 5)),
        (("prices", 1), (7, 13)),
        (("prices", 2), (8, 3)),
    ],
)
def test_the_place_of_a_value_is_that_of_its_key(loc: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert read(PLACES).place(loc) == place


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        (("nothing",), (2, 1)),
        (("workloads", 1, "text", "zh"), (6, 5)),
        (("workloads", 7, "model"), (3, 1)),
        (("name", "below"), (2, 1)),
        (("workloads", 0, "text", "union-tag", "zh"), (5, 12)),
    ],
)
def test_what_does_not_stand_in_the_file_has_the_place_of_its_parent(
    loc: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    assert read(PLACES).place(loc) == place


def test_a_document_without_a_text_has_places_too() -> None:
    assert Document("form", {"a": 1}).place(("a",)) == (1, 1)


def test_a_place_behind_an_alias_is_where_the_figure_stands() -> None:
    document = read("one: &one\n  price: 1\ntwo: *one\n")
    assert document.place(("two",)) == (3, 1)
    assert document.place(("two", "price")) == (2, 3)


def test_chinese_characters_count_as_one_column() -> None:
    assert read("x: {名称: 一, price: 2}").place(("x", "price")) == (1, 12)


# -------------------------------------------------------------------------------------------------- duplicates


def test_duplicate_keys_are_problems_with_the_place_of_the_second() -> None:
    text = """\
        a: 1
        b: {c: 1, c: 2}
        list:
          - d: 1
            d: 2
        a: 3
        """
    assert problems(text) == [
        "file.yaml:2:11: the key `c` stands here twice",
        "file.yaml:5:5: the key `d` stands here twice",
        "file.yaml:6:1: the key `a` stands here twice",
    ]
    assert read(text).value == {"a": 1, "b": {"c": 1}, "list": [{"d": 1}]}


def test_the_same_key_in_different_mappings_is_no_duplicate() -> None:
    assert value("- a: 1\n- a: 2\n") == [{"a": 1}, {"a": 2}]


def test_keys_that_are_quoted_differently_are_the_same_key() -> None:
    assert problems("a: 1\n'a': 2\n") == ["file.yaml:2:1: the key `a` stands here twice"]


def test_a_key_must_be_a_word() -> None:
    assert problems("? [a, b]\n: 1\n") == ["file.yaml:1:3: a key must be a word"]


# --------------------------------------------------------------------------------------------- tags and aliases


def test_every_tag_is_refused() -> None:
    text = """\
        a: !!python/object/apply:os.system ["true"]
        b: !mine 1
        c: !!str 12
        d: !!set {x}
        """
    assert problems(text) == [
        "file.yaml:1:4: the tag tag:yaml.org,2002:python/object/apply:os.system is not allowed here",
        "file.yaml:2:4: the tag !mine is not allowed here",
        "file.yaml:3:4: the tag tag:yaml.org,2002:str is not allowed here",
        "file.yaml:4:4: the tag tag:yaml.org,2002:set is not allowed here",
    ]


def test_a_tag_leaves_nothing_of_its_value() -> None:
    assert read('a: !!python/object/apply:os.system ["true"]\nb: 1').value == {"a": None, "b": 1}


def test_an_alias_stands_for_what_it_refers_to() -> None:
    assert value("a: &x {cite: book}\nb: [*x, *x]\n") == {"a": {"cite": "book"}, "b": [{"cite": "book"}] * 2}


@pytest.mark.parametrize("text", ["a: &x [*x]\n", "a: &x {b: *x}\n", "a: &x [1, {b: [*x]}]\n", "&x [*x]"])
def test_an_alias_inside_what_it_refers_to_is_refused(text: str) -> None:
    (problem,) = problems(text)
    assert problem.endswith("an alias must not stand inside what it refers to")


def test_an_alias_without_its_anchor_is_refused_by_its_line() -> None:
    assert problems("a: 1\nb: *nowhere\n") == ["file.yaml:2:4: this is not valid YAML: found undefined alias"]


def bomb(levels: int = 30) -> str:
    """Each line refers ten times to the line before."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, levels)]
    return "\n".join(lines)


def test_a_small_file_cannot_grow_by_aliases() -> None:
    def told(line: int, column: int) -> list[str]:
        return [f"file.yaml:{line}:{column}: the file holds too much from here on"]

    # The lines stand for 11, 111, 1,111, 11,111 and 111,111 values; the problem stands where an alias refers to.
    assert problems(bomb()) == told(5, 5)
    assert problems(bomb(), max_nodes=1000) == told(2, 5)


def test_what_is_read_of_a_bomb_stays_within_the_limit() -> None:
    def count(item: Any) -> int:
        children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        return 1 + sum(map(count, children))

    assert count(read(bomb(), max_nodes=5_000).value) <= 5_000 + 100  # what is left out is null, and null counts


# ------------------------------------------------------------------------------------------------------ limits


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_depth_has_a_limit_and_what_lies_within_it_is_read() -> None:
    assert problems(nested(MAX_DEPTH)) == []
    (problem,) = problems("a: 1\nb: " + nested(MAX_DEPTH + 2))
    assert problem.startswith("file.yaml:2:")
    assert problem.endswith("nested too deeply")


@pytest.mark.parametrize(
    "text",
    ["'[' * 60_000", "'- ' * 30_000", "'{a: ' * 15_000", "'? ' * 30_000", "'[' * 60_000 + ']' * 4_000"],
)
def test_a_profile_that_is_nothing_but_depth_is_refused_and_does_not_end_the_process(text: str) -> None:
    """In a process of its own: a crash of the parser would take all tests with it."""
    code = (
        "from pricing.yaml_reader import read_yaml\n"
        f"assert read_yaml({text}, 'file.yaml', max_bytes=64_000, max_nodes=5_000).problems\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")


def test_the_number_of_values_has_a_limit() -> None:
    assert problems("[1, 2, 3]", max_nodes=4) == []
    assert problems("[1, 2, 3]", max_nodes=3) == ["file.yaml:1:8: the file holds too much from here on"]


def test_the_limit_is_told_once() -> None:
    assert len(problems("[" + "1, " * 500 + "1]", max_nodes=10)) == 1


def test_the_length_has_a_limit_in_bytes() -> None:
    assert problems("a: 12345", max_bytes=8) == []
    assert problems("a: 12345", max_bytes=7) == ["file.yaml:1:1: the file is too long: at most 7 bytes are read"]
    assert problems("a: 智谱", max_bytes=8) == ["file.yaml:1:1: the file is too long: at most 8 bytes are read"]


def test_a_file_that_is_too_long_is_not_parsed() -> None:
    assert read("a: [", max_bytes=3).value is None


# ---------------------------------------------------------------------------------------------- not valid YAML


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [1, 2\nb: 3\n", "file.yaml:2:"),
        ("a:\n\t- b\n", "file.yaml:2:1:"),
        ("a: 'open\n", "file.yaml:"),
        ("a: b: c\n", "file.yaml:1:5:"),
        ("a: 1\n b: 2\n", "file.yaml:2:3:"),
        ("a: @b\n", "file.yaml:1:4:"),
        ("a: 1\n---\nb: 2\n", "file.yaml:2:1:"),
    ],
)
def test_what_is_not_yaml_is_told_with_its_line(text: str, place: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(place)
    assert ": this is not valid YAML: " in problem


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\udc80"])
def test_control_characters_are_refused(character: str) -> None:
    (problem,) = problems(f"a: 1\nb: x{character}y\n")
    assert "not" in problem
    assert character not in problem


def test_all_problems_are_told_at_once() -> None:
    text = """\
        a: !!set {x}
        b: 1
        b: 2
        c: &c [*c]
        ? [d]
        : 1
        """
    assert problems(text) == [
        "file.yaml:1:4: the tag tag:yaml.org,2002:set is not allowed here",
        "file.yaml:3:1: the key `b` stands here twice",
        "file.yaml:4:4: an alias must not stand inside what it refers to",
        "file.yaml:5:3: a key must be a word",
    ]
