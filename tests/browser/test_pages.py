"""Every page that the app registers, in a real browser: both languages, light and dark, desk and phone."""

from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect
from visitor import wait_until_drawn

FITS_A_PHONE = """() => {
    const main = document.querySelector("[data-testid=stMain]")
    return main.clientWidth <= 390 && main.scrollWidth <= main.clientWidth
}"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def test_a_page_is_accessible(each_page: Page) -> None:
    each_page.evaluate(AXE_SCRIPT)
    for scheme in SCHEMES:
        paint(each_page, scheme)
        assert violations(each_page) == []


def test_a_page_fits_a_phone(each_page: Page) -> None:
    desk = each_page.viewport_size
    each_page.set_viewport_size({"width": 390, "height": 844})
    for scheme in SCHEMES:
        paint(each_page, scheme)
        each_page.wait_for_function(FITS_A_PHONE)  # charts follow a moment later
    assert desk
    each_page.set_viewport_size(desk)


def test_a_page_paints_in_both_languages(each_page: Page) -> None:
    heading = each_page.locator("[data-testid=stMain] .bj h2").first
    english = heading.inner_text()
    each_page.get_by_text("简体中文", exact=True).click()
    expect(heading).not_to_have_text(english)
    wait_until_drawn(each_page)
    expect(each_page.locator(".bj[lang=en]")).to_have_count(0)
    expect(each_page.locator(".bj[lang=zh-CN]").first).to_be_attached()


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
