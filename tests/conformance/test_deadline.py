"""An exchange ends at its total time, whatever drips and wherever."""

import socket
import threading
import time

import pytest
from hostile import Hostile, answering, drips, endless, head

from conformance.client import Client
from conformance.connection import Connection
from conformance.deadline import Deadline
from conformance.outcomes import TransportError
from conformance.recorder import Recorder


def ends(url, **connection):
    """Return after how many seconds an exchange with a total time of one ends."""
    limits = Connection(retries=0, total_timeout=1.0, **connection)
    client = Client(url, Recorder(), timeout=20.0, connection=limits)
    started = time.monotonic()
    with pytest.raises(TransportError, match="not complete after 1 s"):
        client.send("GET", "/promotion")
    client.close()
    return time.monotonic() - started


@pytest.mark.parametrize(
    "mode",
    [
        drips(b"HTTP/1.1 200 OK\r\nX-Drip: "),
        drips(b"HT"),
        drips(head(200, [("Content-Length", "100000")])),
        drips(head(200, [])),
        drips(head(302, [("Location", "/elsewhere")])),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_what_never_ends_is_ended(mode):
    with Hostile(mode) as server:
        assert ends(server.url) < 10


def test_a_drip_is_ended_on_a_connection_that_was_used_before():
    def mode(server, connection, request, number):
        if number == 1:
            return answering(200, b"[]")(server, connection, request, number)
        return drips(head(200, []))(server, connection, request, number)

    with Hostile(mode) as server:
        limits = Connection(retries=0, total_timeout=1.0)
        client = Client(server.url, Recorder(), timeout=20.0, connection=limits)
        assert client.send("GET", "/promotion").status == 200
        with pytest.raises(TransportError, match="not complete after 1 s"):
            client.send("GET", "/promotion")
        client.close()
        assert server.accepted == 1


@pytest.mark.parametrize("scheme", ["https", "tunnel"])
def test_a_handshake_and_a_tunnel_that_drip_are_ended(scheme):
    over = threading.Event()

    def drip(listening):
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            try:
                # The beginning of a TLS record of 16 KiB, or of a status line.
                connection.sendall(b"\x16\x03\x03\x40\x00" if scheme == "https" else b"HTTP/1.1 2")
                while not over.wait(0.1):
                    connection.sendall(b"0")
            except OSError:
                pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,))
        thread.start()
        at = f"127.0.0.1:{listening.getsockname()[1]}"
        if scheme == "https":
            assert ends(f"https://{at}", connect_timeout=20.0) < 10
        else:
            assert ends("https://crm.invalid", proxy=f"http://{at}", connect_timeout=20.0) < 10
        over.set()
        thread.join()


def test_an_exchange_in_time_is_left_alone():
    one, other = socket.socketpair()
    with one, other:
        with Deadline(5.0) as deadline:
            deadline.watch(one)
        one.sendall(b"x")
        assert other.recv(1) == b"x"
        assert not deadline.passed


def test_a_socket_that_comes_into_use_too_late_is_shut_down_at_once():
    one, other = socket.socketpair()
    with one, other, Deadline(0.01) as deadline:
        while not deadline.passed:
            time.sleep(0.01)
        deadline.watch(one)
        assert other.recv(1) == b""
