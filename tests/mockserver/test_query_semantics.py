"""Attributes and operators that make no sense for a promotion, and the range of a list."""

import pytest

import specs
from mockserver.attributes import check_attributes
from mockserver.query.errors import QueryError
from mockserver.query.paging import Page, parse_range
from mockserver.query.request import parse_query

SCHEMA = specs.load("4.1.0").schema("Promotion")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("name.first=x", "'name.first': name has no attributes; operators are .eq, .gt"),
        ("fields=pattern.name.x", "'pattern.name.x': pattern.name has no attributes"),
        ("sort=lastUpdate.year", "'lastUpdate.year': lastUpdate has no attributes"),
        ("validFor=2026", "'validFor': is an object; name an attribute of it, such as validFor."),
        ("pattern.action.regex=x", "'pattern.action': is an object"),
        ("sort=-pattern", "'pattern': is an object"),
        ("lastUpdate.gt=soon", "'lastUpdate.gt=soon': is compared with a date"),
        ("validFor.endDateTime%3C=1,2026-01-01", "'validFor.endDateTime.lte=1': is compared with"),
        ("pattern.priority.gte=high", "'pattern.priority.gte=high': is compared with a number"),
        ("attachment.size.amount.lt=", "'attachment.size.amount.lt=': is compared with a number"),
    ],
)
def test_a_part_that_makes_no_sense_is_named_with_its_reason(query, said):
    with pytest.raises(QueryError) as caught:
        check_attributes(parse_query(query), SCHEMA)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    "query",
    [
        "lastUpdate.gt=2026-01-01",
        "lastUpdate.gt=2026-01-01t00:00:00z",
        "lastUpdate.gt=%222026-01-01T00:00:00%2B08:00%22",
        "lastUpdate.gt=2026",
        "lastUpdate.gt=2026-05",
        "lastUpdate=soon",
        "lastUpdate.regex=%5E2026",
        "pattern.priority.gt=-1.5e3",
        "pattern.priority=high",
        "name.gt=5",
        "fields=validFor,pattern",
        "sort=validFor.endDateTime,-pattern.priority",
        "extension=5&extension.deep.gt=x&sort=extension&validFor.extra.gt=x",
    ],
)
def test_what_may_make_sense_passes(query):
    check_attributes(parse_query(query), SCHEMA)


@pytest.mark.parametrize(
    ("header", "page"),
    [
        ("items=1-10", Page(0, 10)),
        ("items=11-20", Page(10, 10)),
        ("items=5-5", Page(4, 1)),
        ("items=5-", Page(4, None)),
        (None, None),
        ("", None),
        ("bytes=0-9", None),
        ("items=0-9", None),
        ("items=9-3", None),
        ("items=-5", None),
        ("items=1-2,4-5", None),
        ("items=one-two", None),
    ],
)
def test_a_range_counts_items_from_one(header, page):
    assert parse_range(header) == page


def test_a_range_is_answered_by_206_or_416(start):
    mock = start()
    for name in "abcde":
        mock.create(name=name)
    part = mock("GET", "/promotion?sort=-name", headers={"Range": "items=2-3"})
    assert part.status_code == 206
    assert [promotion["name"] for promotion in part.json()] == ["d", "c"]
    assert part.headers["Content-Range"] == "items 2-3/5"
    beyond = mock("GET", "/promotion", headers={"Range": "items=6-9"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == "items */5"
    assert beyond.json()["reason"] == "Range not satisfiable"
    both = mock("GET", "/promotion?limit=1", headers={"Range": "items=2-3"})
    assert [promotion["name"] for promotion in both.json()] == ["a"]
