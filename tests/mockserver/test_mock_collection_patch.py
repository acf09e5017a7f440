"""PATCH /promotion: several promotions at once."""

import json

import pytest

KIND = {"Content-Type": "application/json-patch+json"}


def patch(mock, operations, query=""):
    return mock("PATCH", f"/promotion{query}", data=json.dumps(operations), headers=KIND)


def adding(path="/", **attributes):
    return {"op": "add", "path": path, "value": {"name": "Summer", **attributes}}


def test_all_promotions_are_created_and_answered_in_order(start):
    mock = start()
    operations = [adding(name="a"), adding("/-", name="b", id="B"), adding(name="c")]
    answer = patch(mock, operations)
    assert answer.status_code == 200
    assert answer.json() == mock("GET", "/promotion").json()
    assert [promotion["name"] for promotion in answer.json()] == ["a", "b", "c"]
    assert answer.json()[1]["href"] == f"{mock.root}/promotion/B"
    assert all(promotion["lifecycleStatus"] == "draft" for promotion in answer.json())
    assert len({promotion["id"] for promotion in answer.json()}) == 3


def test_fields_select_and_an_empty_patch_creates_nothing(start):
    mock = start()
    answer = patch(mock, [adding(description="d")], "?fields=name")
    assert [set(promotion) for promotion in answer.json()] == [{"id", "href", "name"}]
    empty = patch(mock, [])
    assert (empty.status_code, empty.json()) == (200, [])
    assert mock.names() == ["Summer"]


@pytest.mark.parametrize(
    ("operation", "status", "message"),
    [
        (adding(name=""), 400, "patch[1] (add /): name must not be blank"),
        ({"op": "add", "path": "/", "value": 5}, 400, "patch[1] (add /): the body must be a JSON"),
        ({"op": "add", "path": "/"}, 400, "patch[1].value: is missing"),
        (adding(id="first"), 409, "patch[1] (add /): a promotion with the id 'first' exists"),
        (adding(id="there"), 409, "patch[1] (add /): a promotion with the id 'there' exists"),
        (adding("/0"), 400, "patch[1] (add /0): a collection takes only add"),
        (adding(""), 400, "patch[1] (add ): a collection takes only add"),
        ({"op": "remove", "path": "/"}, 400, "patch[1] (remove /): a collection takes only add"),
    ],
)
def test_if_one_cannot_be_created_none_is(start, operation, status, message):
    mock = start(data=[{"id": "there", "name": "there before"}])
    answer = patch(mock, [adding(id="first"), operation])
    assert answer.status_code == status
    assert answer.json()["message"].startswith(message)
    assert mock.names() == ["there before"]


def test_every_creation_is_an_event_and_a_failure_is_none(start, subscriber):
    mock = start()
    mock("POST", "/hub", json={"callback": subscriber.url})
    assert patch(mock, [adding(name="lost"), adding(name="")]).status_code == 400
    assert patch(mock, [adding(name="a"), adding(name="b")]).status_code == 200
    events = subscriber.wait_for(2)
    assert [event["eventType"] for event in events] == ["PromotionCreateEvent"] * 2
    assert [event["event"]["promotion"]["name"] for event in events] == ["a", "b"]


@pytest.mark.parametrize("kind", ["application/json", "application/merge-patch+json", "text/plain"])
def test_only_a_json_patch_is_taken(shared, kind):
    answer = shared("PATCH", "/promotion", data=b"[]", headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert answer.headers["Accept-Patch"] == "application/json-patch+json"
