"""The server: ``streamlit run serve.py``. The page of ``app.py``, warm from the start, with headers that harden it."""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import answers, compare, method, offers, prices, report, usage, what_if  # noqa: F401  # to be warm


def policy() -> str:
    """What a page may load and run: this server's own, and the inline styles and script of Streamlit's page."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
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


HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address holds what was typed
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class SecurityHeaders:
    """Adds the headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


@asynccontextmanager
async def warm(_: object) -> AsyncIterator[dict[str, Any]]:
    """Reads the data and pays for slow imports before the first visitor comes.

    A page is drawn in some hundredths of a second: visitors wait less if each is done in one go than if all take turns.
    """
    sys.setswitchinterval(0.05)
    answers.warm_up()
    yield {}


app = st.App("app.py", lifespan=warm, middleware=[Middleware(SecurityHeaders)])
