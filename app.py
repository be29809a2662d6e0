"""`streamlit run app.py` starts the playground; so do `python app.py` and `uvicorn app:app`.

The script itself is ui/main.py: Streamlit treats a folder called `pages` beside the main script as its own, older kind
of navigation, so the main script must not be its neighbour.
"""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config, net_util
from streamlit.web import cli

from serving.downloads import tell_why
from serving.front import FrontDoor
from serving.fronts import FRONTS
from serving.headers import SecurityHeaders
from serving.packed import PackedStatic
from serving.restart import follow, is_wanted
from serving.short_log import all_loggers, keep_short
from serving.uploads import keep_few
from ui.state import parts, recovery, undisturbed

ROOT = Path(__file__).resolve().parent
STREAMLITS_FILES = Path(st.__file__).parent / "static"


def tell_plainly(fault: Exception) -> bool:
    """The last resort for a mistake of ours: one plain sentence on screen, the details in the log.

    Before that, what the browser sent is suspected, and the page is drawn once more without it.
    """
    if recovery.recover():
        logging.getLogger(__name__).warning("A browser's message was set aside (%s)", type(fault).__name__)
        return True
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


def ask_nobody_outside() -> None:
    """Keep Streamlit from asking a server elsewhere for this machine's address.

    It would ask, holding up everybody for a second or two, whenever a connection comes from another site's page. An
    address that is known to be empty is not asked for. (.streamlit/config.toml does the same for its start.)
    """
    net_util._external_ip = ""


def let_many_wait() -> None:
    """Give the threads in which downloads wait for the workshop room for a class; there are six on two processors."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(64, thread_name_prefix="download"))


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    send_at_once()
    let_many_wait()
    keep_short(all_loggers())
    following = asyncio.create_task(follow(ROOT)) if is_wanted() else None
    yield
    if following:
        following.cancel()


def read_settings() -> None:
    """Take the settings from beside this file, wherever the server was started.

    Streamlit looks for them in the current folder and beside the script that it was told to run.
    """
    if config._main_script_path is None:
        config._main_script_path = __file__
        config.get_config_options(force_reparse=True)


ask_nobody_outside()
read_settings()
tell_why()
recovery.guard()
undisturbed.guard()
parts.draw_what_follows()
keep_few()
app = st.App(
    ROOT / "ui" / "main.py",
    lifespan=lifespan,
    on_script_error=tell_plainly,
    middleware=[
        Middleware(SecurityHeaders, page=STREAMLITS_FILES / "index.html"),
        Middleware(PackedStatic, folder=STREAMLITS_FILES / "static"),
        Middleware(FrontDoor, pages=FRONTS, picture=ROOT / "docs" / "playground.png"),
    ],
)

if __name__ == "__main__":  # with all of Streamlit's flags and environment variables, which App.run does not read
    cli.main(["run", __file__, *sys.argv[1:]], prog_name="streamlit")
