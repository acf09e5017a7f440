import contextlib
import socket
import threading

import pytest

from conformance.client import Client, encoded
from conformance.connection import Connection
from conformance.masking import MASK
from conformance.outcomes import TransportError
from conformance.recorder import Recorder


@pytest.fixture
def serve():
    """Answer one connection after the other with the bytes given for it."""
    sockets, threads = [], []

    def start(*answers, pause=0.0):
        listening = socket.create_server(("127.0.0.1", 0))
        sockets.append(listening)
        received = []

        def run():
            for answer in answers:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    data = b""
                    while b"\r\n\r\n" not in data:
                        data += connection.recv(65536)
                    received.append(data)
                    if pause:
                        threading.Event().wait(pause)
                    with contextlib.suppress(OSError):
                        connection.sendall(answer)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        threads.append(thread)
        return f"http://127.0.0.1:{listening.getsockname()[1]}/v4", received

    yield start
    for one in sockets:
        one.close()
    for thread in threads:
        thread.join(5)


def answer(body=b"{}", status=b"200 OK", headers=b"Content-Type: application/json\r\n"):
    length = str(len(body)).encode()
    return (
        b"HTTP/1.1 "
        + status
        + b"\r\nConnection: close\r\n"
        + headers
        + b"Content-Length: "
        + length
        + b"\r\n\r\n"
        + body
    )


@pytest.fixture
def client_for():
    clients = []

    def make(url, retries=0, total=60.0, **options):
        connection = Connection(retries=retries, total_timeout=total)
        clients.append(Client(url, Recorder(), connection=connection, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def test_an_exchange_is_recorded_as_it_stood_on_the_wire(serve, client_for):
    url, received = serve(answer(b'{"id": "1"}', b"201 Created"))
    client = client_for(url, headers={"X-Tenant": "blue"})
    client.recorder.current = "TMF671-CREATE-201"
    got = client.send("POST", "/promotion", json_body={"name": "五折"})
    assert got.status == 201
    assert got.json() == {"id": "1"}
    exchange = got.exchange
    assert (exchange.n, exchange.check, exchange.response.status) == (1, "TMF671-CREATE-201", 201)
    assert exchange.request.body == '{"name": "五折"}'
    assert exchange.request.bytes == len('{"name": "五折"}'.encode())
    assert {h.name: h.value for h in exchange.request.headers}["X-Tenant"] == "blue"
    assert "X-Tenant: blue" in exchange.curl
    assert received[0].startswith(b"POST /v4/promotion HTTP/1.1\r\n")


def test_a_query_given_as_text_is_sent_as_it_is(serve, client_for):
    url, received = serve(answer())
    client_for(url).send("GET", "/promotion", query="id=a;id=b&lastUpdate%3E%3D2024-01-01&x=%2C,")
    assert received[0].startswith(
        b"GET /v4/promotion?id=a;id=b&lastUpdate%3E%3D2024-01-01&x=%2C, HTTP/1.1\r\n"
    )


def test_pairs_are_encoded_so_that_the_value_arrives_as_data():
    assert encoded((("name", "a,b;c+d&e=f 五"),)) == "name=a%2Cb%3Bc%2Bd%26e%3Df%20%E4%BA%94"


def test_credentials_are_masked_in_every_part_of_the_record(serve, client_for):
    secret = "t0p-secret-token"
    echo = answer(
        f'{{"echo": "{secret}"}}'.encode(), headers=b"Set-Cookie: sid=" + secret.encode() + b"\r\n"
    )
    url, received = serve(echo)
    client = client_for(url, headers={"Authorization": f"Bearer {secret}"})
    got = client.send("GET", f"/promotion?token={secret}")
    assert secret.encode() in received[0]
    assert secret not in repr(got.exchange)
    assert MASK in got.exchange.response.body


def test_no_redirect_is_followed(serve, client_for):
    url, received = serve(answer(status=b"302 Found", headers=b"Location: http://127.0.0.1:1/\r\n"))
    assert client_for(url).send("GET", "/promotion").status == 302
    assert len(received) == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "closed without an answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "broke off before its end"),
        (b"this is not HTTP\r\n\r\n", "not HTTP"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxyz",
            "not what its Content-Encoding says",
        ),
    ],
)
def test_an_unusable_answer_is_a_transport_error_and_recorded(serve, client_for, raw, words):
    url, _ = serve(raw)
    client = client_for(url)
    with pytest.raises(TransportError, match=words):
        client.send("GET", "/promotion")
    (exchange,) = client.recorder.since(0)
    assert exchange.response is None
    assert exchange.error


