"""New code is taken in by starting the server anew in the same process.

Streamlit's own watcher costs every arriving visitor a look at all modules that are loaded, on the loop that serves
everybody: 50 people who come within 5 seconds wait seconds. It also swaps modules one by one, below sessions that hold
objects of the old ones. So it is off (.streamlit/config.toml), and this takes its place where the code can change while
the server runs: on a developer's machine, and on Community Cloud, which pulls what was pushed into the folder of the
running app. Once the files have been quiet for a moment, the process replaces itself (same command, same process id);
browsers connect again within a second or two and bring their experiment in the address.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import anyio

FOLLOW_CODE = "PLAYGROUND_FOLLOW_CODE"
EVERY = 2.0  # seconds between looks; a look takes about a millisecond
QUIET = 2  # looks in a row that find the same: a pull writes many files

Stamp = Mapping[Path, int]


def is_wanted() -> bool:
    """Unless it is turned off, or the system (Windows) cannot replace a process, or something else started the app."""
    starters = ("streamlit", "__main__.py", "app.py")
    return (
        os.environ.get(FOLLOW_CODE, "yes") != "no"
        and os.name == "posix"
        and Path(sys.argv[0]).name in starters
        and bool(sys.orig_argv)
    )


def stamp(files: Iterable[Path]) -> Stamp:
    """When each file was changed last; one that is gone is left out."""
    times = {}
    for path in files:
        try:
            times[path] = path.stat().st_mtime_ns
        except OSError:
            continue
    return times


def code_of(root: Path) -> list[Path]:
    """The files that make the app: its modules and its settings, not those of a virtual environment or the tests."""
    rooms = [each for each in root.iterdir() if each.is_dir() and (each / "__init__.py").exists()]
    found = [path for room in [*rooms, root / "pages"] for path in room.rglob("*.py")]
    return [root / "app.py", root / ".streamlit" / "config.toml", *found]


async def wait_for_change(root: Path, every: float = EVERY) -> None:
    """Returns once the code is another and has stayed so for a moment."""
    first = last = stamp(code_of(root))
    quiet = 0
    while True:
        await anyio.sleep(every)
        now = stamp(code_of(root))
        quiet = quiet + 1 if now == last else 0
        last = now
        if now != first and quiet >= QUIET:
            return


async def follow(root: Path) -> None:
    """Start this process anew once its code has changed."""
    await wait_for_change(root)
    print("The code has changed; starting anew.", flush=True)
    for number in map(int, os.listdir("/dev/fd")):
        if number > 2:  # the new server opens its own port; uvicorn's socket would be handed on
            with suppress(OSError):
                os.set_inheritable(number, False)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
