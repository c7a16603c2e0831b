"""The choice of the event: what stays, what changes, and what a move without a cut-off says of itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from report.language import language
from ui import answers
from ui.example import on_sale, usual_start
from ui.header import data_age

OpenApp = Callable[..., Any]
FORCED, FREE = "openai-2024", "openai-voluntary"


def pick(page: Any, event: str) -> Any:
    page.app.selectbox(key="event").set_value(event)
    return page.run()


def shown(page: Any) -> str:
    return "\n".join(page.texts("bj"))


def test_the_other_event_begins_with_the_same_numbers_and_models_of_its_day(open_app: OpenApp) -> None:
    page = pick(open_app("en-US"), FREE)
    state = page.app.session_state
    first, other = answers.example(FORCED), answers.example(FREE)
    day = state["as_of"]
    assert state["good"].profile == other
    assert state["starts"] == usual_start(state["good"].event, day) > day
    assert page.typed("input_tokens") == ["80M", "6M"]
    assert [one.input_tokens for one in first.workloads] == [one.input_tokens for one in other.workloads]
    source = answers.catalogue().prices.providers["openai"]
    for workload in other.workloads:
        model = source.model(workload.model)
        assert model is not None
        assert on_sale(model, day)
    assert "Example" in shown(page)
    assert not page.problems
    pick(page, FORCED)
    assert state["good"].profile == first


@pytest.mark.parametrize(
    ("locale", "free", "forced"),
    [
        (
            "en-US", ["Nobody is cut off", "Prices as of", "Staying costs", "staying"],
            ["the cut-off", "had it been", "being ready"],
        ),
        ("zh-CN", ["无人被停服", "价格", "继续使用需"], ["停服前", "假如", "未就绪"]),
    ],
)  # fmt: skip
def test_where_nobody_is_cut_off_nothing_speaks_of_it(
    open_app: OpenApp, locale: str, free: list[str], forced: list[str]
) -> None:
    page = pick(open_app(locale), FREE)
    page.open("group_team", "group_dates")
    for word in free:
        assert word in shown(page)
    ranking = "\n".join(page.texts("bj-ranking") + page.texts("bj-tiles"))
    for word in forced:
        assert word not in ranking
    assert not [one for one in page.app.text_input if one.key == "loss_per_day"]
    assert page.app.date_input(key="starts").value is not None


def test_the_age_of_the_prices_is_told(open_app: OpenApp) -> None:
    page = pick(open_app("en-US"), FREE)
    day = page.app.session_state["as_of"]
    age = (date.today() - day).days
    told = page.texts("bj-event")[-1]
    assert language("en").day(day) in told
    assert (data_age(age, language("en")) in told) == (age >= 0)
    english, chinese = language("en"), language("zh")
    assert [data_age(days, english) for days in (0, 1, 40)] == ["today's", "1 day old", "40 days old"]
    assert data_age(40, chinese) == "40 天前"
    page.open("group_dates")
    page.app.date_input(key="as_of").set_value(date.today() + timedelta(days=3))
    assert "old" not in page.run().texts("bj-event")[-1]
    assert "old" not in pick(page, FORCED).texts("bj-event")[-1]


def test_what_was_typed_stays_and_models_of_another_day_are_replaced_and_come_back(open_app: OpenApp) -> None:
    page = open_app("en-US").open("details:1", "group_dates", "group_accounts")
    page.app.number_input(key="prompts:1").set_value(33)
    page.app.number_input(key="months").set_value(20)
    page.app.date_input(key="starts").set_value(date(2024, 7, 20))
    page.app.multiselect(key="customer_of").set_value(["alibaba"])
    page.enter(0, input_tokens="1.2B").add(name="third", model="gpt-4o", input_tokens="3M")
    state = page.app.session_state
    before = state["good"].profile
    pick(page, FREE)
    after = state["good"].profile
    assert not page.problems
    assert (after.months, after.customer_of, after.workloads[0].prompts) == (20, ["alibaba"], 33)
    assert [one.input_tokens for one in after.workloads] == [1.2e9, 6e6, 3e6]
    assert after.workloads[0].model != "gpt-3.5-turbo"
    assert "GPT-3.5 Turbo is not on sale on 21 November 2026" in shown(page)
    assert [one.model for one in after.workloads[1:]] == ["gpt-4o", "gpt-4o"]
    assert after.starts == date(2026, 12, 1)
    assert "Example" not in shown(page)
    pick(page, FORCED)
    assert state["good"].profile == before
    assert "not on sale" not in shown(page)


def test_a_model_that_is_not_sold_on_a_chosen_day_is_marked(open_app: OpenApp) -> None:
    page = open_app("en-US").open("group_dates")
    page.app.date_input(key="as_of").set_value(date(2026, 11, 21))
    page.app.date_input(key="starts").set_value(date(2026, 12, 1))
    page.run()
    assert "GPT-3.5 Turbo is not on sale on 21 November 2026: choose another model" in shown(page)
    assert "GPT-4o is not" not in shown(page)


def test_the_first_day_follows_the_decision_until_it_is_chosen(open_app: OpenApp) -> None:
    page = pick(open_app("en-US"), FREE).open("group_dates")
    page.app.date_input(key="as_of").set_value(date(2026, 12, 24))
    page.run()
    assert page.app.date_input(key="starts").value == date(2027, 1, 1)
    page.app.date_input(key="starts").set_value(date(2027, 3, 15))
    page.run()
    page.app.date_input(key="as_of").set_value(date(2026, 12, 31))
    page.run()
    assert page.app.session_state["good"].horizon.starts == date(2027, 3, 15)
    page.app.date_input(key="starts").set_value(None)
    assert "first day of real use" in page.run().problems
    assert page.is_last_good


def test_empty_inputs_stay_with_the_event(open_app: OpenApp) -> None:
    page = pick(open_app("en-US"), FREE).click("start_empty")
    page.enter(0, input_tokens="5M")
    assert not page.problems
    assert page.app.session_state["good"].event.event == FREE
    page.click("start_example")
    assert page.app.session_state["good"].profile == answers.example(FREE)


def test_a_file_without_an_event_is_about_the_one_on_the_page(open_app: OpenApp) -> None:
    page = pick(open_app("en-US"), FREE)
    page.upload("mine.yaml", b"workloads:\n  - {model: gpt-4o, input_tokens: 7_000_000}\n")
    good = page.app.session_state["good"]
    assert (good.event.event, good.horizon.starts) == (FREE, date(2026, 12, 1))
    page.upload("other.yaml", b"event: openai-2024\nworkloads:\n  - {model: gpt-4o, input_tokens: 7_000_000}\n")
    assert page.app.session_state["good"].event.event == FORCED


def test_the_address_may_name_the_event(open_app: OpenApp) -> None:
    assert open_app("en-US", event=FREE).app.session_state["event"] == FREE
    assert open_app("en-US", event="<b>").app.session_state["event"] == FORCED
    page = pick(open_app("en-US"), FREE)
    assert page.app.query_params["event"] == FREE


@pytest.mark.parametrize("event", [FORCED, FREE])
def test_many_providers_leave_the_page_calm(open_app: OpenApp, event: str) -> None:
    page = open_app("en-US", event=event)
    good = page.app.session_state["good"]
    assert len(page.ranking) == len(good.options) > 10
    html = "\n".join(one.value for one in page.app.html)
    absent = html[html.index('class="bj-absent"') :]
    assert f"<summary>{len(good.unavailable)} providers cannot take this usage</summary>" in absent
    for one in good.unavailable:
        assert one.provider.label("en") in absent
    assert "Tokens at list price" not in html  # only what is open is built
    page.open("reasons", "side_by_side")
    html = "\n".join(one.value for one in page.app.html)
    assert html.count("Tokens at list price") == 1
    assert len(page.app.get("vega_lite_chart")) == 2


def test_what_one_has_to_mind_of_a_total_is_told(open_app: OpenApp) -> None:
    page = open_app("en-US").open("details:1")
    page.app.text_input(key="training_tokens:1").set_value("5M")
    page.run()
    good = page.app.session_state["good"]
    warned = [option for option in good.options if option.warnings]
    assert warned
    html = "\n".join(one.value for one in page.app.html)
    assert html.count('class="bj-cautions"') == len(warned)
    for warning in warned[0].warnings:
        assert str(warning) in "\n".join(page.texts("bj-ranking"))
    best = good.options[0]
    assert len(page.texts("bj-caution")) == bool(best.warnings)


def test_without_an_option_the_reasons_stand_open(open_app: OpenApp) -> None:
    page = open_app("en-US").open("details:1")
    page.app.text_input(key="context:1").set_value("900M")
    page.run()
    assert "No provider can take all your workloads" in page.verdict
    assert any('class="bj-absent" open=""' in one.value for one in page.app.html)


@pytest.mark.parametrize("key", ["event", "pin:1:zhipu"])
def test_a_name_in_the_words_of_a_moment_ago_is_no_choice(open_app: OpenApp, key: str) -> None:
    page = open_app("en-US").open("reasons", "choose_models").enter(0, input_tokens="90M")
    verdict, widget = page.verdict, page.app.selectbox(key=key)
    sent = WidgetState(id=widget.id, string_value="as it was called before")  # what a slow browser sends back
    widget.__class__ = type("Late", (type(widget),), {"_widget_state": sent})
    assert page.run().verdict == verdict
    assert not page.problems
