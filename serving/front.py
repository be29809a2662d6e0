"""What is there before the first script has run: each page's own title and description, or a way back.

Streamlit answers every address with the same empty page, whose title is "Streamlit". People who get a link see in a
chat what is written here.
"""

import html
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.remembered import CARDS_DONE, TOUR_SEEN, cards_done, tour_seen

SHOW_METRICS = "PLAYGROUND_METRICS"
PICTURE = "preview.png"
SCRIPT = "page.js"  # what Streamlit's page lacks for those who do not see it or use no mouse
SITE = "Self-attention playground"

_SCRIPT = Path(__file__).with_name(SCRIPT)
_NO_PAGES = ("/_stcore/", "/media/")
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Front:
    """What a page is called and, in a sentence, is for; `short` is its name where there is little room."""

    name: str
    description: str
    short: str = ""

    @property
    def menu(self) -> str:
        """What the row of pages calls it."""
        return self.short or self.name

    @property
    def title(self) -> str:
        """What a tab or a shared link is called."""
        return self.name if self.name == SITE else f"{self.name} · {SITE}"


def head(front: Front, address: str, picture: str) -> str:
    """The tags that tell of a page (Open Graph, https://ogp.me); addresses are absolute, as its readers need them."""
    tags = {
        "description": front.description,
        "og:type": "website",
        "og:site_name": SITE,
        "og:title": front.title,
        "og:description": front.description,
        "og:url": address,
        "og:image": picture,
        "og:image:alt": "A sentence, its tables, and heat maps of which word looks at which",
        "twitter:card": "summary_large_image",
    }
    names = {name: "property" if name.startswith("og:") else "name" for name in tags}
    written = (f'<meta {names[name]}="{name}" content="{html.escape(text)}">' for name, text in tags.items())
    script = f'<script src="./{SCRIPT}" defer></script>'
    return "\n    ".join((f"<title>{html.escape(front.title)}</title>", *written, script))


def nowhere(home: str) -> str:
    """The page at an address where there is none."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>No page here · {SITE}</title>
<style>:root{{color-scheme:light dark}}body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;
padding:0 1rem}}</style></head>
<body><h1>There is no page at this address</h1>
<p>Perhaps a part of the link was lost. <a href="{html.escape(home)}">Open the playground</a>; the numbers that the
link carries, if any, come with you.</p></body></html>
"""


class FrontDoor:
    """Writes each page's head, answers addresses that lead nowhere, and keeps the server's figures to itself.

    `pages` names the pages by their place in the address, "" for the first one; `picture` is shown beside links.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, Front], picture: Path) -> None:
        self._app = app
        self._pages = pages
        self._picture = picture
        self._shows_metrics = os.environ.get(SHOW_METRICS, "") == "public"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path.endswith("/_stcore/metrics") and not self._shows_metrics:
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
        elif path.endswith(f"/{PICTURE}"):
            await FileResponse(self._picture, headers={"Cache-Control": "public, max-age=86400"})(scope, receive, send)
        elif path.endswith(f"/{SCRIPT}"):
            await FileResponse(_SCRIPT, headers={"Cache-Control": "no-cache"})(scope, receive, send)
        elif path.endswith(f"/{TOUR_SEEN}"):
            await tour_seen()(scope, receive, send)
        elif path.endswith(f"/{CARDS_DONE}"):
            await cards_done(Request(scope))(scope, receive, send)
        elif scope["method"] in ("GET", "HEAD"):
            await self._app(_unpacked(scope), receive, _Page(self, scope, receive, send).send)
        else:
            await self._app(scope, receive, send)

    def front_of(self, path: str) -> Front:
        return self._pages.get(path.rstrip("/").rpartition("/")[2], self._pages[""])

    def leads_nowhere(self, path: str) -> bool:
        """Whether an address for which Streamlit has only its page is below a page or a folder that there is not.

        An unknown name beside the pages is left to Streamlit, which opens the first page and says so. Community Cloud
        serves an app below /~/+/.
        """
        folder, _, name = path.strip("/").rpartition("/")
        return bool(folder) and not path.startswith("/~/") and not (path.endswith("/") and name not in self._pages)


class _Page:
    """Passes an answer on, and one that is Streamlit's page only once it is whole and rewritten."""

    def __init__(self, door: FrontDoor, scope: Scope, receive: Receive, send: Send) -> None:
        self._door, self._scope, self._receive, self._to_visitor = door, scope, receive, send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None:
            await self._to_visitor(message)
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        path = self._scope["path"].removeprefix(self._scope.get("root_path", ""))
        request = Request(self._scope)
        if self._door.leads_nowhere(path):
            home = (
                "/".join([".."] * (path.count("/") - 1)) + "/" + (f"?{request.url.query}" if request.url.query else "")
            )
            await HTMLResponse(nowhere(home), status_code=404)(self._scope, self._receive, self._to_visitor)
            return
        headers = MutableHeaders(scope=start)
        for name in ("etag", "last-modified", "content-length"):  # they tell of the page before it was rewritten
            del headers[name]
        origin = address_of(request)
        here = origin + quote(self._scope["path"])
        picture = here.rpartition("/")[0] + "/" + PICTURE
        written = head(self._door.front_of(path), here, picture)
        body = _TITLE.sub(lambda _: written, self._body.decode("utf-8"), count=1).encode()
        if self._scope["method"] == "GET":
            headers["Content-Length"] = str(len(body))
        await self._to_visitor(start)
        await self._to_visitor({"type": "http.response.body", "body": body if self._scope["method"] == "GET" else b""})


def _unpacked(scope: Scope) -> Scope:
    """The request for a page such that the answer can be read; a page is small."""
    if any(part in scope["path"] for part in _NO_PAGES):
        return scope
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    kind = headers.get("content-type", "")
    return start["status"] == 200 and kind.startswith("text/html") and "content-disposition" not in headers


def address_of(request: Request) -> str:
    """The origin that a visitor sees, also behind a proxy that says how it was asked."""
    told = request.headers.get("x-forwarded-proto", "").split(",")[0].strip()
    scheme = told if told in ("http", "https") else request.url.scheme
    return f"{scheme}://{urlsplit('//' + request.headers.get('host', '')).netloc}"
