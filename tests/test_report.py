"""What people read: the memo, tables, files and words, in both languages."""

import csv
import importlib.util
import io
import os
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from answers import HOSTILE, NOBODY, answer, hostile
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from engine import catalogue_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from worlds import worlds

from calculator import Comparison, compare
from calculator.profile import profile_from, read_profile
from pricing import Text
from report.exports import FORMATS
from report.language import LANGS, SYMBOLS, Language, language, round_half_up
from report.offers import offer_rows
from report.profiles import profile_yaml
from report.tables import aligned, comparison_csv, comparison_summary, csv_text
from report.verdict import verdict, winners

ROOT = Path(__file__).resolve().parent.parent
EN, ZH = language("en"), language("zh")
BOTH = pytest.mark.parametrize("lang", LANGS)
WORLDS = settings(
    max_examples=int(os.environ.get("WORLDS", "50")) // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def memo(comparison: Comparison, lang: Language) -> str:
    """The recommendation as Markdown."""
    return FORMATS["markdown"].write(comparison, lang).decode()


def sections(text: str) -> dict[str, str]:
    """A memo's sections by heading."""
    found = re.split(r"^## (.*)$", text, flags=re.MULTILINE)
    return {"": found[0], **dict(zip(found[1::2], found[2::2], strict=True))}


# -------------------------------------------------------------------------------------------------------- memo


def test_the_memo_opens_with_the_decision_and_its_margin() -> None:
    # 12 months of 100 million tokens at 40 a million, less 150 million; 1 day of wiring and 2 of prompts at 1,000
    # against 12 months at 10 dollars of 7, and 2 days of wiring and 2 of prompts
    text = memo(answer(), EN)
    assert text.startswith("# Recommendation: move to North\n")
    assert (
        "**Move to North: CN¥45,000 in all over 12 months, CN¥43,000 (48.9%) less than West, the runner-up.**" in text
    )


def test_the_memo_has_all_that_a_decision_needs() -> None:
    text = sections(memo(answer(), EN))
    assert list(text) == [
        "", "Why", "The runner-up, and what it would take", "Offers to claim, and by when", "Checklist of the move",
        "The comparison", "The models and the work", "Month by month", "Assumptions and warnings", "Sources",
    ]  # fmt: skip
    assert "Usage today: chat: 80M input and 20M output tokens a month on s" in text[""]
    assert "Cut-off: 1 July 2024" in text[""]
    assert "offers take off CN¥6,000, so CN¥42,000 is paid" in text["Why"]
    assert "West comes second with CN¥88,000" in text["The runner-up, and what it would take"]
    assert "North (cautious, CN¥" in text["Why"]
    assert (
        "| north-gift | claim by 5 July 2024 | 1 July 2024 | 150M free tokens on n-large"
        in text["Offers to claim, and by when"]
    )
    assert "north-late: not yet open, opens on 1 August 2024" in text["Offers to claim, and by when"]
    assert "- [ ] 1 July 2024: Claim “north-gift”." in text["Checklist of the move"]
    assert "1 July 2024: Old closes." in text["Checklist of the move"]
    assert (
        "- [ ] 20 June 2024: Get the terms of “north-gift” in writing; not published: models covered."
        in text["Checklist of the move"]
    )
    assert "| 1 | North | CN¥45,000.00 | CN¥42,000.00 | CN¥3,000.00 |" in text["The comparison"]
    assert "| – | Old (staying, had it been possible) | CN¥120,000.00 |" in text["The comparison"]
    assert "East: chat: no model of tier flagship or better is on sale on 20 June 2024" in text["The comparison"]
    assert "| chat | s | n-large | CN¥40.00 | CN¥40.00 | 1 | flagship |" in text["The models and the work"]
    assert len(re.findall(r"^\| \d+ \|", text["Month by month"], re.MULTILINE)) == 12
    assert "north-gift, models covered: every chat model" in text["Assumptions and warnings"]
    assert "[Pages](<https://pages.test/north-gift>)" in text["Sources"]
    assert "[Pages](<https://pages.test/n-large>)" in text["Sources"]
    assert "Price of n-large from 1 January 2024 (high confidence)" in text["Sources"]


def test_the_checklist_is_in_the_order_of_days() -> None:
    lines = sections(memo(answer(overlap={"days": 5, "share": 0.1}), EN))["Checklist of the move"].split("\n")
    months = {"June": 6, "July": 7, "August": 8, "September": 9}
    days = [re.match(r"- (?:\[ \] )?(\d+) (\w+) 2024: ", line) for line in lines if line.startswith("- ")]
    found = [(months[day[2]], int(day[1])) for day in days if day]
    assert len(found) == len(days) >= 8
    assert found == sorted(found)


def test_dates_and_numbers_of_the_chinese_memo_are_chinese() -> None:
    text = memo(answer(), ZH)
    assert "2024年7月1日" in text
    assert "8000万" in text
    assert "¥45,000" in text
    assert not re.search(r"\d (June|July) 2024", text)


@BOTH
def test_a_memo_is_one_document_with_whole_tables(lang: str) -> None:
    text = memo(answer(), language(lang))
    assert text.endswith("\n")
    assert "\n\n\n" not in text
    for table in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


@BOTH
def test_without_an_option_there_is_a_memo_that_says_why(lang: str) -> None:
    text = memo(answer(NOBODY), language(lang))
    assert "East" in text
    if lang == "en":
        assert text.startswith("# Recommendation: which provider to move to\n")
        assert "No provider can take all your workloads on 20 June 2024." in text
        assert "East: chat: no model of tier flagship or better is on sale" in text


@BOTH
def test_with_one_option_there_is_no_runner_up(lang: str) -> None:
    found = answer({"providers": {"north": {"models": [{"id": "n", "price": {"input": 1}}]}}})
    assert memo(found, language(lang))
    assert verdict(found, EN) == (
        "Move to North: CN¥5,200 in all over 12 months; no other provider can take all your workloads."
    )
    assert "runner-up" not in memo(found, EN)


def test_two_that_cost_the_same_are_said_to() -> None:
    model = {"price": {"input": 1}}
    found = answer({"providers": {name: {"models": [{"id": name[0], **model}]} for name in ("north", "west")}})
    assert verdict(found, EN).endswith("the same as West, the runner-up.")
    assert memo(found, EN)


def test_the_same_question_is_asked_under_each_stance() -> None:
    found = winners(answer(stance="cautious"))
    assert {stance: one.profile.stance for stance, one in found.items()} == {
        stance: stance for stance in ("cautious", "expected", "generous")
    }


@pytest.mark.parametrize("growth", [0, 0.05, 0.1])
@pytest.mark.parametrize("price", [0.1, 0.3, 4, 12])
def test_a_column_of_the_months_is_shown_only_where_something_is_in_it(price: float, growth: float) -> None:
    """What no offer gives is exactly nothing, and not the last digit of a sum."""
    model = {"id": "n", "price": {"input": price, "output": price * 2}}
    header = next(
        line
        for line in memo(answer({"providers": {"north": {"models": [model]}}}, growth=growth), EN).splitlines()
        if line.startswith("| month |")
    )
    assert header == "| month | from | tokens | granted | list cost | bill |"


# ------------------------------------------------------------------------------------------------------ markup


def structure(text: str) -> list[tuple[str, str]]:
    """What a Markdown reader makes of a text: every element that is not plain words, with where links lead."""
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    found = [token for token in [*tokens, *inline] if token.type not in ("inline", "text", "text_special", "softbreak")]
    return [(token.type, str(token.attrs.get("href", ""))) for token in found]


@BOTH
@pytest.mark.parametrize("text", HOSTILE)
def test_names_cannot_become_markup(text: str, lang: str) -> None:
    """The memo has the structure that it has with harmless names."""
    words = language(lang)
    assert structure(memo(hostile(text), words)) == structure(memo(hostile("harmless"), words))


@BOTH
def test_only_web_pages_become_links(lang: str) -> None:
    text = memo(hostile("[x](javascript:1)"), language(lang))
    links = {href for kind, href in structure(text) if kind == "link_open"}
    assert len(links) == 1
    assert links.pop().startswith("https://a.test/%3Cb%3E)")


@pytest.mark.parametrize("text", HOSTILE)
def test_names_are_shown_as_they_are_written(text: str) -> None:
    line = next(line for line in memo(hostile(text), EN).splitlines() if line.startswith("- "))
    (paragraph,) = [token for token in MarkdownIt("gfm-like", {"linkify": False}).parse(line) if token.children]
    shown = "".join(child.content for child in paragraph.children or ())
    assert shown.partition(": ")[2] == " ".join(text.split())


def test_names_cannot_steer_a_terminal() -> None:
    for text in ("\x1b[31mred", "a\rb", "a\x07b", "a\u202eb", "a\nb"):
        shown = comparison_summary(hostile(text), EN)
        assert all(char.isprintable() or char == "\n" for char in shown), repr(text)
        assert shown.count("\n") == comparison_summary(hostile("ab"), EN).count("\n")


# ------------------------------------------------------------------------------------------------------ tables


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_csv_has_no_cell_that_a_spreadsheet_takes_for_a_formula(text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(comparison_csv(hostile(text), EN), newline="")))
    safe = "'" + text.replace("\r", "\n")
    assert [row["name"] for row in rows] == [safe] * 3
    assert rows[0]["models"] == safe


