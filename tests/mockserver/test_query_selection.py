"""Attribute selection."""

import pytest

from mockserver.query.request import parse_query
from mockserver.query.selection import select

PROMOTION = {
    "id": "1",
    "href": "/1",
    "name": "n",
    "validFor": {"startDateTime": "s", "endDateTime": "e"},
    "pattern": [{"name": "p", "action": [{"actionType": "t", "actionValue": "v"}]}],
}
KEPT = {"id": "1", "href": "/1"}


@pytest.mark.parametrize(
    ("query", "selected"),
    [
        ("", PROMOTION),
        ("fields=", PROMOTION),
        ("fields=none", KEPT),
        ("fields=name", {**KEPT, "name": "n"}),
        ("fields=id", KEPT),
        ("fields=%20name%20,nothing", {**KEPT, "name": "n"}),
        ("fields=name&fields=validFor", {**KEPT, "name": "n", "validFor": PROMOTION["validFor"]}),
        ("fields=name%2Chref", {**KEPT, "name": "n"}),
        ("fields=validFor.endDateTime", {**KEPT, "validFor": {"endDateTime": "e"}}),
        (
            "fields=pattern.action.actionType",
            {**KEPT, "pattern": [{"action": [{"actionType": "t"}]}]},
        ),
        ("fields=%C2%8F,name.,name", {**KEPT, "name": "n"}),
        ("fields=.", KEPT),
        ("fields=validFor..endDateTime,a..b", {**KEPT, "validFor": {}}),
        ("fields=validFor,validFor.endDateTime", {**KEPT, "validFor": PROMOTION["validFor"]}),
    ],
)
def test_a_selection_returns_what_it_names_with_id_and_href(query, selected):
    assert select(PROMOTION, parse_query(query).selection) == selected


def test_attributes_keep_their_own_order():
    assert list(select(PROMOTION, parse_query("fields=validFor,name").selection)) == [
        "id",
        "href",
        "name",
        "validFor",
    ]


def test_a_reserved_name_takes_a_value_that_begins_with_a_tilde():
    from mockserver.query.request import parse_query

    assert parse_query("fields=~x").selection == parse_query("fields=%7Ex").selection
