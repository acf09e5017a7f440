"""Defects of GET /promotion: the list itself, its pages and its order."""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qs

from mockserver.alterations import (
    Install,
    answering,
    body,
    header,
    replacing,
    status,
    without,
)
from mockserver.behaviour import Behaviour
from mockserver.defects.defect import may, must, should
from mockserver.exchange import Answer, Call
from mockserver.query.paging import Page, cut
from mockserver.query.sorting import SortKey, sort
from mockserver.store import Promotion, Record

_LIST = "listPromotion"


def _shifted(by: int) -> Install:
    """Return a defect whose pages after the first begin `by` items later."""
    return replacing(
        cut=lambda items, page: cut(items, Page(page.offset + by if page.offset else 0, page.limit))
    )


def _one_longer(items: Sequence[Promotion], page: Page) -> Sequence[Promotion]:
    return cut(items, Page(page.offset, None if page.limit is None else page.limit + 1))


def _page_numbers(items: Sequence[Promotion], page: Page) -> Sequence[Promotion]:
    return cut(items, Page(page.offset * (page.limit or 1), page.limit))


def _empty_is_404(_call: Call, answer: Answer) -> Answer:
    if answer.body:
        return answer
    error = {"code": "404", "reason": "Not found", "message": "no promotion matches"}
    return Answer(404, error)


def _total_of_page(_call: Call, answer: Answer) -> Answer:
    total = answer.headers["X-Result-Count"]
    return replace(answer, headers={**answer.headers, "X-Total-Count": total})


def _total_of_collection(behaviour: Behaviour) -> Behaviour:
    seen = 0

    def order(records: Sequence[Record]) -> Sequence[Record]:
        nonlocal seen
        seen = len(records)
        return records

    def answer(call: Call, given: Answer) -> Answer:
        given = behaviour.answer(call, given)
        counted = call.operation == _LIST and given.status < 300
        return header("X-Total-Count", str(seen))(call, given) if counted else given

    return replace(behaviour, order=order, answer=answer)


def _always_ascending(items: Sequence[Promotion], keys: Sequence[SortKey]) -> list[Promotion]:
    return sort(items, [SortKey(key.path, descending=False) for key in keys])


def _begins_at_1(behaviour: Behaviour) -> Behaviour:
    whole: Sequence[Promotion] = ()

    def remember(items: Sequence[Promotion], page: Page) -> Sequence[Promotion]:
        nonlocal whole
        whole = items
        return behaviour.cut(items, page)

    def answer(call: Call, given: Answer) -> Answer:
        given = behaviour.answer(call, given)
        names = parse_qs(call.query).keys()
        if call.operation != _LIST or given.status >= 300 or "limit" not in names:
            return given
        if names & {"offset", "fields"} or not isinstance(given.body, list):
            return given
        return replace(given, body=list(whole[1 : 1 + len(given.body)]))

    return replace(behaviour, cut=remember, answer=answer)


def _range_from_0(_call: Call, answer: Answer) -> Answer:
    shown = answer.headers.get("Content-Range", "")
    found = re.fullmatch(r"items (\d+)-(\d+)/(\d+)", shown)
    if found is None:
        return answer
    first, last, total = map(int, found.groups())
    changed = {"Content-Range": f"items {first - 1}-{last - 1}/{total}"}
    return replace(answer, headers={**answer.headers, **changed})


