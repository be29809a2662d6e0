"""What a browser remembers of its visitor: that the tour was seen or declined, and which cards of the lessons are done.

A script cannot set a cookie, as its answers are messages over a connection that is open already. So the page loads an
empty picture, whose answer brings the cookie; the next connection carries it, to whichever replica.
"""

import re

from starlette.requests import Request
from starlette.responses import Response

TOUR_SEEN = "tour_seen.svg"  # the picture, beside the pages
TOUR_COOKIE, SEEN = "tour", "seen"
CARDS_DONE = "cards_done.svg"  # the picture, in the folder of the connection, which alone gets the cookie
CARDS_COOKIE = "cards"
_A_YEAR = 365 * 24 * 60 * 60
_CODE = re.compile(r"[0-9A-Za-z_~-]{0,3600}")


def tour_seen() -> Response:
    """The empty picture with the cookie. It says the same of everybody, and only this site gets it back."""
    picture = _empty_picture()
    picture.set_cookie(TOUR_COOKIE, SEEN, max_age=_A_YEAR, path="/", samesite="lax", httponly=True)
    return picture


def cards_done(request: Request) -> Response:
    """The empty picture with the code of the query as a cookie.

    Only a page of the app may ask for that, as browsers say who asks (Sec-Fetch-Site, since 2023 all of them): no link
    and no other site makes cards done.
    """
    picture, code = _empty_picture(), request.url.query
    if request.headers.get("sec-fetch-site") == "same-origin" and _CODE.fullmatch(code):
        age = _A_YEAR if code else 0
        picture.set_cookie(CARDS_COOKIE, code, max_age=age, path=None, samesite="lax", httponly=True)
    return picture


def _empty_picture() -> Response:
    return Response(
        '<svg xmlns="http://www.w3.org/2000/svg"/>', media_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )
