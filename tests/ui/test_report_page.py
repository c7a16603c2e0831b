"""The page Report: the recommendation on screen is the one in the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st

from calculator.profile import read_profile
from report.exports import FORMATS

OpenApp = Callable[..., Any]


@pytest.mark.parametrize(("locale", "words"), [("en-US", "Recommendation"), ("zh-CN", "迁移建议")])
def test_every_format_is_there_and_says_what_is_on_screen(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, locale: str, words: str
) -> None:
    files: dict[str, bytes] = {}

    def download_button(label: str, data: Callable[[], bytes], file_name: str, *_: object, **__: object) -> None:
        files[file_name] = data()

    page = open_app(locale).enter(0, input_tokens="1.2亿")
    monkeypatch.setattr(st, "download_button", download_button)
    page.go("report")
    assert {*files} == {export.file for export in FORMATS.values()} | {"banjia-profile.yaml"}
    paper = next(one.value for one in page.app.html if 'class="paper"' in one.value)
    assert words in paper
    assert page.app.session_state["good"].options[0].provider.label("en" if locale == "en-US" else "zh") in paper
    assert files["banjia-recommendation.pdf"].startswith(b"%PDF")
    assert files["banjia-comparison.xlsx"].startswith(b"PK")
    assert files["banjia-comparison.csv"].startswith(b"\xef\xbb\xbf")
    assert words in files["banjia-recommendation.html"].decode()
    profile, _ = read_profile(files["banjia-profile.yaml"].decode())
    assert profile.workloads[0].input_tokens == 120e6


def test_a_wrong_input_is_told_beside_the_last_good_recommendation(open_app: OpenApp) -> None:
    page = open_app("en-US").enter(0, input_tokens="1,2,3").go("report")
    assert "cannot be used" in page.problems
    assert any('class="paper"' in one.value for one in page.app.html)
