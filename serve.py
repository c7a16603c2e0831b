"""The server: ``streamlit run serve.py``. The page of ``app.py``, warm from the start, with headers that harden it."""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from ui import answers, compare, method, offers, prices, report, usage, what_if  # noqa: F401  # to be warm

STATIC = Path(st.__file__).parent / "static"


def policy() -> str:
    """What a page may load and run: this server's own, and the inline styles and script of Streamlit's page."""
    page = (STATIC / "index.html").read_text("utf-8")
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = " ".join(f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in inline)
    return "; ".join([
        "default-src 'self'",
        f"script-src 'self' blob: {hashes}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ])  # fmt: skip


ELEMENTS = ("Button", "ButtonGroup", "DownloadButton", "Html", "NumberInput", "PageLink", "Selectbox", "TextInput")
"""What the first page is made of, by the names of Streamlit's modules."""


def page_files() -> tuple[list[str], list[str]]:
    """Files that Streamlit's page names, and modules that the elements of our first page need beside them."""
    page = (STATIC / "index.html").read_text("utf-8")
    named = re.findall(r'"\./(static/[^"]+)"', page)
    more: dict[str, None] = {}
    waiting = [path.name for element in ELEMENTS for path in sorted((STATIC / "static/js").glob(f"{element}.*.js"))]
    while waiting:
        file = f"static/js/{waiting.pop()}"
        if file not in named and file not in more:
            more[file] = None
            waiting += re.findall(r'(?:from|import)"\./([\w.-]+\.js)"', (STATIC / file).read_text("utf-8"))
    return named, [*more]


def from_memory(file: str) -> Response:
    """The answer that holds a file whose name changes with its content."""
    headers = {"Cache-Control": "public, immutable, max-age=31536000"}
    return Response((STATIC / file).read_bytes(), media_type=guess_type(file)[0], headers=headers)


NAMED, AHEAD = page_files()
FILES = {f"/{file}": from_memory(file) for file in (*NAMED, *AHEAD)}
"""From the disk each of these hundred would take milliseconds."""
HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address holds what was typed
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
FETCH_AHEAD = ", ".join(f"<./{file}>; rel=modulepreload; crossorigin" for file in AHEAD)
"""For the browser to fetch the modules while Streamlit starts, not one after another when an element needs them."""


class Entrance:
    """Adds the headers to every answer, to a page the modules to be fetched ahead, and gives files from memory."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Link"] = FETCH_AHEAD
            await send(message)

        file = FILES.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (file or self.app)(scope, receive, send_with_headers)


def send_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """Small messages leave when they are written; the system would hold the second until the first is acknowledged.

    asyncio sees to that for sockets which name their protocol, and Streamlit's does not; other loops do it for all.
    """
    if not isinstance(loop, asyncio.BaseEventLoop):
        return
    listen = loop.create_server

    async def create_server(*args: Any, sock: socket.socket, **options: Any) -> asyncio.Server:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # which connections inherit
        return await listen(*args, sock=sock, **options)

    loop.create_server = create_server  # type: ignore[method-assign,assignment]  # this loop's alone, and with a socket


def look_up_theme_once() -> None:
    """Streamlit gathers its theme from the settings before each run, which takes a tenth of a change's time.

    No setting changes while the server is running.
    """
    look_up = app_session._populate_theme_msg

    @cache
    def theme(section: str) -> CustomThemeConfig:
        found = CustomThemeConfig()
        look_up(found, section)
        return found

    def populate(msg: CustomThemeConfig, section: str = "theme") -> None:
        if theme(section).ByteSize():  # an empty theme would hide those that it stands beside
            msg.CopyFrom(theme(section))

    app_session._populate_theme_msg = populate


def begin_with_content() -> None:
    """That a run began and is running is sent with the first thing that it shows.

    A browser then draws all elements anew once; sent one after the other, these messages make it do so three times.
    """
    enqueue = app_session.AppSession._enqueue_forward_msg

    def enqueue_or_wait(self: app_session.AppSession, msg: ForwardMsg) -> None:
        if msg.HasField("new_session") or msg.session_status_changed.script_is_running:
            self._browser_queue.enqueue(msg)  # and nobody is woken who would send it
        else:
            enqueue(self, msg)

    app_session.AppSession._enqueue_forward_msg = enqueue_or_wait  # type: ignore[method-assign]  # no setting does


@asynccontextmanager
async def warm(_: object) -> AsyncIterator[dict[str, Any]]:
    """Reads the data and pays for slow imports before the first visitor comes.

    A page is drawn in some hundredths of a second: visitors wait less if each is done in one go than if all take turns.
    """
    sys.setswitchinterval(0.05)
    send_at_once(asyncio.get_running_loop())
    look_up_theme_once()
    begin_with_content()
    answers.warm_up()
    yield {}


app = st.App("app.py", lifespan=warm, middleware=[Middleware(Entrance)])
