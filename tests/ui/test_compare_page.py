"""The page Compare, without a browser: what it opens with, how it answers to inputs, what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

from calculator import Comparison
from calculator.profile import read_profile
from report.language import language
from ui import answers, form

OpenApp = Callable[[str], Any]


def example_answer() -> Comparison:
    document = answers.FormDocument("example")
    return answers.compared(answers.example(), document)


@pytest.mark.parametrize(
    ("locale", "lang", "words"),
    [
        ("en-US", "en", ["Example", "The ranking", "Your usage a month", "staying, had it been possible"]),
        ("zh-CN", "zh", ["示例", "排名", "每月用量", "假如能继续使用"]),
    ],
)
def test_opens_with_the_example_answered_and_called_an_example(
    open_app: OpenApp, locale: str, lang: str, words: list[str]
) -> None:
    page = open_app(locale)
    answer = example_answer()
    assert page.ranking == [option.provider.label(lang) for option in answer.options]
    assert answer.options[0].provider.label(lang) in page.verdict
    shown = "\n".join(page.texts("bj"))
    for word in words:
        assert word in shown
    assert not page.problems
    assert not page.is_last_good


def test_a_last_day_to_claim_that_nobody_published_is_called_assumed(open_app: OpenApp) -> None:
    best = example_answer().options[0]
    assert any(use.claim_by and use.offer.claim.closes == "unknown" for use in best.offers)
    assert "(assumed: no day was published)" in open_app("en-US").texts("bj-tiles")[0]


def test_an_unknown_locale_is_answered_in_english(open_app: OpenApp) -> None:
    assert "Move to" in open_app("fr-FR").verdict


def test_more_usage_changes_totals_and_ranking(open_app: OpenApp) -> None:
    page = open_app("en-US")
    before, ranking = page.totals, page.ranking
    page.enter(0, input_tokens="8B", output_tokens="2B")
    assert page.totals != before
    assert len(page.totals) == len(before)
    page.enter(0, input_tokens="80,000", output_tokens="2万").enter(1, input_tokens="0", output_tokens="0")
    assert page.ranking != ranking
    assert "Example" not in "\n".join(page.texts("bj-card"))


@pytest.mark.parametrize("same", ["80M", "80 million", "8000万", "0.8亿", "80,000,000", "80_000_000", "８０Ｍ", "8e7"])
def test_the_same_amount_written_otherwise_gives_the_same_answer(open_app: OpenApp, same: str) -> None:
    page = open_app("en-US")
    before = page.verdict
    page.enter(0, input_tokens=same)
    assert not page.problems
    assert page.verdict == before


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"input_tokens": "1,2,3"}, "support chat, input: write a number such as 80M"),
        ({"input_tokens": "-5"}, "support chat, input: must not be negative"),
        ({"input_tokens": "", "output_tokens": ""}, "support chat, input: enter the tokens of a month"),
        ({"name": "drafting"}, "drafting, name: a second workload is called"),
    ],
)
def test_what_cannot_be_used_is_told_and_the_last_good_answer_stays(
    open_app: OpenApp, fields: dict[str, str], message: str
) -> None:
    page = open_app("en-US").enter(1, input_tokens="60M")
    good = page.verdict
    page.enter(0, **fields)
    assert message in page.problems
    assert page.verdict == good
    assert page.is_last_good
    assert page.typed("input_tokens")[1] == "60M"
    page.enter(0, name="support chat", input_tokens="80M", output_tokens="20M")
    assert not page.problems
    assert not page.is_last_good


def test_an_empty_list_of_workloads_says_what_to_do(open_app: OpenApp) -> None:
    page = open_app("en-US")
    good = page.verdict
    page.click("start_empty")
    assert "Enter at least one workload" in page.problems
    assert page.verdict == good
    assert page.is_last_good
    page.enter(0, input_tokens="5M")
    assert not page.problems
    page.click("start_example")
    assert page.verdict == good


@pytest.mark.parametrize(
    ("group", "kind", "key", "value", "message"),
    [
        ("group_dates", "date_input", "starts", "2024-06-01", "is before as_of"),
        ("group_dates", "number_input", "overlap_days", 60, "60 days of overlap"),
        ("group_team", "text_input", "day_rate", "a lot", "day rate: write a number"),
        ("group_team", "text_input", "loss_per_day", "-1", "must not be negative"),
        ("details:1", "number_input", "zh:1", 90.0, "must sum to 1"),
        ("details:1", "text_input", "context:1", "long", "longest request: write a number"),
    ],
)
def test_a_wrong_value_anywhere_in_the_form_is_told(
    open_app: OpenApp, group: str, kind: str, key: str, value: Any, message: str
) -> None:
    from datetime import date

    page = open_app("en-US").open(group)
    good = page.verdict
    getattr(page.app, kind)(key=key).set_value(date.fromisoformat(value) if kind == "date_input" else value)
    page.run()
    assert message in page.problems
    assert page.verdict == good
    assert page.is_last_good


def test_values_out_of_bounds_never_reach_the_calculation(open_app: OpenApp) -> None:
    page = open_app("en-US")
    page.app.number_input(key="months").set_value(100_000)
    page.run()
    assert page.app.session_state["good"].profile.months <= 120


def test_a_closed_section_keeps_what_was_entered_in_it(open_app: OpenApp) -> None:
    page = open_app("en-US").open("group_team", "details:1")
    page.app.text_input(key="day_rate").set_value("4,000")
    page.app.number_input(key="prompts:1").set_value(40)
    page.run()
    verdict = page.verdict
    page.close("group_team").close("details:1").run()
    assert page.verdict == verdict
    page.open("group_team", "details:1")
    assert page.app.text_input(key="day_rate").value == "4,000"
    assert page.app.number_input(key="prompts:1").value == 40


def test_switching_the_language_keeps_every_input(open_app: OpenApp) -> None:
    page = open_app("en-US").open("group_team", "details:1")
    page.app.number_input(key="months").set_value(18)
    page.app.text_input(key="loss_per_day").set_value("3万")
    page.app.number_input(key="prompts:1").set_value(11)
    page.enter(0, input_tokens="1.2亿").add(name="third", model="gpt-4o", input_tokens="1M")
    totals = page.totals
    page.speak("zh")
    assert "建议迁往" in page.verdict
    assert [total.replace("CN", "") for total in totals] == page.totals
    assert page.typed("name") == ["support chat", "drafting", "third"]
    assert page.typed("input_tokens") == ["1.2亿", "6M", "1M"]
    assert page.app.number_input(key="months").value == 18
    page.open("group_team", "details:1")
    assert page.app.text_input(key="loss_per_day").value == "3万"
    assert page.app.number_input(key="prompts:1").value == 11
    assert page.speak("en").totals == totals


def test_a_removed_workload_takes_its_details_with_it_and_leaves_the_others(open_app: OpenApp) -> None:
    page = open_app("en-US").open("details:2")
    page.app.number_input(key="prompts:2").set_value(30)
    page.run()
    page.open("details:1").click("remove:1")
    workloads = page.app.session_state["good"].profile.workloads
    assert [(one.name, one.prompts) for one in workloads] == [("drafting", 30)]


def test_a_good_profile_is_taken_over_with_what_the_form_does_not_show(open_app: OpenApp) -> None:
    page = open_app("en-US").upload(
        "mine.yaml",
        b"months: 6\neffort: {evaluation: 1}\nworkloads:\n"
        b"  - {model: gpt-4o, input_tokens: 7_000_000, growth: 0.2, pin: {alibaba: qwen-max}}\n",
    )
    assert "mine.yaml was read" in "\n".join(page.texts("bj-done"))
    profile = page.app.session_state["good"].profile
    assert (profile.months, profile.effort.evaluation) == (6, 1)
    assert (profile.workloads[0].growth, profile.workloads[0].pin) == (0.2, {"alibaba": "qwen-max"})
    assert page.app.number_input(key="months").value == 6
    assert page.typed("input_tokens") == ["7M"]


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        (b"workloads:\n  - model: gpt-9\n    input_tokens: 5\n", ["bad.yaml:2", "unknown model"]),
        (b"workloads:\n  - model: gpt-4o\n    input_tokens: -5\nmonhts: 3\n", ["bad.yaml:3", "bad.yaml:4", "months"]),
        (b"workloads: [", ["bad.yaml:", "not valid YAML"]),
        (b"\xff\xfe\x00", ["bad.yaml:1"]),
        (b"", ["bad.yaml:1"]),
        (b"<script>alert(1)</script>: 1\n", ["bad.yaml:1"]),
        (b"x" * 70_000, ["bad.yaml:1", "too long"]),
    ],
)
def test_a_bad_file_is_refused_with_its_lines_and_changes_nothing(
    open_app: OpenApp, content: bytes, messages: list[str]
) -> None:
    page = open_app("en-US").enter(0, input_tokens="90M")
    good = page.verdict
    page.upload("bad.yaml", content)
    for message in [*messages, "your inputs are as they were"]:
        assert message in page.problems
    assert page.verdict == good
    assert not page.is_last_good
    assert page.typed("input_tokens")[0] == "90M"


def test_nothing_typed_becomes_html(open_app: OpenApp) -> None:
    page = open_app("en-US").enter(0, name="<img src=x onerror=alert(1)>", input_tokens="<b>")
    html = "\n".join(one.value for one in page.app.html)
    assert "<img" not in html
    assert "&lt;img src=x" in html


def test_money_is_converted_with_the_currency_and_comes_back_as_typed(open_app: OpenApp) -> None:
    page = open_app("en-US").open("group_team")
    before = page.verdict
    page.app.selectbox(key="currency").set_value("USD")
    page.run()
    assert page.app.text_input(key="day_rate").value == "275.38"
    assert "$" in page.verdict
    page.app.selectbox(key="currency").set_value("CNY")
    page.run()
    assert page.app.text_input(key="day_rate").value == "2,000"
    assert page.verdict == before


def test_every_part_of_the_cost_and_every_reason_is_shown(open_app: OpenApp) -> None:
    page = open_app("en-US").open("reasons")
    links = 0
    for option in example_answer().options:
        page.app.selectbox(key="why").set_value(option.provider.provider)
        page.run()
        shown = "\n".join([*page.texts("bj"), *(toggle.label for toggle in page.app.toggle)])
        assert "Tokens at list price" in page.texts("bj-ledger")[0]
        for use in option.offers:
            assert use.offer.label("en") in shown.replace("\\", "")
        for model in option.models.values():
            assert model.label in shown
        html = "\n".join(one.value for one in page.app.html)
        links += html.count('<a href="https://')
        assert 'target="_blank"' in html
    assert links > 100


def test_an_offer_left_out_changes_the_answer_and_comes_back(open_app: OpenApp) -> None:
    page = open_app("en-US").open("reasons")
    best = example_answer().options[0]
    verdict, offer = page.verdict, next(use.offer.id for use in best.offers if any(one.saved for one in use.benefits))
    page.app.toggle(key=f"counted:{offer}").set_value(False)
    page.run()
    assert page.app.session_state["good"].profile.declined == [offer]
    assert page.verdict != verdict
    page.app.selectbox(key="why").set_value(best.provider.provider)
    assert "left out" in "\n".join(page.run().texts("bj-offer"))
    again = open_app("en-US", s=page.app.query_params["s"])
    assert again.verdict == page.verdict
    page.app.toggle(key=f"counted:{offer}").set_value(True)
    assert page.run().verdict == verdict


def test_another_model_can_be_chosen_and_says_what_it_costs(open_app: OpenApp) -> None:
    page = open_app("en-US").open("reasons", "choose_models")
    best = example_answer().options[0].provider.provider
    box = page.app.selectbox(key=f"pin:1:{best}")
    assert box.options[0] == "the cheapest"
    dearest, dearer = box.options[-1].split(": ")
    before = page.app.session_state["good"].options[0].total
    box.set_value(next(one for one in answers.catalogue().prices.providers[best].models if one.label == dearest).id)
    page.run()
    good = page.app.session_state["good"]
    mine = next(one for one in good.options if one.provider.provider == best)
    assert mine.models["support chat"].label == dearest
    assert language("en").money(mine.total - before, "CNY") in dearer
    again = open_app("en-US", s=page.app.query_params["s"])
    assert again.verdict == page.verdict


def test_two_to_four_providers_are_set_side_by_side(open_app: OpenApp) -> None:
    page = open_app("en-US").open("side_by_side")
    options = example_answer().options
    assert page.app.multiselect(key="beside").value == [one.provider.provider for one in options[:2]]
    page.app.multiselect(key="beside").set_value([one.provider.provider for one in options[1:5]])
    page.run()
    table = page.texts("bj-beside")[0]
    for option in options[1:5]:
        assert option.provider.label("en") in table
    assert options[0].provider.label("en") not in table
    assert len(page.app.get("vega_lite_chart")) == 4
    page.app.multiselect(key="beside").set_value([])
    page.run()
    assert not page.app.get("vega_lite_chart")
    assert not page.texts("bj-beside")


def test_a_new_number_draws_what_follows_from_it_and_no_more(open_app: OpenApp) -> None:
    page = open_app("en-US")
    before, number = page.verdict, page.app.session_state["numbers"][0]
    page.app.text_input(key=f"input_tokens:{number}").set_value("123M").run()
    assert page.verdict != before
    assert not page.app.sidebar
    assert page.app.get("download_button"), "a whole run forgets the files, so their buttons have to be drawn again"
    assert "s" in page.app.query_params
    page.run()
    page.app.session_state["is_drawn"] = False  # as if the run before had been stopped on its way
    page.app.text_input(key=f"input_tokens:{number}").set_value("124M").run()
    assert page.app.sidebar
    page.app.text_input(key=f"input_tokens:{number}").set_value("lots").run()  # the message stands beside the input
    assert page.app.sidebar
    assert page.problems
    page.app.text_input(key=f"input_tokens:{number}").set_value("123M").run()
    assert page.app.sidebar
    assert not page.problems


def test_a_new_number_with_a_click_on_a_link_leads_there(open_app: OpenApp) -> None:
    """A busy server hears of both at once."""
    page = open_app("en-US")
    page.app.text_input(key=f"input_tokens:{page.app.session_state['numbers'][0]}").set_value("123.4M")
    page.app._page_hash = page.hash_of("method")
    page.app.run()
    assert "143,400,000" in " ".join(page.texts("bj-steps"))


def test_a_click_on_a_link_while_the_answer_is_worked_out_leads_there(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_app("en-US")
    asked = RerunData(page_script_hash=page.hash_of("method"))

    def click(_: float) -> None:
        run = get_script_run_ctx()
        assert run
        assert run.script_requests
        run.script_requests.request_rerun(asked)

    monkeypatch.setattr("ui.form.time", SimpleNamespace(sleep=click))
    page.app.text_input(key=f"input_tokens:{page.app.session_state['numbers'][0]}").set_value("123.4M")
    page.app.run()
    assert "143,400,000" in " ".join(page.texts("bj-steps"))


def test_on_a_first_visit_the_rest_follows_the_verdict(open_app: OpenApp) -> None:
    page = open_app("en-US")
    expected = page.verdict, page.place_of_verdict, page.ranking
    del page.app.session_state["is_drawn"]
    page.run()
    assert (page.verdict, page.place_of_verdict) == expected[:2]
    assert not page.texts("bj-ranking")
    assert not page.app.text_input
    assert len(page.app.sidebar.html) == 1
    page.run()
    assert (page.verdict, page.place_of_verdict, page.ranking) == expected
    assert page.app.text_input
    assert len(page.app.sidebar.html) > 1


def test_on_a_first_visit_a_refused_link_is_told_in_both_runs(open_app: OpenApp) -> None:
    page = open_app("en-US")
    for name in ("is_drawn", "numbers", "address"):
        del page.app.session_state[name]
    page.app.query_params["s"] = "1nonsense"
    for told in (True, True, False):
        page.run()
        assert ("cannot be read" in page.problems) is told


def test_only_what_may_take_long_grows_pale_meanwhile(open_app: OpenApp) -> None:
    page = open_app("en-US")

    def still() -> bool:
        return any("data-stale" in one.value for one in page.app.html)

    assert still()
    page.go("what-if")
    assert not still()


def test_the_table_can_be_ordered_by_other_figures(open_app: OpenApp) -> None:
    page = open_app("en-US")
    page.app.selectbox(key="order").set_value("bill")
    page.run()
    by_bill = sorted(example_answer().options, key=lambda option: option.bill)
    assert page.ranking == [option.provider.label("en") for option in by_bill]


@pytest.mark.parametrize(("locale", "lang"), [("en-US", "en"), ("zh-CN", "zh")])
def test_downloads_hold_what_is_on_screen(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, locale: str, lang: str
) -> None:
    files: dict[str, bytes] = {}

    def download_button(label: str, data: Callable[[], bytes], file_name: str, *_: object, **__: object) -> None:
        files[file_name] = data()

    monkeypatch.setattr(st, "download_button", download_button)
    page = open_app(locale).enter(0, input_tokens="1.2亿")
    best = page.ranking[0]
    memo = files["banjia-recommendation.md"].decode()
    assert memo.startswith("# ")
    assert best in memo
    assert ("Recommendation" in memo) == (lang == "en")
    assert files["banjia-recommendation.pdf"].startswith(b"%PDF")
    assert files["banjia-comparison.xlsx"].startswith(b"PK")
    profile, _ = read_profile(files["banjia-profile.yaml"].decode())
    assert profile == page.app.session_state["good"].profile
    assert profile.workloads[0].input_tokens == 120e6


class Session(dict[str, Any]):
    """Stands in for the session, into which the tests of Streamlit put no value that its widget does not know."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__  # an attribute is an item here


