"""Delivery under load: memory stays bounded, and what cannot be delivered is kept."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
import tracemalloc

import pytest
import requests
from aiohttp import web

from mockserver.behaviour import address_as_given
from mockserver.delivery import Publisher
from mockserver.events import changes, information_required, matches_query
from mockserver.query.request import Query
from mockserver.settings import Settings
from mockserver.subscriber import Subscriber, Subscription

EVENT = {"eventId": "1", "eventType": "PromotionCreateEvent", "event": {"promotion": {"id": "1"}}}
DEAD = Subscription("s", "http://127.0.0.1:9/", None, Query())


def publish(publisher, number=1, delay=0.0, **attributes):
    event = {**EVENT, "eventId": str(number), **attributes}
    publisher.publish(event, matches=matches_query, address=address_as_given, delay=delay)


async def fill(publisher, events, **attributes):
    """Publish as many events while the subscriber's task has its turns."""
    for number in range(events):
        publish(publisher, number, **attributes)
        if number % 500 == 0:
            await asyncio.sleep(0)


async def memory_after(events, size, **settings):
    """Return the bytes that these events for a dead subscriber still cost."""
    publisher = Publisher(Settings(drain_seconds=0.05, **settings))
    await publisher.start()
    publisher.subscribe(DEAD)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        text = "x" * size
        for number in range(events):
            publish(publisher, number, event={"promotion": {"id": "1", "description": text}})
            if number % 500 == 0:
                await asyncio.sleep(0)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    await publisher.stop()
    return after - before


async def settled(publisher, done):
    for _ in range(500):
        if done(publisher.report()):
            return publisher.report()
        await asyncio.sleep(0.01)
    raise AssertionError(publisher.report())


@pytest.fixture
def serve():
    """Run a scenario with a publisher and with the root of a subscriber's server."""

    def run(scenario, answer, **settings):
        async def main():
            app = web.Application()
            app.router.add_post("/{path:.*}", answer)
            runner = web.AppRunner(app, shutdown_timeout=0.1)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            port = site._server.sockets[0].getsockname()[1]
            publisher = Publisher(Settings(drain_seconds=0.1, **settings))
            await publisher.start()
            try:
                return await scenario(publisher, f"http://127.0.0.1:{port}")
            finally:
                await publisher.stop()
                await runner.cleanup()

        return asyncio.run(main())

    return run


def test_the_oldest_events_give_way_when_a_subscriber_is_dead():
    async def scenario():
        publisher = Publisher(Settings(delivery_queue=10, drain_seconds=0.05))
        await publisher.start()
        publisher.subscribe(DEAD)
        await fill(publisher, 500, delay=60)
        (subscriber,) = publisher.subscribers
        (report,) = publisher.report()
        waiting = [delivery.event_id for delivery in subscriber.waiting]
        await publisher.stop()
        return waiting, report

    waiting, report = asyncio.run(scenario())
    assert waiting == [str(number) for number in range(490, 500)]
    assert report["pending"] == 11
    assert [lost["event"]["eventId"] for lost in report["undeliverable"]] == [
        str(number) for number in range(390, 490)
    ]
    assert report["undeliverable"][0] == {
        "event": {**EVENT, "eventId": "390"},
        "attempts": 0,
        "lastError": "gave way to newer events",
    }


def test_memory_is_bounded_by_bytes_as_well_as_by_number():
    text = "x" * (1 << 20)

    async def scenario():
        publisher = Publisher(Settings(delivery_queue=1000, drain_seconds=0.05))
        await publisher.start()
        publisher.subscribe(DEAD)
        for number in range(64):
            publish(publisher, number, delay=60, event={"promotion": {"description": text}})
        (subscriber,) = publisher.subscribers
        kept = len(subscriber.waiting), len(subscriber.undeliverable)
        await publisher.stop()
        return kept

    assert asyncio.run(scenario()) == (15, 1)


def test_many_events_for_a_dead_subscriber_cost_what_few_cost():
    few = asyncio.run(memory_after(200, 2000, delivery_queue=50))
    many = asyncio.run(memory_after(5000, 2000, delivery_queue=50))
    assert few > 50 * 2000
    assert many < 1.5 * few


@pytest.mark.slow
def test_a_hundred_thousand_events_for_a_dead_subscriber_stay_bounded():
    kept = Settings().delivery_queue * 2000
    assert asyncio.run(memory_after(100_000, 2000)) < 1.5 * kept


