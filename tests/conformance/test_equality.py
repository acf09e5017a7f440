import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.equality import difference, instant

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_a_value_does_not_differ_from_itself(value):
    assert difference(value, value, exact=True) is None


@given(st.dictionaries(st.text(), json_values, min_size=1))
def test_a_missing_attribute_is_a_difference_and_an_extra_one_only_when_exact(value):
    name = next(iter(value))
    less = {key: inner for key, inner in value.items() if key != name}
    assert difference(value, less, exact=False) is not None
    assert difference(less, value, exact=True) is not None
    assert difference(less, value, exact=False) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01t08:00:00+08:00"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"),
        ("2026-01-01T00:00:00.123Z", "2026-01-01T00:00:00.123456Z"),
    ],
)
def test_one_instant_may_be_written_in_many_ways(one, other):
    assert difference(one, other, exact=True) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
        (1, True),
        (0, False),
        ("1", 1),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        ({"a": None}, {}),
        ("a", "A"),
    ],
)
def test_what_differs_is_found(one, other):
    assert difference(one, other, exact=False) is not None


def test_the_difference_names_its_place():
    expected = {"pattern": [{"name": "a", "action": [{"actionType": "x"}]}]}
    observed = {"pattern": [{"name": "a", "action": [{"actionType": "y"}]}]}
    found = difference(expected, observed, exact=False)
    assert found is not None
    assert (found.path, found.expected, found.observed) == (
        "pattern[0].action[0].actionType",
        "x",
        "y",
    )


@pytest.mark.parametrize("text", ["2026-13-01T00:00:00Z", "2026-01-01", "soon", "", None, 7])
def test_what_is_no_date_time_is_no_instant(text):
    assert instant(text) is None
