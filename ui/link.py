"""The whole form in the address: compact, versioned, bounded, and nothing in it is trusted."""

from __future__ import annotations

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from pydantic import ValidationError

from .draft import Draft

VERSION = "1"
MAX_TOKEN = 8_000
"""Characters; browsers, chats and mail programs break addresses that are much longer."""
MAX_BYTES = 64_000
"""What a token may unfold to."""


class LinkError(ValueError):
    """The token does not hold a draft."""


def encode(draft: Draft) -> str | None:
    """A draft as characters that an address may hold; None if ``decode`` would not take them."""
    raw = draft.model_dump_json(exclude_defaults=True).encode()
    token = VERSION + urlsafe_b64encode(zlib.compress(raw, 9)).rstrip(b"=").decode()
    try:
        decode(token)
    except LinkError:  # too long, or a profile from a file goes beyond what may be typed
        return None
    return token


def decode(token: str) -> Draft:
    """The draft in a token; raises ``LinkError``.

    >>> decode(encode(Draft(event="openai-2024", months=6)) or "").months
    6
    """
    if len(token) > MAX_TOKEN or not token.startswith(VERSION):
        raise LinkError
    packed = token[len(VERSION) :]
    try:
        inflate = zlib.decompressobj()
        raw = inflate.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), MAX_BYTES)
        if not inflate.eof or inflate.unused_data:  # too long, cut off, or more than one
            raise LinkError
        return Draft.model_validate_json(raw)
    except (binascii.Error, zlib.error, ValidationError, ValueError) as error:
        raise LinkError from error
