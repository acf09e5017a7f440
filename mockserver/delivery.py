"""Delivery of events to subscribers.

Each subscriber has a bounded queue and a task of its own, so events reach it in order and a slow or
dead one delays neither the others nor the API. TMF630 has no rule on retries or order. Here 429,
5xx, a time-out and a broken connection are tried again; any other refusal is final.
"""

import asyncio
import contextlib
import ipaddress
import logging
import random
import time
from collections.abc import Callable
from typing import Any

import aiohttp
from yarl import URL

from mockserver.events import Event
from mockserver.json_text import write_json
from mockserver.media_types import JSON_UTF8
from mockserver.query.request import Query
from mockserver.query.selection import Selection, select
from mockserver.settings import Settings
from mockserver.subscriber import Delivery, Outcome, Subscriber, Subscription

_logger = logging.getLogger(__name__)

_ALWAYS = ("eventId", "eventTime", "eventType")
_LONGEST_BACKOFF = 30.0
_LARGEST_ANSWER = 1 << 16


class Publisher:
    """The subscriptions of a mock, and the delivery of events to them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._subscribers: dict[str, Subscriber] = {}
        self._session: aiohttp.ClientSession | None = None
        self._stopping = asyncio.Event()
        self._random = random.Random()  # noqa: S311 -- jitter, no secret

    @property
    def subscribers(self) -> tuple[Subscriber, ...]:
        """All subscribers, in the order of their registration."""
        return tuple(self._subscribers.values())

    def report(self) -> list[dict[str, Any]]:
        """Return what is known of each subscription and its events, see `Subscriber.report`."""
        return [subscriber.report() for subscriber in self._subscribers.values()]

    async def start(self) -> None:
        """Open the client that delivers."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._settings.delivery_timeout),
            headers={"Content-Type": JSON_UTF8},
        )

    async def stop(self) -> None:
        """Deliver what waits, for at most `drain_seconds`, then stop."""
        self._stopping.set()
        tasks = [subscriber.task for subscriber in self.subscribers if subscriber.task is not None]
        for subscriber in self.subscribers:
            subscriber.wake.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._settings.drain_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for subscriber in self.subscribers:
            if subscriber.pending:
                callback = subscriber.subscription.callback
                _logger.warning("%d events for %s were left", subscriber.pending, callback)
        if self._session is not None:
            await self._session.close()

    def subscribe(self, subscription: Subscription) -> None:
        """Add a subscription and begin to deliver to it."""
        subscriber = Subscriber(subscription, self._settings.delivery_queue)
        self._subscribers[subscription.id] = subscriber
        subscriber.task = asyncio.create_task(self._serve(subscriber))

    def __contains__(self, subscription_id: str) -> bool:
        return subscription_id in self._subscribers

    def unsubscribe(self, subscription_id: str) -> None:
        """End a subscription at once, with what waits for it.

        Raises:
            KeyError: there is none with this id.

        """
        task = self._subscribers.pop(subscription_id).task
        assert task is not None
        task.cancel()

    def publish(
        self,
        event: Event,
        *,
        matches: Callable[[Event, Query], bool],
        address: Callable[[URL, str], URL],
        delay: float,
    ) -> None:
        """Queue an event for every subscription whose query it matches.

        Args:
            event: the body.
            matches: tells whether an event passes a query.
            address: tells where to post an event of a type, from the callback.
            delay: seconds before the first attempt.

        """
        due = time.monotonic() + delay
        bodies: dict[Selection | None, bytes] = {}
        for subscriber in self._subscribers.values():
            parsed = subscriber.subscription.parsed
            if not matches(event, parsed):
                continue
            if parsed.selection not in bodies:
                selected = select(event, parsed.selection, always=_ALWAYS)
                bodies[parsed.selection] = write_json(selected)
            where = address(subscriber.subscription.address, event["eventType"])
            body = bodies[parsed.selection]
            subscriber.queue(Delivery(event["eventId"], event["eventType"], where, body, due))

    async def _serve(self, subscriber: Subscriber) -> None:
        failing = False
        while True:
            while subscriber.waiting:
                delivery = subscriber.posting = subscriber.waiting.take()
                await asyncio.sleep(max(0.0, delivery.due - time.monotonic()))
                outcome = await self._deliver(delivery)
                subscriber.end(outcome)
                if outcome.error and not failing:
                    _logger.warning(
                        "event %s could not be delivered to %s: %s",
                        delivery.event_id,
                        delivery.address,
                        outcome.error,
                    )
                failing = bool(outcome.error)
            if self._stopping.is_set():
                return
            subscriber.wake.clear()
            await subscriber.wake.wait()

    async def _deliver(self, delivery: Delivery) -> Outcome:
        """Post one event until it is taken, is refused, or every attempt failed."""
        if self._settings.callback_hosts == "loopback" and not _is_loopback(delivery.address):
            return delivery.ended(0, None, f"{delivery.address.host} is not this machine")
        pause, attempt = self._settings.delivery_backoff, 1
        while True:
            last = self._stopping.is_set() or attempt >= self._settings.delivery_attempts
            status, error = await self._post(delivery)
            temporary = status is None or status == 429 or status >= 500
            if last or not temporary:
                return delivery.ended(attempt, status, error)
            await self._wait(self._random.uniform(pause / 2, pause))
            pause, attempt = min(2 * pause, _LONGEST_BACKOFF), attempt + 1

    async def _wait(self, seconds: float) -> None:
        """Wait, but no longer than the mock runs."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _post(self, delivery: Delivery) -> tuple[int | None, str]:
        """Post once; return the status, None without an answer, and what went wrong or ""."""
        assert self._session is not None
        try:
            async with self._session.post(
                delivery.address, data=delivery.body, allow_redirects=False
            ) as response:
                status = response.status
                await _read_short(response)
        except TimeoutError:
            return None, f"no answer within {self._settings.delivery_timeout:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            return None, str(problem) or type(problem).__name__
        return status, "" if 200 <= status < 300 else f"answered {status}"


async def _read_short(response: aiohttp.ClientResponse) -> None:
    """Read a short answer to its end, so that its connection can serve the next event."""
    size = 0
    with contextlib.suppress(TimeoutError, aiohttp.ClientError):
        async for chunk in response.content.iter_any():
            size += len(chunk)
            if size > _LARGEST_ANSWER:
                return


def _is_loopback(address: URL) -> bool:
    try:
        return ipaddress.ip_address(address.host or "").is_loopback
    except ValueError:
        return address.host == "localhost"
