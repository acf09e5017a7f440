"""Every defect shows, where it should, and a mock without one does not show any."""

import itertools
import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from multidict import CIMultiDict

import specs
from mockserver.answering import answer_at_once
from mockserver.defects import DEFECTS
from mockserver.exchange import Call
from mockserver.routes import resources
from mockserver.settings import Settings
from mockserver.tenant import open_tenant

MERGE = {"Content-Type": "application/merge-patch+json"}
XML = {"Content-Type": "text/xml"}
RESOURCES = {resource.path: resource for resource in resources("4.1.0")}
CREATED = {
    "id": "one",
    "name": "Été",
    "description": "d",
    "validFor": {"startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2026-02-01T00:00:00Z"},
    "tags": ["a"],
    "pattern": [
        {
            "action": [{"actionType": "x"}],
            "criteriaGroup": [
                {
                    "criteria": [
                        {"criteriaOperator": "=", "criteriaParameter": "p", "criteriaValue": "1"}
                    ]
                }
            ],
        }
    ],
}
CALLBACK = {"callback": "http://c/"}
UPDATED = {"lastUpdate": "2020-01-01T00:00:00Z"}
CONVERSATION: dict[str, tuple[Any, ...]] = {
    "hub": ("POST", "/hub", {**CALLBACK, "query": "eventId.gt="}),
    "hub again": ("POST", "/hub", CALLBACK),
    "hub deaf": ("POST", "/hub", {"callback": "http://d/", "query": "eventType=None"}),
    "create": ("POST", "/promotion", CREATED),
    "create 2": ("POST", "/promotion", {"id": "two", "name": "ete", "rank": 2}),
    "create 3": ("POST", "/promotion", {"name": "ete x", "rank": 5}),
    "no name": ("POST", "/promotion", {"rank": 1}),
    "blank": ("POST", "/promotion", {"name": " "}),
    "wrong type": ("POST", "/promotion", {"name": "x", "validFor": "always"}),
    "no children": ("POST", "/promotion", {"name": "x", "pattern": [{}]}),
    "not json": ("POST", "/promotion", b"{"),
    "charset": (
        "POST",
        "/promotion",
        {"name": "c"},
        {"Content-Type": "application/json;charset=utf-8"},
    ),
    "xml": ("POST", "/promotion", b"<x/>", XML),
    "list": ("GET", "/promotion"),
    "by name": ("GET", "/promotion?name=ete"),
    "by upper case": ("GET", "/promotion?name=ETE"),
    "by id": ("GET", "/promotion?id=one"),
    "by both": ("GET", "/promotion?name=ete&rank=5"),
    "comma": ("GET", "/promotion?name=ete,ete%20x"),
    "repeat": ("GET", "/promotion?name=ete&name=ete%20x"),
    "gt": ("GET", "/promotion?rank.gt=2"),
    "gte": ("GET", "/promotion?rank.gte=2"),
    "lte": ("GET", "/promotion?rank.lte=2"),
    "regex": ("GET", "/promotion?name.regex=%5Eete$"),
    "nested": ("GET", "/promotion?validFor.startDateTime=2026-01-01"),
    "nobody": ("GET", "/promotion?name=nobody"),
    "page 1": ("GET", "/promotion?offset=0&limit=2"),
    "page 2": ("GET", "/promotion?offset=2&limit=2&name.regex=."),
    "bad page": ("GET", "/promotion?limit=-1"),
    "sorted": ("GET", "/promotion?sort=-id&id=one,two"),
    "selected": ("GET", "/promotion?fields=name"),
    "selected by name": ("GET", "/promotion?fields=name&name=ete"),
    "get": ("GET", "/promotion/one"),
    "get selected": ("GET", "/promotion/one?fields=name"),
    "get none": ("GET", "/promotion/one?fields=none"),
    "accept list": ("GET", "/promotion/one", None, {"Accept": "application/json, text/html"}),
    "accept html": ("GET", "/promotion/one", None, {"Accept": "text/html"}),
    "unknown": ("GET", "/promotion/nobody"),
    "unmapped": ("GET", "/nowhere"),
    "put": ("PUT", "/promotion/one", {}),
    "merge": ("PATCH", "/promotion/one", {"rank": 1, "validFor": {"endDateTime": None}}, MERGE),
    "get merged": ("GET", "/promotion/one"),
    "json": ("PATCH", "/promotion/one", {"tags": ["b"], "lifecycleStatus": "release"}),
    "patch id": ("PATCH", "/promotion/one", {"id": "other"}),
    "patch href": ("PATCH", "/promotion/one", {"href": "http://other/"}),
    "get again": ("GET", "/promotion/one"),
    "patch xml": ("PATCH", "/promotion/one", b"<x/>", XML),
    "if-match": ("PATCH", "/promotion/one", {"rank": 7}, {"If-Match": '"old"'}),
    "get seventh": ("GET", "/promotion/two"),
    "get eighth": ("GET", "/promotion/two"),
    "get ninth": ("GET", "/promotion/two"),
    "get tenth": ("GET", "/promotion/two"),
    "delete": ("DELETE", "/promotion/one"),
    "get deleted": ("GET", "/promotion/one"),
    "list after delete": ("GET", "/promotion?id=one,two"),
    "delete again": ("DELETE", "/promotion/one"),
    "unsubscribe": ("DELETE", "/hub/{hub}"),
    "unsubscribe unknown": ("DELETE", "/hub/nobody"),
}


