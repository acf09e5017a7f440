"""Sorting with `sort` (TMF630 Part 1 §4.7).

The guideline asks for it, the TMF671 Swagger does not list the parameter; so a miss is a warning.
The list that is sorted is that of five promotions of one name, whose descriptions differ in their
last letter only: every collation puts these in one order.
"""

from __future__ import annotations

from conformance.catalogue import check
from conformance.client import encoded
from conformance.conditions import equal, ids, json_list, status
from conformance.fixtures import SERIES_ORDER
from conformance.levels import MAY, SHOULD
from conformance.samples import Group
from conformance.target import Target


def sorted_ids(target: Target, series: Group, sort: str, more: str = "") -> list[str]:
    """Return the ids of the series as the target sorts them."""
    query = f"{encoded((('name', series[0].name),))}&sort={sort}{more}"
    return ids(json_list(status(target.list(query), 200, 206)))


def by_description(series: Group) -> list[str]:
    """Return the ids of the series from the description that ends with a to the one with e."""
    return [identity for _, identity in sorted(zip(SERIES_ORDER, series.ids, strict=True))]


@check("TMF671-SORT-ASCENDING", level=SHOULD, requirements=["R-G60-SORT"])
def ascending(target: Target, series: Group) -> None:
    """`sort=description` gives the promotions from the least description to the greatest.

    A server-side maximum page size below five is not expected here.
    """
    expected = by_description(series)
    equal("the order", expected, sorted_ids(target, series, "description"))


@check("TMF671-SORT-DESCENDING", level=SHOULD, requirements=["R-G60-SORT"])
def descending(target: Target, series: Group) -> None:
    """`sort=-description` gives the promotions from the greatest description to the least.

    Nothing else passes: an ignored sort gives the order of creation.
    """
    expected = by_description(series)[::-1]
    equal("the order", expected, sorted_ids(target, series, "-description"))


@check("TMF671-SORT-PLUS", level=MAY, requirements=["R-G60-SORT"])
def with_a_plus(target: Target, series: Group) -> None:
    """`sort=+description` is the same as `sort=description`.

    The plus is percent-encoded, since a plain one is a space in some readings.
    """
    expected = by_description(series)
    equal("the order", expected, sorted_ids(target, series, "%2Bdescription"))


@check("TMF671-SORT-SEVERAL", level=SHOULD, requirements=["R-G60-SORT"])
def by_several_keys(target: Target, series: Group) -> None:
    """`sort=name,-description` orders by the second key where the first is equal.

    All promotions of the series have one name.
    """
    expected = by_description(series)[::-1]
    equal("the order", expected, sorted_ids(target, series, "name,-description"))


@check("TMF671-SORT-PAGES", level=SHOULD, requirements=["R-G60-SORT"])
def before_paging(target: Target, series: Group) -> None:
    """Sorting comes before paging: the pages of a sorted list are in order together.

    Pages may be smaller than asked for.
    """
    walked: list[str] = []
    for _ in series.ids:
        page = sorted_ids(target, series, "-description", f"&offset={len(walked)}&limit=2")
        if not page:
            break
        walked += page
    equal("the order over pages", by_description(series)[::-1], walked)
