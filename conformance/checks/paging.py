"""Paging with offset and limit (TMF630 Part 1 §4.5.1; parameters of the TMF671 Swagger).

The list that is paged is that of five promotions of one name, which the run created.
"""

from __future__ import annotations

import requests

from conformance.catalogue import check
from conformance.client import Answer, encoded
from conformance.conditions import exactly, header, ids, json_list, status, that
from conformance.levels import MAY, MUST, SHOULD
from conformance.listing import matches, total_count
from conformance.outcomes import NotApplicable
from conformance.samples import Group
from conformance.target import Target

SIZES = (50, 7, 100, 20)
LONGEST_WALK = 2000


def page(target: Target, series: Group, query: str) -> Answer:
    """Return a page of the series; 200 and 206 both pass."""
    return status(target.list(f"{encoded((('name', series[0].name),))}&{query}"), 200, 206)


@check("TMF671-PAGE-LIMIT", level=MUST, requirements=["R-G50-LIMIT"])
def limit_bounds_the_page(target: Target, series: Group) -> None:
    """`limit=2` returns at most two of five promotions, and at least one.

    A server may give fewer than asked for. 200 and 206 pass.
    """
    found = ids(json_list(page(target, series, "limit=2")))
    that(
        1 <= len(found) <= 2 and set(found) <= set(series.ids),
        "limit=2 does not bound the page",
        expected="one or two promotions of the five that match",
        observed=found,
    )


@check("TMF671-PAGE-OFFSET", level=MUST, requirements=["R-G50-OFFSET"])
def offset_moves_the_page(target: Target, series: Group) -> None:
    """Pages of two, walked by offset, show each of five promotions exactly once.

    Any order passes as long as it stays the same; smaller pages pass.
    """
    walked: list[str] = []
    for _ in range(len(series.ids) + 1):
        found = ids(json_list(page(target, series, f"offset={len(walked)}&limit=2")))
        if not found:
            break
        walked += found
    exactly("the pages together", series.ids, walked, "pages must lose and repeat nothing")


@check("TMF671-PAGE-OFFSET-ABSENT", level=MUST, requirements=["R-G50-OFFSET-ABSENT"])
def offset_is_zero_when_absent(target: Target, series: Group) -> None:
    """A page without offset is the page at offset 0.

    Any order passes as long as it stays the same.
    """
    without = ids(json_list(page(target, series, "limit=2")))
    exactly(
        "the page at offset 0", without, ids(json_list(page(target, series, "offset=0&limit=2")))
    )


@check("TMF671-PAGE-COMPLETE", level=MUST, requirements=["R-G50-LIMIT"])
def a_large_limit_returns_all(target: Target, series: Group) -> None:
    """All promotions that match can be had, in one page or in several.

    A server-side maximum page size passes.
    """
    exactly("the series", series.ids, matches(target, (("name", series[0].name),)))


@check("TMF671-PAGE-STATUS", level=MUST, requirements=["R-G55-STATUS"])
def status_of_a_page(target: Target, series: Group) -> None:
    """A part of the list is answered 200 or 206.

    The guideline gives both, so both pass.
    """
    status(target.list(f"{encoded((('name', series[0].name),))}&limit=2"), 200, 206)


@check("TMF671-PAGE-TOTAL-COUNT", level=MUST, requirements=["R-G52-TOTAL-COUNT-PAGING"])
def total_count_is_that_of_all_matches(target: Target, series: Group) -> None:
    """X-Total-Count on a page counts all promotions that match, not those of the page.

    A server that does not send it is not judged here: the editions of the guideline differ on
    whether it must.
    """
    answer = page(target, series, "limit=2")
    if answer.header("X-Total-Count") is None:
        raise NotApplicable("the target sends no X-Total-Count")
    that(
        total_count(answer) == len(series.ids),
        "X-Total-Count is not the number of promotions that match",
        expected=len(series.ids),
        observed=answer.header("X-Total-Count"),
    )


@check("TMF671-PAGE-TOTAL-COUNT-SENT", level=SHOULD, requirements=["R-G52-TOTAL-COUNT"])
def total_count_is_sent(target: Target, series: Group) -> None:
    """A page tells in X-Total-Count how many promotions match.

    The editions of the guideline differ on whether it must, so a miss is a warning.
    """
    header(page(target, series, "limit=2"), "X-Total-Count")


@check("TMF671-PAGE-RESULT-COUNT", level=SHOULD, requirements=["R-G53-RESULT-COUNT"])
def result_count_is_that_of_the_page(target: Target, series: Group) -> None:
    """X-Result-Count on a page counts the promotions of that page.

    It is declared by the published description, so a miss is a warning.
    """
    answer = page(target, series, "limit=2")
    that(
        header(answer, "X-Result-Count").strip() == str(len(json_list(answer))),
        "X-Result-Count is not the number of promotions in the page",
        expected=len(json_list(answer)),
        observed=answer.header("X-Result-Count"),
    )