def test_csv_numbers_stay_numbers() -> None:
    assert csv_text(["a", "b"], [[-1.5, "-1.5"], [None, "x,y"], [3, 'say "x"']]) == (
        'a,b\n-1.5,\'-1.5\n,"x,y"\n3,"say ""x"""\n'
    )


def test_columns_are_aligned_by_the_width_of_what_is_shown() -> None:
    table = aligned(
        ["name", "价格", "x"], [["智谱 AI", 12.5, None], ["b", 100, "y"], ["ｗｉｄｅ", 0.25, 1e6]], right=[1]
    )
    assert table.splitlines() == [
        "name      价格  x",
        "--------  ----  -----",
        "智谱 AI   12.5",
        "b          100  y",
        "ｗｉｄｅ  0.25  1e+06",
    ]


def test_a_table_may_be_empty() -> None:
    assert aligned(["one", "two"], []) == "one  two\n---  ---\n"


@BOTH
def test_the_summary_and_the_csv_tell_the_same(lang: str) -> None:
    found = answer()
    rows = list(csv.DictReader(io.StringIO(comparison_csv(found, language(lang)))))
    assert [row["total"] for row in rows] == ["45000.00", "88000.00", ""]
    summary = comparison_summary(found, language(lang))
    assert "45,000.00" in summary
    assert "88,000.00" in summary
    assert "120,000.00" in summary


