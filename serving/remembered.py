"""What a browser remembers of its visitor: that the tour was seen or declined, and nothing else.

A script cannot set a cookie, as its answers are messages over a connection that is open already. So the page loads an
empty picture, whose answer brings the cookie; the next connection carries it, to whichever replica.
"""

from starlette.responses import Response

TOUR_SEEN = "tour_seen.svg"  # the picture, beside the pages
TOUR_COOKIE, SEEN = "tour", "seen"
_A_YEAR = 365 * 24 * 60 * 60


def tour_seen() -> Response:
    """The empty picture with the cookie. It says the same of everybody, and only this site gets it back."""
    picture = Response(
        '<svg xmlns="http://www.w3.org/2000/svg"/>', media_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )
    picture.set_cookie(TOUR_COOKIE, SEEN, max_age=_A_YEAR, path="/", samesite="lax", httponly=True)
    return picture
