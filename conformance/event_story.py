"""One life of a promotion, watched by subscribers: the evidence of the event checks.

A promotion is created, read, changed, moved to another lifecycleStatus and deleted while two
subscriptions are active and another has been removed again; a second promotion, the bystander, is
only read and asked for a change that must be refused. All waiting is done once: the quiet window
in which nothing must arrive overlaps with the wait for what must arrive.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.adaptation import changeable
from conformance.client import Answer
from conformance.discovery import Capabilities
from conformance.listener import Channel, Event, Listener
from conformance.outcomes import Blocked
from conformance.samples import SUBSCRIBE_CHECK, Sample, make
from conformance.target import Target, identity_of
from reports.results import Exchange

LONGEST_GRACE = 5.0
"""Seconds beyond the deadline in which an event still counts as late, and not as absent."""

QUIET_WINDOW = 1.5
"""Seconds after the last change in which an unsubscribed callback is watched."""


@dataclass(frozen=True)
class Story:
    """What was done and what came of it.

    `second` and `removed` are the callbacks of a second and of a removed subscription, None where
    the target serves one listener; `seen` is the promotion as it was read after its creation;
    `left_alone` is whether the bystander was really not changed.
    """

    subscribed: Answer
    promotion: Sample
    bystander: Sample
    channel: Channel
    second: Channel | None
    removed: Channel | None
    seen: dict[str, Any]
    left_alone: bool
    changed: Answer | None
    moved: Answer | None
    deleted: Answer | None
    timeout: float
    deadline: float

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Everything sent and received."""
        sent = [self.subscribed, self.promotion.answer, self.changed, self.moved, self.deleted]
        answers = [answer.exchange for answer in sent if answer is not None]
        received = [event.exchange for event in self.of_promotion()]
        return (*answers, *received)

    def of_promotion(self) -> tuple[Event, ...]:
        """The events about the promotion, without the wait."""
        return tuple(event for event in self.channel.events if self.concerns(event))

    def concerns(self, event: Event) -> bool:
        """Tell whether an event is about the promotion of the story.

        An event that names no promotion at all is taken for one, so that it can be judged.
        """
        identity = event.promotion.get("id")
        return identity is None or str(identity) == self.promotion.id

    def wait_for(self, *kinds: str, channel: Channel | None = None) -> Event | None:
        """Return the first event about the promotion whose type contains one of `kinds`.

        All waits of a story end at one deadline, `timeout` seconds after the last change.
        """
        remaining = max(0.0, self.deadline - time.monotonic())
        return (channel or self.channel).wait_for(self._about(kinds), remaining)

    def late(self, *kinds: str) -> float | None:
        """Wait a while longer for an event that did not come in time.

        Return how many seconds after the deadline it came, None when it did not.
        """
        event = self.channel.wait_for(self._about(kinds), min(self.timeout, LONGEST_GRACE))
        return None if event is None else max(0.0, event.at - self.deadline)

    def _about(self, kinds: Sequence[str]) -> Callable[[Event], bool]:
        def wanted(event: Event) -> bool:
            name = event.event_type.lower()
            return self.concerns(event) and any(kind in name for kind in kinds)

        return wanted


def tell(target: Target, listener: Listener, capabilities: Capabilities) -> Story:
    """Let the story happen. Raises Blocked when no subscription can be made."""
    bystander = make(target, target.promotion("bystander"))
    channel, second, removed = (listener.channel() for _ in range(3))
    subscribed = target.subscribe(channel.url)
    if not subscribed.succeeded:
        raise Blocked(SUBSCRIBE_CHECK, f"POST /hub was answered {subscribed.status}")
    gone = _subscribe_and_remove(target, removed)
    twice = target.subscribe(second.url).succeeded
    promotion = make(target, target.promotion("event", description="before"))
    read = target.retrieve(promotion.id)
    target.retrieve(bystander.id)
    changed = moved = deleted = refused = None
    text, status = changeable(target.settings.attributes), target.another_status
    if capabilities.patch and text is not None:
        refused = target.patch(bystander.id, {"name": None})
        changed = target.patch(promotion.id, {"name": promotion.name, text: "after"})
        moved = target.patch(promotion.id, {"name": promotion.name, "lifecycleStatus": status})
    if capabilities.delete:
        deleted = target.delete(promotion.id)
    deadline = time.monotonic() + target.settings.event_timeout
    time.sleep(QUIET_WINDOW)
    return Story(
        subscribed=subscribed,
        promotion=promotion,
        bystander=bystander,
        channel=channel,
        second=second if twice else None,
        removed=removed if gone else None,
        seen=_object(read),
        left_alone=refused is None or not refused.succeeded,
        changed=changed,
        moved=moved,
        deleted=deleted,
        timeout=target.settings.event_timeout,
        deadline=deadline,
    )


def _object(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _subscribe_and_remove(target: Target, channel: Channel) -> bool:
    """Subscribe and unsubscribe at once; False when a second subscriber is not accepted.

    409 is the answer of a hub that serves one listener only (TMF630 Part 1 R14.5.0 §8).
    """
    answer = target.subscribe(channel.url)
    identity = identity_of(answer) if answer.succeeded else None
    return identity is not None and target.unsubscribe(identity).succeeded