def test_nothing_listening_is_said_in_words(client_for):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(TransportError, match="nothing listens there"):
        client_for(f"http://127.0.0.1:{port}").send("GET", "/promotion")


def test_a_server_that_does_not_answer_times_out(serve, client_for):
    url, _ = serve(answer(), pause=1.5)
    with pytest.raises(TransportError, match="timed out"):
        client_for(url, timeout=0.3).send("GET", "/promotion")


def test_a_body_is_read_up_to_a_bound(serve, client_for):
    url, _ = serve(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b" " * 3_000_000)
    client = client_for(url, max_body=100_000)
    with pytest.raises(TransportError, match="larger than 100,000 bytes"):
        client.send("GET", "/promotion")
    (exchange,) = client.recorder.since(0)
    assert exchange.response.truncated
    assert exchange.response.bytes == 100_000


def test_a_record_keeps_a_mebibyte_of_a_body(serve, client_for):
    url, _ = serve(answer(b"x" * 3_000_000))
    got = client_for(url).send("GET", "/promotion")
    assert len(got.content) == got.exchange.response.bytes == 3_000_000
    assert len(got.exchange.response.body) == 1024 * 1024
    assert got.exchange.response.truncated


def test_a_dripping_body_ends_at_the_total_time(client_for):
    def drip(listening):
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            try:
                for _ in range(100):
                    connection.sendall(b" ")
                    threading.Event().wait(0.1)
            except OSError:
                pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,))
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(TransportError, match="not complete after 1 s"):
            client_for(url, timeout=5, total=1).send("GET", "/promotion")
        thread.join()


def test_a_body_nested_too_deep_is_no_json(serve, client_for):
    url, _ = serve(answer(b"[" * 200_000))
    with pytest.raises(ValueError, match="nested too deep"):
        client_for(url).send("GET", "/promotion").json()


def test_the_environment_does_not_change_what_is_sent(serve, client_for, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    url, _ = serve(answer())
    assert client_for(url).send("GET", "/promotion").status == 200


def test_the_record_of_a_run_keeps_the_beginning_of_each_body_when_its_room_is_used_up():
    recorder = Recorder()
    kept = [recorder.room_for(1024 * 1024) for _ in range(26)]
    assert kept[:24] == [1024 * 1024] * 24
    assert kept[24:] == [2048, 2048]
    assert recorder.room_for(100) == 100


def test_an_answer_of_a_million_values_is_no_answer(serve, client_for):
    url, _ = serve(answer(b"[" + b"0," * 1_000_001 + b"0]"))
    with pytest.raises(TransportError, match="holds more than 1,000,000 values"):
        client_for(url).send("GET", "/promotion")


def test_what_follows_an_interim_answer_is_not_taken_for_the_next_one(serve, client_for):
    early = b"HTTP/1.1 103 Early Hints\r\n\r\n" + answer(b'"of the first"')
    url, _ = serve(early, answer(b'"of the second"'))
    client = client_for(url)
    with pytest.raises(TransportError, match=r"interim answer \(103\)"):
        client.send("GET", "/promotion")
    assert client.send("GET", "/promotion").json() == "of the second"


def test_a_secret_is_masked_in_the_reason_and_cut_nowhere(serve, client_for):
    secret = "s3cret-token"
    body = b"x" * (1024 * 1024 - 6) + secret.encode()
    url, _ = serve(answer(body, status=f"200 {secret}".encode()))
    client = client_for(url, headers={"X-Token": secret})
    exchange = client.send("GET", "/promotion").exchange
    assert exchange.response.reason == MASK
    assert "s3c" not in exchange.response.body
