import contextlib
import gzip
import json
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
import requests
import trustme

from conformance.listener import Listener
from conformance.outcomes import TransportError
from conformance.reception import Reception, ReceptionError, check_reception
from conformance.recorder import Recorder


@pytest.fixture
def listener():
    made = Listener(Recorder(), "http://127.0.0.1:1/v4")
    yield made
    made.close()


def post(url, body):
    return requests.post(url, json=body, timeout=5).status_code


@pytest.mark.parametrize("below", ["", "/", "/listener/promotionCreateEvent"])
def test_events_are_accepted_on_the_callback_and_below_it(listener, below):
    channel = listener.channel()
    event = {"eventType": "PromotionCreateEvent", "event": {"promotion": {"id": "1"}}}
    assert post(channel.url + below, event) == 201
    (received,) = channel.events
    assert received.event_type == "PromotionCreateEvent"
    assert received.promotion == {"id": "1"}
    assert received.exchange.direction == "received"


def test_the_path_names_the_type_when_the_body_does_not(listener):
    channel = listener.channel()
    post(f"{channel.url}/listener/promotionDeleteEvent", {})
    assert channel.events[0].event_type == "promotionDeleteEvent"


def test_channels_are_apart_and_answer_as_asked(listener):
    one, other = listener.channel(), listener.channel(status=500)
    assert post(other.url, {}) == 500
    assert one.events == ()
    assert len(other.events) == 1


def test_other_paths_and_methods_are_refused(listener):
    channel = listener.channel()
    root = channel.url.rsplit("/", 1)[0]
    assert post(f"{root}/guess", {}) == 404
    assert requests.get(channel.url, timeout=5).status_code == 405
    assert channel.events == ()


def test_an_oversized_event_is_refused(listener):
    channel = listener.channel()
    answer = requests.post(channel.url, data=b"x" * 2_000_000, timeout=5)
    assert answer.status_code == 413
    assert channel.events == ()


def test_waiting_ends_with_the_event_and_not_later(listener):
    channel = listener.channel()
    threading.Timer(0.2, post, (channel.url, {"eventType": "B"})).start()
    started = time.monotonic()
    assert channel.wait_for(lambda event: event.event_type == "B", 10).event_type == "B"
    assert time.monotonic() - started < 5
    assert channel.wait_for(lambda event: event.event_type == "C", 0.05) is None


def test_a_body_that_is_no_object_is_kept_as_none(listener):
    channel = listener.channel()
    requests.post(channel.url, data=b"[1]", timeout=5)
    requests.post(channel.url, data=b"\xff{", timeout=5)
    assert [event.body for event in channel.events] == [None, None]


def test_a_public_address_is_what_the_target_is_told():
    listener = Listener(Recorder(), "http://127.0.0.1:1/v4", public_url="http://127.0.0.1:0/hook/x")
    try:
        channel = listener.channel()
        assert channel.url.startswith("http://127.0.0.1:0/hook/x/")
        port = listener.port
        token = channel.url.rsplit("/", 1)[-1]
        assert post(f"http://127.0.0.1:{port}/hook/x/{token}/listener/e", {}) == 201
        assert post(f"http://127.0.0.1:{port}/{token}", {}) == 201
        assert len(channel.events) == 2
    finally:
        listener.close()


def send_raw(listener, data):
    connection = socket.create_connection(("127.0.0.1", listener.port), timeout=10)
    connection.sendall(data)
    return connection


def test_a_path_that_is_not_ours_is_refused_before_its_body_is_read(listener):
    request = b"POST /guess HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n"
    with send_raw(listener, request) as connection:
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"POST /x HTTP/1.1\r\nX-Drip: ",
        b"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n",
        b"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
    ],
)
def test_a_slow_sender_is_cut_off(beginning):
    listener = Listener(Recorder(), "http://127.0.0.1:1/v4", patience=0.5)
    path = urlsplit(listener.channel().url).path.encode()
    started = time.monotonic()
    with send_raw(listener, beginning.replace(b"{path}", path)) as connection:
        with contextlib.suppress(OSError):
            while time.monotonic() < started + 10 and connection.send(b"x"):
                time.sleep(0.1)
                connection.settimeout(0.01)
                with contextlib.suppress(TimeoutError):
                    if connection.recv(1000) == b"":
                        break
        assert time.monotonic() - started < 5
    listener.close()


