"""`streamlit run app.py` starts the playground.

The script itself is ui/main.py: Streamlit treats a folder called `pages` beside the main script as its own, older kind
of navigation, so the main script must not be its neighbour.
"""

import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import streamlit as st


def tell_plainly(fault: Exception) -> bool:
    """The last resort for a mistake of ours: one plain sentence on screen, the details in the log."""
    logging.getLogger(__name__).exception("The page could not be drawn", exc_info=fault)
    st.error(
        "The playground made a mistake and could not draw this page. Nothing is lost: your experiment is in the "
        "address. Go back or reload the page to go on.",
        icon=":material/bug_report:",
    )
    return True


def send_at_once() -> None:
    """Turn Nagle's algorithm off on the sockets that listen, from which those of the visitors inherit it.

    A page is many small messages. With the algorithm the third waits until the browser has acknowledged the first
    ones, which takes 40 ms on Linux, more than all the rest. asyncio turns it off for the sockets it opens itself, but
    not for one that it is given like Streamlit's (uvicorn, issue 3149).
    """
    with suppress(OSError):  # a system that does not list open files keeps the delay
        for number in map(int, os.listdir("/dev/fd")):
            with suppress(OSError), socket.socket(fileno=os.dup(number)) as opened:
                if opened.family in (socket.AF_INET, socket.AF_INET6) and opened.type == socket.SOCK_STREAM:
                    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    send_at_once()
    yield


app = st.App("ui/main.py", lifespan=lifespan, on_script_error=tell_plainly)
