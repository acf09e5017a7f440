"""A subscription, the events on their way to it, and what became of them."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yarl import URL

from mockserver.backlog import Backlog
from mockserver.clock import timestamp
from mockserver.query.request import Query

_QUEUE_BYTES = 16 << 20
_KEPT_UNDELIVERABLE = 100
_KEPT_UNDELIVERABLE_BYTES = 1 << 20
_KEPT_DELIVERIES = 50


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a client asked for: where events go, and which."""

    id: str
    callback: str
    query: str | None
    parsed: Query

    @property
    def address(self) -> URL:
        """The callback, with its escapes as the client wrote them."""
        return URL(self.callback, encoded=True)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one subscriber.

    Args:
        event_id: the event's id.
        event_type: the event's type.
        address: where it is posted.
        body: the event as JSON.
        due: when it may be posted first, seconds on the monotonic clock.

    """

    event_id: str
    event_type: str
    address: URL
    body: bytes
    due: float

    def ended(self, attempts: int, status: int | None, error: str) -> "Outcome":
        """Return the outcome of this delivery, now."""
        body = self.body if error else b""
        at = timestamp(datetime.now(UTC))
        return Outcome(self.event_type, body, at, attempts, status, error)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event.

    Args:
        event_type: the event's type.
        body: the event as JSON; empty once it is delivered.
        at: when it ended, RFC 3339, by the real clock.
        attempts: how often it was posted.
        status: the status of the last answer; None if there was none.
        error: why it could not be delivered; "" if it was.

    """

    event_type: str
    body: bytes
    at: str
    attempts: int
    status: int | None
    error: str


class Subscriber:
    """A subscription with its queue, bounded in number and in bytes, and its last outcomes.

    Args:
        subscription: what the client asked for.
        queue: how many events wait at most.

    """

    def __init__(self, subscription: Subscription, queue: int) -> None:
        self.subscription = subscription
        self.waiting: Backlog[Delivery] = Backlog(queue, _QUEUE_BYTES)
        self.wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.posting: Delivery | None = None
        self.delivered = 0
        self.undeliverable: Backlog[Outcome] = Backlog(
            _KEPT_UNDELIVERABLE, _KEPT_UNDELIVERABLE_BYTES
        )
        self._ended: deque[Outcome] = deque(maxlen=_KEPT_DELIVERIES)

    @property
    def pending(self) -> int:
        """How many events are on their way."""
        return len(self.waiting) + (self.posting is not None)

    def queue(self, delivery: Delivery) -> None:
        """Let an event wait; where there is no room, the oldest one becomes undeliverable."""
        for gone in self.waiting.put(delivery):
            self.undeliverable.put(gone.ended(0, None, "gave way to newer events"))
        self.wake.set()

    def end(self, outcome: Outcome) -> None:
        """Note what became of the event that was being posted."""
        self.posting = None
        self._ended.append(outcome)
        if outcome.error:
            self.undeliverable.put(outcome)
        else:
            self.delivered += 1

    def report(self) -> dict[str, Any]:
        """Return what is known, as JSON; the lists are bounded and have the newest last.

        Returns:
            {id, callback, query, delivered, pending, undeliverable: [{event, attempts, lastError}],
            deliveries: [{at, eventType, status, attempts}]}; `query` and `status` may be null.

        """
        return {
            "id": self.subscription.id,
            "callback": self.subscription.callback,
            "query": self.subscription.query,
            "delivered": self.delivered,
            "pending": self.pending,
            "undeliverable": [
                {"event": json.loads(lost.body), "attempts": lost.attempts, "lastError": lost.error}
                for lost in self.undeliverable
            ],
            "deliveries": [
                {
                    "at": outcome.at,
                    "eventType": outcome.event_type,
                    "status": outcome.status,
                    "attempts": outcome.attempts,
                }
                for outcome in self._ended
            ],
        }
