"""The page Your usage: an export comes in, is understood or refused, and becomes the inputs of the comparison."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from usage_logs import HEADER, csv_log, entry

from ui import usage

OpenApp = Callable[..., Any]
DAYS = {3: 31, 4: 30, 5: 31}


def quarter(**fields: Any) -> bytes:
    """March to May 2024: 1,000,000 + 100,000 tokens a day for the chat, 200,000 for the search, and a top-up."""
    days = [f"2024-{month:02}-{day:02}" for month, last in DAYS.items() for day in range(1, last + 1)]
    chat = [entry(n, day, into=1_000_000, out=100_000, token="chat") for n, day in enumerate(days)]
    search = [entry(1000 + n, day, into=200_000, out=0, token="search", **fields) for n, day in enumerate(days)]
    return csv_log([*chat, *search, entry(9999, "2024-03-15", kind=1, model="")])


def uploaded(page: Any, *files: tuple[str, bytes]) -> Any:
    widget = next(one for one in page.app.file_uploader if one.key.startswith("usage_files"))
    for name, content in files:
        widget.upload(name, content)
    return page.run()


def said(page: Any) -> str:
    return "\n".join(page.texts("bj"))


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-US", [
            "log of a one-api or new-api gateway", "rows 185, used 184, left out 1", "1 row: top-ups",
            "119.6M tokens from 1 March 2024 to 31 May 2024, all of them gpt-4o", "By the price history this cost",
            "Monthly means of 2024-03, 2024-04, 2024-05", "36.8M",
        ]),
        ("zh-CN", ["one-api / new-api 网关日志", "共 185 行，计入 184 行，略过 1 行", "充值", "1.2亿", "3680万"]),
    ],
)  # fmt: skip
def test_an_export_is_read_shown_and_compared(open_app: OpenApp, locale: str, words: list[str]) -> None:
    page = uploaded(open_app(locale).go("usage"), ("one-api.csv", quarter()))
    for word in words:
        assert word in said(page)
    assert not page.problems
    page.click("usage_take")
    assert page.app.button(key="start_undo")  # this is Compare
    assert page.typed("model") == ["gpt-4o-2024-05-13"]
    # 92 days of 1,200,000 in three months
    assert page.typed("input_tokens") == ["36.8M" if locale == "en-US" else "3680万"]
    page.click("start_undo")
    assert len(page.typed("model")) == 2  # the example


@pytest.fixture
def managers(monkeypatch: pytest.MonkeyPatch) -> list[MemoryUploadedFileManager]:
    """Where Streamlit keeps uploads."""
    found: list[MemoryUploadedFileManager] = []
    begin = MemoryUploadedFileManager.__init__

    def noted(self: MemoryUploadedFileManager, endpoint: str) -> None:
        found.append(self)
        begin(self, endpoint)

    monkeypatch.setattr(MemoryUploadedFileManager, "__init__", noted)
    return found


@pytest.mark.parametrize("content", [quarter(), b"\0\1\2"])
def test_files_are_gone_once_they_are_read(
    open_app: OpenApp, managers: list[MemoryUploadedFileManager], monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    content: bytes,
) -> None:  # fmt: skip
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folders: list[str] = []
    make = tempfile.mkdtemp
    monkeypatch.setattr(tempfile, "mkdtemp", lambda *given, **more: folders.append(make(*given, **more)) or folders[-1])
    page = uploaded(open_app("en-US").go("usage"), ("secret.csv", content))
    assert folders
    assert not [*tmp_path.iterdir()]
    assert not any(files for manager in managers for files in manager.file_storage.values())
    assert all(not one.value for one in page.app.file_uploader)


def test_months_projects_and_names_are_chosen(open_app: OpenApp) -> None:
    page = uploaded(open_app("en-US").go("usage"), ("one-api.csv", quarter(model="our-search")))
    assert "one workload for each" in page.app.checkbox(key="usage_by_project").label.lower()
    assert "our-search" in said(page)
    page.app.selectbox(key="usage_name:our-search").set_value("gpt-3.5-turbo")
    page.app.checkbox(key="usage_by_project").check()
    page.app.select_slider[0].set_range("2024-04", "2024-04")
    page.run().click("usage_take")
    assert page.typed("name") == ["chat / gpt-4o-2024-05-13", "search / gpt-3.5-turbo"]
    assert page.typed("input_tokens") == ["30M", "6M"]
    assert page.typed("output_tokens") == ["3M", ""]


def test_names_that_nobody_knows_are_asked_for(open_app: OpenApp) -> None:
    page = uploaded(open_app("en-US").go("usage"), ("one-api.csv", csv_log([entry(1, model="<script>x")])))
    assert "No inputs can be made" in page.problems
    page.app.selectbox(key="usage_name:<script>x").set_value("gpt-4o-2024-05-13")
    assert not page.run().problems
    assert not any("<script" in one.value for one in page.app.html)


def test_what_an_export_does_not_know_stays(open_app: OpenApp) -> None:
    page = open_app("en-US").open("group_team")
    page.app.text_input(key="day_rate").set_value("4,000")
    page.enter(0, input_tokens="1M").go("usage")
    uploaded(page, ("one-api.csv", quarter())).click("usage_take")
    assert page.app.session_state["day_rate"] == "4,000"
    assert page.typed("input_tokens") == ["36.8M"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ((HEADER + "," + ",".join(map(str, range(100_000)))).encode(), "too long to be the header"),
        (gzip.compress(b"0" * 6_000_000, 1) * 100, "unpacks to more than 500,000,000 bytes"),
        (quarter().decode().encode("utf-16"), "UTF-16 text"),
        (b"\0\1\2", "neither text nor"),
        (b"<script>alert(1)</script>,=cmd()\n1,2\n", "no usage export that is known"),
    ],
    ids=["wide", "bomb", "utf-16", "binary", "script"],
)
def test_a_hostile_file_is_told_and_the_page_goes_on(open_app: OpenApp, content: bytes, message: str) -> None:
    page = uploaded(open_app("en-US").go("usage"), ("<b>=x</b>.csv", content))
    assert message in page.problems
    assert not any("<b>=x" in one.value or "<script" in one.value for one in page.app.html)
    assert not uploaded(page, ("one-api.csv", quarter())).problems
    assert "used 184" in said(page)


def test_a_bad_file_leaves_the_usage_that_is_there(open_app: OpenApp) -> None:
    page = uploaded(open_app("en-US").go("usage"), ("one-api.csv", quarter()))
    uploaded(page, ("x.csv", b"a,b\n1,2\n"))
    assert "x.csv cannot be used" in page.problems
    assert "used 184" in said(page)
    page.click("usage_forget")
    assert "used 184" not in said(page)
    assert not page.problems


def test_files_that_are_too_large_together_are_sent_to_the_command_line(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage, "MOST_BYTES", 1_000_000)
    half = quarter() + b"\n" * 600_000
    page = uploaded(open_app("en-US").go("usage"), ("a.csv", half), ("b.csv", half))
    assert "banjia import FILE" in page.problems


def test_too_many_projects_are_not_told_apart(open_app: OpenApp) -> None:
    rows = [entry(number, token=f"customer {number}") for number in range(50_001)]
    page = uploaded(open_app("en-US").go("usage"), ("one-api.csv", csv_log(rows)))
    assert "used 50,001" in said(page)
    assert not page.app.checkbox
