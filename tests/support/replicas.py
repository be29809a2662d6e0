"""Two replicas behind the proxy of deploy/haproxy.cfg, on this machine and without containers."""

import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from support.server import ROOT, free_port, running

APP = ["-m", "streamlit", "run", "app.py", "--server.headless=true", "--server.address=127.0.0.1"]
SECRET = "the same in both replicas, only for this test"


def proxy_program() -> str | None:
    return shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")


@dataclass
class Site:
    address: str  # of the proxy
    replicas: dict[str, subprocess.Popen]  # by the name that the proxy's cookie gives them


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """The proxy and its two replicas; log files go into `folder`."""
    ports = {"app1": free_port(), "app2": free_port()}
    front = free_port()
    settings = {"STREAMLIT_SERVER_COOKIE_SECRET": SECRET}
    with (
        running(APP, folder / "app1.txt", port=ports["app1"], **settings) as (_, first),
        running(APP, folder / "app2.txt", port=ports["app2"], **settings) as (_, second),
    ):
        environment = os.environ | {"FRONT": f"127.0.0.1:{front}"}
        environment |= {name.upper(): f"127.0.0.1:{port}" for name, port in ports.items()}
        program = proxy_program()
        assert program, "HAProxy is not installed"
        with (folder / "proxy.txt").open("w") as log:
            proxy = subprocess.Popen(
                [program, "-db", "-f", str(ROOT / "deploy" / "haproxy.cfg")],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            address = f"http://127.0.0.1:{front}/"
            _wait_for(address)
            yield Site(address, {"app1": first, "app2": second})
        finally:
            proxy.terminate()
            proxy.wait(timeout=20)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"{address}_stcore/health", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"Nothing answers at {address}")
