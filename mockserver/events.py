"""Which events a change causes, and what they look like.

Event schemas of the TMF671 Swagger v4.1.0: nothing is required, `timeOcurred` is spelt as
published, and only the attribute-value-change event and the information-required event of v4.0.0
have a fieldPath. TMF630 leaves open which change causes which event; here a change of
lifecycleStatus is a state change and any other one an attribute-value change. A request that does
both causes both, and they share their correlationId.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from mockserver import clock
from mockserver.json_text import same_json
from mockserver.query.errors import QueryError
from mockserver.query.filtering import matches
from mockserver.query.request import Query

Event = dict[str, Any]
Promotion = Mapping[str, Any]

CREATE = "PromotionCreateEvent"
ATTRIBUTE_CHANGE = "PromotionAttributeValueChangeEvent"
STATE_CHANGE = "PromotionStateChangeEvent"
DELETE = "PromotionDeleteEvent"
INFORMATION_REQUIRED = "PromotionInformationRequiredEvent"

_TITLES = {
    CREATE: "Promotion created",
    ATTRIBUTE_CHANGE: "Promotion changed",
    STATE_CHANGE: "Promotion changed its state",
    DELETE: "Promotion deleted",
    INFORMATION_REQUIRED: "Promotion needs information",
}
_SERVER_KEPT = {"id", "href", "lastUpdate"}


def changes(before: Promotion | None, after: Promotion | None) -> list[Event]:
    """Return the events for a promotion that was `before` and is `after`; None is absence."""
    if before is None:
        return [] if after is None else [event(CREATE, after)]
    if after is None:
        return [event(DELETE, before)]
    changed = changed_attributes(before, after)
    correlation_id = str(uuid.uuid4())
    events = []
    if "lifecycleStatus" in changed:
        events.append(event(STATE_CHANGE, after, correlation_id=correlation_id))
    others = ",".join(name for name in changed if name != "lifecycleStatus")
    if others:
        events.append(event(ATTRIBUTE_CHANGE, after, others, correlation_id))
    return events


def information_required(promotion: Promotion, field_path: str | None = None) -> Event:
    """Return the event that asks for information (TMF671 Swagger v4.0.0 only).

    Args:
        promotion: its representation.
        field_path: the attributes that are missing, separated by commas.

    """
    return event(INFORMATION_REQUIRED, promotion, field_path)


def matches_query(event: Event, query: Query) -> bool:
    """Tell whether a subscription with this query gets the event.

    A filter means the same as over promotions, with paths from the event:
    `event.promotion.name=Summer` (TMF630 Part 1 R14.5.0 §8; Part 6 for `filter=`). A JSON Path
    that is too expensive matches nothing.
    """
    if not matches(event, query.conditions):
        return False
    try:
        return query.json_path is None or bool(query.json_path.select([event]))
    except QueryError:
        return False


def changed_attributes(before: Promotion, after: Promotion) -> list[str]:
    """Return the first-level attributes that differ, without those that the server keeps."""
    names = [*after, *(name for name in before if name not in after)]
    return [
        name
        for name in names
        if name not in _SERVER_KEPT
        and not (name in before and name in after and same_json(before[name], after[name]))
    ]


def event(
    event_type: str,
    promotion: Promotion,
    field_path: str | None = None,
    correlation_id: str | None = None,
) -> Event:
    """Return the body of one event about `promotion`.

    Args:
        event_type: such as `CREATE`.
        promotion: its representation.
        field_path: the attributes concerned, separated by commas; None leaves fieldPath out.
        correlation_id: what the events of one request share; None for an event of its own.

    """
    now = clock.now()
    name = promotion.get("name", promotion.get("id", ""))
    body: Event = {
        "eventId": str(uuid.uuid4()),
        "eventTime": now,
        "eventType": event_type,
        "correlationId": correlation_id or str(uuid.uuid4()),
        "domain": "promotionManagement",
        "title": _TITLES[event_type],
        "description": f"{_TITLES[event_type]}: {name}",
        "priority": "3",
        "timeOcurred": now,
    }
    if field_path is not None:
        body["fieldPath"] = field_path
    body["event"] = {"promotion": dict(promotion)}
    return body
