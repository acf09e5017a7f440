"""The operations on one promotion that exists: retrieve, change, delete."""

from typing import Any

from mockserver.attributes import check_attributes
from mockserver.behaviour import Behaviour
from mockserver.conditional import check_unmodified, is_unchanged
from mockserver.errors import ProblemError
from mockserver.events import changed_attributes
from mockserver.exchange import Answer, Call
from mockserver.json_text import parse_json
from mockserver.media_types import JSON_PATCH, JSON_PATCH_QUERY, check_content_type
from mockserver.query.request import parse_query
from mockserver.record import Promotion, Record, root_text
from mockserver.tenant import Tenant
from mockserver.validation import check_object


def retrieve_promotion(tenant: Tenant, call: Call) -> Answer:
    """GET /promotion/{id}; 304 where If-None-Match or If-Modified-Since says it is known."""
    record = _record(tenant, call)
    check_unmodified(call.headers, record.modified)
    if is_unchanged(call.headers, record.validators):
        return Answer(304, headers=record.validators)
    if tenant.behaviour.shows_stored and not call.query:
        return Answer(200, record.shown(root_text(call.root)), record.validators)
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
    name the current ETag and If-Unmodified-Since no time before the last change, else 412.
    """
    query = parse_query(call.query)
    check_attributes(query, tenant.schema)
    record = _record(tenant, call)
    media_type = check_content_type(
        call.headers.get("Content-Type"), tenant.behaviour.patch_types, advertise="Accept-Patch"
    )
    _check_conditions(tenant, call, record)
    behaviour = tenant.behaviour
    kept = record.promotion
    before = behaviour.represent(kept, call.root)
    stored = {**kept, "href": before["href"]}
    after = _patched(behaviour, media_type, stored, parse_json(call.body))
    behaviour.protect(stored, after, tenant.protected)
    behaviour.validate(after, tenant.description.validator("Promotion_Create"))
    behaviour.transition(stored, after)
    if changed_attributes(stored, after):
        after.pop("href", None)
        after["lastUpdate"] = behaviour.touch(kept.get("lastUpdate"))
        record = behaviour.write(tenant.store, record, after)
        shown = behaviour.represent(after, call.root)
        body = record.shown(root_text(call.root)) if behaviour.shows_stored else None
        tenant.publish(before, shown, body)
        if body is not None and query.selection is None:
            return Answer(200, body, record.validators)
    else:
        shown = before
    return Answer(200, behaviour.select(shown, query.selection), record.validators)


def delete_promotion(tenant: Tenant, call: Call) -> Answer:
    """DELETE /promotion/{id}: 204; 412 as for PATCH."""
    record = _record(tenant, call)
    _check_conditions(tenant, call, record)
    tenant.behaviour.remove(tenant.store, record.id)
    tenant.publish(tenant.behaviour.represent(record.promotion, call.root), None)
    return Answer(204)


def _record(tenant: Tenant, call: Call) -> Record:
    record = tenant.store.get(call.resource_id)
    if record is None:
        raise ProblemError(404, f"there is no promotion with the id {call.resource_id!a}")
    return record


def _check_conditions(tenant: Tenant, call: Call, record: Record) -> None:
    tenant.behaviour.precondition(call.headers.get("If-Match"), record.etag)
    check_unmodified(call.headers, record.modified)


def _patched(behaviour: Behaviour, media_type: str, stored: Promotion, patch: Any) -> Promotion:
    """Return the promotion that the patch makes of the stored one, which stays as it is."""
    if media_type == JSON_PATCH:
        return check_object(behaviour.json_patch(stored, patch), "the result")
    if media_type == JSON_PATCH_QUERY:
        return check_object(behaviour.json_patch_query(stored, patch), "the result")
    merged: Promotion = behaviour.merge(stored, check_object(patch))
    return merged
