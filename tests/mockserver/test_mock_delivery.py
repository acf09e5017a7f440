"""Delivery under load: memory stays bounded, and what cannot be delivered is kept."""

import asyncio

from mockserver.behaviour import address_as_given
from mockserver.delivery import Publisher, Subscription
from mockserver.query.filtering import matches
from mockserver.query.request import Query
from mockserver.settings import Settings

EVENT = {"eventId": "1", "eventType": "PromotionCreateEvent", "event": {"promotion": {"id": "1"}}}
DEAD = Subscription("s", "http://127.0.0.1:9/", None, Query())


def publish(publisher, number=1, delay=0.0):
    event = {**EVENT, "eventId": str(number)}
    publisher.publish(event, matches=matches, address=address_as_given, delay=delay)


def test_a_hundred_thousand_events_for_a_dead_subscriber_stay_bounded():
    async def scenario():
        publisher = Publisher(Settings(delivery_queue=1000, drain_seconds=0.05))
        await publisher.start()
        publisher.subscribe(DEAD)
        for number in range(100_000):
            publish(publisher, number, delay=60)
        (subscriber,) = publisher.subscribers
        waiting, dropped = len(subscriber.waiting), subscriber.dropped
        newest = subscriber.waiting[-1].event_id
        await publisher.stop()
        return waiting, dropped, newest

    assert asyncio.run(scenario()) == (1000, 99_000, "99999")


def test_what_cannot_be_delivered_is_kept_and_logged(caplog):
    async def scenario():
        publisher = Publisher(Settings(delivery_attempts=2, delivery_backoff=0.001))
        await publisher.start()
        publisher.subscribe(DEAD)
        for number in range(3):
            publish(publisher, number)
        await publisher.stop()
        (subscriber,) = publisher.subscribers
        return [lost.event_id for lost in subscriber.undeliverable], subscriber.delivered

    assert asyncio.run(scenario()) == (["0", "1", "2"], 0)
    assert "event 0 could not be delivered to http://127.0.0.1:9/" in caplog.text


def test_stopping_takes_no_longer_than_it_may():
    async def scenario():
        publisher = Publisher(Settings(drain_seconds=0.1))
        await publisher.start()
        publisher.subscribe(DEAD)
        publish(publisher, delay=60)
        began = asyncio.get_running_loop().time()
        await publisher.stop()
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(scenario()) < 1
