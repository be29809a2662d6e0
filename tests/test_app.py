"""What app.py does beside naming the script."""

import socket

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


def nodelay(sock):
    return bool(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
