"""The page Method, without a browser: what it explains, on whose numbers, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
import streamlit as st

from calculator.profile import read_profile
from report.language import LANGS, language
from report.worked import worked
from ui import answers

OpenApp = Callable[..., Any]
LOCALES = {"en": "en-US", "zh": "zh-CN"}


def shown(page: Any) -> str:
    """All text of the page's HTML, on one line."""
    text = unescape(re.sub(r"<[^>]+>", " ", " ".join(one.value for one in page.app.html)))
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("code", LANGS)
def test_every_figure_of_the_calculation_is_that_of_the_visitors_own_answer(open_app: OpenApp, code: str) -> None:
    lang = language(code)
    page = open_app(LOCALES[code]).enter(0, input_tokens="123.4M", output_tokens="31M").go("method")
    good = page.app.session_state["good"]
    assert good.profile.workloads[0].input_tokens == 123.4e6
    best, text = good.options[0], shown(page)
    steps = worked(good, best)
    figures = [best.total, best.bill, best.one_off_cost, steps.row.list_cost, steps.row.grants, steps.row.bill]
    figures += [row.bill for row in best.monthly]
    for amount in figures:
        assert lang.money(amount, "CNY", digits=2) in text
    assert lang.number(123.4e6 + 31e6) in text
    for one in steps.workloads:
        for figure in (one.base_tokens, one.tokens, *(part.tokens for part in one.charges)):
            assert lang.number(figure) in text
    for offer, _ in steps.gifts:
        assert lang.name(offer) in text
    assert lang.name(best.provider) in text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ["The rules", "In which order", "What is not counted", "Quality", "VAT", "Newest price", "Hearsay"]),
        ("zh", ["规则", "抵扣顺序", "哪些没有算", "效果", "增值税", "最新价格", "传闻"]),
    ],
)
def test_the_contents_lead_to_the_rules_the_limits_and_the_data(open_app: OpenApp, code: str, words: list[str]) -> None:
    page = open_app(LOCALES[code]).go("method")
    text = shown(page)
    for word in words:
        assert word in text
    found = answers.statistics()
    for count in (found.total("prices"), found.total("benefits"), found.sources, *found.confidence.values()):
        assert f" {count} " in text
    html = " ".join(one.value for one in page.app.html)
    targets = re.findall(r'<a href="#([^"]+)"', html)
    assert len(targets) == 5
    for target in targets:
        assert f' id="{target}"' in html


def test_a_provider_in_another_currency_is_converted_at_the_stated_rate(open_app: OpenApp) -> None:
    page = open_app("en-US").open("group_team")
    page.app.selectbox(key="currency").set_value("USD")
    page.run()
    page.go("method")
    good = page.app.session_state["good"]
    steps = worked(good, good.options[0])
    assert steps.option.provider.currency == "CNY"
    lang = language("en")
    rate = lang.number(steps.exchange_rate, digits=6)
    listed, converted = lang.money(steps.list_cost, "CNY", digits=2), lang.money(steps.row.list_cost, "USD", digits=2)
    assert f"{listed} × {rate} = {converted}" in shown(page)


def test_where_nobody_is_cut_off_nobody_is_late(open_app: OpenApp) -> None:
    page = open_app("en-US", event="openai-voluntary").go("method")
    assert "Nobody is cut off, so nobody is late." in shown(page)
    assert "Each calendar day from the cut-off" not in shown(page)


def test_inputs_that_cannot_be_used_are_told_and_the_last_good_answer_is_explained(open_app: OpenApp) -> None:
    page = open_app("en-US").enter(0, input_tokens="90M")
    before = shown(page.go("method"))
    page.go("").enter(0, input_tokens="1,2,3").go("method")
    assert "Some inputs cannot be used" in page.problems
    assert "90,000,000" not in before  # it is input and output together
    assert "110,000,000" in before
    assert "110,000,000" in shown(page)


def test_an_answer_without_any_option_is_explained_too(open_app: OpenApp) -> None:
    page = open_app("en-US").open("details:1")
    page.app.text_input(key="context:1").set_value("900M")
    page.run()
    page.go("method")
    assert not page.app.session_state["good"].options
    assert "No provider can take all your workloads" in shown(page)
    assert "The rules" in shown(page)


def test_the_exact_rules_and_the_profile_are_at_hand(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, bytes] = {}
    monkeypatch.setattr(
        st, "download_button", lambda label, data, file_name, *_, **__: files.update({file_name: data()})
    )
    page = open_app("en-US").enter(0, input_tokens="77M").go("method")
    profile, _ = read_profile(files["banjia-profile.yaml"].decode())
    assert profile == page.app.session_state["good"].profile
    assert "banjia compare banjia-profile.yaml" in page.app.code[0].value
    assert not page.app.markdown
    page.open("exact_rules")
    assert "# The model: what a move costs" in page.app.markdown[0].value


def test_what_is_typed_survives_the_way_to_the_method_and_back(open_app: OpenApp) -> None:
    page = open_app("en-US").open("group_team").enter(0, input_tokens="1.2亿")
    page.app.text_input(key="day_rate").set_value("3,500")
    verdict = page.run().verdict
    page.go("method").speak("zh").go("").speak("en")
    assert page.verdict == verdict
    assert page.typed("input_tokens") == ["1.2亿", "6M"]
    assert page.app.session_state["day_rate"] == "3,500"


def test_nothing_typed_becomes_html(open_app: OpenApp) -> None:
    page = open_app("en-US").enter(0, name="<img src=x onerror=alert(1)>").go("method")
    html = "\n".join(one.value for one in page.app.html)
    assert "<img" not in html
    assert "&lt;img src=x" in html
