"""Subscriptions and the events they receive, over real HTTP."""

import time

import pytest


def subscribe(mock, subscriber, path="", **body):
    answer = mock("POST", "/hub", json={"callback": subscriber.url + path, **body})
    assert answer.status_code == 201, answer.text
    return answer


def types(events):
    return [event["eventType"] for event in events]


def test_a_subscription_is_answered_with_its_id_and_location(shared, subscriber):
    answer = subscribe(shared, subscriber, "/events", query="eventType=PromotionCreateEvent")
    body = answer.json()
    assert body == {
        "id": body["id"],
        "callback": f"{subscriber.url}/events",
        "query": "eventType=PromotionCreateEvent",
    }
    assert answer.headers["Location"] == f"{shared.root}/hub/{body['id']}"
    path = f"/hub/{body['id']}"
    gone = shared("DELETE", path)
    assert (gone.status_code, gone.content) == (204, b"")
    assert shared("DELETE", path).status_code == 404


def test_one_callback_may_subscribe_twice(start, subscriber):
    mock = start()
    first, second = (subscribe(mock, subscriber).json()["id"] for _ in range(2))
    assert first != second
    mock.create()
    assert types(subscriber.wait_for(2)) == ["PromotionCreateEvent"] * 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "callback is missing"),
        ({"callback": 5}, "callback must be a string, not a number"),
        ({"callback": "/events"}, "callback must be an absolute http or https URL, not '/events'"),
        (
            {"callback": "ftp://h/x"},
            "callback must be an absolute http or https URL, not 'ftp://h/x'",
        ),
        ({"callback": "http://"}, "callback must be an absolute http or https URL, not 'http://'"),
        (
            {"callback": "http://h:99999/"},
            "callback must be an absolute http or https URL, not 'http://h:99999/'",
        ),
        ({"callback": "http://h/", "query": "name.regex=("}, "'(': is no regular expression"),
        (
            {"callback": "http://h/", "query": "limit=5"},
            "query: sort, offset and limit have no meaning in a subscription",
        ),
        ([], "the body must be a JSON object"),
    ],
)
def test_a_subscription_that_makes_no_sense_is_refused(shared, body, message):
    answer = shared("POST", "/hub", json=body)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(message)


def test_each_change_is_announced_with_the_whole_promotion(start, subscriber):
    mock = start()
    subscribe(mock, subscriber, "/events?key=1")
    created = mock.create(name="first")
    path = f"/promotion/{created['id']}"
    changed = mock("PATCH", path, json={"name": "second", "description": "d"}).json()
    released = mock("PATCH", path, json={"lifecycleStatus": "release"}).json()
    mock("PATCH", path, json={"lifecycleStatus": "suspend", "description": None})
    mock("PATCH", path, json={"lifecycleStatus": "suspend"})
    mock("DELETE", path)
    events = subscriber.wait_for(6)
    assert types(events) == [
        "PromotionCreateEvent",
        "PromotionAttributeValueChangeEvent",
        "PromotionStateChangeEvent",
        "PromotionStateChangeEvent",
        "PromotionAttributeValueChangeEvent",
        "PromotionDeleteEvent",
    ]
    assert [event["event"]["promotion"] for event in events[:3]] == [created, changed, released]
    assert [event.get("fieldPath") for event in events] == [
        None,
        "name,description",
        None,
        None,
        "description",
        None,
    ]
    assert {path for path, _ in subscriber.posts} == {"/events?key=1"}
    assert len({event["eventId"] for event in events}) == 6
    assert set(events[0]) == {
        "eventId",
        "eventTime",
        "eventType",
        "correlationId",
        "domain",
        "title",
        "description",
        "priority",
        "timeOcurred",
        "event",
    }


def test_the_query_of_a_subscription_limits_what_is_delivered(start, subscriber):
    mock = start()
    subscribe(mock, subscriber, "/a", query="eventType=PromotionDeleteEvent,PromotionCreateEvent")
    subscribe(
        mock, subscriber, "/b", query="event.promotion.name=second&fields=event.promotion.name"
    )
    for name in ("first", "second"):
        created = mock.create(name=name)
        mock("PATCH", f"/promotion/{created['id']}", json={"description": "d"})
    subscriber.wait_for(4)
    by_path = {"/a": [], "/b": []}
    for path, event in subscriber.posts:
        by_path[path].append(event)
    assert types(by_path["/a"]) == ["PromotionCreateEvent"] * 2
    assert types(by_path["/b"]) == ["PromotionCreateEvent", "PromotionAttributeValueChangeEvent"]
    assert all(event["event"] == {"promotion": {"name": "second"}} for event in by_path["/b"])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("eventType=PromotionCreateEvent,PromotionDeleteEvent", ["a", "b, c", "last"]),
        ("eventType=PromotionDeleteEvent;eventType=PromotionCreateEvent", ["a", "b, c", "last"]),
        ("eventType=PromotionDeleteEvent", []),
        ("eventType.regex=Create&event.promotion.priority.gt=1", ["b, c"]),
        ("?event.promotion.name=%22b, c%22", ["b, c"]),
        ("event.promotion.name*=^[ab]$", ["a"]),
        ("eventTime.gt=2020-01-01&eventTime%3C2999-01-01", ["a", "b, c", "last"]),
        ("filter=$[?(@.event.promotion.name=='a')]", ["a"]),
        ("filter=$[?(@.event.promotion.priority>1)]&eventType=PromotionCreateEvent", ["b, c"]),
    ],
)
def test_a_query_has_the_whole_grammar_of_filters(start, subscriber, query, names):
    mock = start()
    subscribe(mock, subscriber, "/asked", query=query)
    subscribe(mock, subscriber, "/last", query="event.promotion.name=last")
    for name, priority in (("a", 1), ("b, c", 2)):
        mock.create(name=name, priority=priority)
    mock.create(name="last", priority=0)
    subscriber.wait_for(1 + len(names))
    time.sleep(0.1)
    asked = [
        event["event"]["promotion"]["name"] for path, event in subscriber.posts if path == "/asked"
    ]
    assert asked == names