def test_what_cannot_be_delivered_is_kept_and_logged_once(caplog):
    async def scenario():
        publisher = Publisher(Settings(delivery_attempts=2, delivery_backoff=0.001))
        await publisher.start()
        publisher.subscribe(DEAD)
        for number in range(3):
            publish(publisher, number)
        (report,) = await settled(publisher, lambda report: len(report[0]["undeliverable"]) == 3)
        await publisher.stop()
        return report

    report = asyncio.run(scenario())
    lost = report.pop("undeliverable")
    assert [item["event"] for item in lost] == [{**EVENT, "eventId": n} for n in "012"]
    assert {item["attempts"] for item in lost} == {2}
    assert lost[0]["lastError"].startswith("Cannot connect to host 127.0.0.1:9")
    times = [delivery.pop("at") for delivery in report["deliveries"]]
    assert times == sorted(times)
    assert report == {
        "id": "s",
        "callback": "http://127.0.0.1:9/",
        "query": None,
        "delivered": 0,
        "pending": 0,
        "deliveries": [{"eventType": "PromotionCreateEvent", "status": None, "attempts": 2}] * 3,
    }
    assert "event 0 could not be delivered to http://127.0.0.1:9/" in caplog.text
    assert caplog.text.count("could not be delivered") == 1


def test_the_pauses_between_attempts_double_and_vary():
    class Impatient(Publisher):
        pauses = ()

        async def _wait(self, seconds):
            self.pauses = (*self.pauses, seconds)

    async def scenario():
        publisher = Impatient(Settings(delivery_attempts=12, delivery_backoff=0.2))
        await publisher.start()
        publisher.subscribe(DEAD)
        publish(publisher)
        publish(publisher)
        await settled(publisher, lambda report: len(report[0]["undeliverable"]) == 2)
        await publisher.stop()
        return publisher.pauses

    pauses = asyncio.run(scenario())
    longest = [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0, 30.0, 30.0]
    assert len(pauses) == 22
    for pause, most in zip(pauses, longest * 2, strict=True):
        assert most / 2 <= pause <= most
    assert pauses[:11] != pauses[11:]


def test_a_subscriber_that_does_not_answer_in_time_is_asked_again(serve):
    asked = []

    async def answer(request):
        asked.append((await request.json())["eventId"])
        if len(asked) <= 2:
            await asyncio.sleep(5)
        return web.Response(status=201)

    async def scenario(publisher, root):
        publisher.subscribe(Subscription("s", f"{root}/", None, Query()))
        publish(publisher, 1)
        publish(publisher, 2)
        return await settled(publisher, lambda report: report[0]["delivered"] == 2)

    (report,) = serve(scenario, answer, delivery_timeout=0.1, delivery_backoff=0.01)
    assert asked == ["1", "1", "1", "2"]
    assert [delivery["attempts"] for delivery in report["deliveries"]] == [3, 1]


def test_a_hundred_and_fifty_slow_subscribers_do_not_delay_another(serve):
    async def answer(request):
        if request.path == "/slow":
            await asyncio.sleep(5)
        return web.Response(status=201)

    async def scenario(publisher, root):
        for number in range(150):
            publisher.subscribe(Subscription(f"slow{number}", f"{root}/slow", None, Query()))
        publisher.subscribe(Subscription("quick", f"{root}/quick", None, Query()))
        publish(publisher)
        began = time.monotonic()
        await settled(publisher, lambda report: report[-1]["delivered"] == 1)
        return time.monotonic() - began

    assert serve(scenario, answer) < 2


def test_an_endless_answer_counts_by_its_status_and_is_not_read_to_its_end(serve):
    async def answer(request):
        response = web.StreamResponse(status=201)
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):
            while True:
                await response.write(b"x" * 65536)
        return response

    async def scenario(publisher, root):
        publisher.subscribe(Subscription("s", f"{root}/", None, Query()))
        publish(publisher)
        return await settled(publisher, lambda report: report[0]["delivered"] == 1)

    (report,) = serve(scenario, answer)
    assert report["deliveries"][0]["status"] == 201


def test_a_refusal_is_final_and_tells_the_status(serve):
    async def answer(request):
        return web.Response(status=410)

    async def scenario(publisher, root):
        publisher.subscribe(Subscription("s", f"{root}/", None, Query()))
        publish(publisher)
        return await settled(publisher, lambda report: report[0]["undeliverable"])

    (report,) = serve(scenario, answer)
    assert report["undeliverable"] == [
        {"event": EVENT, "attempts": 1, "lastError": "answered 410"},
    ]


