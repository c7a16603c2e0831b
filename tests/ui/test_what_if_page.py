"""The page What if: what flips the answer, worked out once for each answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from calculator import Comparison
from calculator.what_if import Finding, cheapest, flips
from pricing.yaml_reader import Document
from report.language import language
from report.what_if import choice, condition, label, nearest, shown, steady
from ui import answers, what_if

OpenApp = Callable[..., Any]


def what_if_page(open_app: OpenApp, locale: str = "en-US") -> Any:
    return open_app(locale).go("what-if")


def text(page: Any) -> str:
    return "\n".join(page.texts("bj"))


def test_both_languages_tell_the_flips_of_the_calculation(open_app: OpenApp) -> None:
    page = what_if_page(open_app)
    good: Comparison = page.app.session_state["good"]
    found = flips(good)
    assert len(nearest(found)) > 1
    assert steady(found)
    for code in ("en", "zh"):
        lang = language(code)
        (lead,) = page.speak(code).texts("bj-lead-strong")
        places = [lead.index(condition(*one, good, lang)) for one in nearest(found)[:3]]
        assert places == sorted(places)
        assert choice(cheapest(good), good, lang) in lead
        (table,) = page.texts("bj-flips")
        for input_, flip in nearest(found):
            assert label(input_, good, lang) in table
            assert shown(input_, flip.value, good, lang) in table
            assert choice(flip.provider, good, lang) in table
        (calm,) = page.texts("bj-steady")
        assert all(label(one, good, lang) in calm for one in steady(found))
        assert not any(label(one, good, lang) in table for one in steady(found))


def test_work_is_done_once_for_an_answer(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Comparison] = []

    def counted(comparison: Comparison, *_: object, **__: object) -> list[Finding]:
        asked.append(comparison)
        return []

    monkeypatch.setattr(what_if, "flips", counted)
    page = open_app("en-US").enter(0, input_tokens="77M").go("what-if")
    assert len(asked) == 1
    page.speak("zh").go("report").go("what-if").speak("en")
    open_app("zh-CN").enter(0, input_tokens="77M").go("what-if")
    assert len(asked) == 1
    page.enter(0, input_tokens="78M")
    assert len(asked) == 2
    assert asked[-1].profile.workloads[0].input_tokens == 78e6


def test_work_that_was_stopped_leaves_nothing_behind(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(BaseException):
        pass

    def stopped(comparison: Comparison, progress: Callable[[float], None]) -> list[Finding]:
        progress(0.5)
        raise Stopped

    worked = what_if.Worked(answers.compared(answers.example(), Document("example")))
    monkeypatch.setattr(what_if, "flips", stopped)
    with pytest.raises(Stopped):
        what_if._show_flips(worked, language("en"))
    assert worked.findings is None


def test_what_was_typed_comes_along_and_goes_back(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_if, "flips", lambda *_, **__: [])
    page = open_app("en-US").enter(0, input_tokens="79M")
    page.app.number_input(key="months").set_value(13)
    page.run().go("what-if")
    assert (page.app.number_input(key="months").value, page.typed("input_tokens")[0]) == (13, "79M")
    page.app.number_input(key="months").set_value(14)
    page.run().go("")
    assert page.app.number_input(key="months").value == page.app.session_state["good"].profile.months == 14


def test_a_wrong_input_leaves_the_last_good_findings(open_app: OpenApp) -> None:
    page = what_if_page(open_app)
    lead = page.texts("bj-lead-strong")
    page.enter(0, input_tokens="1,2,3")
    assert page.is_last_good
    assert "cannot be used" in page.problems
    assert page.texts("bj-lead-strong") == lead


def test_the_map_comes_when_its_section_is_opened(open_app: OpenApp) -> None:
    page = what_if_page(open_app)
    assert not page.app.get("vega_lite_chart")
    page.open("what_if_map")
    good: Comparison = page.app.session_state["good"]
    (chart,) = page.app.get("vega_lite_chart")
    regions, today = (layer["data"]["values"] for layer in json.loads(chart.proto.spec)["layer"])
    assert today == [{"low": good.profile.monthly_tokens, "bottom": good.profile.months}]
    ours = [
        region["provider"] for region in regions
        if region["months"] == good.profile.months and region["low"] <= good.profile.monthly_tokens <= region["high"]
    ]  # fmt: skip
    assert ours == [choice(cheapest(good), good, language("en"))]
    assert len({region["line"] for region in regions}) == len({region["provider"] for region in regions})
    assert f"Over {good.profile.months} months the cheapest is: {ours[0]}" in chart.proto.alt


def test_without_tokens_there_is_no_map(open_app: OpenApp) -> None:
    page = open_app("en-US").click("start_empty").enter(0, model="text-embedding-ada-002")
    page.open(f"details:{page.app.session_state['numbers'][0]}").enter(0, input_tokens="0", stored_tokens="5M").go(
        "what-if"
    )
    assert page.app.session_state["good"].profile.monthly_tokens == 0
    assert "What flips that" in text(page) or "No input flips that" in text(page)
    assert not [one for one in page.app.expander if "other volumes" in one.label]


def test_without_a_choice_nothing_flips(open_app: OpenApp) -> None:
    page = open_app("en-US").open("details:1").enter(0, context="999M").go("what-if")
    assert not page.app.session_state["good"].options
    assert "nothing to choose between" in text(page)