LISTING = (
    must(
        "R-G40-LISTED",
        "list-hides-new",
        "promotions created by POST are not in the list",
        replacing(order=lambda records: [record for record in records if record.seeded]),
    ),
    must(
        "R-G03-NO-ENVELOPE-LIST",
        "list-in-envelope",
        "a list comes inside an object with items and total",
        answering(_LIST, rewrite=body(lambda given: {"items": given, "total": len(given)})),
    ),
    must(
        "R-G39-EMPTY-LIST R-X13-EMPTY-200",
        "empty-list-404",
        "a list that finds nothing answers 404",
        answering(_LIST, rewrite=_empty_is_404),
    ),
    must(
        "R-G50-LIMIT",
        "limit-ignored",
        "limit has no effect",
        replacing(cut=lambda items, page: cut(items, Page(page.offset))),
    ),
    must(
        "R-G50-LIMIT",
        "limit-one-too-many",
        "a page has one promotion more than limit",
        replacing(cut=_one_longer),
    ),
    must(
        "R-G50-OFFSET",
        "offset-ignored",
        "offset has no effect",
        replacing(cut=lambda items, page: cut(items, Page(0, page.limit))),
    ),
    must(
        "R-G50-OFFSET",
        "offset-off-by-one",
        "a page after the first begins one too late",
        _shifted(1),
    ),
    must(
        "R-G50-OFFSET",
        "offset-counts-pages",
        "offset is taken as the number of the page",
        replacing(cut=_page_numbers),
    ),
    must(
        "R-G50-OFFSET",
        "pages-overlap",
        "a page repeats the last promotion of the one before",
        _shifted(-1),
    ),
    must(
        "R-G52-TOTAL-COUNT-PAGING",
        "total-count-of-page",
        "X-Total-Count counts the page and not the matches",
        answering(_LIST, rewrite=_total_of_page),
    ),
    should(
        "R-G52-TOTAL-COUNT",
        "total-count-of-collection",
        "X-Total-Count counts all promotions and not the matches",
        _total_of_collection,
    ),
    should(
        "R-G52-TOTAL-COUNT",
        "no-total-count",
        "a list without paging parameters has no X-Total-Count",
        answering(
            _LIST,
            rewrite=lambda call, answer: (
                answer
                if "limit=" in call.query or "offset=" in call.query
                else header("X-Total-Count", None)(call, answer)
            ),
        ),
    ),
    should(
        "R-G53-RESULT-COUNT",
        "result-count-of-all",
        "X-Result-Count counts all matches and not the page",
        answering(
            _LIST,
            rewrite=lambda call, answer: header("X-Result-Count", answer.headers["X-Total-Count"])(
                call, answer
            ),
        ),
    ),
    should(
        "R-G54-LINK",
        "no-link",
        "a page has no Link",
        answering(_LIST, rewrite=header("Link", None)),
    ),
    should(
        "R-G54-LINK",
        "link-loses-filter",
        "the links of a page leave out everything but offset and limit",
        replacing(
            page_headers=lambda page, total, count, url, _query: Behaviour().page_headers(
                page, total, count, url, ""
            )
        ),
    ),
    should(
        "R-G60-SORT",
        "sort-ignored",
        "sort has no effect",
        replacing(sort=lambda items, _keys: list(items)),
    ),
    should(
        "R-G60-SORT",
        "sort-always-ascending",
        "sort=-name sorts like sort=name",
        replacing(sort=_always_ascending),
    ),
    must(
        "R-G55-STATUS",
        "list-answers-202",
        "a list answers 202",
        answering(_LIST, rewrite=status(202)),
    ),
    must(
        "R-M01-SCHEMA-LIST",
        "list-schema-broken",
        "validFor of each promotion in a list is a text",
        answering(
            _LIST,
            rewrite=body(lambda given: [{**item, "validFor": "always"} for item in given]),
        ),
    ),
    must(
        "R-G50-OFFSET-ABSENT",
        "page-without-offset-begins-late",
        "a page without offset begins with the second promotion",
        _begins_at_1,
    ),
    should(
        "R-G52-TOTAL-COUNT",
        "page-without-total-count",
        "a page has no X-Total-Count",
        answering(
            _LIST,
            rewrite=lambda call, answer: (
                header("X-Total-Count", None)(call, answer)
                if "limit=" in call.query or "offset=" in call.query
                else answer
            ),
        ),
    ),
    may(
        "R-G56-CONTENT-RANGE",
        "content-range-from-0",
        "Content-Range counts from 0",
        answering(_LIST, rewrite=_range_from_0),
    ),
    may(
        "R-G101-CONCRETE-TYPE",
        "no-type-in-lists",
        "promotions in a list have no @type",
        answering(_LIST, rewrite=body(lambda given: [without("@type")(item) for item in given])),
    ),
)
