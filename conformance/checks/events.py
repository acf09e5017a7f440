"""Events to a subscribed callback (TMF630 Part 1 R14.5.0 §8; events of the TMF671 Swagger).

All of these look at one story: a promotion that is created, changed, moved to another status and
deleted while a callback is subscribed. Events may come late up to --event-timeout, in any order,
more than once, to the callback itself or below it.
"""

from __future__ import annotations

import time

from conformance.catalogue import check
from conformance.conditions import contains, status, that, valid
from conformance.event_story import Story
from conformance.levels import MAY, MUST, SHOULD
from conformance.listener import Event, Listener
from conformance.outcomes import Blocked, ConditionFailed, NotApplicable
from conformance.samples import make
from conformance.target import Target

SETTLE = 0.5
"""Seconds in which an event that the query excludes would follow the one that it lets through."""

SCHEMAS = {
    "PromotionCreateEvent",
    "PromotionDeleteEvent",
    "PromotionAttributeValueChangeEvent",
    "PromotionStateChangeEvent",
}


def arrived(story: Story, what: str, *kinds: str) -> Event:
    """Return the event about the promotion whose type contains one of `kinds`."""
    event = story.wait_for(*kinds)
    if event is None:
        late = story.late(*kinds)
        came = "none came at all" if late is None else f"it came {late:.1f} s too late"
        raise ConditionFailed(
            f"no event about {what} came within {story.timeout:g} s: {came}",
            expected=f"an event whose eventType contains {' or '.join(kinds)}",
            observed=[event.event_type for event in story.of_promotion()],
            hint="can the target reach the callback? see --callback-url and --event-timeout",
        )
    return event


def creation_event(story: Story) -> Event:
    """Return the event about the creation, for checks of what it says."""
    event = story.wait_for("create", "creation")
    if event is None:
        raise Blocked("TMF671-EVENT-CREATE", "no event about the creation came")
    return event


@check("TMF671-EVENT-CREATE", level=MUST, requirements=["R-G84-CREATE-EVENT"], needs=["hub"])
def create_is_announced(story: Story) -> None:
    """Creating a promotion sends an event about its creation.

    PromotionCreateEvent and PromotionCreationNotification pass: the names are compared loosely.
    """
    arrived(story, "the creation", "create", "creation")


@check(
    "TMF671-EVENT-DELETE",
    level=MUST,
    requirements=["R-G84-DELETE-EVENT"],
    needs=["hub", "delete"],
)
def delete_is_announced(story: Story) -> None:
    """Deleting a promotion sends an event about its deletion.

    PromotionDeleteEvent and PromotionRemoveNotification pass.
    """
    if story.deleted is None or not story.deleted.succeeded:
        raise Blocked("TMF671-DELETE-204", "the promotion was not deleted")
    arrived(story, "the deletion", "delete", "deletion", "remove")


@check(
    "TMF671-EVENT-CHANGE",
    level=MUST,
    requirements=["R-G84-CHANGE-EVENT"],
    needs=["hub", "patch"],
)
def change_is_announced(story: Story) -> None:
    """Changing the description of a promotion sends an event about the change.

    An attribute value change and a state change both pass.
    """
    if story.changed is None or not story.changed.succeeded:
        raise Blocked("TMF671-PATCH-200", "the promotion was not changed")
    arrived(story, "the change", "attributevaluechange", "change", "update")


@check(
    "TMF671-EVENT-STATE",
    level=SHOULD,
    requirements=["R-G89-STATE-CHANGE"],
    needs=["hub", "patch"],
)
def state_change_is_announced(story: Story) -> None:
    """Changing lifecycleStatus sends an event about the change of state.

    An attribute value change may be sent beside it. A target that refuses the status is not
    judged: no table of transitions is published.
    """
    if story.moved is None or not story.moved.succeeded:
        raise NotApplicable("the target did not accept the change of lifecycleStatus")
    arrived(story, "the change of state", "statechange", "statuschange")


@check("TMF671-EVENT-SCHEMA", level=MUST, requirements=["R-M30-EVENT-SCHEMA"], needs=["hub"])
def events_are_valid(target: Target, story: Story) -> None:
    """Each event is a JSON object, valid against the schema that its eventType names.

    Types by other names are judged as a create event: all schemas have the same attributes.
    The spelling timeOccurred passes beside the published timeOcurred.
    """
    creation_event(story)
    for event in story.of_promotion():
        if event.body is None:
            raise ConditionFailed(
                "an event's body is not a JSON object",
                expected="a JSON object",
                observed=event.exchange.request.body,
            )
        name = event.event_type if event.event_type in SCHEMAS else "PromotionCreateEvent"
        valid(target, event.body, name)


@check("TMF671-EVENT-TYPE", level=MAY, requirements=["R-G87-EVENT-TYPE"], needs=["hub"])
def event_type_is_the_published_one(story: Story) -> None:
    """EventType of a creation is PromotionCreateEvent, the name of the published schema.

    Implementations are known that use other names, so a miss is only reported.
    """
    event = creation_event(story)
    observed = (event.body or {}).get("eventType")
    that(
        observed == "PromotionCreateEvent",
        "eventType is not the published name",
        expected="PromotionCreateEvent",
        observed=observed,
    )


@check("TMF671-EVENT-PROMOTION", level=MAY, requirements=["R-G88-PAYLOAD"], needs=["hub"])
def event_carries_the_promotion(story: Story) -> None:
    """The event about a creation carries the promotion with its id and name.

    Nothing in the published schema is obligatory, so a miss is only reported.
    """
    event = creation_event(story)
    observed = {name: event.promotion.get(name) for name in ("id", "name")}
    expected = {"id": story.promotion.id, "name": story.promotion.name}
    that(
        observed == expected,
        "the event does not carry the promotion",
        expected=expected,
        observed=observed,
    )


