"""JSON Patch: the examples of RFC 6902 Appendix A, its laws, and patches that mean harm."""

import copy
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.errors import ProblemError
from mockserver.patch.json_patch import json_patch

APPENDIX_A = [
    ("A.1", {"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}],
     {"baz": "qux", "foo": "bar"}),
    ("A.2", {"foo": ["bar", "baz"]}, [{"op": "add", "path": "/foo/1", "value": "qux"}],
     {"foo": ["bar", "qux", "baz"]}),
    ("A.3", {"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
    ("A.4", {"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}],
     {"foo": ["bar", "baz"]}),
    ("A.5", {"baz": "qux", "foo": "bar"}, [{"op": "replace", "path": "/baz", "value": "boo"}],
     {"baz": "boo", "foo": "bar"}),
    ("A.6", {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
     [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
     {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}}),
    ("A.7", {"foo": ["all", "grass", "cows", "eat"]},
     [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
     {"foo": ["all", "cows", "eat", "grass"]}),
    ("A.8", {"baz": "qux", "foo": ["a", 2, "c"]},
     [{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2}],
     {"baz": "qux", "foo": ["a", 2, "c"]}),
    ("A.10", {"foo": "bar"}, [{"op": "add", "path": "/child", "value": {"grandchild": {}}}],
     {"foo": "bar", "child": {"grandchild": {}}}),
    ("A.11", {"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux", "xyz": 123}],
     {"foo": "bar", "baz": "qux"}),
    ("A.14", {"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}],
     {"/": 9, "~1": 10}),
    ("A.16", {"foo": ["bar"]}, [{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}],
     {"foo": ["bar", ["abc", "def"]]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [pytest.param(*example[1:], id=example[0]) for example in APPENDIX_A],
)
def test_each_example_of_rfc_6902_that_succeeds(target, patch, result):
    assert json_patch(target, patch) == result


REFUSED = [
    ("A.9", {"baz": "qux"}, {"op": "test", "path": "/baz", "value": "bar"}, 409, "testFailed"),
    ("A.12", {"foo": "bar"}, {"op": "add", "path": "/baz/bat", "value": "qux"}, 409,
     "patchConflict"),
    ("A.15", {"/": 9, "~1": 10}, {"op": "test", "path": "/~01", "value": "10"}, 409, "testFailed"),
    ("true-is-not-1", {"a": 1}, {"op": "test", "path": "/a", "value": True}, 409, "testFailed"),
    ("test-of-nothing", {}, {"op": "test", "path": "/a", "value": 1}, 409, "testFailed"),
    ("remove-nothing", {}, {"op": "remove", "path": "/a"}, 409, "patchConflict"),
    ("replace-nothing", {}, {"op": "replace", "path": "/a", "value": 1}, 409, "patchConflict"),
    ("index-beyond", {"a": [1]}, {"op": "add", "path": "/a/2", "value": 1}, 409, "patchConflict"),
    ("index-01", {"a": [1, 2]}, {"op": "remove", "path": "/a/01"}, 409, "patchConflict"),
    ("many-digits", {"a": [1]}, {"op": "remove", "path": "/a/" + "9" * 5000}, 409,
     "patchConflict"),
    ("behind-the-end", {"a": [1]}, {"op": "copy", "from": "/a/-", "path": "/b"}, 409,
     "patchConflict"),
    ("into-itself", {"a": {}}, {"op": "move", "from": "/a", "path": "/a/b"}, 409, "patchConflict"),
    ("whole-document", {"a": 1}, {"op": "remove", "path": ""}, 409, "patchConflict"),
    ("no-pointer", {"a": 1}, {"op": "remove", "path": "a"}, 400, "invalidPatch"),
    ("bad-escape", {"a": 1}, {"op": "remove", "path": "/a~2"}, 400, "invalidPatch"),
    ("unknown-op", {"a": 1}, {"op": "spam", "path": "/a"}, 400, "invalidPatch"),
    ("op-is-a-list", {"a": 1}, {"op": ["add"], "path": "/a", "value": 1}, 400, "invalidPatch"),
    ("no-op", {"a": 1}, {"path": "/a"}, 400, "invalidPatch"),
    ("no-path", {"a": 1}, {"op": "remove"}, 400, "invalidPatch"),
    ("no-value", {"a": 1}, {"op": "add", "path": "/b"}, 400, "invalidPatch"),
    ("no-from", {"a": 1}, {"op": "move", "path": "/b"}, 400, "invalidPatch"),
    ("path-is-null", {"a": 1}, {"op": "remove", "path": None}, 400, "invalidPatch"),
    ("not-an-object", {"a": 1}, "add", 400, "invalidPatch"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "operation", "status", "code"),
    [pytest.param(*example[1:], id=example[0]) for example in REFUSED],
)
def test_an_operation_that_cannot_be_is_refused_by_its_number(target, operation, status, code):
    fine = {"op": "test", "path": "", "value": target}
    with pytest.raises(ProblemError) as caught:
        json_patch(target, [fine, operation])
    assert (caught.value.status, caught.value.code) == (status, code)
    assert caught.value.message.startswith("patch[1]")


@pytest.mark.parametrize("patch", [{}, {"op": "remove", "path": "/a"}, "[]", None, 5])
def test_a_patch_that_is_no_array_is_refused(patch):
    with pytest.raises(ProblemError, match="must be an array of operations"):
        json_patch({"a": 1}, patch)


def test_nothing_of_a_patch_happens_when_its_last_operation_fails():
    target = {"a": {"b": [1, 2]}}
    patch = [
        {"op": "remove", "path": "/a/b/0"},
        {"op": "add", "path": "/a/c", "value": {}},
        {"op": "test", "path": "/a/c", "value": 1},
    ]
    with pytest.raises(ProblemError):
        json_patch(target, patch)
    assert target == {"a": {"b": [1, 2]}}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab~/"), inner),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.sampled_from(["a", "b", "~", "/", ""]), VALUES, max_size=4)


def escaped(name):
    return "/" + name.replace("~", "~0").replace("/", "~1")


@settings(deadline=None)
@given(target=OBJECTS, name=st.sampled_from(["a", "b", "~", "/", ""]), value=VALUES)
def test_what_is_added_is_there_and_nothing_else_changes(target, name, value):
    before = copy.deepcopy((target, value))
    result = json_patch(target, [{"op": "add", "path": escaped(name), "value": value}])
    assert result == {**target, name: value}
    assert (target, value) == before


@settings(deadline=None)
@given(target=OBJECTS)
def test_removing_every_attribute_leaves_nothing_and_the_empty_patch_everything(target):
    assert json_patch(target, []) == target
    removals = [{"op": "remove", "path": escaped(name)} for name in target]
    assert json_patch(target, removals) == {}


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ([{"op": "copy", "from": "", "path": f"/{n}"} for n in range(1000)], "copies more than"),
        ([{"op": "add", "path": "/a" * (n + 1), "value": {}} for n in range(150)], "100 levels"),
        (
            [
                *({"op": "add", "path": "/a" * (n + 1), "value": {}} for n in range(990)),
                {"op": "copy", "from": "/a", "path": "/b"},
            ],
            "100 levels",
        ),
        ([{"op": "test", "path": "/x", "value": 1}] * 1001, "more than 1000 operations"),
    ],
)
def test_a_patch_that_grows_without_measure_is_refused_soon(patch, message):
    began = time.perf_counter()
    with pytest.raises(ProblemError, match=message) as caught:
        json_patch({"text": "x" * 1000}, patch)
    assert caught.value.status == 400
    assert time.perf_counter() - began < 5
