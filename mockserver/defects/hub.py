"""Defects of /hub and of the events."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mockserver.alterations import (
    Install,
    answering,
    body,
    header,
    refusing,
    replacing,
    status,
    without,
)
from mockserver.behaviour import Behaviour
from mockserver.defects.defect import may, must, should
from mockserver.errors import ProblemError
from mockserver.events import ATTRIBUTE_CHANGE, CREATE, DELETE, STATE_CHANGE, Event
from mockserver.exchange import Answer, Call
from mockserver.ids import new_uuid
from mockserver.json_text import parse_json
from mockserver.store import Promotion

_CREATE_HUB = "registerListener"
_DELETE_HUB = "unregisterListener"
_OLD_NAMES = {
    CREATE: "PromotionCreationNotification",
    DELETE: "PromotionRemoveNotification",
    ATTRIBUTE_CHANGE: "PromotionValueChangeNotification",
    STATE_CHANGE: "PromotionStatusChangeNotification",
}


def _events(change: Callable[[list[Event]], list[Event]]) -> Install:
    """Return a defect that changes the events that a change of a promotion causes."""

    def install(behaviour: Behaviour) -> Behaviour:
        def changes(before: Promotion | None, after: Promotion | None) -> list[Event]:
            return change(behaviour.changes(before, after))

        return replace(behaviour, changes=changes)

    return install


def _none_of(*event_types: str) -> Install:
    return _events(
        lambda events: [event for event in events if event["eventType"] not in event_types]
    )


def _each(change: Callable[[Event], Event]) -> Install:
    return _events(lambda events: [change(event) for event in events])


def _state_as_attribute(event: Event) -> Event:
    if event["eventType"] != STATE_CHANGE:
        return event
    return {**event, "eventType": ATTRIBUTE_CHANGE, "fieldPath": "lifecycleStatus"}


def _second_refused(behaviour: Behaviour) -> Behaviour:
    callbacks: set[Any] = set()

    def answer(call: Call, given: Answer) -> Answer:
        given = behaviour.answer(call, given)
        if call.operation != _CREATE_HUB or given.status != 201:
            return given
        callback = parse_json(call.body)["callback"]
        if callback in callbacks:
            return ProblemError(400, "this callback is registered").answer()
        callbacks.add(callback)
        return given

    return replace(behaviour, answer=answer)


def _without_callback(call: Call, answer: Answer) -> Answer:
    sent = parse_json(call.body)
    if not isinstance(sent, dict) or "callback" in sent:
        return answer
    made = {"id": new_uuid(), **sent}
    return Answer(201, made, {"Location": f"{call.root}/hub/{made['id']}"})


HUB = (
    must(
        "R-G84-CREATE-EVENT",
        "no-create-event",
        "no event announces a new promotion",
        _none_of(CREATE),
    ),
    must(
        "R-G84-DELETE-EVENT",
        "no-delete-event",
        "no event announces a deletion",
        _none_of(DELETE),
    ),
    must(
        "R-G84-CHANGE-EVENT",
        "no-change-event",
        "no event announces a change",
        _none_of(ATTRIBUTE_CHANGE, STATE_CHANGE),
    ),
    should(
        "R-G89-STATE-CHANGE",
        "state-change-as-attribute-change",
        "a change of lifecycleStatus is announced as an attribute value change",
        _each(_state_as_attribute),
    ),
    may(
        "R-G88-PAYLOAD",
        "event-without-promotion",
        "events have an empty event",
        _each(lambda event: {**event, "event": {}}),
    ),
    may(
        "R-G88-PAYLOAD",
        "event-promotion-without-id",
        "the promotion in an event has no id",
        _each(
            lambda event: {
                **event,
                "event": {"promotion": without("id", "href")(event["event"]["promotion"])},
            }
        ),
    ),
    must(
        "R-M30-EVENT-SCHEMA",
        "event-time-as-number",
        "eventTime is a number of seconds",
        _each(lambda event: {**event, "eventTime": 1760000000}),
    ),
    may(
        "R-G87-EVENT-TYPE",
        "old-event-types",
        "eventType is a name such as PromotionCreationNotification",
        _each(lambda event: {**event, "eventType": _OLD_NAMES[event["eventType"]]}),
    ),
    should(
        "R-G83-QUERY",
        "hub-query-ignored",
        "the query of a subscription has no effect",
        replacing(matches_event=lambda _event, _conditions: True),
    ),
    must(
        "R-G80-STATUS",
        "hub-answers-200",
        "POST /hub answers 200",
        answering(_CREATE_HUB, rewrite=status(200)),
    ),
    must(
        "R-G80-LOCATION",
        "hub-without-location",
        "the answer to POST /hub has no Location",
        answering(_CREATE_HUB, rewrite=header("Location", None)),
    ),
    must(
        "R-G80-BODY",
        "hub-without-callback",
        "the answer to POST /hub has no callback",
        answering(_CREATE_HUB, rewrite=body(without("callback"))),
    ),
    should(
        "R-G80-BODY",
        "hub-forgets-query",
        "the answer to POST /hub has no query",
        answering(_CREATE_HUB, rewrite=body(without("query"))),
    ),
    should(
        "R-G81-DUPLICATE",
        "second-subscription-400",
        "a second registration of a callback answers 400",
        _second_refused,
    ),
    must(
        "R-G82-DELETE",
        "subscription-survives-delete",
        "DELETE of a subscription answers 204, and events go on",
        replacing(unsubscribes=False),
    ),
    must(
        "R-G82-DELETE",
        "hub-delete-answers-200",
        "DELETE of a subscription answers 200",
        answering(_DELETE_HUB, rewrite=lambda _call, _answer: Answer(200, {})),
    ),
    must(
        "R-G82-UNKNOWN",
        "unknown-subscription-204",
        "DELETE of an unknown subscription answers 204",
        refusing(lambda _call, _answer: Answer(204), 404, operation=_DELETE_HUB),
    ),
    must(
        "R-M29-CALLBACK-REQUIRED",
        "hub-without-callback-accepted",
        "a registration without callback is answered 201",
        refusing(_without_callback, 400, operation=_CREATE_HUB),
    ),
)
