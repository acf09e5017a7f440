"""JSON Patch Query: both spellings of its paths (TMF630 Part 5)."""

import copy

import pytest

from mockserver.errors import ProblemError
from mockserver.patch.json_patch_query import json_patch_query

PROMOTION = {
    "name": "Summer",
    "pattern": [
        {"name": "a", "priority": 1, "action": [{"actionType": "x"}], "tag": ["one", "two"]},
        {"name": "b c", "priority": 2, "action": [{"actionType": "x"}, {"actionType": "y"}]},
        {"name": "b c", "priority": 3, "action": [], "tag": ["two"]},
    ],
    "validFor": {"startDateTime": "2026-01-01T00:00:00Z"},
}


def changed(op, path, value=None, **more):
    operation = {"op": op, "path": path, **more}
    if op in {"add", "replace", "test"}:
        operation["value"] = value
    before = copy.deepcopy(PROMOTION)
    result = json_patch_query(PROMOTION, [operation])
    assert before == PROMOTION
    return result


def column(promotion, name):
    return [pattern.get(name) for pattern in promotion["pattern"]]


@pytest.mark.parametrize(
    ("path", "priorities"),
    [
        ("/pattern/priority?pattern.name=a", [9, 2, 3]),
        ("/pattern/priority?pattern.name=b c", [1, 9, 9]),
        ("/pattern/priority?pattern.name=b c&pattern.priority=3", [1, 2, 9]),
        ("/pattern/priority?pattern.name=a,b c", [9, 9, 9]),
        ("/pattern/priority?pattern.priority.gt=2", [1, 2, 9]),
        ("/pattern/priority?pattern.action.actionType=y", [1, 9, 3]),
        ("/pattern/priority?pattern.action.actionType=x&pattern.tag=two", [9, 2, 3]),
        ("/pattern/priority?name=Summer&pattern.name=a", [9, 2, 3]),
        ("/pattern/priority", [9, 9, 9]),
        ("/pattern/1/priority", [1, 9, 3]),
        ("pattern[?(@.name=='a')].priority", [9, 2, 3]),
        ("$.pattern[?(@.name=='b c' && @.priority>2)].priority", [1, 2, 9]),
        ("pattern[?(@.name=~/b.*/)].priority", [1, 9, 9]),
        ("pattern[-1:].priority", [1, 2, 9]),
        ("pattern[*].priority", [9, 9, 9]),
        ("$..priority", [9, 9, 9]),
    ],
)
def test_a_path_selects_by_content(path, priorities):
    assert column(changed("replace", path, 9), "priority") == priorities


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("/pattern?pattern.name=b c", [1]),
        ("/pattern?pattern.priority.lt=3", [3]),
        ("pattern[?(@.priority!=2)]", [2]),
        ("pattern[*]", []),
        ("pattern[::-1]", []),
        ("pattern[0,0]", [2, 3]),
        ("/pattern/0", [2, 3]),
    ],
)
def test_elements_are_removed_whole(path, left):
    assert column(changed("remove", path), "priority") == left


def test_one_of_the_texts_of_an_array_can_be_removed():
    result = changed("remove", "/pattern/tag?pattern.name=a&pattern.tag=two")
    assert column(result, "tag") == [["one"], None, ["two"]]


def test_add_appends_to_an_array_and_adds_to_an_object_or_creates():
    action = {"actionType": "z"}
    appended = changed("add", "/pattern/action?pattern.priority=3", action)
    assert column(appended, "action")[2] == [action]
    assert appended["pattern"][:2] == PROMOTION["pattern"][:2]
    extended = changed("add", "pattern[?(@.name=='a')]", {"description": "d"})
    assert extended["pattern"][0] == {**PROMOTION["pattern"][0], "description": "d"}
    created = changed("add", "/pattern/description?pattern.name=a", "d")
    assert created == extended
    assert changed("add", "pattern[?(@.name=='a')].description", "d") == extended
    assert changed("add", "/validFor", {"endDateTime": "e"})["validFor"] == {
        "startDateTime": "2026-01-01T00:00:00Z",
        "endDateTime": "e",
    }
    assert len(changed("add", "/pattern", {"name": "d"})["pattern"]) == 4
    assert column(changed("add", "/pattern/0", {"name": "d"}), "name")[:2] == ["d", "a"]
    assert changed("add", "description", "d")["description"] == "d"


def test_test_move_and_copy_take_the_same_paths():
    assert changed("test", "pattern[?(@.priority==1)].name", "a") == PROMOTION
    assert changed("test", "/pattern/name?pattern.priority.gte=2", "b c") == PROMOTION
    copied = changed("copy", "pattern[?(@.name=='a')].description", **{"from": "/name"})
    assert copied["pattern"][0]["description"] == "Summer"
    moved = changed("move", "/moved", **{"from": "pattern[?(@.priority==2)]"})
    assert moved["moved"] == PROMOTION["pattern"][1]
    assert column(moved, "priority") == [1, 3]


def test_a_move_within_an_array_finds_its_target_after_the_removal():
    moved = changed(
        "move", "pattern[?(@.priority==3)].inner", **{"from": "pattern[?(@.priority==1)]"}
    )
    assert column(moved, "priority") == [2, 3]
    assert moved["pattern"][1]["inner"] == PROMOTION["pattern"][0]


@pytest.mark.parametrize(
    ("operation", "status", "message"),
    [
        ({"op": "remove", "path": "/pattern?pattern.name=nobody"}, 409, "selects nothing"),
        ({"op": "remove", "path": "pattern[?(@.name=='nobody')]"}, 409, "selects nothing"),
        ({"op": "replace", "path": "/pattern/nothing", "value": 1}, 409, "selects nothing"),
        ({"op": "add", "path": "/a/b/c", "value": 1}, 409, "does not fit"),
        ({"op": "copy", "from": "pattern[*]", "path": "/x"}, 409, "it selects 3"),
        ({"op": "move", "from": "/nothing", "path": "/x"}, 409, "it selects 0"),
        ({"op": "test", "path": "pattern[*].priority", "value": 1}, 409, "is another one"),
        ({"op": "remove", "path": "pattern[?(@.name=='a'"}, 400, "is no JSON Path"),
        ({"op": "remove", "path": "/pattern?name"}, 400, "has no operator"),
        ({"op": "remove", "path": "/pattern?pattern.name.regex=("}, 400, "no regular expression"),
        ({"op": "remove", "path": "/a~3?a=1"}, 400, "is no JSON Pointer"),
        ({"op": "replace", "path": "$..*", "value": {}}, 400, "more than 1000"),
    ],
)
def test_what_cannot_be_is_refused_by_its_number(operation, status, message):
    deep = {**PROMOTION, "deep": [[[[[[[[1] * 3] * 3] * 3] * 3] * 3] * 3] * 3]}
    with pytest.raises(ProblemError, match=message) as caught:
        json_patch_query(deep, [{"op": "test", "path": "name", "value": "Summer"}, operation])
    assert caught.value.status == status
    assert caught.value.message.startswith("patch[1]")


def test_a_large_value_for_many_places_is_refused():
    many = {"pattern": [{"n": n} for n in range(900)]}
    patch = [{"op": "add", "path": "pattern[*].text", "value": "x" * 10_000}]
    with pytest.raises(ProblemError, match="copies more than"):
        json_patch_query(many, patch)


def test_percent_and_plus_in_a_condition_are_plain_characters():
    target = {"pattern": [{"name": "10%25+"}, {"name": "10% "}]}
    result = json_patch_query(target, [{"op": "remove", "path": "/pattern?pattern.name=10%25+"}])
    assert result == {"pattern": [{"name": "10% "}]}
