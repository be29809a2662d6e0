"""Streamlit's scripts and styles, each packed once and kept.

Streamlit sends them as they are, because packing them anew for every visitor would cost the server more than it saves;
it counts on a proxy. Where there is none, a first visit takes several times the bytes. They never change while the
server runs, so each is packed by the first visitor who asks for it, in a thread, and kept.
"""

import gzip
from pathlib import Path

from anyio import Lock, to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

STATIC = "/static/"
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
MAX_KEPT = 24 * 2**20  # bytes; all of Streamlit's scripts are about 6 MB packed
YEAR = 365 * 24 * 3600  # seconds; the names of the files change with their content


class PackedStatic:
    """Answers for scripts and styles in `folder`; everything else, and who takes nothing packed, is passed on."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._app = app
        self._folder = folder.resolve()
        self._kept: dict[Path, bytes] = {}
        self._lock = Lock()  # one file is packed at a time, so that arrivals leave the processor to the pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        packed = await self._packed(scope) if _asks_for_packed(scope) else None
        if packed is None:
            await self._app(scope, receive, send)
            return
        kind, content = packed
        headers = {
            "Content-Encoding": "gzip",
            "Cache-Control": f"public, immutable, max-age={YEAR}",
            "Vary": "Accept-Encoding",
            "Access-Control-Allow-Origin": "*",
        }
        await Response(content, headers=headers, media_type=kind)(scope, receive, send)

    async def _packed(self, scope: Scope) -> tuple[str, bytes] | None:
        name = scope["path"].rpartition(STATIC)[2]
        path = (self._folder / name).resolve()
        if path.suffix not in KINDS or not path.is_relative_to(self._folder):
            return None
        if path not in self._kept:
            async with self._lock:
                if path not in self._kept:
                    if not path.is_file() or sum(map(len, self._kept.values())) > MAX_KEPT:
                        return None
                    self._kept[path] = await to_thread.run_sync(lambda: gzip.compress(path.read_bytes(), 6, mtime=0))
        return KINDS[path.suffix], self._kept[path]


def _asks_for_packed(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or STATIC not in scope["path"]:
        return False
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")
