"""The page Offers: what it shows on a day, its filters, and the offers that a visitor brings."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calculator import load_catalogue
from offers.catalogue import TEMPLATES
from report.offers import offers_on, state_words
from ui import answers

OpenApp = Callable[..., Any]
EVENT = "openai-2024"
DECISION = date(2024, 6, 28)
TEMPLATE = TEMPLATES["en"].read_bytes()
OWN = """\
provider: zhipu
offers:
  - id: quote
    title: TITLE
    claim: {opens: 2024-06-25, closes: 2024-07-01}
    sources: [{cite: e-mail, url: "javascript:alert(1)"}]
    confidence: high
    benefits: [{kind: token_grant, tokens: 9_000_000_000_000, models: all, valid_days: null}]
"""

BOMB = "a: &a [x, x, x, x]\n" + "".join(
    f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]\n" for before, one in zip("abcdef", "bcdefg", strict=True)
)


def offers_page(open_app: OpenApp, locale: str = "en-US", **address: str) -> Any:
    return open_app(locale, **address).go("offers")


def html(page: Any) -> str:
    return "\n".join(one.value for one in page.app.html)


def cards(page: Any) -> list[str]:
    """The titles of the cards, provider and offer."""
    return [" · ".join(found) for found in re.findall(r"<h3>(.*?)</h3><p>(.*?)</p>", html(page))]


def text(page: Any) -> str:
    return "\n".join(page.texts("bj"))


def bring(page: Any, content: str | bytes, name: str = "mine.yaml") -> Any:
    page.open("own_box")
    key = page.app.file_uploader[0].key
    return page.upload(name, content.encode() if isinstance(content, str) else content, key=key)


def known() -> list[Any]:
    catalogue = load_catalogue()
    return offers_on(catalogue.events[EVENT], catalogue.prices, DECISION)


@pytest.mark.parametrize(
    ("locale", "lang", "words"),
    [
        ("en-US", "en", ["can be claimed", "not published", "15 of 15 offers shown", "First to close: Tencent Cloud"]),
        ("zh-CN", "zh", ["可领取", "未公布", "显示 15 项优惠，共 15 项", "最先截止：腾讯云"]),
    ],
)
def test_every_offer_has_a_card_on_the_day_of_the_decision(
    open_app: OpenApp, locale: str, lang: str, words: list[str]
) -> None:
    page = offers_page(open_app, locale)
    assert cards(page) == [f"{one.provider.label(lang)} · {one.offer.label(lang)}" for one in known()]
    for word in words:
        assert word in text(page)
    assert page.app.date_input(key="offers_day").value == DECISION
    assert not page.problems


def test_another_day_changes_the_states_and_not_the_answer(open_app: OpenApp) -> None:
    page = open_app("en-US")
    verdict = page.verdict
    page.go("offers")
    page.app.date_input(key="offers_day").set_value(date(2024, 7, 31))
    page.run()
    assert "open, last day" in text(page)
    page.app.date_input(key="offers_day").set_value(date(2024, 8, 9))
    page.run()
    assert "On 9 August 2024, 1 of 15 offers can be claimed." in text(page)
    assert "probably closed" in text(page)
    page.app.date_input(key="offers_day").set_value(None)
    page.run()
    assert "On 28 June 2024" in text(page)
    page.click("offers_day_2")
    assert page.app.session_state["offers_day"] == date(2024, 7, 9)
    assert page.go("").verdict == verdict
    assert page.go("offers").app.date_input(key="offers_day").value == date(2024, 7, 9)


def test_the_event_stays_from_page_to_page(open_app: OpenApp) -> None:
    page = open_app("en-US", event="openai-voluntary").go("offers").go("prices").go("")
    assert page.app.session_state["good"].event.event == "openai-voluntary"
    page.app.selectbox(key="event").set_value(EVENT)
    page.run().go("offers")
    assert len(cards(page)) == 15


def test_the_day_follows_the_decision(open_app: OpenApp) -> None:
    page = open_app("en-US").open("group_dates")
    page.app.date_input(key="as_of").set_value(date(2024, 7, 2))
    page.run().go("offers")
    assert page.app.date_input(key="offers_day").value == date(2024, 7, 2)
    assert "On 2 July 2024" in text(page)


@pytest.mark.parametrize(
    ("picked", "fits"),
    [
        ({"offers_gifts": ["training"]}, lambda one: "training" in one.gifts),
        ({"offers_gifts": ["money", "fine_tuning"]}, lambda one: one.gifts & {"money", "fine_tuning"}),
        ({"offers_customers": "new"}, lambda one: one.offer.conditions.new_customer is True),
        ({"offers_customers": "unknown", "offers_gifts": ["tokens"]},
         lambda one: one.offer.conditions.new_customer == "unknown" and "tokens" in one.gifts),
    ],
)  # fmt: skip
def test_filters_leave_the_offers_that_fit(
    open_app: OpenApp, picked: dict[str, Any], fits: Callable[[Any], bool]
) -> None:
    page = offers_page(open_app).open()
    for key, value in picked.items():
        page.app.session_state[key] = value
    page.run()
    expected = [one.offer.label("en") for one in known() if fits(one)]
    assert 0 < len(expected) < 15
    assert [card.split(" · ")[1] for card in cards(page)] == expected
    assert f"{len(expected)} of 15 offers shown" in text(page)


def test_where_nothing_fits_it_is_said(open_app: OpenApp) -> None:
    page = offers_page(open_app)
    page.app.date_input(key="offers_day").set_value(date(2026, 1, 1))
    page.app.toggle(key="offers_open").set_value(True)
    page.app.session_state["offers_gifts"] = ["training"]
    page.run()
    assert "0 of 15 offers shown" in text(page)
    assert "No offer fits these filters" in text(page)
    page.app.session_state["offers_gifts"] = []
    assert cards(page.run()) == ["SiliconFlow · 14 yuan on registration"]


@pytest.mark.parametrize(("locale", "lang"), [("en-US", "en"), ("zh-CN", "zh")])
def test_the_other_views_tell_of_the_same_offers(open_app: OpenApp, locale: str, lang: str) -> None:
    from report.language import language

    page = offers_page(open_app, locale)
    for view, mark in (("table", '<tr role="row">'), ("windows", 'class="bj-track"')):
        page.app.session_state["offers_view"] = view
        page.run()
        assert not cards(page)
        assert html(page).count(mark) == 15 + (view == "table")
        for one in known():
            assert one.offer.label(lang) in text(page)
            assert state_words(one, language(lang)) in text(page)


@pytest.mark.parametrize(
    ("locale", "why"), [("en-US", "Here nobody is cut off and nobody advertises"), ("zh-CN", "本次没有人被停服")]
)
def test_an_event_without_offers_says_why(open_app: OpenApp, locale: str, why: str) -> None:
    page = offers_page(open_app, locale, event="openai-voluntary")
    assert why in text(page)
    assert not cards(page)


# -------------------------------------------------------------------------------------------------- own offers


def test_an_own_offer_counts_on_all_pages_until_it_is_removed(open_app: OpenApp) -> None:
    page = open_app("en-US")
    first = page.ranking, page.totals
    bring(page.go("offers"), OWN)
    assert not page.problems
    assert "Your own offers count here: mine.yaml." in text(page)
    assert "Zhipu AI · TITLE" in cards(page)
    assert "From your own file" in text(page)
    assert "16 of 16 offers shown" in text(page)
    page.go("")
    assert "Your own offers count here: mine.yaml." in text(page)
    assert page.totals != first[1]
    zhipu = next(one for one in page.app.session_state["good"].options if one.provider.provider == "zhipu")
    assert zhipu.bill == 0  # everything is free for ever
    other = open_app("en-US")
    assert (other.ranking, other.totals) == first
    page.go("offers").click("own_remove_0")
    assert len(cards(page)) == 15
    assert "own offers count" not in text(page)
    page.go("")
    assert (page.ranking, page.totals) == first


def test_the_template_can_be_brought_as_it_is(open_app: OpenApp) -> None:
    page = bring(offers_page(open_app), TEMPLATE, "offers.yaml")
    assert not page.problems
    assert "Zhipu AI · Our quote" in cards(page)
    assert bring(page, TEMPLATE, "offers.yaml").app.session_state["own_files"][0].name == "offers.yaml"
    assert len(page.app.session_state["own_files"]) == 1


def test_an_offer_of_the_same_id_is_replaced(open_app: OpenApp) -> None:
    page = bring(offers_page(open_app), OWN.replace("id: quote", "id: zhipu-moving-plan"))
    assert len(cards(page)) == 15
    assert "Zhipu AI · TITLE" in cards(page)


def test_an_own_offer_works_where_there_is_no_other(open_app: OpenApp) -> None:
    page = offers_page(open_app, event="openai-voluntary")
    bring(page, OWN.replace("2024-06-25", "2026-01-01").replace("2024-07-01", "unknown"))
    assert cards(page) == ["Zhipu AI · TITLE"]
    page.app.session_state["offers_view"] = "windows"
    assert "TITLE" in text(page.run())
    page.go("")
    assert "own offers count" in text(page)
    page.app.selectbox(key="event").set_value(EVENT)
    assert "own offers count" not in text(page.run())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (OWN.replace("zhipu", "zhipoo"), "mine.yaml:1 unknown provider `zhipoo` (did you mean `zhipu`?)"),
        (OWN.replace("models: all", "models: [glm-9]"), "mine.yaml:8 unknown model `glm-9`"),
        (OWN.replace("    claim", "    clam"), "mine.yaml:5 unknown key `clam` (did you mean `claim`?)"),
        ("", "the file is empty"),
        (b"\x00\xff\xfe\x01" * 50, "this is not valid YAML"),
        (OWN.encode().replace(b"TITLE", b"\xb0\xd9\xb6\xc8"), "this is not valid YAML"),
        (b"a" * 900_000, "the file is too long"),
        ("[" * 30_000, "nested too deeply"),
        (BOMB, "holds too much"),
        ("provider: zhipu\noffers:\n" + "".join(f"  - {{a{n}: 1}}\n" for n in range(60)), "and 220 more"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_by_line_and_nothing_else_is_lost(
    open_app: OpenApp, content: str | bytes, message: str
) -> None:
    page = open_app("en-US").enter(0, input_tokens="90M")
    verdict = page.verdict
    bring(page.go("offers"), OWN, "good.yaml")
    bring(page, content)
    assert "mine.yaml cannot be used; everything else is as it was." in page.problems
    assert message in " ".join(page.problems.split())
    assert [file.name for file in page.app.session_state["own_files"]] == ["good.yaml"]
    assert "Zhipu AI · TITLE" in cards(page)
    page.click("own_remove_0").go("")
    assert page.verdict == verdict
    assert page.typed("input_tokens")[0] == "90M"


def test_nothing_in_a_file_or_its_name_becomes_markup(open_app: OpenApp) -> None:
    script = "<script>alert(1)</script>"
    page = bring(offers_page(open_app), OWN.replace("TITLE", f"'{script}'"), f"{script}.yaml")
    assert script in text(page)  # shown as text
    for view in ("cards", "table", "windows"):
        page.app.session_state["offers_view"] = view
        assert "<script" not in html(page.run())
        assert 'href="javascript' not in html(page)
    page = bring(page, f"provider: '{script}'\noffers: []", f"{script}2.yaml")
    assert "<script" not in html(page)
    assert script in page.problems


def test_there_is_an_end_to_the_number_of_files(open_app: OpenApp) -> None:
    page = offers_page(open_app)
    for number in range(20):
        bring(page, OWN.replace("quote", f"quote-{number}"), f"{number}.yaml")
    assert not page.problems
    bring(page, OWN, "one-more.yaml")
    assert "at most 20 files can be used" in page.problems
    assert len(page.app.session_state["own_files"]) == 20


def test_own_offers_are_never_written_and_other_sessions_have_the_shipped_ones(
    open_app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bring(offers_page(open_app), OWN)
    assert not list(tmp_path.rglob("*"))
    offers = answers.shipped().events[EVENT].offers
    assert "quote" not in {offer.id for several in offers.values() for offer in several}


def test_a_link_says_that_it_does_not_carry_own_offers(open_app: OpenApp) -> None:
    page = bring(offers_page(open_app), OWN)
    assert "s" not in page.app.query_params
    page.open("share")
    assert any("own offers are not in the link" in one.value for one in page.app.caption)


def test_removing_an_own_offer_that_was_left_out_forgets_it(open_app: OpenApp) -> None:
    page = bring(offers_page(open_app), OWN)
    page.app.session_state["declined"] = ["quote", "zhipu-moving-plan"]
    page.run().click("own_remove_0")
    assert page.app.session_state["declined"] == ["zhipu-moving-plan"]
    assert not page.go("").problems