JSON_PATCH = {"Content-Type": "application/json-patch+json"}
JSON_PATCH_QUERY = {"Content-Type": "application/json-patch-query+json"}
NAMED = {**CREATED["pattern"][0], "name": "first", "criteriaGroupLogicalRelationship": "AND"}
HARSH: dict[str, tuple[Any, ...]] = {
    "hub": ("POST", "/hub", CALLBACK),
    "hub 2": ("POST", "/hub", {"callback": "http://d/"}),
    "hub without callback": ("POST", "/hub", {"query": "eventType=x"}),
    "create": (
        "POST",
        "/promotion",
        {
            "name": "one",
            "description": "x" * 4001,
            "attachment": [{"url": "http://a/"}],
            "pattern": [{**NAMED, "priority": 1}, {**NAMED, "name": "second", "priority": 2}],
            "validFor": {"startDateTime": "2026-01-01T00:00:00Z"},
        },
    ),
    "client id": ("POST", "/promotion", {"id": "two", "name": "a+b", "description": "d"}),
    "name only": ("POST", "/promotion", {"name": "n"}),
    "sent lastUpdate": ("POST", "/promotion", {"name": "l", "description": "d", **UPDATED}),
    "lower case": (
        "POST",
        "/promotion",
        {"name": "s", "description": "d", "validFor": {"endDateTime": "2026-01-01t00:00:00z"}},
    ),
    "selected create": ("POST", "/promotion?fields=name", {"name": "f", "description": "d"}),
    "array": ("POST", "/promotion", []),
    "nested": ("POST", "/promotion", b'{"name":"n","x":' + b"[" * 1001 + b"]" * 1001 + b"}"),
    "latin-1": ("POST", "/promotion", b'{"name":"caf\xe9"}'),
    "infinite": ("POST", "/promotion", b'{"name":"n","x":1e400}'),
    "wrong type": ("POST", "/promotion", {"name": 1}),
    "unknown id": ("GET", "/promotion/nobody"),
    "quoted id": ("GET", "/promotion/o'clock"),
    "absent field": ("GET", "/promotion/two?fields=noSuch"),
    "path in fields": ("GET", "/promotion/two?fields=$.name"),
    "slash": ("GET", "/promotion/"),
    "query in latin-1": ("GET", "/promotion?name=%FF"),
    "plus": ("GET", "/promotion?name=a%2Bb"),
    "filter": ("GET", "/promotion?filter=%24%5B%3F(%40.name%3D%3D'n')%5D"),
    "bad filter": ("GET", "/promotion?filter=%24%5B%3F("),
    "page": ("GET", "/promotion?limit=2"),
    "page at 2": ("GET", "/promotion?offset=2&limit=2"),
    "accept charset": (
        "GET",
        "/promotion/two",
        None,
        {"Accept": "application/json;charset=utf-8"},
    ),
    "patch id": ("PATCH", "/promotion/two", {"id": "other"}),
    "get patched": ("GET", "/promotion/two"),
    "patch pattern": ("PATCH", "/promotion/two", {"pattern": [NAMED]}),
    "patch status": ("PATCH", "/promotion/two", {"lifecycleStatus": "release"}),
    "selected patch": ("PATCH", "/promotion/two?fields=name", {"description": "e"}),
    "json patch": (
        "PATCH",
        "/promotion/two",
        [
            {"op": "replace", "path": "/description", "value": "half"},
            {"op": "test", "path": "/name", "value": "?"},
        ],
        JSON_PATCH,
    ),
    "json patch query": (
        "PATCH",
        "/promotion/new-1",
        [{"op": "replace", "path": "/pattern/priority?pattern.name=second", "value": 3}],
        JSON_PATCH_QUERY,
    ),
    "several": (
        "PATCH",
        "/promotion",
        [
            {"op": "add", "path": "/-", "value": {"name": "half", "description": "d"}},
            {"op": "add", "path": "/-", "value": {"description": "no name"}},
        ],
        JSON_PATCH,
    ),
    "half": ("GET", "/promotion?name=half"),
    **{f"get {number}": ("GET", "/promotion/new-1") for number in range(1, 21)},
    "delete": ("DELETE", "/promotion/new-1"),
    "list after delete": ("GET", "/promotion?name=one"),
}


