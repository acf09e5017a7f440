"""Defects of the delivery of events: when, how often, to whom, and what they show."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mockserver.alterations import conducting
from mockserver.behaviour import Behaviour, Surroundings
from mockserver.defects.defect import may, must, should
from mockserver.errors import ProblemError
from mockserver.events import ATTRIBUTE_CHANGE, CREATE, DELETE, Event, event
from mockserver.exchange import Answer, Call
from mockserver.query.request import Query
from mockserver.store import Promotion

_PATIENCE_SECONDS = 1.0
_POLL_SECONDS = 0.01


def _dealt_out(behaviour: Behaviour) -> Behaviour:
    events: Counter[str] = Counter()
    subscribers: Counter[str] = Counter()
    current, asked, chosen = "", 0, 0

    def matches_event(event: Event, query: Query) -> bool:
        nonlocal current, asked, chosen
        if not behaviour.matches_event(event, query):
            return False
        promotion = str(event["event"].get("promotion", {}).get("id"))
        if event["eventId"] != current:
            current, asked = event["eventId"], 0
            chosen = events[promotion] % max(subscribers[promotion], 1)
            events[promotion] += 1
        asked += 1
        subscribers[promotion] = asked
        return asked - 1 == chosen

    return replace(behaviour, matches_event=matches_event)


def twice(behaviour: Behaviour) -> Behaviour:
    """Return a behaviour that sends every event two times."""

    def changes(before: Promotion | None, after: Promotion | None) -> list[Event]:
        return [copy for once in behaviour.changes(before, after) for copy in (once, once)]

    return replace(behaviour, changes=changes)


def _creation_last(behaviour: Behaviour) -> Behaviour:
    held: dict[str, list[Event]] = {}

    def changes(before: Promotion | None, after: Promotion | None) -> list[Event]:
        found = behaviour.changes(before, after)
        if after is not None and found and found[0]["eventType"] == CREATE:
            held[after["id"]] = found
            return []
        if before is not None and any(one["eventType"] == DELETE for one in found):
            return [*found, *held.pop(before["id"], [])]
        return found

    return replace(behaviour, changes=changes)


def _children_not_loaded(behaviour: Behaviour) -> Behaviour:
    def unloaded(promotion: Mapping[str, Any]) -> dict[str, Any]:
        return {name: [] if isinstance(value, list) else value for name, value in promotion.items()}

    def changes(before: Promotion | None, after: Promotion | None) -> list[Event]:
        return [
            {**one, "event": {"promotion": unloaded(one["event"]["promotion"])}}
            for one in behaviour.changes(before, after)
        ]

    return replace(behaviour, changes=changes)


async def _announce_refused(tenant: Surroundings, call: Call, work: Callable[[], Answer]) -> Answer:
    answer = work()
    record = tenant.store.get(call.resource_id)
    if answer.status >= 400 and record is not None:
        shown = tenant.behaviour.represent(record.promotion, call.root)
        tenant.announce(event(ATTRIBUTE_CHANGE, shown))
    return answer


async def _wait_for_subscribers(
    tenant: Surroundings, _call: Call, work: Callable[[], Answer]
) -> Answer:
    answer = work()
    until = time.monotonic() + _PATIENCE_SECONDS
    while any(subscriber.pending for subscriber in tenant.publisher.subscribers):
        if time.monotonic() > until:
            return ProblemError(502, "a subscriber did not take the event").answer()
        await asyncio.sleep(_POLL_SECONDS)
    return answer


DELIVERY = (
    must(
        "R-G84-CREATE-EVENT R-G84-DELETE-EVENT",
        "events-dealt-out",
        "the events about a promotion go to one subscriber each, in turn",
        _dealt_out,
    ),
    should(
        "R-G84-ONLY-CHANGES",
        "event-of-refused-change",
        "a PATCH that is refused is announced all the same",
        conducting("patchPromotion", conduct=_announce_refused),
    ),
    may(
        "R-G88-PAYLOAD",
        "event-without-children",
        "the arrays of the promotion in an event are empty",
        _children_not_loaded,
    ),
    may(
        "R-G86-ORDER",
        "creation-after-deletion",
        "the event about a creation comes after the one about the deletion",
        _creation_last,
    ),
    may(
        "R-G86-ONCE",
        "events-twice",
        "every event comes two times",
        twice,
    ),
    should(
        "R-G90-LISTENER-ERROR",
        "failing-subscriber-502",
        "POST waits for its subscribers, and answers 502 when one fails",
        conducting("createPromotion", conduct=_wait_for_subscribers),
    ),
)