def test_escapes_in_a_callback_stay_as_they_were_given(serve):
    seen = []

    async def answer(request):
        seen.append(request.raw_path)
        return web.Response(status=201)

    async def scenario(publisher, root):
        publisher.subscribe(Subscription("a", f"{root}/a%2Fb?key=%2f%41", None, Query()))
        publish(publisher)
        await settled(publisher, lambda report: all(one["delivered"] for one in report))

    serve(scenario, answer)
    assert seen == ["/a%2Fb?key=%2f%41"]


def test_an_embedded_mock_delivers_to_this_machine_only():
    async def scenario():
        publisher = Publisher(Settings())
        await publisher.start()
        for callback in ("http://192.0.2.1/", "http://tmf671.invalid/"):
            publisher.subscribe(Subscription(callback, callback, None, Query()))
        publish(publisher)
        reports = await settled(publisher, lambda all_: all(one["undeliverable"] for one in all_))
        await publisher.stop()
        return [report["undeliverable"][0] for report in reports]

    assert asyncio.run(scenario()) == [
        {"event": EVENT, "attempts": 0, "lastError": "192.0.2.1 is not this machine"},
        {"event": EVENT, "attempts": 0, "lastError": "tmf671.invalid is not this machine"},
    ]


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


def test_stopping_gives_a_failing_event_one_last_attempt_at_once(serve):
    asked = asyncio.Event()

    async def answer(request):
        asked.set()
        return web.Response(status=503)

    async def scenario(publisher, root):
        publisher.subscribe(Subscription("s", f"{root}/", None, Query()))
        publish(publisher)
        await asked.wait()
        await publisher.stop()
        return publisher.report()

    (report,) = serve(scenario, answer, delivery_backoff=60)
    assert [lost["attempts"] for lost in report["undeliverable"]] == [2]


def test_events_of_one_change_share_their_correlation_id():
    before = {"id": "1", "name": "a", "lifecycleStatus": "draft"}
    both = changes(before, {**before, "name": "b", "lifecycleStatus": "release"})
    assert [event["eventType"] for event in both] == [
        "PromotionStateChangeEvent",
        "PromotionAttributeValueChangeEvent",
    ]
    assert both[0]["correlationId"] == both[1]["correlationId"]
    other = changes(None, before)
    assert other[0]["correlationId"] != both[0]["correlationId"]


def test_information_can_be_asked_for():
    promotion = {"id": "1", "name": "Summer"}
    event = information_required(promotion, "validFor,description")
    assert event["eventType"] == "PromotionInformationRequiredEvent"
    assert event["fieldPath"] == "validFor,description"
    assert event["event"] == {"promotion": promotion}
    assert "fieldPath" not in information_required(promotion)


EMBEDDING = """
import time, requests
from mockserver.embedded import running_mock
from mockserver.settings import Settings
with running_mock(Settings(delivery_attempts=1)) as root:
    requests.post(root + "/hub", json={"callback": "http://127.0.0.1:9/"}, timeout=5)
    requests.post(root + "/promotion", json={"name": "x"}, timeout=5)
    time.sleep(0.3)
"""


def test_a_program_that_embeds_a_mock_has_its_terminal_to_itself():
    ran = subprocess.run([sys.executable, "-c", EMBEDDING], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_a_mock_on_its_own_tells_what_it_could_not_deliver(tmp_path):
    said = tmp_path / "said"
    with (
        said.open("w") as stderr,
        subprocess.Popen(
            [sys.executable, "-m", "mockserver", "--port", "0"], stderr=stderr
        ) as process,
    ):
        try:
            root = waited_for(said, " at http").split(" at ")[1].split()[0]
            requests.post(f"{root}/hub", json={"callback": "http://127.0.0.1:9/"}, timeout=5)
            requests.post(f"{root}/promotion", json={"name": "x"}, timeout=5)
            process.terminate()
            process.wait(timeout=10)
        finally:
            process.kill()
    assert "could not be delivered to http://127.0.0.1:9/" in said.read_text()


def waited_for(path, text):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if text in path.read_text():
            return path.read_text()
        time.sleep(0.02)
    raise AssertionError(path.read_text())


def test_one_item_always_fits_the_queue_of_a_subscriber():
    async def scenario():
        subscriber = Subscriber(DEAD, 0)
        publisher = Publisher(Settings(delivery_queue=0))
        publisher._subscribers["s"] = subscriber
        publish(publisher, 1)
        publish(publisher, 2)
        return [json.loads(delivery.body)["eventId"] for delivery in subscriber.waiting]

    assert asyncio.run(scenario()) == ["2"]