@WORLDS
@given(worlds())
def test_every_world_can_be_told_in_both_languages(world: dict[str, Any]) -> None:
    data = catalogue_of(world)
    found = compare(world["profile"], data)
    for words in (EN, ZH):
        text = memo(found, words)
        assert all(option.provider.label(words.code) in text for option in found.options)
        rows = list(csv.reader(io.StringIO(comparison_csv(found, words))))
        assert len(rows) == 1 + len(found.options) + len(found.unavailable)
        assert comparison_summary(found, words)
        for event in data.events.values():
            assert aligned(*offer_rows(event, data.prices, found.horizon.as_of, words))


# -------------------------------------------------------------------------------------------------- profile_yaml


@WORLDS
@given(worlds(partial_effort=True))
def test_a_profile_survives_its_yaml(world: dict[str, Any]) -> None:
    profile, _ = profile_from(world["profile"])
    text = profile_yaml(profile)
    assert read_profile(text)[0] == profile
    assert profile_yaml(read_profile(text)[0]) == text


ODD = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
LIKE_SOMETHING_ELSE = st.sampled_from(
    ["08", "1e5", ".5e3", "1.e3", "12", "no", "yes", "12:30", "2024-06-28", "2024-02-30", "1_000", "~", "null", "true",
     "True", "=", "<<", "-", "- a", "a: b", "#x", " x ", "x\ny", "0x1F", "\x85", "\u2028", "\ufeff", "'\"", "١٢"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(ODD | LIKE_SOMETHING_ELSE, ODD | LIKE_SOMETHING_ELSE)
def test_names_survive_their_yaml(name: str, other: str) -> None:
    workload = {"name": name, "model": other, "pin": {name: other}, "features": [other]}
    profile, _ = profile_from({"name": other, "workloads": [workload], "customer_of": [name]})
    assert read_profile(profile_yaml(profile))[0] == profile


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 1e18), st.floats(0, 1), st.floats(1e-9, 1000))
def test_numbers_survive_their_yaml(tokens: float, share: float, ratio: float) -> None:
    workload = {"model": "s", "input_tokens": tokens, "cached_share": share, "ratio": {"north": ratio}}
    profile, _ = profile_from({"workloads": [workload]})
    assert read_profile(profile_yaml(profile))[0] == profile


