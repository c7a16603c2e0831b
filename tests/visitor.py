"""What the tests in a browser share: the pages of the app, and what a visitor does on them."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parent.parent
PAGES = re.findall(r'url_path="([\w-]+)"', (ROOT / "app.py").read_text("utf-8"))
"""The pages that the app registers; the first opens by itself."""


def address_of(page: str) -> str:
    """Where a page is."""
    return "/" if page == PAGES[0] else f"/{page}"


def wait_until_drawn(page: Page) -> None:
    """Waits until the page is drawn to its end, and sees that nothing went wrong on the way."""
    expect(page.locator(".st-key-pages")).to_be_visible()
    expect(page.locator("[data-testid=stMain] .bj h2").first).to_be_attached()
    expect(page.locator(".bj-waiting")).to_have_count(0)
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def input_tokens(page: Page) -> Locator:
    """The field for the input tokens of the first workload."""
    return page.locator("[class*=st-key-input_tokens] input").first


def enter_tokens(page: Page, text: str) -> None:
    """Types the input tokens of the first workload."""
    input_tokens(page).fill(text)
    input_tokens(page).press("Enter")


def verdict(page: Page) -> Locator:
    """The decision in a sentence."""
    return page.locator(".bj-verdict")
