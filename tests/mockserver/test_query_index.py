"""Indexes and shortcuts of a scan: the answer is that of asking every representation."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver import slices
from mockserver.behaviour import represent
from mockserver.ordering import ordered
from mockserver.query.filtering import matches
from mockserver.query.request import parse_query
from mockserver.query.sorting import sort
from mockserver.record import root_text
from mockserver.scan import indexed, matching
from mockserver.slices import at_once
from mockserver.store import INDEXED, PromotionStore

ROOT = "http://host/api"
TEXTS = [
    "a",
    "A",
    "b",
    "",
    "5",
    "5.0",
    "true",
    "null",
    'say "a"',
    "back\\slash",
    "ü",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "2026-01-01T01:00:00+01:00",
]
SCALARS = st.sampled_from([*TEXTS, 5, 5.5, True, None])
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.fixed_dictionaries({"a": SCALARS})
NAMES = ["id", "href", "lifecycleStatus", "name", "note", "promotionType", "validFor"]
ATTRIBUTES = st.dictionaries(st.sampled_from(NAMES[2:]), st.sampled_from(TEXTS) | VALUES)
IDS = st.sampled_from(["1", "2", "3", "a", "b c", "ü"])
CHANGES = st.lists(
    st.tuples(st.just("put"), IDS, ATTRIBUTES) | st.tuples(st.just("remove"), IDS, st.just({})),
    max_size=25,
)
PATHS = st.sampled_from([*NAMES, "note.a", "validFor.a", "name.a"])
OPERATORS = st.sampled_from(["=", ".gt=", ".lte=", ".regex="])
VALUE = st.sampled_from(
    [
        *("a", "A", "b", "5", "true", "null", "1", "b%20c", "%C3%BC", "back%5C%5Cslash"),
        *("2026-01-01", "2026-01-01T00:00:00Z", "a,b", "5,a", '"say%20%5C"a%5C""'),
        f"{ROOT}/promotion/1",
    ]
)
CONDITION = st.builds("{}{}{}".format, PATHS, OPERATORS, VALUE)
QUERIES = st.lists(CONDITION, min_size=1, max_size=3).map("&".join) | st.lists(
    CONDITION, min_size=2, max_size=2
).map(";".join)


def changed(store, changes):
    for what, promotion_id, attributes in changes:
        if what == "put":
            store.put({"id": promotion_id, **attributes})
        elif promotion_id in store:
            store.remove(promotion_id)


def representations(store):
    return [represent(record.promotion, ROOT) for record in store]


@settings(deadline=None, max_examples=400)
@given(changes=CHANGES, query=QUERIES)
def test_a_scan_finds_what_asking_every_representation_finds(changes, query):
    store = PromotionStore()
    changed(store, changes)
    conditions = parse_query(query).conditions
    expected = [shown for shown in representations(store) if matches(shown, conditions)]
    found = at_once(matching(store, conditions, ROOT))
    assert [json.loads(record.shown(root_text(ROOT))) for record in found] == expected


@settings(deadline=None, max_examples=300)
@given(
    changes=CHANGES,
    attribute=st.sampled_from(["id", *INDEXED]),
    texts=st.lists(st.sampled_from(["1", "a", "A", "b", "5", "ü", "back\\slash"]), min_size=1),
)
def test_an_index_stays_right_under_every_change(changes, attribute, texts):
    store = PromotionStore()
    changed(store, changes)
    query = f"{attribute}={','.join(text.replace(chr(92), '%5C%5C') for text in texts)}"
    conditions = parse_query(query).conditions
    expected = [shown for shown in representations(store) if matches(shown, conditions)]
    numbers, left = indexed(store, conditions)
    no_text = any(
        attribute in shown and not isinstance(shown[attribute], str)
        for shown in representations(store)
    )
    assert (numbers is None) == no_text
    if numbers is not None:
        assert left == ()
        found = [store.numbered(number).promotion for number in numbers]
        assert [represent(promotion, ROOT) for promotion in found] == expected


@settings(deadline=None, max_examples=200)
@given(
    changes=CHANGES,
    keys=st.lists(st.builds("{}{}".format, st.sampled_from(["-", ""]), PATHS), min_size=1),
)
def test_sorting_records_equals_sorting_their_representations(changes, keys):
    store = PromotionStore()
    changed(store, changes)
    parsed = parse_query(f"sort={','.join(keys)}").sort
    expected = sort(representations(store), parsed)
    found = at_once(ordered(list(store), parsed, ROOT))
    assert [json.loads(record.shown(root_text(ROOT))) for record in found] == expected


def test_a_long_result_is_sorted_as_a_short_one_is():
    store = PromotionStore()
    for number in range(5000):
        store.put({"id": str(number), "rank": number * 7919 % 50, "name": f"n{number % 3}"})
    parsed = parse_query("sort=-rank,name").sort
    expected = sort(representations(store), parsed)
    found = at_once(ordered(list(store), parsed, ROOT))
    assert [record.id for record in found] == [shown["id"] for shown in expected]


def test_a_scan_sees_the_catalogue_as_it_was_at_its_first_slice(monkeypatch):
    monkeypatch.setattr(slices, "SECONDS", -1)  # a pause after each block
    store = PromotionStore()
    for number in range(2000):
        store.put({"id": str(number), "name": "old", "note": "kept"})
    scan = matching(store, parse_query("note=kept").conditions, ROOT)
    next(scan)
    store.put({"id": "1999", "name": "new", "note": "gone"})
    store.remove("1998")
    store.put({"id": "2000", "name": "new", "note": "kept"})
    found = at_once(scan)
    assert [record.id for record in found] == [str(number) for number in range(2000)]
    assert {record.promotion["name"] for record in found} == {"old"}
    again = at_once(matching(store, parse_query("note=kept").conditions, ROOT))
    assert [record.id for record in again][-2:] == ["1997", "2000"]


def test_a_page_counts_only_what_is_still_there():
    store = PromotionStore()
    for number in range(1000):
        store.put({"id": str(number), "name": "a"})
    for number in range(0, 1000, 2):
        store.remove(str(number))
    assert [record.id for record in store.page(100, 3)] == ["201", "203", "205"]
    assert [record.id for record in store.page(499, 9)] == ["999"]
    assert store.page(500, None) == []
    store.put({"id": "0", "name": "a"})
    assert [record.id for record in store.page(499, None)] == ["999", "0"]