def test_a_kept_connection_may_rest_between_its_events():
    listener = Listener(Recorder(), "http://127.0.0.1:1/v4", patience=0.5)
    channel = listener.channel()
    with requests.Session() as session:
        for _ in range(3):
            assert session.post(channel.url, json={}, timeout=5).status_code == 201
            time.sleep(0.8)
    assert listener.connections == 1
    assert len(channel.events) == 3
    listener.close()


def test_connections_are_bounded_and_there_is_room_again(listener):
    path = urlsplit(listener.channel().url).path
    idle = [send_raw(listener, b"POST /x") for _ in range(256)]
    while listener.connections < 256:
        time.sleep(0.01)
    with send_raw(listener, b"") as beyond:
        assert beyond.recv(1) == b""
    for connection in idle:
        connection.close()
    url = f"http://127.0.0.1:{listener.port}{path}"
    for _ in range(50):
        with contextlib.suppress(requests.ConnectionError):
            assert post(url, {}) == 201
            break
        time.sleep(0.1)
    else:
        pytest.fail("no connection was accepted any more")


def test_a_flood_of_events_is_answered_and_not_kept(listener):
    channel = listener.channel()
    sent = 3000
    body = json.dumps({"eventType": "Flood", "text": "x" * 2000}).encode()
    request = (
        f"POST {urlsplit(channel.url).path} HTTP/1.1\r\nHost: x\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    with send_raw(listener, b"") as connection, connection.makefile("rb") as file:
        for _ in range(sent):
            connection.sendall(request)
            assert file.readline() == b"HTTP/1.1 201 Created\r\n"
            while file.readline() != b"\r\n":
                pass
    assert (len(channel.events), channel.lost) == (1000, sent - 1000)
    assert len(listener._recorder.since(0)) == 1000
    with pytest.raises(TransportError, match="2000 events at the callback were too many"):
        channel.wait_for(lambda event: event.event_type == "Other", 0.1)
    assert channel.wait_for(lambda event: event.event_type == "Flood", 0.1) is not None


def test_a_bomb_is_refused(listener):
    channel = listener.channel()
    packed = gzip.compress(b" " * 50_000_000)
    answer = requests.post(
        channel.url, data=packed, headers={"Content-Encoding": "gzip"}, timeout=10
    )
    assert answer.status_code in {400, 413}
    assert channel.events == ()


@pytest.mark.parametrize(
    "data", [b"\x16\x03\x01\x02", b"GET / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nA: \x00\r\n\r\n"]
)
def test_what_is_no_request_says_nothing_on_the_terminal(listener, capfd, data):
    with send_raw(listener, data) as connection:
        connection.shutdown(socket.SHUT_WR)
        connection.makefile("rb").read()
    assert capfd.readouterr() == ("", "")


def test_the_listener_is_https_with_a_certificate(tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        tmp_path / "both.pem"
    )
    reception = Reception(certificate=str(tmp_path / "both.pem"))
    listener = Listener(Recorder(), "http://127.0.0.1:1/v4", reception=reception)
    channel = listener.channel()
    assert channel.url.startswith("https://127.0.0.1:")
    answer = requests.post(channel.url, json={}, timeout=5, verify=str(tmp_path / "ca.pem"))
    assert answer.status_code == 201
    listener.close()


def test_the_host_and_port_are_those_asked_for():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    reception = Reception(host="127.0.0.1", port=port)
    listener = Listener(Recorder(), "http://192.0.2.1/v4", reception=reception)
    assert listener.channel().url.startswith(f"http://127.0.0.1:{port}/")
    listener.close()


def test_a_listener_on_all_addresses_is_told_by_the_one_that_faces_the_target():
    reception = Reception(host="0.0.0.0")
    listener = Listener(Recorder(), "http://127.0.0.1:1/v4", reception=reception)
    assert listener.channel().url.startswith(f"http://127.0.0.1:{listener.port}/")
    listener.close()


def test_a_host_or_port_that_cannot_be_had_is_said_in_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ReceptionError, match=f"at 127.0.0.1 port {port} .*in use.*: see"):
            check_reception(Reception(host="127.0.0.1", port=port), "http://127.0.0.1", None)
    with pytest.raises(ReceptionError, match=r"cannot be opened at no-such-host\.invalid port 0"):
        check_reception(Reception(host="no-such-host.invalid"), "http://127.0.0.1", None)
    with pytest.raises(ReceptionError, match=r"certificate .* cannot be used"):
        check_reception(Reception(certificate=str(tmp_path / "none")), "http://127.0.0.1", None)
