"""Reading lists of any length: the pages of a query, and a promotion among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.client import Answer, Query
from conformance.conditions import ids, json_list, status
from conformance.outcomes import Blocked
from conformance.target import Target

PAGE = 100
_MOST_PAGES = 100


def matches(target: Target, query: Query) -> list[str]:
    """Return the ids that a query finds, over as many pages as the server makes of them."""
    return [one for page in pages(target, query) for one in ids(json_list(page))]


def pages(target: Target, query: Query, limit: int = PAGE) -> Iterator[Answer]:
    """Yield the pages of a query until one is empty or the total is reached.

    A server may give fewer than `limit` items a page. A page must not be larger; that is judged
    by the check of `limit`, here it only ends the walk.
    """
    offset = 0
    for _ in range(_MOST_PAGES):
        page = status(
            target.list((*query, ("offset", str(offset)), ("limit", str(limit)))), 200, 206
        )
        count = len(json_list(page))
        yield page
        offset += count
        if count == 0 or count > limit or offset == total_count(page):
            return
        if count < limit and page.status == 200 and page.header("X-Total-Count") is None:
            return


def total_count(page: Answer) -> int | None:
    """Return X-Total-Count when it is a number."""
    text = page.header("X-Total-Count") or ""
    return int(text) if text.isascii() and text.isdigit() else None


def find(target: Target, promotion_id: str) -> dict[str, Any] | None:
    """Return the item of a promotion in the list, asked for by its id, else looked for in all.

    Raises Blocked when the filter is ignored and the list is too long to read.
    """
    filtered = status(target.list((("id", promotion_id),)), 200, 206)
    for item in json_list(filtered):
        if str(item.get("id")) == promotion_id:
            return item
    seen = 0
    for page in pages(target, ()):
        items = json_list(page)
        seen += len(items)
        for item in items:
            if str(item.get("id")) == promotion_id:
                return item
        total = total_count(page)
    if total is not None and seen < total:
        raise Blocked("TMF671-FILTER-ID", f"only {seen} of {total} promotions were read")
    return None
