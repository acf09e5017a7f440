"""YAML is read with the types of JSON, safely."""

import pytest

from specs.yaml_text import YamlError, parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-01-02", "2026-01-02"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("yes", "yes"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("007", "007"),
        ("12:30:00", "12:30:00"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("-2.5E-1", -0.25),
        ("4.1.0", "4.1.0"),
        ("'12'", "12"),
        ("[1, {a: b}]", [1, {"a": "b"}]),
        ('{"a": [true, null]}', {"a": [True, None]}),
    ],
)
def test_scalars_have_the_types_of_json(text, value):
    found = parse(text)
    assert found == value
    assert type(found) is type(value)


def test_keys_are_strings():
    assert parse("200: a\ntrue: b\nnull: c\n1.5: d") == {
        "200": "a",
        "true": "b",
        "null": "c",
        "1.5": "d",
    }


def test_merge_keys_and_aliases_work():
    text = "base: &base {a: 1}\nother: {<<: *base, b: 2}\nsame: *base\n"
    assert parse(text) == {"base": {"a": 1}, "other": {"a": 1, "b": 2}, "same": {"a": 1}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: [", r"line 3: .+"),
        ("a: !!python/object/apply:os.system [ls]", r"line 1: could not determine a constructor.+"),
        ("a: &a [*a]", r"an alias contains itself"),
        ("[" * 5000, r"(line 1: exceeded maximum nesting depth|nested too deeply)"),
        ("a\x07b", r".*"),
    ],
)
def test_what_is_not_acceptable_is_refused_in_one_line(text, message):
    with pytest.raises(YamlError, match=f"^{message}$") as refusal:
        parse(text)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("row", ["[{}]", "{{<<: [{}]}}"])
def test_aliases_that_unfold_without_end_are_refused(row):
    lines = [
        f"a{level}: &a{level} " + row.format(", ".join([f"*a{level - 1}"] * 10))
        for level in range(1, 12)
    ]
    text = "\n".join(["a0: &a0 {x: 1}", *lines])
    with pytest.raises(YamlError, match=r"^aliases unfold into more than 1000000 values$"):
        parse(text)