def test_a_profile_is_written_as_a_person_would() -> None:
    profile, _ = profile_from(
        {"starts": date(2024, 7, 9), "workloads": [{"model": "gpt-4o", "input_tokens": 80_000_000, "text": {"zh": 1}}]}
    )
    assert profile_yaml(profile) == (
        "# A Banjia profile: banjia compare THIS_FILE\n"
        "starts: 2024-07-09\n"
        "workloads:\n"
        "- model: gpt-4o\n"
        "  input_tokens: 80_000_000\n"
        "  text:\n"
        "    zh: 1\n"
    )


# ----------------------------------------------------------------------------------------------------- language


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "¥0.00"), (0.004999, "¥0.00"), (0.005, "¥0.01"), (1.005, "¥1.01"), (2.675, "¥2.68"), (-0.005, "-¥0.01"),
        (-0.001, "¥0.00"), (1234.5, "¥1,234.50"), (999_999.995, "¥1,000,000.00"), (1e14, "¥100,000,000,000,000.00"),
    ],
)  # fmt: skip
def test_money_is_rounded_half_up(amount: float, shown: str) -> None:
    assert ZH.money(amount, "CNY", digits=2) == shown
    assert EN.money(amount, "CNY", digits=2) == shown.replace("¥", "CN¥")


@pytest.mark.parametrize("amount", [1e15, 1e24, 1e30, 1e300])
def test_amounts_that_nobody_has_are_shown_all_the_same(amount: float) -> None:
    for words in (EN, ZH):
        assert "1" in words.money(amount, "CNY", digits=2)
        assert "1" in words.number(amount)
        assert words.compact(amount)


@given(st.floats(-1e14, 1e14), st.integers(0, 4), st.sampled_from(["CNY", "USD", "JPY", "XYZ"]))
def test_amounts_are_written_as_the_standard_for_each_language_says(value: float, digits: int, currency: str) -> None:
    for words in (EN, ZH):
        rounded, places = round_half_up(value, digits), digits and "."
        money = format_currency(
            rounded, currency, f"¤#,##0{places or ''}{'0' * digits}", locale=words.locale, currency_digits=False
        )
        assert words.money(value, currency, digits=digits) == money
        number = format_decimal(rounded, f"#,##0{places or ''}{'#' * digits}", locale=words.locale)
        assert words.number(value, digits=digits) == number


def test_money_in_whole_units_and_other_currencies() -> None:
    assert EN.money(0.5, "USD") == "$1"
    assert EN.money(1234.49, "USD") == "$1,234"
    assert ZH.money(14, "USD", digits=2) == "US$14.00"
    assert EN.money(2.675, "JPY", digits=2) == "¥2.68"


@pytest.mark.parametrize("value", [0.5, 1.5, 2.5, 0.125, 2.675, 1.005, 1e-9, 123_456_789.125])
def test_rounding_is_that_of_the_written_number(value: float) -> None:
    assert round_half_up(-value, 2) == -round_half_up(value, 2)
    assert abs(round_half_up(value, 2) - value) <= 0.005 + 1e-9


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0, "0", "0"), (999, "999", "999"), (10_000, "10K", "1万"), (12_345, "12.35K", "1.23万"),
        (22_000_000, "22M", "2200万"), (80_000_000, "80M", "8000万"), (100_000_000, "100M", "1亿"),
        (150_000_000, "150M", "1.5亿"), (1_200_000_000, "1.2B", "12亿"),
    ],
)  # fmt: skip
def test_large_numbers_are_short(value: float, english: str, chinese: str) -> None:
    assert ZH.compact(value) == chinese
    if value != 12_345:  # a half: English may round it either way
        assert EN.compact(value) == english


