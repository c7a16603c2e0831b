"""The whole job in a real browser: usage in, ranking changed, recommendation out, in both languages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from visitor import enter_tokens, wait_until_drawn


def first_in_ranking(page: Page) -> Locator:
    return page.locator(".bj-ranking tbody tr").first


def test_usage_in_ranking_changed_recommendation_out(page: Page) -> None:
    verdict = page.locator(".bj-verdict")
    expect(verdict).to_contain_text("Move to")
    example, total = verdict.inner_text(), first_in_ranking(page).inner_text()

    enter_tokens(page, "8亿")
    expect(verdict).not_to_have_text(example)
    expect(first_in_ranking(page)).not_to_have_text(total)
    changed = verdict.inner_text()

    enter_tokens(page, "1,2,3")
    expect(page.get_by_role("alert")).to_contain_text("write a number such as 80M")
    expect(verdict).to_have_text(changed)
    enter_tokens(page, "8亿")
    expect(page.get_by_role("alert")).to_have_count(0)

    page.get_by_text("简体中文", exact=True).click()
    expect(page.locator(".bj[lang=en]")).to_have_count(0)
    provider = first_in_ranking(page).locator("td").nth(1).locator("b").inner_text()
    expect(verdict).to_contain_text(provider)
    with page.expect_download() as download:
        page.locator(".st-key-download_markdown button").click()
    memo = Path(download.value.path()).read_text("utf-8")
    assert provider in memo
    assert "迁移建议" in memo
    assert "8亿" in memo


def test_another_event_changes_the_answer_and_keeps_what_was_typed(page: Page) -> None:
    verdict = page.locator(".bj-verdict")
    wait_until_drawn(page)
    enter_tokens(page, "8亿")
    expect(page.locator(".bj-card")).not_to_contain_text("Example")
    forced = verdict.inner_text()

    page.locator(".st-key-header_event input").click()
    page.get_by_role("option", name="of one's own accord").click()
    expect(page.locator(".st-key-header_event")).to_contain_text("Nobody is cut off.")
    expect(page.locator(".st-key-header_event")).to_contain_text("Prices as of")
    expect(page.get_by_text("First day of real use", exact=True)).to_be_visible()
    expect(verdict).not_to_have_text(forced)
    expect(page.locator(".bj-card")).not_to_contain_text("Example")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("stands in for it")
    kept = verdict.inner_text()
    page.reload()  # the address remembers the event and the inputs
    expect(page.locator(".st-key-header_event")).to_contain_text("Nobody is cut off.")
    expect(verdict).to_have_text(kept)

    absent = page.locator(".bj-absent")
    expect(absent.locator("li").first).to_be_hidden()
    absent.locator("summary").click()
    expect(absent.locator("li").first).to_be_visible()


@pytest.mark.parametrize("event", ["openai-2024", "openai-voluntary"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_verdict_comes_first_and_nothing_is_cut_off(
    open_page: Callable[..., Page], scheme: str, event: str
) -> None:
    page = open_page(
        f"/?lang=zh&event={event}", locale="en-US", color_scheme=scheme, viewport={"width": 390, "height": 844}
    )
    expect(page.locator(".bj-verdict")).to_be_in_viewport()
    expect(page.locator(".bj-verdict")).to_contain_text("建议迁往")
    tokens = page.get_by_role("textbox", name="输入 Token").first
    expect(tokens).not_to_be_in_viewport()
    expect(page.locator(".bj-ranking")).to_be_attached()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(tokens).to_be_in_viewport()