def test_a_name_in_the_language_of_a_moment_ago_is_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    monkeypatch.setattr(st, "session_state", session)
    form.load(answers.example(), "en")
    chosen = {
        "tier:1": "flagship", "features:1": ["tools", "of a file"], "customer_of": ["baidu"], "stance": "cautious",
        "account": "individual",
    }  # fmt: skip
    session |= chosen
    form.keep_choices()
    late = {"tier:1": "旗舰", "features:1": ["工具调用"], "customer_of": ["百度"], "stance": "谨慎", "account": "个人"}
    session |= late
    form.keep_choices()
    assert {name: session[name] for name in chosen} == chosen
    session |= {"tier:1": "light", "features:1": ["of a file"], "customer_of": [], "stance": "generous"}
    form.keep_choices()
    assert (session["tier:1"], session["features:1"], session["customer_of"]) == ("light", ["of a file"], [])
    assert session["stance"] == "generous"


def test_details_stay_open_when_something_in_them_is_wrong_and_when_the_language_changes(open_app: OpenApp) -> None:
    page = open_app("en-US").open("details:1")
    page.app.text_input(key="context:1").set_value("long")
    page.run()
    assert "longest request" in page.problems
    assert page.app.text_input(key="context:1").value == "long"
    page.speak("zh")
    assert page.app.text_input(key="context:1").value == "long"
