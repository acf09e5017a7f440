"""The operations on /promotion and /promotion/{id}."""

from typing import Any

from mockserver import ids
from mockserver.attributes import check_attributes
from mockserver.conditional import is_known
from mockserver.errors import ProblemError
from mockserver.events import changed_attributes
from mockserver.exchange import Answer, Call
from mockserver.json_text import parse_json
from mockserver.media_types import JSON, check_content_type
from mockserver.query.request import Query, parse_query
from mockserver.store import Promotion, Record
from mockserver.tenant import Tenant

_DEFAULTS = {"lifecycleStatus": "draft", "@type": "Promotion"}


def list_promotions(tenant: Tenant, call: Call) -> Answer:
    """GET /promotion: filter, sort, cut a page, select (TMF630 Part 1 v4.0.2 §4)."""
    query = parse_query(call.query)
    check_attributes(query, tenant.schema)
    _refuse_json_path(query)
    behaviour = tenant.behaviour
    records = behaviour.order(tuple(tenant.store))
    shown = (behaviour.represent(record.promotion, call.root) for record in records)
    found = [promotion for promotion in shown if behaviour.matches(promotion, query.conditions)]
    ordered = behaviour.sort(found, query.sort) if query.sort else found
    page = query.page.capped(behaviour.page_max)
    items = behaviour.cut(ordered, page)
    url = f"{call.root}/promotion"
    headers = behaviour.page_headers(page, len(ordered), len(items), url, call.query)
    body = [behaviour.select(promotion, query.selection) for promotion in items]
    status = 200 if len(items) == len(ordered) else behaviour.partial_status
    return Answer(status, body, headers)


def create_promotion(tenant: Tenant, call: Call) -> Answer:
    """POST /promotion: 201, Location and the new representation (TMF630 Part 1 v4.0.2 §6).

    The server keeps id, href and lastUpdate, gives absent attributes their defaults, and keeps
    unknown attributes as an extension. An id that the client supplies is taken unless it is in use.
    """
    query = parse_query(call.query)
    check_content_type(call.headers.get("Content-Type"), [JSON], advertise="Accept")
    sent = _object(call.body)
    behaviour = tenant.behaviour
    behaviour.validate(sent, tenant.description.validator("Promotion_Create"))
    promotion_id = ids.check_client_id(sent["id"]) if "id" in sent else behaviour.new_id()
    if promotion_id in tenant.store:
        raise ProblemError(409, f"a promotion with the id {promotion_id!a} exists", code="idInUse")
    promotion: Promotion = {"id": promotion_id, **sent, "lastUpdate": behaviour.touch(None)}
    for name, value in _DEFAULTS.items():
        promotion.setdefault(name, value)
    promotion.pop("href", None)
    record = tenant.store.put(promotion)
    shown = behaviour.represent(promotion, call.root)
    tenant.publish(None, shown)
    headers = {"Location": shown["href"], **record.validators}
    return Answer(201, behaviour.select(shown, query.selection), headers)


def retrieve_promotion(tenant: Tenant, call: Call) -> Answer:
    """GET /promotion/{id}; 304 where If-None-Match has its ETag."""
    record = _record(tenant, call)
    if is_known(call.headers.get("If-None-Match"), record.etag):
        return Answer(304, headers=record.validators)
    shown = tenant.behaviour.represent(record.promotion, call.root)
    if call.query:
        query = parse_query(call.query)
        check_attributes(query, tenant.schema)
        shown = tenant.behaviour.select(shown, query.selection)
    return Answer(200, shown, record.validators)


def patch_promotion(tenant: Tenant, call: Call) -> Answer:
    """PATCH /promotion/{id}: merge, check the whole result, store (RFC 7396).

    `pattern` can be patched although `Promotion_Update` does not list it, since nothing forbids
    it. Where the result is what was there before, nothing changes: neither lastUpdate nor any
    subscriber notices. If-Match must name the current ETag, else 412.
    """
    query = parse_query(call.query)
    record = _record(tenant, call)
    check_content_type(
        call.headers.get("Content-Type"), tenant.behaviour.patch_types, advertise="Accept-Patch"
    )
    tenant.behaviour.precondition(call.headers.get("If-Match"), record.etag)
    patch = _object(call.body)
    behaviour = tenant.behaviour
    before = behaviour.represent(record.promotion, call.root)
    stored = {**record.promotion, "href": before["href"]}
    after = behaviour.merge(stored, patch)
    behaviour.protect(stored, after, tenant.protected)
    behaviour.validate(after, tenant.description.validator("Promotion_Create"))
    if changed_attributes(stored, after):
        del after["href"]
        after["lastUpdate"] = behaviour.touch(record.promotion.get("lastUpdate"))
        record = tenant.store.put(after, seeded=record.seeded)
        shown = behaviour.represent(after, call.root)
        tenant.publish(before, shown)
    else:
        shown = before
    return Answer(200, behaviour.select(shown, query.selection), record.validators)


def delete_promotion(tenant: Tenant, call: Call) -> Answer:
    """DELETE /promotion/{id}: 204; 412 where If-Match names another ETag."""
    record = _record(tenant, call)
    tenant.behaviour.precondition(call.headers.get("If-Match"), record.etag)
    tenant.behaviour.remove(tenant.store, record.id)
    tenant.publish(tenant.behaviour.represent(record.promotion, call.root), None)
    return Answer(204)


def _record(tenant: Tenant, call: Call) -> Record:
    record = tenant.store.get(call.resource_id)
    if record is None:
        raise ProblemError(404, f"there is no promotion with the id {call.resource_id!a}")
    return record


def _object(body: bytes) -> dict[str, Any]:
    value = parse_json(body)
    if not isinstance(value, dict):
        raise ProblemError(400, "the body must be a JSON object", code="invalidBody")
    return value


def _refuse_json_path(query: Query) -> None:
    if query.json_path is not None:
        raise ProblemError(501, "filter= with a JSON Path is not supported", code="jsonPath")
