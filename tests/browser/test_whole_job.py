"""The whole job in a real browser: usage in, ranking changed, recommendation out, in both languages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

ROW = 36  # height of a line of the table in pixels


def type_in_table(page: Page, line: int, across: float, text: str) -> None:
    """Types into a cell of the table, which is a drawing: ``across`` is where from left (0) to right (1)."""
    grid = page.get_by_test_id("stDataFrame").locator("canvas").first
    expect(grid).to_be_visible()
    box = grid.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * across, box["y"] + ROW * (line + 0.5))
    page.keyboard.press("Enter")
    cell = page.locator("#portal textarea")
    expect(cell).to_be_visible()
    cell.fill(text)
    page.keyboard.press("Enter")


def first_in_ranking(page: Page) -> Locator:
    return page.locator(".bj-ranking tbody tr").first


def test_usage_in_ranking_changed_recommendation_out(page: Page) -> None:
    verdict = page.locator(".bj-verdict")
    expect(verdict).to_contain_text("Move to")
    example, total = verdict.inner_text(), first_in_ranking(page).inner_text()

    type_in_table(page, 1, 0.68, "8亿")
    expect(verdict).not_to_have_text(example)
    expect(first_in_ranking(page)).not_to_have_text(total)
    changed = verdict.inner_text()

    type_in_table(page, 1, 0.68, "1,2,3")
    expect(page.get_by_role("alert")).to_contain_text("write a number such as 80M")
    expect(verdict).to_have_text(changed)
    type_in_table(page, 1, 0.68, "8亿")
    expect(page.get_by_role("alert")).to_have_count(0)

    page.get_by_text("简体中文", exact=True).click()
    expect(verdict).to_contain_text("建议迁往")
    provider = first_in_ranking(page).locator("td").nth(1).locator("b").inner_text()
    expect(verdict).to_contain_text(provider)
    with page.expect_download() as download:
        page.locator(".st-key-download_memo button").click()
    memo = Path(download.value.path()).read_text("utf-8")
    assert provider in memo
    assert "迁移建议" in memo
    assert "8亿" in memo


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_verdict_comes_first_and_nothing_is_cut_off(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page("/?lang=zh", locale="en-US", color_scheme=scheme, viewport={"width": 390, "height": 844})
    expect(page.locator(".bj-verdict")).to_be_in_viewport()
    expect(page.locator(".bj-verdict")).to_contain_text("建议迁往")
    expect(page.get_by_test_id("stDataFrame")).not_to_be_in_viewport()
    expect(page.locator(".bj-ranking")).to_be_attached()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_in_viewport()
