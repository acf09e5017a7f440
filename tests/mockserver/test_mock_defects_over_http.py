"""Defects that show only over HTTP: in overlaps, to subscribers, in headers, in the description."""

from concurrent.futures import ThreadPoolExecutor

import pytest


def at_once(*calls):
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


@pytest.mark.parametrize(("defects", "remain"), [((), 2), (("concurrent-create-lost",), 1)])
def test_of_promotions_created_at_the_same_time_the_defect_keeps_one(start, defects, remain):
    mock = start(defects=defects)
    answers = at_once(
        *[lambda: mock("POST", "/promotion", json={"name": "x", "description": "d"})] * 2
    )
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(mock.names()) == remain
    mock.create()
    assert len(mock.names()) == remain + 1


@pytest.mark.parametrize(("defects", "both"), [((), True), (("concurrent-patch-lost",), False)])
def test_of_patches_at_the_same_time_the_defect_loses_one(start, defects, both):
    mock = start(defects=defects)
    path = f"/promotion/{mock.create()['id']}"
    answers = at_once(
        lambda: mock("PATCH", path, json={"description": "one"}),
        lambda: mock("PATCH", path, json={"promotionType": "two"}),
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    shown = mock("GET", path).json()
    assert ({"description", "promotionType"} <= shown.keys()) is both
    mock("PATCH", path, json={"description": "later"})
    mock("PATCH", path, json={"promotionType": "still later"})
    shown = mock("GET", path).json()
    assert (shown["description"], shown["promotionType"]) == ("later", "still later")


@pytest.mark.parametrize(("defects", "told"), [((), []), (("event-of-refused-change",), ["x"])])
def test_a_refused_patch_is_announced_by_the_defect_only(start, subscriber, defects, told):
    mock = start(defects=defects)
    path = f"/promotion/{mock.create(name='x')['id']}"
    mock("POST", "/hub", json={"callback": subscriber.url})
    assert mock("PATCH", path, json={"name": None}).status_code == 400
    mock.create(name="end")
    events = subscriber.wait_for(len(told) + 1)
    assert [event["event"]["promotion"]["name"] for event in events] == [*told, "end"]


def test_the_events_of_a_promotion_are_dealt_out_to_the_subscribers(start, subscriber):
    mock = start(defects=("events-dealt-out",))
    for name in ("first", "second"):
        mock("POST", "/hub", json={"callback": f"{subscriber.url}/{name}"})
    path = f"/promotion/{mock.create()['id']}"
    for text in ("a", "b", "c"):
        mock("PATCH", path, json={"description": text})
    subscriber.wait_for(4)
    told = sorted(
        (name, event["event"]["promotion"].get("description", "-"))
        for name, event in subscriber.posts
    )
    assert told == [("/first", "-"), ("/first", "b"), ("/second", "a"), ("/second", "c")]


@pytest.mark.parametrize(("defects", "status"), [((), 201), (("failing-subscriber-502",), 502)])
def test_a_failing_subscriber_makes_post_fail_by_the_defect_only(
    start, subscriber, defects, status
):
    mock = start(defects=defects)
    mock("POST", "/hub", json={"callback": subscriber.url})
    assert mock("POST", "/promotion", json={"name": "taken"}).status_code == 201
    subscriber.wait_for(1)
    subscriber.statuses += [500] * 10
    assert mock("POST", "/promotion", json={"name": "not taken"}).status_code == status


def test_every_answer_forbids_guessing_its_type_but_not_by_the_defect(start):
    for defects, expected in (((), "nosniff"), (("no-nosniff",), None)):
        mock = start(defects=defects)
        answers = [
            mock("GET", "/promotion"),
            mock("GET", "/promotion/nobody"),
            mock("GET", "/nowhere"),
            mock("POST", "/promotion", data=b"{"),
            mock("OPTIONS", "/promotion"),
        ]
        assert [answer.status_code for answer in answers] == [200, 404, 404, 415, 204]
        found = {answer.headers.get("X-Content-Type-Options") for answer in answers}
        assert found == {expected}


@pytest.mark.parametrize(
    ("defects", "advances"), [((), True), (("last-update-stands-still",), False)]
)
def test_a_change_advances_last_update_but_not_by_the_defect(start, defects, advances):
    mock = start(defects=defects)
    created = mock.create()
    changed = mock("PATCH", f"/promotion/{created['id']}", json={"description": "d"}).json()
    assert (changed["lastUpdate"] > created["lastUpdate"]) is advances


def described(start, *defects):
    mock = start(defects=defects)
    origin = mock.root.removesuffix("/tmf-api/promotionManagement/v4")
    return mock.session.get(f"{origin}/openapi.json", timeout=10).json()


def test_the_served_description_lacks_and_changes_what_the_defects_say(start):
    clean = described(start)
    assert {"get", "post"} <= clean["paths"]["/promotion"].keys()
    assert "patch" in clean["paths"]["/promotion/{id}"]
    assert "validFor" in clean["components"]["schemas"]["Promotion"]["properties"]

    assert "post" not in described(start, "description-without-post")["paths"]["/promotion"]
    without_patch = described(start, "description-without-patch")
    assert "patch" not in without_patch["paths"]["/promotion/{id}"]
    lacking = described(start, "description-lacks-attribute")["components"]["schemas"]
    assert "validFor" not in lacking["Promotion"]["properties"]
    changed = described(start, "description-changes-type")["components"]["schemas"]
    assert changed["Promotion"]["properties"]["lifecycleStatus"] == {"type": "integer"}
    demanding = described(start, "description-demands-more")["components"]["schemas"]
    assert demanding["Promotion_Create"]["required"] == ["name", "promotionType"]

    assert described(start)["paths"] == clean["paths"]
