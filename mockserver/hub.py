"""The operations on /hub: subscriptions to events (TMF630 Part 1 R14.5.0 §8)."""

from collections.abc import Mapping
from typing import Any

from yarl import URL

from mockserver import ids
from mockserver.attributes import check_attributes
from mockserver.errors import ProblemError
from mockserver.events import CREATE
from mockserver.exchange import Answer, Call
from mockserver.json_text import parse_json
from mockserver.media_types import JSON, check_content_type
from mockserver.query.paging import WHOLE
from mockserver.query.request import Query, parse_query
from mockserver.subscriber import Subscription
from mockserver.tenant import Tenant
from mockserver.validation import check, check_object


def create_hub(tenant: Tenant, call: Call) -> Answer:
    """POST /hub: 201, Location and {id, callback, query?}. One callback may register twice."""
    check_content_type(call.headers.get("Content-Type"), [JSON])
    sent = check_object(parse_json(call.body))
    if isinstance(sent.get("callback"), str):
        check_callback(sent["callback"])
    check(sent, tenant.description.validator("EventSubscriptionInput"))
    query = sent.get("query")
    parsed = _parsed(query, tenant.description.schema(CREATE))
    subscription = Subscription(ids.new_uuid(), sent["callback"], query, parsed)
    tenant.publisher.subscribe(subscription)
    body = {"id": subscription.id, "callback": subscription.callback}
    if query is not None:
        body["query"] = query
    return Answer(201, body, {"Location": f"{call.root}/hub/{subscription.id}"})


def delete_hub(tenant: Tenant, call: Call) -> Answer:
    """DELETE /hub/{id}: 204, or 404 for an unknown id."""
    if call.resource_id not in tenant.publisher:
        raise ProblemError(404, f"there is no subscription with the id {call.resource_id!a}")
    if tenant.behaviour.unsubscribes:
        tenant.publisher.unsubscribe(call.resource_id)
    return Answer(204)


def check_callback(callback: str) -> None:
    """Check that events can be posted to `callback`.

    Raises:
        ProblemError: 400, it is no absolute http or https URL.

    """
    try:
        url = URL(callback)
        usable = url.scheme in {"http", "https"} and bool(url.host) and url.port is not None
    except ValueError:
        usable = False
    if not usable or not callback.isprintable() or callback != callback.strip():
        raise ProblemError(
            400,
            f"callback must be an absolute http or https URL, not {callback!a:.200}",
            code="invalidBody",
        )


def _parsed(query: str | None, schema: Mapping[str, Any]) -> Query:
    """Parse the query of a subscription, which asks of events what a filter asks of promotions."""
    parsed = parse_query((query or "").removeprefix("?"))
    check_attributes(parsed, schema)
    if parsed.sort or parsed.page != WHOLE:
        raise ProblemError(
            400,
            "query: sort, offset and limit have no meaning in a subscription",
            code="invalidQuery",
        )
    return parsed
