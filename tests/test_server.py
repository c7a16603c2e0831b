"""What the server promises beside the page: headers that harden it, limits on what comes in."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest


def head(url: str) -> dict[str, str]:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=10) as answer:
            return {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        return {name.lower(): value for name, value in error.headers.items()}


@pytest.mark.parametrize("path", ["/", "/report", "/_stcore/health", "/app/static/nothing", "/_stcore/upload_file/a/b"])
def test_every_answer_has_the_security_headers(app_url: str, path: str) -> None:
    headers = head(app_url + path)
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
