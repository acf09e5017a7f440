import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.query.errors import QueryError
from mockserver.query.paths import dotted
from mockserver.query.selection import parse_selection, select
from mockserver.query.sorting import SortKey, parse_sort


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("$.name", "name"),
        ("$.validFor.endDateTime", "validFor.endDateTime"),
        ("$['validFor']['endDateTime']", "validFor.endDateTime"),
        ("$.pattern[*].action[*].actionType", "pattern.action.actionType"),
        ("$.@type", "@type"),
        ("name", "name"),
        ("validFor.endDateTime", "validFor.endDateTime"),
    ],
)
def test_a_json_path_of_names_is_the_dotted_name(text, name):
    assert dotted(text) == name


@pytest.mark.parametrize(
    "text", ["$", "$[*]", "$..name", "$.pattern[0]", "$.pattern[?(@.name)]", "$name", "$.", "$.a b"]
)
def test_any_other_json_path_is_refused_by_its_text(text):
    with pytest.raises(QueryError) as caught:
        dotted(text)
    assert caught.value.part == text


@given(st.lists(st.from_regex(r"[a-z][A-Za-z]{0,6}", fullmatch=True), min_size=1, max_size=4))
def test_both_spellings_of_a_path_are_one(names):
    assert dotted("$." + ".".join(names)) == dotted("$" + "".join(f"['{n}']" for n in names))


def test_fields_and_sort_take_it():
    assert parse_selection("$.name,$.validFor.endDateTime") == (
        ("name",),
        ("validFor", "endDateTime"),
    )
    assert parse_sort("-$.validFor.endDateTime") == (SortKey(("validFor", "endDateTime"), True),)


def test_a_selection_skips_any_other_json_path_and_a_sort_refuses_it():
    assert select({"id": "1", "href": "h", "name": "n"}, parse_selection("$,$..name,name")) == {
        "id": "1",
        "href": "h",
        "name": "n",
    }
    assert select({"id": "1", "href": "h", "name": "n"}, parse_selection("$")) == {
        "id": "1",
        "href": "h",
    }
    with pytest.raises(QueryError):
        parse_sort("$..name")
