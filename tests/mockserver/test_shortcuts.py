"""What is quick gives what is slow: the parser, the validation, and the read of one promotion."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import specs
from mockserver.errors import ProblemError
from mockserver.json_text import _parse_warily, parse_json, read_json, same_json, write_json
from mockserver.quick_validation import surely_valid
from mockserver.slices import at_once

TEXTS = st.sampled_from(["", "a", '"', "\\", '":', "{", "[[", "ü", "\u2028", "0" * 301, "\x7f"])
NUMBERS = st.sampled_from([0, -1, 1.5, 1e300, 10**299, 10**300, -(10**301), 2**70, 5e-324])
VALUES = st.recursive(
    TEXTS | NUMBERS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def outcome(parse, body):
    try:
        return json.dumps(parse(body))
    except ProblemError as problem:
        return str(problem)


@settings(deadline=None)
@given(value=VALUES, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
def test_the_quick_parser_finds_what_the_wary_one_finds(value, ascii_only, indent):
    body = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    assert outcome(parse_json, body) == outcome(_parse_warily, body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b'{"a":1,"a":2}',
        b'{"a" :1, "a" :2}',
        b'{"a":1,"\\u0061":2}',
        b'{"a":1,"a":"\\u0022:"}',
        b'{"x":{"a":1,"b":"c","a":"d"},"y":"\\"\\""}',
        b"NaN",
        b"[Infinity]",
        b"1e400",
        b"[1e-400]",
        b"9" * 300,
        b"9" * 301,
        b"-" + b"9" * 300,
        b"0." + b"3" * 400,
        b"[" * 99 + b"]" * 99,
        b"[" * 101 + b"]" * 101,
        b"[" * 102 + b"]" * 102,
        b"[" * 10_000,
        b'"\\ud800"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"a\nb"',
        b"\xef\xbb\xbf{}",
        b"{} {}",
        b'{"a":1,}',
        b"01",
        b"'a'",
    ],
)
def test_the_quick_parser_refuses_what_the_wary_one_refuses(body):
    assert outcome(parse_json, body) == outcome(_parse_warily, body)


@settings(deadline=None)
@given(value=VALUES)
def test_what_is_written_is_read_back(value):
    assert same_json(read_json(write_json(value)), value)


def test_half_of_a_surrogate_pair_is_written_as_an_escape_and_read_back():
    assert write_json({"a": "x\udcff"}) == b'{"a":"x\\udcff"}'
    assert read_json(b'{"a":"x\\udcff"}') == {"a": "x\udcff"}


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, True, False),
        (1, 1.0, False),
        (0.0, -0.0, False),
        ([1, {"a": None}], [1, {"a": None}], True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([1], [1, 2], False),
        ([[True]], [[1]], False),
    ],
)
def test_values_are_the_same_only_if_their_json_is(left, right, same):
    assert same_json(left, right) is same


ODD = st.sampled_from(
    [
        *("2026-01-01T00:00:00Z", "2026-01-01t00:00:00z", "2026-06-30T23:59:60Z", "2026-01-01"),
        *("0000-01-01T00:00:00Z", "2026-01-01T00:00:00Z\n", "http://a/\n", "http://a b", "x", ""),
        *(" ", "\x1c", "\x85", "\u2007", 5, 5.0, None, True, [], {}),
    ]
)
CRITERIA = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("criteriaOperator", "criteriaParameter", "criteriaValue"), ODD),
)
PROMOTIONS = st.fixed_dictionaries(
    {},
    optional={
        "name": ODD,
        "href": ODD,
        "lastUpdate": ODD,
        "description": ODD,
        "validFor": ODD | st.fixed_dictionaries({"startDateTime": ODD}),
        "pattern": ODD
        | st.lists(
            st.fixed_dictionaries(
                {
                    "action": st.lists(st.fixed_dictionaries({"actionType": ODD}), max_size=1),
                    "criteriaGroup": st.lists(
                        st.fixed_dictionaries({"criteria": st.lists(CRITERIA, max_size=1)}),
                        max_size=1,
                    ),
                },
                optional={"priority": ODD},
            ),
            max_size=1,
        ),
    },
)
VALIDATOR = specs.load("4.1.0").validator("Promotion_Create")


@settings(deadline=None, max_examples=300)
@given(promotion=PROMOTIONS)
def test_what_is_surely_valid_is_valid(promotion):
    assert surely_valid(promotion, VALIDATOR) == VALIDATOR.is_valid(promotion)


@pytest.mark.parametrize("path", ["/promotion/one", "/promotion/o%20n%C3%A4%2F", "/promotion/none"])
@pytest.mark.parametrize(
    ("slow", "quick"),
    [
        ({"Accept": "application/json, */*;q=0.1"}, {"Accept": "*/*"}),
        ({"If-Match": "*"}, {}),
        ({"If-None-Match": '"other"'}, {"Accept": "application/json"}),
    ],
)
def test_the_quick_read_answers_as_the_long_way_does(start, path, slow, quick):
    text = "x" * 1500  # long enough for a coding
    data = [
        {"id": "one", "name": "One", "description": text},
        {"id": "o nä/", "name": "Ünïcode"},
    ]
    mock = start(data=data)
    answers = [mock("GET", path, headers=headers) for headers in (slow, quick)]
    first, second = [
        (answer.status_code, answer.content, {**answer.headers, "Date": ""}) for answer in answers
    ]
    assert first == second
    origin = mock.root.partition("/tmf-api")[0]
    noted = mock.session.get(f"{origin}/_mock/journal", timeout=5).json()
    kept = ("method", "path", "query", "status", "responseHeaders", "responseBody")
    assert [noted[0][name] for name in kept] == [noted[1][name] for name in kept]


def test_work_without_a_pause_is_not_kept_waiting():
    def work():
        yield
        return 5

    assert at_once(work()) == 5
