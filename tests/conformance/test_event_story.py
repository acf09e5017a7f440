import threading
import time
from types import SimpleNamespace

from conformance.event_story import Story
from conformance.listener import Channel, Event


def event(kind, promotion_id="1"):
    body = {"eventType": kind, "event": {"promotion": {"id": promotion_id}}}
    return Event("", "application/json", body, time.monotonic(), SimpleNamespace())


def story(channel, timeout):
    return Story(
        subscribed=None,
        promotion=SimpleNamespace(id="1"),
        bystander=None,
        channel=channel,
        second=None,
        removed=None,
        seen={},
        left_alone=True,
        changed=None,
        moved=None,
        deleted=None,
        timeout=timeout,
        deadline=time.monotonic() + timeout,
    )


def test_an_event_in_time_is_found_and_another_promotions_is_not():
    channel = Channel("http://127.0.0.1/x", 201)
    told = story(channel, 0.2)
    channel.add(event("PromotionCreateEvent", "other"))
    assert told.wait_for("creat") is None
    channel.add(event("PromotionCreationNotification"))
    assert told.wait_for("creat").event_type == "PromotionCreationNotification"


def test_a_late_event_is_told_from_an_absent_one():
    channel = Channel("http://127.0.0.1/x", 201)
    told = story(channel, 0.5)
    threading.Timer(0.7, lambda: channel.add(event("PromotionDeleteEvent"))).start()
    assert told.wait_for("delet") is None
    assert 0.05 < told.late("delet") < 0.5
    assert told.late("statechange") is None
