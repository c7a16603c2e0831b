"""Fixtures for tests in a real browser: Playwright drives the Chromium that the system has."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from visitor import PAGES, address_of, wait_until_drawn

MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", MAC_CHROME])), None)
CHROMIUM_OPTIONS = [
    "--no-sandbox",  # CI runs as root, where the sandbox refuses to start
    "--disable-dev-shm-usage",  # containers have little shared memory
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",  # the address bar's pages: a third of a visit's work
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # a test that leaves this machine fails
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests last, as they are slow; without a browser skip them, unless one is required."""
    here = Path(__file__).parent
    in_browser = [item for item in items if item.path.is_relative_to(here)]
    items[:] = [item for item in items if item not in in_browser] + in_browser
    if CHROMIUM is None and in_browser:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            raise pytest.UsageError("REQUIRE_BROWSER=1, but there is no chromium on the PATH")
        for item in in_browser:
            item.add_marker(pytest.mark.skip(reason="no Chromium or Chrome on this machine"))


expect.set_options(timeout=20_000)  # the first visit pays for imports, and the machine may be busy


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
    yield chromium
    chromium.close()


@pytest.fixture
def browser_without_chinese(playwright: Playwright, tmp_path: Path) -> Iterator[Browser]:
    """A browser on a machine that has no Chinese font; without any font at all Chromium fetches none either."""
    config = tmp_path / "fonts.conf"
    config.write_text(
        """<fontconfig>
          <include>/etc/fonts/fonts.conf</include>
          <selectfont><rejectfont><pattern>
            <patelt name="lang"><string>zh-cn</string></patelt>
          </pattern></rejectfont></selectfont>
        </fontconfig>"""
    )
    chromium = playwright.chromium.launch(
        executable_path=CHROMIUM, args=CHROMIUM_OPTIONS, env={**os.environ, "FONTCONFIG_FILE": str(config)}
    )
    yield chromium
    chromium.close()


@contextmanager
def visits(browser: Browser, app_url: str) -> Iterator[Callable[..., Page]]:
    """Open the app as a new visitor, with any options of Playwright's ``new_context``:

    >>> open_page("/?lang=zh", locale="zh-CN", color_scheme="dark", viewport={"width": 390, "height": 844})

    At the end the test fails if a page had a JavaScript error or asked any other host for anything.
    """
    contexts = []
    complaints: list[str] = []

    def note_foreign(url: str) -> None:
        address = urlsplit(url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != urlsplit(app_url).netloc:
            complaints.append(f"request to another host: {url}")

    def open_page(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("request", lambda request: note_foreign(request.url))
        context.on("weberror", lambda error: complaints.append(f"JavaScript error: {error.error}"))
        page = context.new_page()
        page.on("websocket", lambda socket: note_foreign(socket.url))
        page.goto(app_url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def open_page(browser: Browser, app_url: str) -> Iterator[Callable[..., Page]]:
    """Opens pages for one test; see ``visits``."""
    with visits(browser, app_url) as open_page:
        yield open_page


@pytest.fixture(scope="module", params=PAGES)
def each_page(request: pytest.FixtureRequest, browser: Browser, app_url: str) -> Iterator[Page]:
    """Each page of the app, drawn in English on a desk, opened once for all tests of a module."""
    with visits(browser, app_url) as open_page:
        page = open_page(address_of(request.param), locale="en-US")
        wait_until_drawn(page)
        yield page


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """The app's first page in an English desktop browser."""
    return open_page(locale="en-US")
