"""The page when something goes wrong around it: it goes on with what it has, or says what is wrong."""

from __future__ import annotations

import datetime
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from clocks import WRONG, clock

from calculator import Profile
from offers.catalogue import DATA as OFFERS
from pricing.catalogue import DATA as PRICES
from pricing.yaml_reader import Document
from ui import answers

OpenApp = Callable[..., Any]


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data, on which the app runs."""
    shutil.copytree(OFFERS, tmp_path / "offers")
    shutil.copytree(PRICES, tmp_path / "prices")
    monkeypatch.setenv("BANJIA_OFFERS", str(tmp_path / "offers"))
    monkeypatch.setenv("BANJIA_PRICES", str(tmp_path / "prices"))
    return tmp_path


def test_a_running_page_keeps_its_data_whatever_happens_to_the_files(open_app: OpenApp, own_folders: Path) -> None:
    page = open_app("en-US")
    before = page.verdict, page.ranking
    for path in own_folders.rglob("*.yaml"):
        path.write_text("{")
    assert (page.run().verdict, page.ranking) == before
    shutil.rmtree(own_folders / "prices")
    page.go("prices").go("method").go("")
    assert (page.verdict, page.ranking) == before
    again = open_app("en-US")
    assert (again.verdict, again.ranking) == before
    assert page.enter(0, input_tokens="9B").verdict != before[0]


def test_a_page_that_found_broken_data_reads_them_once_they_are_mended(open_app: OpenApp, own_folders: Path) -> None:
    file = own_folders / "prices" / "providers" / "zhipu.yaml"
    whole = file.read_text("utf-8")
    file.write_text("provider: zhipu\n", "utf-8")
    page = open_app("en-US")
    assert [error.value for error in page.app.error] == ["The data cannot be read."]
    assert any("zhipu.yaml" in problem.value for problem in page.app.caption)
    file.write_text(whole, "utf-8")
    assert page.run().verdict.startswith("Move to ")


@pytest.mark.parametrize("today", WRONG)
def test_the_answer_is_of_the_days_of_the_event_whatever_the_clock_says(
    open_app: OpenApp, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = open_app("en-US").verdict  # loads all modules on the true day
    monkeypatch.setattr(datetime, "date", clock(today))
    page = open_app("en-US")
    assert page.verdict == verdict
    page.go("prices")
    assert not page.problems


def test_two_visitors_in_turns_see_each_their_own(open_app: OpenApp) -> None:
    one, other = open_app("en-US"), open_app("zh-CN")
    one.enter(0, input_tokens="9B")
    other.enter(0, input_tokens="5万").add(name="third", input_tokens="1亿")
    one.add(name="second", input_tokens="3M")
    assert one.run().typed("input_tokens") == ["9B", "6M", "3M"]
    assert other.run().typed("input_tokens") == ["5万", "600万", "1亿"]
    assert one.verdict.startswith("Move to ")
    assert other.verdict.startswith("建议迁往")
    again = open_app("en-US", s=one.app.query_params["s"])
    assert (again.verdict, again.totals) == (one.verdict, one.totals)


def test_of_many_visitors_one_after_the_other_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others wait, and each gets an answer of their own."""
    profile, working, most = answers.example(), [], []

    def compare(asked: Profile, *_: object) -> int:
        working.append(asked.months)
        time.sleep(0.02)
        most.append(len(working))
        working.remove(asked.months)
        return asked.months

    def answer(months: int) -> int:
        asked = profile.model_copy(update={"months": months, "name": "one of many"})
        return cast(int, answers.compared(asked, Document("test")))

    monkeypatch.setattr(answers, "compare_profile", compare)
    with ThreadPoolExecutor(4) as visitors:
        assert [*visitors.map(answer, range(1, 9))] == [*range(1, 9)]
    assert most == [1] * 8
