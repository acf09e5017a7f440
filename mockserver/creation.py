"""The operations that create promotions: one by POST, several by PATCH of the collection."""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from mockserver import ids
from mockserver.attributes import check_attributes
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.json_text import parse_json
from mockserver.lifecycle import INITIAL
from mockserver.media_types import JSON, JSON_PATCH, check_content_type
from mockserver.patch.errors import malformed
from mockserver.patch.json_patch import Operation, operations_of, where
from mockserver.query.request import parse_query
from mockserver.record import Promotion, root_text
from mockserver.tenant import Tenant
from mockserver.validation import check_object

_DEFAULTS = {"lifecycleStatus": INITIAL, "@type": "Promotion"}
_END_OF_COLLECTION = {"/", "/-"}


def create_promotion(tenant: Tenant, call: Call) -> Answer:
    """POST /promotion: 201, Location and the new representation (TMF630 Part 1 v4.0.2 §6).

    The server keeps id, href and lastUpdate, gives absent attributes their defaults, and keeps
    unknown attributes as an extension. An id that the client supplies is taken unless it is in use.
    """
    query = parse_query(call.query)
    check_attributes(query, tenant.schema)
    check_content_type(call.headers.get("Content-Type"), [JSON], advertise="Accept")
    promotion = _new_promotion(tenant, parse_json(call.body))
    record = tenant.behaviour.write(tenant.store, None, promotion)
    shown = tenant.behaviour.represent(promotion, call.root)
    body = record.shown(root_text(call.root)) if tenant.behaviour.shows_stored else None
    tenant.publish(None, shown, body)
    headers = {"Location": shown["href"], **record.validators}
    if body is not None and query.selection is None:
        return Answer(201, body, headers)
    return Answer(201, tenant.behaviour.select(shown, query.selection), headers)


def create_promotions(tenant: Tenant, call: Call) -> Answer:
    """PATCH /promotion: 200 and the new promotions, all of them or none.

    TMF630 Part 1 R14.5.0 §6: the body is a JSON Patch whose operations add to "/", the collection;
    "/-", its end in RFC 6901, is taken as well.
    """
    query = parse_query(call.query)
    check_attributes(query, tenant.schema)
    check_content_type(call.headers.get("Content-Type"), [JSON_PATCH], advertise="Accept-Patch")
    operations = operations_of(parse_json(call.body))
    behaviour = tenant.behaviour
    shown = []
    for promotion in behaviour.gather(_new_promotions(tenant, operations)):
        behaviour.write(tenant.store, None, promotion)
        shown.append(behaviour.represent(promotion, call.root))
    for promotion in shown:
        tenant.publish(None, promotion)
    return Answer(200, [behaviour.select(promotion, query.selection) for promotion in shown])


def _new_promotions(tenant: Tenant, operations: Iterable[Operation]) -> Iterator[Promotion]:
    """Give the promotions that are to be stored for the operations.

    Raises:
        ProblemError: 400 or 409, as `_new_promotion`; the message names the operation.

    """
    promotions: dict[str, Promotion] = {}
    for number, operation in enumerate(operations):
        named = where(number, operation)
        if operation["op"] != "add" or operation["path"] not in _END_OF_COLLECTION:
            raise malformed(named, "a collection takes only add, with the path / or /-")
        try:
            promotion = _new_promotion(tenant, operation["value"], promotions)
        except ProblemError as problem:
            raise attrs.evolve(problem, message=f"{named}: {problem.message}") from None
        promotions[promotion["id"]] = promotion
        yield promotion


def _new_promotion(
    tenant: Tenant, sent: Any, besides: dict[str, Promotion] | None = None
) -> Promotion:
    """Return the promotion that is to be stored for what was sent.

    Args:
        tenant: whose promotion it will be.
        sent: what the client sent.
        besides: promotions that will be stored together with it.

    Raises:
        ProblemError: 400, it is not valid; 409, its id is in use.

    """
    behaviour = tenant.behaviour
    given = check_object(sent)
    behaviour.validate(given, tenant.description.validator("Promotion_Create"))
    promotion_id = ids.check_client_id(given["id"]) if "id" in given else behaviour.new_id()
    if promotion_id in tenant.store or promotion_id in (besides or ()):
        raise ProblemError(409, f"a promotion with the id {promotion_id!a} exists", code="idInUse")
    promotion: Promotion = {"id": promotion_id, **given, "lastUpdate": behaviour.touch(None)}
    for name, value in _DEFAULTS.items():
        promotion.setdefault(name, value)
    promotion.pop("href", None)
    behaviour.transition(None, promotion)
    return promotion