@check("TMF671-EVENT-UNSUBSCRIBED", level=MUST, requirements=["R-G82-DELETE"], needs=["hub"])
def removed_subscription_is_silent(story: Story) -> None:
    """After a subscription was removed its callback receives nothing more.

    Judged when the target accepts a second subscriber; one that serves a single listener is not.
    """
    if story.removed is None:
        raise NotApplicable("the target serves one listener, or did not remove the subscription")
    that(
        not story.removed.events,
        "events were sent to a subscription that had been removed",
        expected="no event",
        observed=[event.event_type for event in story.removed.events],
    )


@check("TMF671-EVENT-SECOND", level=SHOULD, requirements=["R-G84-CREATE-EVENT"], needs=["hub"])
def each_subscriber_is_told(story: Story) -> None:
    """A second subscriber is told of the creation too.

    A target that serves one listener only is not judged.
    """
    if story.second is None:
        raise NotApplicable("the target serves one listener")
    creation_event(story)
    that(
        story.wait_for("create", "creation", channel=story.second) is not None,
        "only the first subscriber was told",
        expected="an event about the creation",
        observed=[event.event_type for event in story.second.events],
    )


@check("TMF671-EVENT-QUIET", level=SHOULD, requirements=["R-G84-ONLY-CHANGES"], needs=["hub"])
def nothing_happens_without_a_change(story: Story) -> None:
    """Reading a promotion, and a change that is refused, send no event about it.

    A target that accepted the change that had to be refused is not judged here.
    """
    if not story.left_alone:
        raise NotApplicable("the target accepted the change, so an event is right")
    about = [
        event.event_type
        for event in story.channel.events
        if str(event.promotion.get("id")) == story.bystander.id
    ]
    that(not about, "an event without a change", expected="no event", observed=about)


@check("TMF671-EVENT-EQUALS-GET", level=MAY, requirements=["R-G88-PAYLOAD"], needs=["hub"])
def event_shows_what_get_shows(story: Story) -> None:
    """What the event about a creation shows of the promotion is what GET shows.

    Fewer attributes pass: the payload's size is not ruled.
    """
    event = creation_event(story)
    if not story.seen:
        raise NotApplicable("the promotion could not be read")
    shown = {name: value for name, value in event.promotion.items() if name != "lastUpdate"}
    contains("the promotion as it is read", shown, story.seen)


@check("TMF671-EVENT-ORDER", level=MAY, requirements=["R-G86-ORDER"], needs=["hub", "delete"])
def events_are_in_order(story: Story) -> None:
    """The event about the creation comes before the one about the deletion.

    No rule on order is published, so a miss is only reported.
    """
    creation_event(story)
    if story.wait_for("delete", "deletion", "remove") is None:
        raise Blocked("TMF671-EVENT-DELETE", "no event about the deletion came")
    kinds = [event.event_type for event in story.of_promotion()]
    first = next(n for n, kind in enumerate(kinds) if "creat" in kind.lower())
    last = next(
        n for n, kind in enumerate(kinds) if "delet" in kind.lower() or "remov" in kind.lower()
    )
    that(
        first < last, "the deletion was announced first", expected="creation first", observed=kinds
    )


@check("TMF671-EVENT-ONCE", level=MAY, requirements=["R-G86-ONCE"], needs=["hub"])
def events_come_once(story: Story) -> None:
    """The event about a creation comes once to a listener that accepts it.

    No rule on repetition is published, so a miss is only reported.
    """
    creation_event(story)
    kinds = [event.event_type for event in story.of_promotion()]
    count = sum("creat" in kind.lower() for kind in kinds)
    that(count == 1, "the creation was announced several times", expected=1, observed=kinds)


@check("TMF671-EVENT-QUERY", level=SHOULD, requirements=["R-G83-QUERY"], needs=["hub"])
def query_limits_the_events(target: Target, listener: Listener, story: Story) -> None:
    """A subscription with the query `eventType=…` is told of events of that type and of no others.

    The type is the one that the target itself gave to a creation. A target that accepts no
    second listener, or no query, is not judged.
    """
    kind = creation_event(story).event_type
    channel = listener.channel()
    answer = target.subscribe(channel.url, f"eventType={kind}")
    if not answer.succeeded:
        raise NotApplicable("the target did not accept a subscription with a query")
    sample = make(target, target.promotion("query"))
    target.patch(sample.id, {"name": sample.name, "lifecycleStatus": target.another_status})
    target.delete(sample.id)
    arrival = channel.wait_for(lambda event: event.event_type == kind, story.timeout)
    time.sleep(SETTLE)
    target.unsubscribe_answer(answer)
    kinds = [event.event_type for event in channel.events]
    that(arrival is not None, "no event came through the query", expected=kind, observed=kinds)
    that(set(kinds) == {kind}, "the query was not applied", expected=[kind], observed=kinds)


@check("TMF671-EVENT-FAILING", level=SHOULD, requirements=["R-G90-LISTENER-ERROR"], needs=["hub"])
def failing_listener_hurts_nobody(target: Target, listener: Listener) -> None:
    """A listener that answers 500 does not make the call fail that caused the event.

    A target that accepts no further listener is not judged.
    """
    answer = target.subscribe(listener.channel(status=500).url)
    if not answer.succeeded:
        raise NotApplicable("the target serves one listener")
    created = target.create(target.promotion("failing listener"))
    target.unsubscribe_answer(answer)
    status(created, 201, 200)
