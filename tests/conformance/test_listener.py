import threading
import time

import pytest
import requests

from conformance.listener import Listener
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