@dataclass
class Recorder:
    """Stands in for the delivery and records what would be posted."""

    subscriptions: dict[str, Any] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)

    @property
    def subscribers(self):
        return tuple(self.subscriptions)

    def __contains__(self, subscription_id):
        return subscription_id in self.subscriptions

    def subscribe(self, subscription):
        self.subscriptions[subscription.id] = subscription

    def unsubscribe(self, subscription_id):
        del self.subscriptions[subscription_id]

    def publish(self, event, *, matches, address, delay):
        promotion = sorted(event["event"].get("promotion", {}).items())
        time = type(event["eventTime"]).__name__
        self.events.extend(
            (event["eventType"], time, event.get("fieldPath"), str(promotion))
            for subscription in self.subscriptions.values()
            if matches(event, subscription.parsed)
        )


def call_of(method, path, body=None, headers=None):
    raw, _, query = path.partition("?")
    segments = raw.strip("/").split("/")
    resource = RESOURCES.get(f"/{segments[0]}/{{id}}" if len(segments) == 2 else raw)
    operation = resource.operations.get(method) if resource else None
    call = Call(
        operation=operation.operation_id if operation else "unknown",
        method=method,
        path=f"/api{raw}",
        query=query,
        origin="http://host",
        root="http://host/api",
        headers=CIMultiDict({"Content-Type": "application/json", **(headers or {})}),
        resource_id=segments[1] if len(segments) == 2 else "",
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
    )
    return resource, call


def transcript(*defects, conversation=CONVERSATION):
    """Hold a conversation with a mock in process and return its answers, by step."""
    tenant = open_tenant(Settings(defects=defects, data=[{"id": "zero", "name": "old", **UPDATED}]))
    tenant.publisher = Recorder()
    number = itertools.count(1)
    tenant.behaviour = replace(
        tenant.behaviour,
        new_id=lambda: f"new-{next(number)}",
        touch=lambda _previous: f"2026-01-01T00:00:{next(number):02}.000Z",
    )
    hub, said = "", {}
    for step, (method, path, *rest) in conversation.items():
        answer = answer_at_once(tenant, *call_of(method, path.replace("{hub}", hub), *rest))
        if step == "hub":
            hub = next(iter(tenant.publisher.subscriptions))
        stored = isinstance(answer.body, bytes) and not answer.body.startswith(b"<")
        sent = json.loads(answer.body) if stored else answer.body
        text = str((answer.status, sent, dict(answer.headers)))
        for subscription in tenant.publisher.subscriptions:
            text = text.replace(subscription, "<subscription>")
        said[step] = text
    said["still subscribed"] = hub in tenant.publisher.subscriptions
    said["events"] = tenant.publisher.events
    return said


@pytest.fixture(scope="module")
def clean():
    return transcript()


def test_the_conversation_is_the_same_each_time(clean):
    assert transcript() == clean


@pytest.fixture(scope="module")
def harsh():
    return transcript(conversation=HARSH)


ON_THE_WIRE = {
    "concurrent-create-lost",
    "concurrent-patch-lost",
    "description-changes-type",
    "description-demands-more",
    "description-lacks-attribute",
    "description-without-patch",
    "description-without-post",
    "event-of-refused-change",
    "failing-subscriber-502",
    "last-update-stands-still",
    "no-nosniff",
}
"""Defects that show over HTTP only; test_mock_defects_over_http.py has a test of each."""


