"""New code is taken in by a new start in the same process, once it has been quiet for a moment."""

import os
import shutil
import time
import urllib.request
from contextlib import suppress

import anyio
import pytest
from support.server import ROOT, running

from serving.restart import code_of, wait_for_change

pytestmark = pytest.mark.long


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x = 1\n")


@pytest.fixture
def code(tmp_path):
    for name in ("app.py", "pages/one.py", "ui/__init__.py", "ui/two.py", ".venv/lib/three.py", "notes/four.py"):
        touch(tmp_path / name)
    return tmp_path


def test_the_modules_are_followed_and_a_virtual_environment_is_not(code):
    found = {path.relative_to(code).as_posix() for path in code_of(code)}
    assert found == {"app.py", ".streamlit/config.toml", "pages/one.py", "ui/__init__.py", "ui/two.py"}


def test_a_change_is_noticed_and_quiet_code_is_not(code):
    async def noticed(change, within):
        with anyio.move_on_after(within):
            async with anyio.create_task_group() as group:
                group.start_soon(change)
                await wait_for_change(code, every=0.01)
                return True
        return False

    async def new_file():
        await anyio.sleep(0.05)
        touch(code / "ui" / "new.py")

    async def nothing():
        pass

    assert anyio.run(noticed, new_file, 10)
    assert not anyio.run(noticed, nothing, 0.3)


@pytest.mark.skipif(os.name != "posix", reason="replaces its process")
def test_a_running_app_takes_a_push_in_and_keeps_its_process(tmp_path):
    copy = tmp_path / "app"
    kept = shutil.ignore_patterns(".venv", ".git", "tests", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, copy, ignore=kept)
    started = ["-m", "streamlit", "run", "app.py", "--server.headless=true", "--server.address=127.0.0.1"]
    with running(started, tmp_path / "log.txt", folder=copy, PLAYGROUND_FOLLOW_CODE="yes") as (server, process):
        assert "Self-attention playground</title>" in page(server)
        front = copy / "serving" / "front.py"
        front.write_text(front.read_text("utf-8").replace("Self-attention playground", "After the push"), "utf-8")
        assert "After the push</title>" in page(server, waiting_for="After the push")
        assert process.poll() is None


def page(server, waiting_for=""):
    deadline = time.monotonic() + 60
    text = ""
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(server.address, timeout=5) as answer:
            text = answer.read().decode()
            if waiting_for in text:
                break
        time.sleep(0.2)
    return text