def test_days_percentages_and_lists_are_written_as_the_language_does() -> None:
    day = date(2024, 7, 9)
    assert (EN.day(day), ZH.day(day)) == ("9 July 2024", "2024年7月9日")
    assert (EN.percent(0.1985, digits=1), ZH.percent(0.5)) == ("19.9%", "50%")
    assert (EN.list(["a", "b", "c"]), ZH.list(["a", "b", "c"])) == ("a, b, and c", "a、b和c")
    assert EN.list([]) == ""
    assert (EN.number(1234.5678, digits=3), ZH.number(0.5)) == ("1,234.568", "1")


@pytest.mark.parametrize("lang", [EN, ZH])
def test_what_is_written_without_babel_is_written_as_babel_would(lang: Language) -> None:
    pattern = "d MMMM y" if lang is EN else "long"
    for month in range(1, 13):
        day = date(2024, month, 2 * month)
        assert lang.day(day) == format_date(day, pattern, locale=lang.locale)
    for currency, locale in SYMBOLS:
        assert SYMBOLS[currency, locale] == get_currency_symbol(currency, locale=locale)
    for share in (0.0, -0.004, 0.085, 0.285, 1.005, -12.5, 12345.678, 1e9):
        for digits, pattern in enumerate(("#,##0%", "#,##0.#%", "#,##0.##%")):
            babel = format_percent(round_half_up(share, digits + 2), pattern, locale=lang.locale)
            assert lang.percent(share, digits=digits) == babel


def test_days_in_a_sentence_are_written_as_the_language_does_and_in_data_as_iso() -> None:
    text = Text("closed on {day}", day=date(2024, 7, 31))
    assert EN.render(text) == "closed on 31 July 2024"
    assert "2024年7月31日" in ZH.render(text)
    assert EN.translate(text) == "closed on 2024-07-31"
    assert "2024-07-31" in ZH.translate(text)


def test_values_are_not_taken_for_templates() -> None:
    assert EN.say("{name}", name="{evil} {0} %s") == "{evil} {0} %s"
    assert EN.render(Text("{inner}", inner=Text("{x}", x="{y}"))) == "{y}"


def test_any_other_language_is_english() -> None:
    assert language("fr").code == "en"


# ------------------------------------------------------------------------------------------------- translations


@cache
def chinese() -> Catalog:
    with (ROOT / "report/locale/zh/LC_MESSAGES/banjia.po").open("rb") as file:
        return read_po(file, locale="zh")


def extracted() -> set[str]:
    """The sentences in the code, collected as `make translations` does."""
    spec = importlib.util.spec_from_file_location("translations", ROOT / "scripts/translations.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return {
        sentence
        for path in script.python_files()
        for _, sentence, _, _ in script.extract_from_file("python", path, script.KEYWORDS, [])
    }


def fields(template: str) -> set[str]:
    return set(re.findall(r"(?<!\{)\{(\w+)[^{}]*\}", template))


def test_the_chinese_catalogue_has_the_sentences_of_the_code_and_no_others() -> None:
    assert {str(message.id) for message in chinese() if message.id} == extracted()


def test_every_sentence_has_a_translation_with_the_same_values() -> None:
    for message in chinese():
        if message.id:
            assert message.string, f"not translated: {message.id}"
            assert not message.fuzzy, f"to be checked: {message.id}"
            assert fields(str(message.string)) == fields(str(message.id)), message.id


def test_every_translation_can_be_filled_in() -> None:
    values: dict[str, Any] = {}
    for message in chinese():
        if message.id and message.string:
            values = dict.fromkeys(fields(str(message.id)), 1)
            assert ZH.say(str(message.id), **values) == (
                str(message.string).format(**values) if values else message.string
            )
