"""What app.py does beside naming the script."""

import os
import socket
import subprocess
import sys

import pytest
from streamlit import net_util
from streamlit.web.server.server_util import is_url_from_allowed_origins
from support.server import ROOT, free_port, running

import app
from app import send_at_once


def test_visitors_of_a_socket_that_listens_are_sent_each_message_at_once():
    with socket.socket() as listening:  # as Streamlit opens it: the protocol is left to the system
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert not nodelay(listening)
        send_at_once()
        with socket.create_connection(listening.getsockname()):
            visitor, _ = listening.accept()
            with visitor:
                assert nodelay(visitor)


def test_other_kinds_of_sockets_stay_open_and_as_they_are():
    one, other = socket.socketpair()
    with one, other:
        send_at_once()
        one.sendall(b"still there")
        assert other.recv(20) == b"still there"


def test_settings_are_read_wherever_the_server_is_started(tmp_path):
    asked = "import app; from streamlit import config; print(config.get_option('server.maxUploadSize'))"
    found = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert found.stdout.strip() == "2"


def test_nobody_outside_is_asked_for_this_machines_address(monkeypatch):
    asked = []
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, timeout=5: asked.append(url))
    monkeypatch.setattr(net_util, "_external_ip", None)
    assert not is_url_from_allowed_origins("http://elsewhere.example.org")
    assert asked, "Streamlit asks; otherwise this test and what it tests can go"
    asked.clear()
    app.ask_nobody_outside()
    assert not is_url_from_allowed_origins("http://elsewhere.example.org")
    assert asked == []


@pytest.mark.parametrize("how", ["python app.py", "uvicorn from elsewhere", "streamlit run from elsewhere"])
def test_it_starts_however_people_start_it_and_asks_nobody_outside(how, tmp_path):
    port = free_port()
    command, folder = {
        "python app.py": (["app.py"], ROOT),
        "uvicorn from elsewhere": (["-m", "uvicorn", "--app-dir", str(ROOT), "app:app", f"--port={port}"], tmp_path),
        "streamlit run from elsewhere": (
            ["-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless=true"],
            tmp_path,
        ),
    }[how]
    with running(command, tmp_path / "log.txt", folder=folder, port=port) as (server, process):
        assert process.poll() is None
        assert "external" not in server.log.read_text().lower()


def nodelay(sock):
    return bool(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