@pytest.mark.parametrize("name", sorted(DEFECTS.keys() - ON_THE_WIRE))
def test_a_defect_shows(clean, harsh, name):
    assert transcript(name) != clean or transcript(name, conversation=HARSH) != harsh


SHOWN_BY = {
    "create-answers-200": {"create", "create 2", "create 3", "charset"},
    "create-without-location": {"create", "create 2", "create 3", "charset"},
    "create-echoes-only-id": {"create", "create 2", "create 3", "charset"},
    "fields-ignored": {"selected", "selected by name", "get selected", "get none"},
    "fields-ignored-on-list": {"selected", "selected by name"},
    "fields-ignored-on-retrieve": {"get selected", "get none"},
    "fields-none-returns-all": {"get none"},
    "limit-ignored": {"page 1", "page 2"},
    "offset-ignored": {"page 2"},
    "pages-overlap": {"page 2"},
    "total-count-of-page": {"page 1", "page 2"},
    "no-link": {"page 1", "page 2"},
    "link-loses-filter": {"page 2"},
    "sort-ignored": {"sorted"},
    "sort-always-ascending": {"sorted"},
    "id-filter-ignored": {"by id", "sorted", "list after delete"},
    "and-as-or": {"by both"},
    "or-as-and": {"comma", "sorted", "list after delete"},
    "repeated-name-last-wins": {"repeat"},
    "gt-lt-swapped": {"gt", "gte", "lte"},
    "gte-excludes-equal": {"gte"},
    "regex-as-text": {"regex", "page 2"},
    "nested-filter-ignored": {"nested"},
    "equality-matches-part": {"by name", "by both", "selected by name"},
    "equality-ignores-case": {"by upper case"},
    "filter-with-fields-empty": {"selected by name"},
    "delete-keeps-it": {"get deleted", "list after delete", "delete again", "events"},
    "second-delete-204": {"delete again"},
    "no-create-event": {"events"},
    "no-delete-event": {"events"},
    "state-change-as-attribute-change": {"events"},
    "hub-query-ignored": {"events"},
    "subscription-survives-delete": {"still subscribed"},
    "unknown-subscription-204": {"unsubscribe unknown"},
    "no-allow": {"put"},
    "unknown-path-200": {"unmapped"},
    "unknown-id-200": {"unknown", "get deleted"},
    "malformed-json-500": {"not json"},
    "bad-paging-accepted": {"bad page"},
    "no-accept-patch": {"patch xml"},
    "stale-read": {"get merged", "get again"},
    "every-tenth-read-503": {"get tenth"},
}


@pytest.mark.parametrize(("name", "steps"), SHOWN_BY.items())
def test_a_defect_shows_where_it_should_and_nowhere_else(clean, name, steps):
    wrong = transcript(name)
    assert {step for step in clean if wrong[step] != clean[step]} == steps


SHOWN_BY_HARSH = {
    "fields-ignored-on-create": {"selected create"},
    "fields-ignored-on-patch": {"selected patch"},
    "unknown-field-500": {"absent field"},
    "json-path-in-fields-500": {"path in fields"},
    "deleted-still-listed": {"list after delete"},
    "page-without-offset-begins-late": {"page"},
    "page-without-total-count": {"page", "page at 2"},
    "content-range-from-0": {"page", "page at 2"},
    "no-type-in-lists": {"filter", "page", "page at 2", "plus"},
    "values-decoded-twice": {"plus"},
    "json-path-filter-ignored": {"filter"},
    "malformed-json-path-accepted": {"bad filter"},
    "hub-without-callback-accepted": {"hub without callback"},
    "collection-patch-not-atomic": {"half"},
    "limit-without-retry-after": {"get 20"},
    "array-500": {"array"},
    "nesting-500": {"nested"},
    "encoding-500": {"latin-1"},
    "number-500": {"infinite"},
    "quote-in-id-500": {"quoted id"},
    "query-encoding-500": {"query in latin-1"},
    "invalid-500": {"array", "wrong type"},
    "final-slash-500": {"slash"},
    "accept-charset-refused": {"accept charset"},
    "events-dealt-out": {"events"},
    "event-without-children": {"events"},
    "creation-after-deletion": {"events"},
    "events-twice": {"events"},
}


