"""The operations on promotions that exist: list, retrieve, change, delete."""

from collections.abc import Sequence
from typing import Any

from mockserver.attributes import check_attributes
from mockserver.behaviour import Behaviour
from mockserver.conditional import collection_tag, is_known
from mockserver.errors import ProblemError
from mockserver.events import changed_attributes
from mockserver.exchange import Answer, Call
from mockserver.json_text import parse_json
from mockserver.media_types import JSON_PATCH, JSON_PATCH_QUERY, check_content_type
from mockserver.query.paging import WHOLE, parse_range
from mockserver.query.request import parse_query
from mockserver.store import Promotion, Record
from mockserver.tenant import Tenant
from mockserver.validation import check_object


def list_promotions(tenant: Tenant, call: Call) -> Answer:
    """GET /promotion: filter, sort, cut a page, select (TMF630 Part 1 v4.0.2 §4).

    `Range: items=11-20` asks for a page as well (§4.5) where neither offset nor limit does; it is
    answered by 206, or by 416 beyond the end.
    """
    query = parse_query(call.query)
    check_attributes(query, tenant.schema)
    behaviour = tenant.behaviour
    records = behaviour.order(tuple(tenant.store))
    shown = (behaviour.represent(record.promotion, call.root) for record in records)
    found = [promotion for promotion in shown if behaviour.matches(promotion, query.conditions)]
    if query.json_path is not None:
        found = behaviour.select_by_path(query.json_path, found)
    ordered = behaviour.sort(found, query.sort) if query.sort else found
    by_range = call.method == "GET" and query.page == WHOLE
    asked = parse_range(call.headers.get("Range")) if by_range else None
    if asked is not None and asked.offset >= len(ordered):
        beyond = {"Content-Range": f"items */{len(ordered)}"}
        raise ProblemError(416, f"there are {len(ordered)} items", headers=beyond)
    page = (asked or query.page).capped(behaviour.page_max)
    items = behaviour.cut(ordered, page)
    url = f"{call.root}/promotion"
    etag = _list_tag(tenant, call, len(ordered), items)
    headers = {
        "ETag": etag,
        **behaviour.page_headers(page, len(ordered), len(items), url, call.query),
    }
    if is_known(call.headers.get("If-None-Match"), etag):
        return Answer(304, headers=headers)
    body = [behaviour.select(promotion, query.selection) for promotion in items]
    status = 200 if len(items) == len(ordered) else behaviour.partial_status
    return Answer(206 if asked is not None else status, body, headers)


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
    """PATCH /promotion/{id}: apply the patch, check the whole result, store.

    The media type tells the kind of patch: a merge patch (RFC 7396), also as application/json; a
    JSON Patch (RFC 6902); a JSON Patch Query (TMF630 Part 5). `pattern` can be patched although
    `Promotion_Update` does not list it, since nothing forbids it. Where the result is what was
    there before, nothing changes: neither lastUpdate nor any subscriber notices. If-Match must
    name the current ETag, else 412.
    """
    query = parse_query(call.query)
    check_attributes(query, tenant.schema)
    record = _record(tenant, call)
    media_type = check_content_type(
        call.headers.get("Content-Type"), tenant.behaviour.patch_types, advertise="Accept-Patch"
    )
    tenant.behaviour.precondition(call.headers.get("If-Match"), record.etag)
    behaviour = tenant.behaviour
    before = behaviour.represent(record.promotion, call.root)
    stored = {**record.promotion, "href": before["href"]}
    after = _patched(behaviour, media_type, stored, parse_json(call.body))
    behaviour.protect(stored, after, tenant.protected)
    behaviour.validate(after, tenant.description.validator("Promotion_Create"))
    behaviour.transition(stored, after)
    if changed_attributes(stored, after):
        after.pop("href", None)
        after["lastUpdate"] = behaviour.touch(record.promotion.get("lastUpdate"))
        record = behaviour.write(tenant.store, record, after)
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


def _patched(behaviour: Behaviour, media_type: str, stored: Promotion, patch: Any) -> Promotion:
    """Return the promotion that the patch makes of the stored one, which stays as it is."""
    if media_type == JSON_PATCH:
        return check_object(behaviour.json_patch(stored, patch), "the result")
    if media_type == JSON_PATCH_QUERY:
        return check_object(behaviour.json_patch_query(stored, patch), "the result")
    merged: Promotion = behaviour.merge(stored, check_object(patch))
    return merged


def _list_tag(tenant: Tenant, call: Call, total: int, items: Sequence[Promotion]) -> str:
    """Return the ETag of a page: it changes with the query, the total, and any item."""
    records = (tenant.store.get(str(item.get("id"))) for item in items)
    tags = ("" if record is None else record.etag for record in records)
    return collection_tag(call.root, call.query, call.headers.get("Range", ""), str(total), *tags)
