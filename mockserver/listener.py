"""The client side of the API: /listener/{eventName}, where a mock can receive events itself."""

from mockserver import ids
from mockserver.events import (
    ATTRIBUTE_CHANGE,
    CREATE,
    DELETE,
    INFORMATION_REQUIRED,
    STATE_CHANGE,
)
from mockserver.exchange import Answer, Call
from mockserver.json_text import parse_json
from mockserver.media_types import JSON, check_content_type
from mockserver.tenant import Tenant
from mockserver.validation import check


def event_types(api_version: str) -> tuple[str, ...]:
    """Return the event types that have a listener path in this version."""
    types = (CREATE, DELETE, ATTRIBUTE_CHANGE, STATE_CHANGE)
    return (*types, INFORMATION_REQUIRED) if api_version == "4.0.0" else types


def receive_event(tenant: Tenant, call: Call) -> Answer:
    """POST /listener/{eventName}: 201 with an event subscription, as the Swagger has it."""
    check_content_type(call.headers.get("Content-Type"), [JSON])
    event_type = call.operation.removeprefix("listenTo")
    check(parse_json(call.body), tenant.description.validator(event_type))
    return Answer(201, {"id": ids.new_uuid(), "callback": f"{call.origin}{call.path}"})
