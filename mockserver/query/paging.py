"""Paging: `offset`, `limit`, and the headers that tell where a page stands.

TMF630 Part 1 v4.0.2 §4.5: offset 0 if absent, X-Total-Count, X-Result-Count, Link, Content-Range.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mockserver.query.errors import QueryError

_Item = TypeVar("_Item")

_COUNT = re.compile(r"\d{1,4000}", re.ASCII)
_UNSAFE = re.compile(r"[^!#-;=?-~]")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a result is asked for; `limit` None is everything from `offset` on."""

    offset: int = 0
    limit: int | None = None

    def capped(self, most: int | None) -> "Page":
        """Return the page with at most `most` items, the server's own limit."""
        if most is None or (self.limit is not None and self.limit <= most):
            return self
        return Page(self.offset, most)


WHOLE = Page()
_RANGE = re.compile(r"items=(\d{1,18})-(\d{1,18})?", re.ASCII)


def parse_count(name: str, text: str) -> int:
    """Parse the value of `offset` or `limit`.

    Raises:
        QueryError: it is negative or no whole number.

    """
    if not _COUNT.fullmatch(text):
        raise QueryError(f"{name}={text}", "must be a whole number from 0 up")
    return int(text)


def parse_range(header: str | None) -> Page | None:
    """Return the page that `Range: items=11-20` asks for; items count from 1 and both ends count.

    Another unit, or a range that is no range, is as good as no header (RFC 9110 §14.2).
    """
    found = None if header is None else _RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first, last = int(found[1]), None if found[2] is None else int(found[2])
    if first == 0 or (last is not None and last < first):
        return None
    return Page(first - 1, None if last is None else last - first + 1)


def cut(items: Sequence[_Item], page: Page) -> Sequence[_Item]:
    """Return the items of `page`."""
    end = None if page.limit is None else page.offset + page.limit
    return items[page.offset : end]


def page_headers(page: Page, total: int, count: int, url: str, raw_query: str) -> Mapping[str, str]:
    """Return the count headers of a list and, if it is only a part, Content-Range and Link.

    Args:
        page: the page as it was cut.
        total: matches before paging.
        count: items in this body.
        url: the collection's URL without a query.
        raw_query: the whole query string as it was sent; the links keep it.

    """
    headers = {"X-Total-Count": str(total), "X-Result-Count": str(count)}
    if count == total:
        return headers
    first, last = page.offset + 1, page.offset + count
    headers["Content-Range"] = f"items {first}-{last}/{total}" if count else f"items */{total}"
    if page.limit:
        links = _links(page.offset, page.limit, total)
        kept = [part for part in raw_query.split("&") if part and not _is_paging(part)]
        headers["Link"] = ", ".join(
            f'<{_link(url, kept, offset, page.limit)}>; rel="{relation}"'
            for relation, offset in links.items()
        )
    return headers


def _links(offset: int, limit: int, total: int) -> dict[str, int]:
    """Return the offset behind each relation; pages are counted from it in both directions."""
    links = {"first": 0}
    if offset > 0:
        links["prev"] = max(0, offset - limit)
    if offset + limit < total:
        links["next"] = offset + limit
    phase = offset % limit
    links["last"] = max(0, phase + (total - 1 - phase) // limit * limit)
    return links


def _is_paging(part: str) -> bool:
    return part.partition("=")[0] in {"offset", "limit"}


def _link(url: str, kept: list[str], offset: int, limit: int) -> str:
    query = "&".join([*kept, f"offset={offset}", f"limit={limit}"])
    return f"{url}?{_UNSAFE.sub(_escape, query)}"


def _escape(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogateescape"))