@pytest.mark.parametrize(("name", "steps"), SHOWN_BY_HARSH.items())
def test_a_defect_shows_with_harsh_input_where_it_should(harsh, name, steps):
    wrong = transcript(name, conversation=HARSH)
    assert {step for step in harsh if wrong[step] != harsh[step]} == steps


@pytest.mark.parametrize(
    ("name", "step", "status", "part"),
    [
        ("description-demanded", "name only", 400, "description is missing"),
        ("client-id-500", "client id", 500, "Internal server error"),
        ("last-update-refused", "sent lastUpdate", 400, "lastUpdate is read-only"),
        ("lower-case-date-time-refused", "lower case", 400, "no date-time"),
        ("relations-in-lower-case", "create", 201, "'criteriaGroupLogicalRelationship': 'and'"),
        ("numbers-as-text", "create", 201, "'priority': '1'"),
        ("valid-for-shifted", "create", 201, "'2026-01-01T00:00:00+08:00'"),
        ("type-blank", "create", 201, "'@type': ' '"),
        ("get-changes-state", "get 2", 200, "'lifecycleStatus': 'active'"),
        ("id-patchable", "get patched", 200, "'id': 'other'"),
        ("pattern-patch-500", "patch pattern", 500, "Internal server error"),
        ("status-change-ignored", "patch status", 200, "'lifecycleStatus': 'draft'"),
        ("json-patch-not-atomic", "json patch", 200, "'description': 'half'"),
        ("stack-trace-in-errors", "unknown id", 404, "PromotionService.java:71"),
    ],
)
def test_a_defect_says_what_it_should_not(harsh, name, step, status, part):
    said = transcript(name, conversation=HARSH)[step]
    assert said.startswith(f"({status}, ")
    assert part in said
    assert part not in harsh[step]


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("attachment-lost", "'attachment'"),
        ("long-text-cut", "x" * 4001),
        ("patterns-reversed", "'priority': 1}, {"),
        ("json-patch-query-changes-all", "'priority': 1}"),
    ],
)
def test_a_defect_loses_what_was_stored(harsh, name, gone):
    assert gone in harsh["get 1"]
    assert gone not in transcript(name, conversation=HARSH)["get 1"]


def test_each_kind_of_wrong_promotion_is_accepted_only_where_the_defect_says_so(clean):
    accepted = {
        "missing-name-accepted": "no name",
        "blank-name-accepted": "blank",
        "wrong-type-accepted": "wrong type",
        "pattern-unchecked": "no children",
    }
    for name, step in accepted.items():
        assert clean[step].startswith("(400, ")
        assert transcript(name)[step].startswith("(201, ")


MILDER = {
    "description-without-patch": "may",
    "equality-ignores-case": "should",
    "hub-forgets-query": "should",
    "status-change-ignored": "should",
}
"""Defects of a part of a requirement that is less than the MUST which its other parts are."""


def test_every_defect_names_known_requirements_and_their_strictest_level():
    levels = ("must", "should", "may")
    requirements = specs.requirements()
    for defect in DEFECTS.values():
        of = [requirements[name].level for name in defect.requirements]
        strictest = min(of, key=levels.index)
        assert defect.level == MILDER.get(defect.name, strictest), defect.name
        assert defect.text
        assert not defect.text.endswith(".")


def test_the_registry_has_the_names_that_were_promised():
    promised = {
        "create-answers-200": ("R-P03-CREATE-201",),
        "create-without-location": ("R-G40-LOCATION",),
        "filter-ignored": ("R-G30-EQUALITY",),
        "fields-ignored": ("R-G21-SELECTED-ONLY",),
        "limit-ignored": ("R-G50-LIMIT",),
        "patch-replaces-whole": ("R-G47-UNTOUCHED",),
        "delete-keeps-it": ("R-G73-GONE",),
        "list-hides-new": ("R-G40-LISTED",),
        "no-create-event": ("R-G84-CREATE-EVENT",),
        "missing-name-accepted": ("R-G43-MISSING-NAME",),
    }
    assert {name: DEFECTS[name].requirements for name in promised} == promised


def test_defects_are_committed_over_real_http(start):
    mock = start(defects=("create-answers-200", "filter-ignored"))
    assert mock("POST", "/promotion", json={"name": "a"}).status_code == 200
    assert mock.names("?name=nobody") == ["a"]


def test_an_unknown_defect_is_a_key_error(start):
    with pytest.raises(KeyError, match="no-such-defect"):
        start(defects=("no-such-defect",))
