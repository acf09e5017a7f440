"""Which events a change causes, and what they look like.

Event schemas of the TMF671 Swagger v4.1.0: nothing is required, `timeOcurred` is spelt as
published, and only the attribute-value-change event has a fieldPath. TMF630 leaves open which
change causes which event; here a change of lifecycleStatus is a state change and any other one an
attribute-value change, and a request that does both causes both.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from mockserver import clock
from mockserver.json_text import same_json

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
    events = []
    if "lifecycleStatus" in changed:
        events.append(event(STATE_CHANGE, after))
    others = [name for name in changed if name != "lifecycleStatus"]
    if others:
        events.append(event(ATTRIBUTE_CHANGE, after, field_path=",".join(others)))
    return events


def changed_attributes(before: Promotion, after: Promotion) -> list[str]:
    """Return the first-level attributes that differ, without those that the server keeps."""
    names = [*after, *(name for name in before if name not in after)]
    return [
        name
        for name in names
        if name not in _SERVER_KEPT
        and not (name in before and name in after and same_json(before[name], after[name]))
    ]


def event(event_type: str, promotion: Promotion, field_path: str | None = None) -> Event:
    """Return the body of one event about `promotion`."""
    now = clock.now()
    name = promotion.get("name", promotion.get("id", ""))
    body: Event = {
        "eventId": str(uuid.uuid4()),
        "eventTime": now,
        "eventType": event_type,
        "correlationId": str(uuid.uuid4()),
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
