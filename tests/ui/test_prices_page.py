"""The page Prices: the models of the answer over time and on two days, and the list of a provider."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest

from calculator import load_catalogue
from pricing.history import listed_on
from report.language import language
from report.prices import price_number

OpenApp = Callable[..., Any]
FREE = "openai-voluntary"


def prices_page(open_app: OpenApp, locale: str = "en-US", **address: str) -> Any:
    return open_app(locale, **address).go("prices")


def text(page: Any) -> str:
    return "\n".join(page.texts("bj"))


def pick(page: Any, *models: str) -> Any:
    page.app.multiselect(key="prices_models").set_value(list(models))
    return page.run()


def rows(page: Any, css_class: str = "bj-two-days") -> list[list[str]]:
    """The cells of a table, each without its sources."""
    block = next(one.value for one in page.app.html if css_class in one.value)
    body = re.sub(r"<details.*?</details>", "", block.split("<tbody")[1], flags=re.S)
    return [
        [" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in re.findall(r"<td.*?</td>", row, re.S)]
        for row in re.findall(r"<tr.*?</tr>", body, re.S)
    ]


def chart(page: Any) -> Any:
    (only,) = page.app.get("vega_lite_chart")
    return only.proto


def drawn(page: Any) -> list[dict[str, Any]]:
    import json

    return json.loads(chart(page).spec)["layer"][0]["data"]["values"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-US", ["List prices", "no longer sold", "Your mix, of your chat workloads", "1 USD = 7.2628 CNY"]),
        ("zh-CN", ["刊例价", "已下架", "您的用量构成", "1 USD = 7.2628 CNY"]),
    ],
)
def test_opens_with_the_models_of_the_answer(open_app: OpenApp, locale: str, words: list[str]) -> None:
    page = prices_page(open_app, locale)
    good = page.app.session_state["good"]
    best = [model.id for option in good.options[:3] for model in option.models.values()]
    shown = [one.split(":", 1)[1] for one in page.app.session_state["prices_models"]]
    assert shown == list(dict.fromkeys([*(workload.model for workload in good.profile.workloads), *best]))
    for word in words:
        assert word in text(page)
    told = next(line for line in text(page).splitlines() if "2026" in line and "GLM" in line).strip()
    assert chart(page).alt.endswith(told)
    assert {point["line"] for point in drawn(page)} == {str(line) for line in range(len(shown))}


def test_the_models_follow_the_answer_until_others_are_picked(open_app: OpenApp) -> None:
    page = open_app("en-US").enter(0, model="gpt-4-turbo").go("prices")
    assert "openai:gpt-4-turbo" in page.app.session_state["prices_models"]
    pick(page, "openai:gpt-4o", "zhipu:glm-4-air")
    page.go("").enter(0, model="gpt-4o").go("prices")
    assert page.app.session_state["prices_models"] == ["openai:gpt-4o", "zhipu:glm-4-air"]
    page.click("prices_reset")
    assert len(page.app.session_state["prices_models"]) > 2


def test_prices_are_converted_at_the_rate_of_the_decision_and_the_change_is_that_of_the_list(open_app: OpenApp) -> None:
    page = pick(prices_page(open_app), "openai:gpt-4o", "zhipu:glm-4-air")
    page.app.segmented_control(key="prices_measure").set_value("input")
    page.run()
    catalogue = load_catalogue()
    gpt = catalogue.prices.providers["openai"].model("gpt-4o")
    assert gpt is not None
    then = page.app.session_state["prices_then"]
    assert then == date(2024, 6, 28)
    assert listed_on(gpt, then).input == 5  # OpenAI's list price of May 2024
    (openai, zhipu) = rows(page)
    assert openai[:2] == ["GPT-4o OpenAI", "36.31 USD 5"]  # 5 × 7.2628
    assert zhipu[:2] == ["GLM-4-Air Zhipu AI", "1"]
    assert openai[3] == "−50%"  # 2.5 dollars from October 2024 on
    page.app.selectbox(key="prices_currency").set_value("USD")
    page.run()
    assert [row[1] for row in rows(page)] == ["5", "0.1377 CNY 1"]  # 1 ÷ 7.2628
    assert [row[3] for row in rows(page)] == ["−50%", "−50%"]
    assert "1 CNY = 0.1377 USD" in text(page)


def test_other_days_and_cleared_ones(open_app: OpenApp) -> None:
    page = pick(prices_page(open_app), "openai:gpt-4o")
    page.app.date_input(key="prices_then").set_value(date(2026, 1, 1))
    page.app.date_input(key="prices_now").set_value(date(2024, 5, 1))
    page.run()
    assert "From 1 May 2024 to 1 January 2026: new: GPT-4o." in text(page)
    page.app.date_input(key="prices_then").set_value(None)
    page.app.date_input(key="prices_now").set_value(date(2024, 1, 1))
    page.run()
    assert "From 1 January 2024 to 28 June 2024" in text(page)
    page.app.date_input(key="prices_now").set_value(date(2100, 12, 31))
    page.run()
    assert "no longer sold: GPT-4o" in text(page)


def test_a_day_without_an_exchange_rate_leaves_out_and_says_so(open_app: OpenApp) -> None:
    page = open_app("en-US").open("group_dates")
    page.app.date_input(key="as_of").set_value(date(2023, 12, 1))
    pick(page.run().go("prices"), "openai:gpt-4", "zhipu:glm-4")
    assert "Prices in USD are left out: there is no exchange rate on 1 December 2023." in text(page)
    assert {point["line"] for point in drawn(page)} == {"1"}


def test_free_models_have_no_place_on_a_logarithmic_scale(open_app: OpenApp) -> None:
    catalogue = load_catalogue()
    free = next(
        f"{provider.provider}:{model.id}" for provider in catalogue.prices.providers.values()
        for model in provider.models if all(price.input == 0 == price.output for price in model.prices)
    )  # fmt: skip
    page = pick(prices_page(open_app), "openai:gpt-4o", free)
    assert "(no price above 0)" in text(page)
    assert {point["line"] for point in drawn(page)} == {"0"}
    page.app.toggle(key="prices_log").set_value(False)
    page.run()
    assert "(no price above 0)" not in text(page)
    assert {point["line"] for point in drawn(page)} == {"0", "1"}


def test_the_kind_narrows_what_is_offered_and_keeps_what_is_picked(open_app: OpenApp) -> None:
    page = pick(prices_page(open_app), "openai:gpt-4o")
    everything = len(page.app.multiselect(key="prices_models").options)
    page.app.session_state["prices_classes"] = ["embedding"]
    page.run()
    options = page.app.multiselect(key="prices_models").options
    assert 1 < len(options) < everything
    assert "GPT-4o · OpenAI" in options
    assert page.app.session_state["prices_models"] == ["openai:gpt-4o"]


def test_no_model_and_no_chat_usage_are_told(open_app: OpenApp) -> None:
    page = pick(prices_page(open_app))
    assert "Pick a model to see its prices." in text(page)
    assert not page.app.get("vega_lite_chart")
    page = open_app("en-US").click("start_empty").enter(0, model="text-embedding-ada-002", input_tokens="5M")
    page.go("prices")
    assert page.app.session_state["prices_measure"] == "input"
    assert "Price of input" in text(page)


@pytest.mark.parametrize(("locale", "lang"), [("en-US", "en"), ("zh-CN", "zh")])
def test_the_list_of_a_provider_has_every_price_with_its_sources(open_app: OpenApp, locale: str, lang: str) -> None:
    page = prices_page(open_app, locale, event=FREE)
    assert not any("bj-price-list" in one.value for one in page.app.html)
    page.open("prices_list")
    page.app.multiselect(key="prices_providers").set_value(["zhipu", "iflytek"])
    page.run()
    day, providers = page.app.session_state["prices_now"], load_catalogue().prices.providers
    listed = [
        (model, price)
        for provider in ("zhipu", "iflytek")
        for model in providers[provider].models
        if (price := listed_on(model, day))
    ]
    found = rows(page, "bj-price-list")
    assert [row[0].split(" ")[0] for row in found] == [model.label.split(" ")[0] for model, _ in listed]
    assert [row[3] for row in found] == [price_number(price.input, language(lang)) for _, price in listed]
    block = next(one.value for one in page.app.html if "bj-price-list" in one.value)
    assert block.count('<details class="bj-sources">') == len(listed)
    page.app.multiselect(key="prices_providers").set_value([])
    page.run()
    assert not any("bj-price-list" in one.value for one in page.app.html)


def test_models_that_do_not_exist_never_reach_the_page(open_app: OpenApp) -> None:
    page = prices_page(open_app)
    state = page.app.session_state
    state["prices_touched"], state["prices_models"] = True, ["openai:gpt-4o", "<script>:x", "nowhere:gpt-4o"]
    page.run()
    assert state["prices_models"] == ["openai:gpt-4o"]
    assert "<script" not in "".join(one.value for one in page.app.html)
