"""What the server promises beside the page: headers that harden it, limits on what comes in."""

from __future__ import annotations

import asyncio
import re
import socket
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

import serve


def get(url: str) -> tuple[dict[str, str], bytes]:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=10) as answer:
            return {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return {name.lower(): value for name, value in error.headers.items()}, b""


@pytest.mark.parametrize("path", ["/", "/report", "/_stcore/health", "/app/static/nothing", "/_stcore/upload_file/a/b"])
def test_every_answer_has_the_security_headers(app_url: str, path: str) -> None:
    headers, _ = get(app_url + path)
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/prices"])
def test_modules_to_fetch_ahead_are_there_and_are_streamlits_own(app_url: str, path: str) -> None:
    headers, _ = get(app_url + path)
    modules = re.findall(r"<\./(static/js/[^>]+)>; rel=modulepreload", headers["link"])
    assert any("/TextInput." in module for module in modules)
    for module in modules:
        headers, content = get(f"{app_url}/{module}")
        assert content == (Path(streamlit.__file__).parent / "static" / module).read_bytes()
        assert "javascript" in headers["content-type"]
        assert "immutable" in headers["cache-control"]
        assert "content-security-policy" in headers
        assert "link" not in headers


def test_the_theme_that_is_looked_up_once_is_streamlits_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def themes() -> bytes:
        message = NewSession()
        for part, section in (
            (message.custom_theme, "theme"), (message.custom_theme.light, "theme.light"),
            (message.custom_theme.dark, "theme.dark"), (message.custom_theme.sidebar, "theme.sidebar"),
        ):  # fmt: skip
            app_session._populate_theme_msg(part, section)
        return message.SerializeToString(deterministic=True)

    looked_up = app_session._populate_theme_msg
    monkeypatch.setattr(app_session, "_populate_theme_msg", looked_up)  # puts it back in the end
    expected = themes()
    assert b"#0b5cad" in expected
    serve.look_up_theme_once()
    assert themes() == expected
    asked: list[str] = []
    monkeypatch.setattr(config, "get_options_for_section", asked.append)
    assert themes() == expected
    assert not asked


def test_that_a_run_began_waits_for_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    session = app_session.AppSession
    monkeypatch.setattr(session, "_enqueue_forward_msg", session._enqueue_forward_msg)  # puts it back in the end
    serve.begin_with_content()
    sent: list[ForwardMsg] = []
    waiting = ForwardMsgQueue()
    one = SimpleNamespace(_browser_queue=waiting, _message_enqueued_callback=lambda: sent.extend(waiting.flush()))
    began, running, shown, ended, still = (ForwardMsg() for _ in range(5))
    began.new_session.name = "app"
    running.session_status_changed.script_is_running = True
    shown.delta.new_element.html.body = "verdict"
    ended.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    still.session_status_changed.script_is_running = False
    told = []
    for message in (began, running, shown, ended, still):
        session._enqueue_forward_msg(one, message)  # type: ignore[arg-type]  # all that it needs of a session
        told.append(len(sent))
    assert sent == [began, running, shown, ended, still]
    assert told == [0, 0, 3, 4, 5]


def test_connections_send_small_messages_at_once() -> None:
    async def connected() -> int:
        set_on_it: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            set_on_it.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with socket.create_server(("127.0.0.1", 0)) as listening:
            serve.send_at_once(asyncio.get_running_loop())
            async with await asyncio.start_server(note, sock=listening):
                _, writer = await asyncio.open_connection(*listening.getsockname())
                writer.close()
                return await set_on_it

    assert asyncio.run(connected()) != 0
