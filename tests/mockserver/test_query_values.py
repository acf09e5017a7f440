"""How texts compare with JSON values."""

import pytest

from mockserver.query.values import Operand, equals, order, parse_moment


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Summer", "Summer"),
        (5, "5"),
        (5, "5.0"),
        (0.1, "0.10"),
        (10**30, "1e30"),
        (True, "true"),
        (None, "null"),
        ("2024-05-01T12:00:00Z", "2024-05-01T12:00:00.000Z"),
        ("2024-05-01T12:00:00Z", "2024-05-01t20:00:00+08:00"),
        ("2024-05-01T12:00:00Z", "2024-05-01T20:00:00 08:00"),
        ("2024-05-01t12:00:00z", "2024-05-01T12:00:00Z"),
        ("2024-05-01T23:30:00-03:00", "2024-05-01"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
    ],
)
def test_a_value_equals_the_text_that_means_the_same(value, text):
    assert equals(value, Operand(text))
    assert order(value, Operand(text)) in {0, None}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Summer", "summer"),
        ("Summer sale", "Summer"),
        ("7", "007"),
        (5, "5x"),
        (1, "true"),
        (True, "1"),
        (True, "True"),
        (5, "NaN"),
        ("2024-05-01T12:00:00Z", "2024-05-02"),
        ("2024-05-01T12:00:00Z", "2024-05-01T12:00:00+01:00"),
        ("2024-13-01T12:00:00Z", "2024-13-01T12:00:00.0Z"),
        ({"a": 1}, "a"),
        ([5], "5"),
    ],
)
def test_a_value_does_not_equal_a_text_that_means_something_else(value, text):
    assert not equals(value, Operand(text))


@pytest.mark.parametrize(
    ("value", "text", "sign"),
    [
        (9, "10", -1),
        ("9", "10", -1),
        ("b", "a", 1),
        (0.30000000000000004, "0.3", 1),
        ("2024-05-01T12:00:00+08:00", "2024-05-01T05:00:00Z", -1),
        ("2024-05-01T12:00:00.0000001Z", "2024-05-01T12:00:00Z", 1),
        ("2024-05-01T23:59:59Z", "2024-05-01", 0),
        ("2024-05-02T00:00:00Z", "2024-05-01", 1),
        ("2024-05-01", "2024-05-01T12:00:00Z", 0),
        (5, "five", None),
        (True, "true", None),
        (None, "null", None),
        ({}, "a", None),
    ],
)
def test_values_are_ordered_as_numbers_times_or_texts(value, text, sign):
    assert order(value, Operand(text)) == sign


@pytest.mark.parametrize("text", ["2024-02-30T00:00:00Z", "2024-05-01", "25:00", "2024-05-01T"])
def test_what_is_no_date_time_is_none(text):
    assert parse_moment(text) is None


def test_a_date_time_before_year_one_in_utc_still_has_an_instant():
    assert parse_moment("0001-01-01T00:00:00+08:00").instant == -62135596800 - 8 * 3600
