"""The page without a browser."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent.parent
COMPONENTS = BidiComponentManager()
"""No package adds to the page; looking through all of them for each test takes a third of the time."""


class PageOfApp:
    """The app as a visitor in one language sees it. Every action gives the page back."""

    def __init__(self, locale: str, **address: str) -> None:
        self.app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        self.app.context = {"locale": locale}
        self.app._bidi_component_manager = COMPONENTS
        self.app.session_state["is_drawn"] = True  # nobody here asks for the inputs that follow on a first visit
        for name, value in address.items():
            self.app.query_params[name] = value
        self.run()

    def run(self) -> PageOfApp:
        self.app.run()
        if not self.texts("bj-name"):  # only the answer was drawn, and AppTest forgets the rest
            self.app.run()
        assert not self.app.exception, [error.value for error in self.app.exception]
        return self

    def go(self, url_path: str) -> PageOfApp:
        """Another page, as its link opens it ("": the first)."""
        self.app._page_hash = self.hash_of(url_path)
        return self.run()

    def hash_of(self, url_path: str) -> str:
        """Streamlit's mark of a page; AppTest itself knows only pages that are files."""
        return next(key for key, page in self.app._registered_pages.items() if page["url_pathname"] == url_path)

    def go_back(self, **address: str) -> PageOfApp:
        """To an address of before, by the browser's button."""
        self.app.query_params.clear()
        self.app.query_params.update(address)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ui.address._through_history", lambda: True)
            return self.run()

    def texts(self, css_class: str) -> list[str]:
        """The text of each HTML block that has the class."""
        blocks = [one.value for one in self.app.html if re.search(rf'class="[^"]*\b{css_class}\b', one.value)]
        return [unescape(re.sub(r"<[^>]+>", " ", block)) for block in blocks]

    @property
    def verdict(self) -> str:
        card = next(one.value for one in self.app.html if "bj-verdict" in one.value)
        found = re.search(r'class="bj-verdict"[^>]*>(.*?)</p>', card)
        assert found
        return unescape(found[1])

    @property
    def place_of_verdict(self) -> int:
        """Which of the page's elements it is; in a browser, one that moves stands twice for a moment."""
        return next(place for place, one in self.app.main.children.items() if "bj-verdict" in getattr(one, "value", ""))

    @property
    def ranking(self) -> list[str]:
        """The providers in the order of the table."""
        block = next(one.value for one in self.app.html if "bj-ranking" in one.value)
        return [unescape(name) for name in re.findall(r'<b class="bj-rank">\d+</b>.*?<b>(.*?)</b>', block)]

    @property
    def totals(self) -> list[str]:
        block = next(one.value for one in self.app.html if "bj-ranking" in one.value)
        return re.findall(
            r'data-label="[^"]*"[^>]*><span class="bj-cell"><b>([^<]*\d[^<]*)</b><span class="bj-bar"', block
        )

    @property
    def is_last_good(self) -> bool:
        return any('bj-stale"' in one.value for one in self.app.html)

    @property
    def problems(self) -> str:
        return "\n".join(self.texts("bj-problem"))

    def enter(self, position: int, **fields: str) -> PageOfApp:
        """Types into the workload at a position, all at once."""
        number = self.app.session_state["numbers"][position]
        for field, value in fields.items():
            widget = self.app.selectbox if field == "model" else self.app.text_input
            widget(key=f"{field}:{number}").set_value(value)
        return self.run()

    def add(self, **fields: str) -> PageOfApp:
        """One more workload."""
        return self.click("add_workload").enter(-1, **fields)

    def typed(self, field: str) -> list[str]:
        """What stands in a field of each workload."""
        return [self.app.session_state[f"{field}:{number}"] for number in self.app.session_state["numbers"]]

    def open(self, *sections: str) -> PageOfApp:
        for section in sections:
            self.app.session_state[section] = True
        return self.run()

    def close(self, section: str) -> PageOfApp:
        self.app.session_state[section] = False
        return self.run()

    def click(self, key: str) -> PageOfApp:
        self.app.button(key=key).click()
        return self.run()

    def upload(self, name: str, content: bytes, key: str = "upload") -> PageOfApp:
        self.app.file_uploader(key=key).upload(name, content)
        return self.run()

    def speak(self, code: str) -> PageOfApp:
        self.app.session_state["lang"] = code
        return self.run()


@pytest.fixture(scope="session", autouse=True)
def unfrozen() -> Iterator[None]:
    """The app takes objects out of garbage collection: left so, DuckDB complains of leaks when Python ends."""
    yield
    gc.unfreeze()


@pytest.fixture
def open_app() -> Callable[..., PageOfApp]:
    return PageOfApp
