"""Every page that the app registers, in a real browser: both languages, light and dark, desk and phone."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect
from visitor import PAGES, address_of, wait_until_drawn

EACH_PAGE = pytest.mark.parametrize("name", PAGES)
OpenPage = Callable[..., Page]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@EACH_PAGE
def test_a_page_paints_in_both_languages(open_page: OpenPage, name: str) -> None:
    page = open_page(address_of(name), locale="en-US")
    wait_until_drawn(page)
    heading = page.locator("[data-testid=stMain] .bj h2").first
    english = heading.inner_text()
    page.get_by_text("简体中文", exact=True).click()
    expect(heading).not_to_have_text(english)
    wait_until_drawn(page)
    expect(page.locator(".bj[lang=en]")).to_have_count(0)
    expect(page.locator(".bj[lang=zh-CN]").first).to_be_attached()


@EACH_PAGE
def test_a_page_fits_a_phone(open_page: OpenPage, name: str) -> None:
    page = open_page(address_of(name), locale="en-US", viewport={"width": 390, "height": 844})
    wait_until_drawn(page)
    main = page.get_by_test_id("stMain")
    for scheme in SCHEMES:
        paint(page, scheme)
        assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


@EACH_PAGE
def test_a_page_is_accessible(open_page: OpenPage, name: str) -> None:
    page = open_page(address_of(name), locale="en-US")
    wait_until_drawn(page)
    page.evaluate(AXE_SCRIPT)
    for scheme in SCHEMES:
        paint(page, scheme)
        assert violations(page) == []


def paint(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Light or dark, as the visitor's system changes, once the colours have faded over."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme"
        " && document.getAnimations().every(one => one.playState !== 'running')",
        arg=scheme,
    )


def violations(page: Page) -> list[str]:
    """What axe calls serious or critical; Streamlit's own elements have none of it."""
    found: list[dict[str, Any]] = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
