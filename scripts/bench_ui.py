"""How fast the page answers, beside an empty Streamlit app in the same run: `make bench-ui`.

Three measures, medians of several: a changed input until the new verdict is on screen (the empty app: a click until
its new text is); a first visit until the verdict (the text) is there; and the time the server takes for a run with 50
sessions that change an input every two seconds, with the memory it takes. Nothing here is a test: times belong to the
machine they were measured on, ratios to the run.
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import streamlit
import websockets
from playwright.sync_api import Browser, Page, expect, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parent.parent
EMPTY = """
import streamlit as st
count = st.session_state.setdefault("count", 0)
def more(): st.session_state.count += 1
st.button("More", on_click=more)
st.text(f"count {st.session_state.count}")
"""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]  # pages of an address bar that nobody sees
CHANGES, VISITS = 20, 3
SESSIONS, PAUSE, SECONDS = 50, 2.0, 20.0
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY)
        with server(script, Path(folder)) as (empty, _), server(ROOT / "serve.py", ROOT) as (app, process):
            print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
                  f"Streamlit {streamlit.__version__}")  # fmt: skip
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
                in_browser(browser, empty, app)
                browser.close()
            asyncio.run(under_load(app, process))


def in_browser(browser: Browser, empty: str, app: str) -> None:
    """Prints both measures of one visitor."""
    visits = [[first_visit(browser, url, text) for _ in range(VISITS)] for url, text in ((empty, "count 0"), (app, ""))]
    show("first visit", *visits)
    page = browser.new_page(locale="en-US")
    page.goto(empty)
    expect(page.get_by_text("count 0")).to_be_visible(timeout=30_000)
    click = page.get_by_role("button", name="More").click
    plain = [changed(page, "[data-testid=stText]", lambda _: click()) for _ in range(CHANGES)]
    page.goto(app)
    field = page.get_by_role("textbox", name="Input tokens").first
    expect(field).to_be_visible(timeout=30_000)
    page.wait_for_timeout(2_000)

    def enter(step: int) -> None:
        field.fill(f"{81 + step}M")
        field.press("Enter")

    show("change to new text", plain, [changed(page, ".bj-verdict", enter, step) for step in range(CHANGES)])


def first_visit(browser: Browser, url: str, text: str) -> float:
    """Seconds until a new visitor sees the text, or the verdict."""
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url)
    (page.get_by_text(text) if text else page.locator(".bj-verdict")).wait_for(timeout=30_000)
    seconds = time.perf_counter() - start
    context.close()
    return seconds


def changed(page: Page, what: str, change: Callable[[int], None], step: int = 0) -> float:
    """Seconds, by the browser's own clock, from the last key or click until a text is another."""
    page.evaluate(
        """() => {
            window.began = 0;
            for (const kind of ['mousedown', 'keydown'])
                addEventListener(kind, () => { window.began = performance.now() }, {capture: true});
        }"""
    )
    before = page.locator(what).inner_text()
    page.evaluate(
        """([selector, before]) => {
            const text = () => document.querySelector(selector)?.innerText;
            window.took = new Promise(done => {
                const look = () => {
                    const now = text();
                    if (now !== undefined && now !== before) done(performance.now() - window.began);
                    else requestAnimationFrame(look);
                };
                look();
            });
        }""",
        [what, before],
    )
    change(step)
    took: float = page.evaluate("() => window.took")
    page.wait_for_timeout(400)
    return took / 1000


async def under_load(app: str, process: subprocess.Popen[bytes]) -> None:
    """Prints the time of a run with many sessions, and the memory."""
    times: list[float] = []
    everybody = asyncio.Barrier(SESSIONS)
    opening = asyncio.Lock()
    await asyncio.gather(*(session(app, number, opening, everybody, times) for number in range(SESSIONS)))
    times.sort()
    median, p95 = statistics.median(times) * 1e3, times[int(len(times) * 0.95)] * 1e3
    runs, memory = len(times), resident(process.pid)
    print(f"{SESSIONS} sessions, a change every {PAUSE:g} s: median {median:.0f} ms, p95 {p95:.0f} ms, "
          f"{runs} runs, {memory:.0f} MB")  # fmt: skip


async def session(app: str, number: int, opening: asyncio.Lock, everybody: asyncio.Barrier, times: list[float]) -> None:
    """One visitor without a browser; visitors come one after the other, and change something once all are there."""
    url = app.replace("http", "ws") + "/_stcore/stream"
    async with websockets.connect(url, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None) as socket_:
        message = BackMsg()
        message.rerun_script.query_string = ""
        async with opening:
            field, part = await run(socket_, message, "")
        await everybody.wait()
        stop = time.perf_counter() + SECONDS
        await asyncio.sleep(number * PAUSE / SESSIONS)
        for change in range(10_000):
            if time.perf_counter() > stop:
                return
            begin = time.perf_counter()
            message = BackMsg()
            message.rerun_script.fragment_id = part
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = field, f"{80 + (number * 37 + change) % 400}M"
            await run(socket_, message, field)
            took = time.perf_counter() - begin
            times.append(took)
            await asyncio.sleep(max(PAUSE - took, 0))


async def run(connection: websockets.ClientConnection, message: BackMsg, field: str, part: str = "") -> tuple[str, str]:
    """Sends a message, waits for the end of the run; gives the ids of the field for input tokens and of its part."""
    await connection.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(bytes(await connection.recv(decode=False)))
        if answer.WhichOneof("type") == "auto_rerun":  # the browser is to ask for the rest
            again = BackMsg()
            again.rerun_script.fragment_id, again.rerun_script.is_auto_rerun = answer.auto_rerun.fragment_id, True
        element = answer.delta.new_element
        if not field and element.HasField("text_input") and element.text_input.label == "Input tokens":
            field, part = element.text_input.id, answer.delta.fragment_id
        if element.HasField("exception"):
            raise RuntimeError(element.exception.message)
        if answer.WhichOneof("type") == "script_finished" and answer.script_finished in FINISHED:
            if field:
                return field, part
            await connection.send(again.SerializeToString())


def show(what: str, empty: list[float], app: list[float]) -> None:
    """One line: both medians, and their ratio."""
    plain, ours = statistics.median(empty), statistics.median(app)
    print(f"{what}: empty app {plain * 1e3:.0f} ms, Banjia {ours * 1e3:.0f} ms, ratio {ours / plain:.2f}")


def resident(pid: int) -> float:
    """Megabytes that a process holds in memory."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


@contextmanager
def server(script: Path, folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Streamlit server of its own; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true", f"--server.port={port}",
               "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"]  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urlopen(f"{url}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url, process
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
