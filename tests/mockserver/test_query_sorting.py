"""Sorting."""

from hypothesis import given
from hypothesis import strategies as st

from mockserver.query.request import parse_query
from mockserver.query.sorting import sort


def sorted_by(query, items):
    return sort(items, parse_query(query).sort)


ITEMS = [
    {"n": 1, "name": "b", "rank": 10, "validFor": {"start": "2024-01-01T00:00:00Z"}},
    {"n": 2, "name": "a", "rank": 9, "validFor": {"start": "2024-01-01T00:00:00+08:00"}},
    {"n": 3, "name": "a", "validFor": {}},
    {"n": 4, "name": "b", "rank": 9.5},
]


def numbers(query):
    return [item["n"] for item in sorted_by(query, ITEMS)]


def test_the_first_key_decides_and_ties_go_to_the_next():
    assert numbers("sort=name,rank") == [2, 3, 4, 1]
    assert numbers("sort=-name,rank") == [4, 1, 2, 3]


def test_plus_may_be_sent_raw_encoded_or_left_out():
    assert numbers("sort=+rank") == numbers("sort=%2Brank") == numbers("sort=rank") == [2, 4, 1, 3]


def test_what_lacks_the_attribute_comes_last_in_both_directions():
    assert numbers("sort=-rank") == [1, 4, 2, 3]
    assert numbers("sort=-validFor.start") == [1, 2, 3, 4]


def test_date_times_sort_by_instant():
    assert numbers("sort=validFor.start")[:2] == [2, 1]


def test_a_repeated_sort_adds_keys():
    assert numbers("sort=name&sort=-rank") == numbers("sort=name,-rank") == [2, 3, 1, 4]


def test_an_unknown_or_empty_key_keeps_the_order():
    assert numbers("sort=nothing") == numbers("sort=") == [1, 2, 3, 4]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12))
def test_sorting_equals_a_plain_recomputation(pairs):
    items = [{"a": a, "b": b, "n": n} for n, (a, b) in enumerate(pairs)]
    expected = sorted(items, key=lambda item: (item["a"], -item["b"], item["n"]))
    assert sorted_by("sort=a,-b", items) == expected
