"""New code is taken in by a new start in the same process, once it has been quiet for a moment."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress

import anyio
import pytest
from conftest import ROOT

from serving.restart import code_of, wait_for_change


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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += ["--server.address=127.0.0.1", f"--server.port={port}"]
    environment = {name: value for name, value in os.environ.items() if name != "PLAYGROUND_FOLLOW_CODE"}
    process = subprocess.Popen(
        command,
        cwd=copy,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        assert "Self-attention playground</title>" in page(port)
        fronts = copy / "serving" / "front.py"
        fronts.write_text(fronts.read_text("utf-8").replace("Self-attention playground", "After the push"), "utf-8")
        assert "After the push</title>" in page(port, waiting_for="After the push")
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(timeout=20)


def page(port, waiting_for=""):
    deadline = time.monotonic() + 60
    text = ""
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            text = answer.read().decode()
            if waiting_for in text:
                break
        time.sleep(0.2)
    return text
