"""GET /promotion: filter, sort, cut a page, select (TMF630 Part 1 v4.0.2 §4)."""

from collections.abc import Sequence

from mockserver.attributes import check_attributes
from mockserver.conditional import collection_tag, is_known
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.json_text import write_json
from mockserver.ordering import ordered
from mockserver.query.json_path import ResourceFilter
from mockserver.query.paging import WHOLE, Page, cut, parse_range
from mockserver.query.request import Query, parse_query
from mockserver.query.selection import select
from mockserver.record import Promotion, Record, href_of, root_text
from mockserver.scan import indexed, matching
from mockserver.slices import Slices, paced, parts
from mockserver.tenant import Tenant

_SHORT = 1000
"""A page of so many records is taken at once."""


def list_promotions(tenant: Tenant, call: Call) -> Answer | Slices[Answer]:
    """GET /promotion: the promotions that the query asks for.

    `Range: items=11-20` asks for a page as well (§4.5) where neither offset nor limit does; it is
    answered by 206, or by 416 beyond the end.
    """
    query = parse_query(call.query)
    check_attributes(query, tenant.schema)
    by_range = call.method == "GET" and query.page == WHOLE
    asked = parse_range(call.headers.get("Range")) if by_range else None
    if tenant.behaviour.shows_stored:
        return _of_records(tenant, call, query, asked)
    return _of_representations(tenant, call, query, asked)


def _of_records(tenant: Tenant, call: Call, query: Query, asked: Page | None) -> Slices[Answer]:
    """Answer from the records, by indexes and without parsing them where that is possible."""
    store = tenant.store
    page = (asked or query.page).capped(tenant.behaviour.page_max)
    numbers, left = indexed(store, query.conditions)
    if left or query.sort or query.json_path or page.limit is None or page.limit > _SHORT:
        found = yield from matching(store, query.conditions, call.root)
        if query.json_path is not None:
            found = yield from _selected_by_path(found, query.json_path, call.root)
        found = yield from ordered(found, query.sort, call.root)
        total, records = len(found), cut(found, page)
    elif numbers is None:
        total, records = len(store), store.page(page.offset, page.limit)
    else:
        total, records = len(numbers), [store.numbered(number) for number in cut(numbers, page)]
    tags = [record.etag for record in records]
    answer = _described(tenant, call, asked, page, total, tags)
    if answer.status == 304:
        return answer

    root = root_text(call.root)

    def shown(part: Sequence[Record]) -> list[bytes]:
        if query.selection is None:
            return [record.shown(root) for record in part]
        return [
            write_json(select(_representation(record, call.root), query.selection))
            for record in part
        ]

    items = yield from paced(parts(records), shown)
    return Answer(answer.status, b"[" + b",".join(items) + b"]", answer.headers)


def _of_representations(tenant: Tenant, call: Call, query: Query, asked: Page | None) -> Answer:
    """Answer from what the behaviour makes of the records, each of its functions asked."""
    behaviour = tenant.behaviour
    records = behaviour.order(tuple(tenant.store))
    shown = (behaviour.represent(record.promotion, call.root) for record in records)
    found = [promotion for promotion in shown if behaviour.matches(promotion, query.conditions)]
    if query.json_path is not None:
        found = behaviour.select_by_path(query.json_path, found)
    if query.sort:
        found = behaviour.sort(found, query.sort)
    page = (asked or query.page).capped(behaviour.page_max)
    items = behaviour.cut(found, page)
    stored = (tenant.store.get(str(item.get("id"))) for item in items)
    tags = ["" if record is None else record.etag for record in stored]
    answer = _described(tenant, call, asked, page, len(found), tags)
    if answer.status == 304:
        return answer
    body = [behaviour.select(promotion, query.selection) for promotion in items]
    return Answer(answer.status, body, answer.headers)


def _described(
    tenant: Tenant, call: Call, asked: Page | None, page: Page, total: int, tags: Sequence[str]
) -> Answer:
    """Return the answer without its body: 304, 206 or 200, and the headers of the list.

    Args:
        tenant: whose list it is.
        call: the request.
        asked: the page that a Range header asks for.
        page: the page as it was cut.
        total: matches before paging.
        tags: the entity tags of the items.

    Raises:
        ProblemError: 416, the range begins behind the end.

    """
    if asked is not None and asked.offset >= total:
        beyond = {"Content-Range": f"items */{total}"}
        raise ProblemError(416, f"there are {total} items", headers=beyond)
    behaviour = tenant.behaviour
    wanted = call.headers.get("Range", "")
    etag = collection_tag(call.root, call.query, wanted, str(total), *tags)
    url = f"{call.root}/promotion"
    headers = {
        "ETag": etag,
        **behaviour.page_headers(page, total, len(tags), url, call.query),
    }
    if is_known(call.headers.get("If-None-Match"), etag):
        return Answer(304, headers=headers)
    status = 200 if len(tags) == total else behaviour.partial_status
    return Answer(206 if asked is not None else status, headers=headers)


def _selected_by_path(
    records: Sequence[Record], json_path: ResourceFilter, root: str
) -> Slices[list[Record]]:
    """Return the records that the JSON Path selects; that part of the work has no pause."""
    resources = yield from paced(
        parts(records), lambda part: [_representation(record, root) for record in part]
    )
    selected = {id(resource) for resource in json_path.select(resources)}
    return [
        record
        for record, resource in zip(records, resources, strict=True)
        if id(resource) in selected
    ]


def _representation(record: Record, root: str) -> Promotion:
    return {"id": record.id, "href": href_of(record.id, root), **record.promotion}