@pytest.mark.parametrize(
    "query",
    ["eventType", "eventType.ge=5", "event.promotion.name.first=5", "filter=$[?(", "offset=1"],
)
def test_a_query_that_makes_no_sense_is_refused(shared, query):
    answer = shared("POST", "/hub", json={"callback": "http://127.0.0.1:9/", "query": query})
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalidQuery"


def test_no_event_comes_after_the_subscription_ended(start, subscriber):
    mock = start()
    ended = subscribe(mock, subscriber, "/ended").json()["id"]
    subscribe(mock, subscriber, "/stays")
    mock("DELETE", f"/hub/{ended}")
    mock.create()
    subscriber.wait_for(1)
    assert [path for path, _ in subscriber.posts] == ["/stays"]


def test_events_can_be_posted_below_the_callback(start, subscriber):
    mock = start(callback_style="listener")
    subscribe(mock, subscriber, "/crm/?key=1")
    created = mock.create()
    mock("PATCH", f"/promotion/{created['id']}", json={"lifecycleStatus": "release"})
    subscriber.wait_for(2)
    assert [path for path, _ in subscriber.posts] == [
        "/crm/listener/promotionCreateEvent?key=1",
        "/crm/listener/promotionStateChangeEvent?key=1",
    ]


def test_an_event_is_offered_again_after_a_5xx_and_order_is_kept(start, subscriber):
    mock = start(delivery_backoff=0.01)
    subscriber.statuses = [503, 500, 201, 201]
    subscribe(mock, subscriber)
    mock.create(name="first")
    mock.create(name="second")
    events = subscriber.wait_for(4)
    assert [event["event"]["promotion"]["name"] for event in events] == [
        "first",
        "first",
        "first",
        "second",
    ]


def test_an_event_that_is_refused_is_not_offered_again(start, subscriber):
    mock = start(delivery_backoff=0.01)
    subscriber.statuses = [400, 302]
    subscribe(mock, subscriber)
    for name in "abc":
        mock.create(name=name)
    events = subscriber.wait_for(3)
    assert [event["event"]["promotion"]["name"] for event in events] == ["a", "b", "c"]


def test_a_dead_subscriber_delays_neither_the_api_nor_the_others(start, subscriber):
    mock = start(drain_seconds=0.2)
    mock("POST", "/hub", json={"callback": "http://127.0.0.1:9/dead"})
    subscribe(mock, subscriber)
    began = time.monotonic()
    for _ in range(20):
        mock.create()
    assert time.monotonic() - began < 2
    assert len(subscriber.wait_for(20)) == 20


def test_a_stopping_mock_delivers_what_waits(subscriber):
    import requests

    from mockserver.embedded import running_mock
    from mockserver.settings import Settings

    with running_mock(Settings(variants=("late-events",))) as root:
        requests.post(f"{root}/hub", json={"callback": subscriber.url}, timeout=5)
        requests.post(f"{root}/promotion", json={"name": "x"}, timeout=5)
        assert subscriber.posts == []
    assert types(subscriber.wait_for(1)) == ["PromotionCreateEvent"]


@pytest.mark.parametrize(("version", "status"), [("4.0.0", 201), ("4.1.0", 404)])
def test_only_version_4_0_0_listens_to_information_required(start, version, status):
    mock = start(api_version=version)
    answer = mock("POST", "/listener/promotionInformationRequiredEvent", json={"eventId": "1"})
    assert answer.status_code == status


def test_listeners_answer_201_with_a_subscription(shared):
    for name in ("Create", "Delete", "AttributeValueChange", "StateChange"):
        path = f"/listener/promotion{name}Event"
        answer = shared("POST", path, json={"eventId": "1", "event": {"promotion": {}}})
        assert answer.status_code == 201
        assert set(answer.json()) == {"id", "callback"}
        assert shared("POST", path, json={"eventId": 1}).status_code == 400
        assert shared("POST", path, data="x").status_code == 415