@check("TMF671-PAGE-LINK", level=SHOULD, requirements=["R-G54-LINK"])
def link_leads_to_the_next_page(target: Target, series: Group) -> None:
    """The first page has a Link to the next one, which keeps the filter and repeats nothing.

    Relative and absolute links pass.
    """
    first = page(target, series, "offset=0&limit=2")
    links = {
        link.get("rel"): link["url"]
        for link in requests.utils.parse_header_links(header(first, "Link"))
    }
    that(
        "next" in links,
        "Link names no next page",
        expected="rel=next",
        observed=sorted(map(str, links)),
    )
    query = target.absolute(links["next"]).partition("?")[2]
    found = ids(json_list(status(target.list(query), 200, 206)))
    fresh = set(series.ids) - set(ids(json_list(first)))
    that(
        bool(found) and set(found) <= fresh,
        "the next page does not go on where the first ended",
        expected=f"some of {sorted(fresh)}",
        observed=found,
    )


@check("TMF671-PAGE-BEYOND", level=MAY, requirements=["R-G57-BEYOND-END"])
def offset_beyond_the_end(target: Target, series: Group) -> None:
    """An offset beyond the end gives an empty page or 416, not a fault.

    No rule is published, so 200, 206, 404 and 416 pass.
    """
    answer = target.list(f"{encoded((('name', series[0].name),))}&offset=1000&limit=2")
    status(answer, 200, 206, 400, 404, 416)
    if answer.succeeded:
        exactly("the page beyond the end", [], ids(json_list(answer)))


@check("TMF671-PAGE-BAD-LIMIT", level=SHOULD, requirements=["R-G58-BAD-PAGING"], writes=False)
def bad_limit_is_refused(target: Target) -> None:
    """A limit that is negative, or no number, is refused.

    400 or 422 pass.
    """
    status(target.list("limit=-1"), 400, 422)
    status(target.list("limit=two"), 400, 422)


@check("TMF671-PAGE-BAD-OFFSET", level=SHOULD, requirements=["R-G58-BAD-PAGING"], writes=False)
def bad_offset_is_refused(target: Target) -> None:
    """An offset that is negative, or no number, is refused.

    400, 416 or 422 pass.
    """
    status(target.list("offset=-1&limit=2"), 400, 416, 422)
    status(target.list("offset=two&limit=2"), 400, 416, 422)


@check("TMF671-PAGE-CONTENT-RANGE", level=MAY, requirements=["R-G56-CONTENT-RANGE"])
def content_range_is_right(target: Target, series: Group) -> None:
    """Where a page has a Content-Range, it counts the page's items from 1, and all matches.

    It is the older style of paging; a target without it is not judged.
    """
    answer = page(target, series, "offset=2&limit=2")
    shown = answer.header("Content-Range")
    if shown is None:
        raise NotApplicable("the target sends no Content-Range")
    last = 2 + len(json_list(answer))
    expected = f"items 3-{last}/{len(series.ids)}"
    that(
        shown == expected,
        "Content-Range is not that of the page",
        expected=expected,
        observed=shown,
    )


@check("TMF671-PAGE-WALK", level=MUST, requirements=["R-G50-OFFSET", "R-G50-LIMIT"])
def whole_list_is_walked(target: Target, series: Group) -> None:
    """The whole list, walked in pages of changing size, shows each of the run's own exactly once.

    Others' promotions are only counted over. A list of more than 2,000 is not walked.
    """
    total = total_count(status(target.list("limit=1"), 200, 206))
    if total is None or total > LONGEST_WALK:
        raise NotApplicable("the list is too long to walk, or does not tell its length")
    walked: list[str] = []
    for turn in range(LONGEST_WALK):
        limit = SIZES[turn % len(SIZES)]
        answer = status(target.list(f"offset={len(walked)}&limit={limit}"), 200, 206)
        found = ids(json_list(answer))
        if not found:
            break
        walked += found
    own = [one for one in walked if one in set(series.ids)]
    exactly("the run's own promotions in the walk", series.ids, own)


@check("TMF671-PAGE-CONCRETE-TYPE", level=MAY, requirements=["R-G101-CONCRETE-TYPE"])
def items_name_their_type(target: Target, series: Group) -> None:
    """Each promotion in a list names its concrete @type.

    Any name passes but an abstract one; a target that shows no @type anywhere is reported.
    """
    items = json_list(page(target, series, "limit=5"))
    types = [item.get("@type") for item in items]
    that(
        all(isinstance(one, str) and one and one not in {"Entity", "Extensible"} for one in types),
        "a promotion in the list does not name its concrete type",
        expected="Promotion, or a subtype of it",
        observed=types,
    )
