"""Security headers on every answer.

The policy is as strict as Streamlit's own scripts allow, tried page by page in tests/test_browser_headers.py:

- scripts come from the app alone; the one that Streamlit writes into its page is let in by its hash. Nothing becomes a
  script while the page runs (Vega interprets the expressions of charts), but for WebAssembly, which reads tables;
- styles may be written into elements, which is how Streamlit's components set theirs;
- pictures and fonts may be data (charts and icons), workers may be blobs (Streamlit's own);
- requests go to the app alone, and only those named in PLAYGROUND_FRAMED_BY may show it in a frame. There is no
  X-Frame-Options beside that, which can name no one and which browsers pass over where frame-ancestors is.

What a person downloads (/media/) may do nothing at all.
"""

import base64
import hashlib
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAMED_BY = "PLAYGROUND_FRAMED_BY"
# Streamlit Community Cloud shows an app in a frame of its own.
COMMUNITY_CLOUD = ("https://share.streamlit.io", "https://*.streamlit.app")
MEDIA = "/media/"

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d+)?")


def framed_by(setting: str) -> tuple[str, ...]:
    """The origins that a setting names, separated by spaces or commas; anything else in it raises ValueError."""
    origins = tuple(setting.replace(",", " ").split())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin) or urlsplit(origin).path:
            raise ValueError(f"{FRAMED_BY} names {origin!r}, which is no origin such as https://course.example.edu.")
    return origins


def inline_hashes(page: str) -> tuple[str, ...]:
    """What lets the scripts in a page run, and no other: CSP's hashes of their texts."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(page))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def policy(page: str, framers: tuple[str, ...]) -> str:
    """The content security policy of the app; `page` is the HTML that Streamlit serves."""
    rules: Mapping[str, tuple[str, ...]] = {
        "default-src": ("'none'",),
        "script-src": ("'self'", "'wasm-unsafe-eval'", *inline_hashes(page)),
        "style-src": ("'self'", "'unsafe-inline'"),
        "img-src": ("'self'", "data:", "blob:"),
        "font-src": ("'self'", "data:"),
        "connect-src": ("'self'",),
        "worker-src": ("'self'", "blob:"),
        "manifest-src": ("'self'",),
        "media-src": ("'self'", "data:", "blob:"),
        "frame-src": ("'none'",),
        "form-action": ("'none'",),
        "base-uri": ("'none'",),
        "frame-ancestors": ("'self'", *COMMUNITY_CLOUD, *framers),
    }
    return "; ".join(f"{rule} {' '.join(sources)}" for rule, sources in rules.items())


@cache
def _headers(page: Path, framers: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy(page.read_text("utf-8"), framed_by(framers)),
        "X-Content-Type-Options": "nosniff",
        # An address holds what a person typed, up to thousands of characters; neither other sites nor the requests for
        # a page's scripts need it.
        "Referrer-Policy": "strict-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Permitted-Cross-Domain-Policies": "none",
    }


DOWNLOAD_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class SecurityHeaders:
    """Adds the headers to every HTTP answer. `page` is the file that Streamlit serves as its page."""

    def __init__(self, app: ASGIApp, page: Path) -> None:
        self._app = app
        self._headers = _headers(page, os.environ.get(FRAMED_BY, ""))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_download = MEDIA in scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if is_download:
                    headers["Content-Security-Policy"] = DOWNLOAD_POLICY
            await send(message)

        await self._app(scope, receive, send_with_headers)
