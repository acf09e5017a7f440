"""Delivery of events to subscribers.

Each subscriber has a bounded queue and a task of its own, so events reach it in order and a slow or
dead one delays neither the others nor the API. TMF630 has no rule on retries or order.
"""

import asyncio
import ipaddress
import logging
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from mockserver.events import Event
from mockserver.json_text import write_json
from mockserver.media_types import JSON_UTF8
from mockserver.query.filtering import Filter
from mockserver.query.request import Query
from mockserver.query.selection import select
from mockserver.settings import Settings

_logger = logging.getLogger(__name__)

_ALWAYS = ("eventId", "eventTime", "eventType")
_KEPT_UNDELIVERABLE = 100
_LONGEST_BACKOFF = 30.0


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a client asked for: where events go, and which."""

    id: str
    callback: str
    query: str | None
    parsed: Query


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way; `due` is on the monotonic clock."""

    event_id: str
    address: URL
    body: bytes
    due: float


@dataclass(slots=True)
class Subscriber:
    """A subscription with its queue and what became of its events."""

    subscription: Subscription
    waiting: deque[Delivery]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    delivered: int = 0
    dropped: int = 0
    undeliverable: deque[Delivery] = field(
        default_factory=lambda: deque(maxlen=_KEPT_UNDELIVERABLE)
    )


class Publisher:
    """The subscriptions of a mock, and the delivery of events to them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._subscribers: dict[str, Subscriber] = {}
        self._session: aiohttp.ClientSession | None = None
        self._stopping = False
        self._random = random.Random()  # noqa: S311 -- jitter, no secret

    @property
    def subscribers(self) -> tuple[Subscriber, ...]:
        """All subscribers, in the order of their registration."""
        return tuple(self._subscribers.values())

    async def start(self) -> None:
        """Open the client that delivers."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._settings.delivery_timeout),
            headers={"Content-Type": JSON_UTF8},
        )

    async def stop(self) -> None:
        """Deliver what waits, for at most `drain_seconds`, then stop."""
        self._stopping = True
        tasks = [subscriber.task for subscriber in self.subscribers if subscriber.task is not None]
        for subscriber in self.subscribers:
            subscriber.wake.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._settings.drain_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def subscribe(self, subscription: Subscription) -> None:
        """Add a subscription and begin to deliver to it."""
        subscriber = Subscriber(subscription, deque(maxlen=self._settings.delivery_queue))
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
        matches: Callable[[Event, Filter], bool],
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
        for subscriber in self._subscribers.values():
            parsed = subscriber.subscription.parsed
            if not matches(event, parsed.conditions):
                continue
            if len(subscriber.waiting) == subscriber.waiting.maxlen:
                subscriber.dropped += 1
            where = address(URL(subscriber.subscription.callback), event["eventType"])
            body = write_json(select(event, parsed.selection, always=_ALWAYS))
            subscriber.waiting.append(Delivery(event["eventId"], where, body, due))
            subscriber.wake.set()

    async def _serve(self, subscriber: Subscriber) -> None:
        while True:
            while subscriber.waiting:
                delivery = subscriber.waiting.popleft()
                await asyncio.sleep(max(0.0, delivery.due - time.monotonic()))
                if await self._deliver(delivery):
                    subscriber.delivered += 1
                else:
                    subscriber.undeliverable.append(delivery)
            if self._stopping:
                return
            subscriber.wake.clear()
            await subscriber.wake.wait()

    async def _deliver(self, delivery: Delivery) -> bool:
        """Post one event until it is taken; False if it is refused or every attempt failed."""
        pause = self._settings.delivery_backoff
        for attempt in range(1, self._settings.delivery_attempts + 1):
            status = await self._post(delivery)
            if status is not None and status < 500 and status != 429:
                return 200 <= status < 300
            if self._stopping or attempt == self._settings.delivery_attempts:
                break
            await asyncio.sleep(self._random.uniform(pause / 2, pause))
            pause = min(2 * pause, _LONGEST_BACKOFF)
        _logger.warning(
            "event %s could not be delivered to %s", delivery.event_id, delivery.address
        )
        return False

    async def _post(self, delivery: Delivery) -> int | None:
        """Post once; return the status, or None if no answer came."""
        assert self._session is not None
        if self._settings.callback_hosts == "loopback" and not _is_loopback(delivery.address):
            return None
        try:
            async with self._session.post(
                delivery.address, data=delivery.body, allow_redirects=False
            ) as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None


def _is_loopback(address: URL) -> bool:
    try:
        return ipaddress.ip_address(address.host or "").is_loopback
    except ValueError:
        return address.host == "localhost"
