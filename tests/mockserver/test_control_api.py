"""The control API: what it tells, what it changes, and that its description says so."""

import json
import re

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockserver.app import TENANTS, make_app
from mockserver.control.api import STREAM, control_resources
from mockserver.control.description import description, validator
from mockserver.history import MAX_CHANGES, History
from mockserver.settings import Settings
from mockserver.validation import check

START = [{"id": "a", "name": "Alpha", "lastUpdate": "2026-01-01T00:00:00.000Z"}]
ROOT = "/tmf-api/promotionManagement/v4"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def control(start):
    """Start a mock and give a function that calls its control API."""

    def control_of(**settings):
        mock = start(**{"data": START, **settings})

        def call(method, path, body=None, status=200, tenant="", **options):
            host = mock.root.removesuffix(ROOT)
            url = f"{host}{tenant}/_mock{path}"
            answer = requests.request(method, url, json=body, timeout=10, **options)
            assert answer.status_code == status, answer.text
            return answer.json() if answer.content else None

        call.mock = mock
        return call

    return control_of


def test_the_state_tells_everything_at_a_glance(control):
    call = control(defects=("filter-ignored",), variants=("partial-206",))
    state = call("GET", "/state")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", state["clock"].pop("now"))
    assert state.pop("tool")
    assert state == {
        "apiVersion": "4.1.0",
        "root": call.mock.root,
        "promotions": 1,
        "subscriptions": 0,
        "defects": ["filter-ignored"],
        "variants": ["partial-206"],
        "faults": {},
        "clock": {"frozen": False},
        "tenants": [],
    }


def test_a_reset_leaves_nothing_of_what_clients_did(control):
    call = control(defects=("filter-ignored",))
    mock = call.mock
    mock.create(id="b")
    mock("DELETE", "/promotion/a")
    mock("POST", "/hub", json={"callback": "http://127.0.0.1:9/"})
    call("PUT", "/faults", {"errors": [{"operation": "*", "status": 500}]})
    call("PUT", "/defects", {"active": []})
    call("PUT", "/variants", {"active": ["partial-206"]})
    call("PUT", "/clock", {"frozen": "2030-01-01T00:00:00Z"})
    call("PUT", "/ids", {"next": ["b"]}, status=204)
    call("POST", "/reset", status=204)
    state = call("GET", "/state")
    assert (state["promotions"], state["subscriptions"]) == (1, 0)
    assert (state["defects"], state["variants"], state["faults"]) == (["filter-ignored"], [], {})
    assert state["clock"]["frozen"] is False
    assert call("GET", "/journal") == []
    assert call("GET", "/promotions/a/history") == []
    assert mock.names() == ["Alpha"]
    assert mock.create()["id"] != "b"


def test_a_snapshot_brings_the_catalogue_back_with_new_hrefs(control):
    call = control()
    call.mock.create(id="b/ä", name="Beta", extension={"x": [1, None]})
    snapshot = call("GET", "/snapshot")
    assert [promotion["id"] for promotion in snapshot] == ["a", "b/ä"]
    assert snapshot[1]["href"] == f"{call.mock.root}/promotion/b%2F%C3%A4"
    other = control()
    other("PUT", "/snapshot", snapshot, status=204)
    assert other.mock("GET", "/promotion").json() == [
        {**promotion, "href": promotion["href"].replace(call.mock.root, other.mock.root)}
        for promotion in snapshot
    ]


@pytest.mark.parametrize(
    ("snapshot", "message"),
    [
        ([{"name": "x"}, {"id": "y"}], "promotion 2: name is missing"),
        ([{"name": "x", "id": "1"}, {"name": "y", "id": "1"}], "promotion 2: the id '1' occurs"),
        ([{"name": "x", "id": ".."}], "promotion 1: id '..' cannot stand in a path"),
        ([{"name": "x"}, 5], "[1] must be an object, not a number"),
        ({"name": "x"}, "the body must be an array, not an object"),
    ],
)
def test_a_wrong_snapshot_is_refused_and_changes_nothing(control, snapshot, message):
    call = control()
    refused = call("PUT", "/snapshot", snapshot, status=400)
    assert refused["message"].startswith(message)
    assert call.mock.names() == ["Alpha"]


def test_a_snapshot_may_be_larger_than_any_other_body(control):
    call = control(max_body=1000)
    large = [{"name": "x" * 2000}]
    call("PUT", "/snapshot", large, status=204)
    assert len(call.mock.names()[0]) == 2000


def test_a_seed_adds_the_same_promotions_each_time(control):
    call = control()
    assert call("POST", "/seed", {"seed": 7, "count": 3}) == {"promotions": 4}
    names = call.mock.names()
    assert call("POST", "/seed", {"seed": 7, "count": 3}) == {"promotions": 4}
    assert call.mock.names() == names
    assert call("POST", "/seed", {"seed": 8, "count": 2}) == {"promotions": 6}


def test_saving_writes_the_whole_file_or_says_why_not(control, tmp_path):
    file = tmp_path / "kept.json"
    call = control(save_to=file)
    call.mock.create(id="b", name="Beta")
    assert call("POST", "/save") == {"file": "kept.json", "promotions": 2}
    assert [promotion["id"] for promotion in json.loads(file.read_text())] == ["a", "b"]
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]
    assert call("POST", "/save", tenant="/t/x", status=409)["message"].startswith(
        "this mock has no"
    )
    assert control()("POST", "/save", status=409)["status"] == "409"
    absent = control(save_to=tmp_path / "absent" / "kept.json")
    refused = absent("POST", "/save", status=500)
    assert refused["message"] == "kept.json cannot be written: No such file or directory"


def test_the_history_of_a_promotion_has_each_change_with_what_came_of_it(control):
    call = control()
    call("PUT", "/clock", {"frozen": "2026-03-01T12:00:00Z"})
    call.mock.create(id="h", name="One")
    call.mock("PATCH", "/promotion/h", json={"name": "Two"})
    call.mock("PATCH", "/promotion/h", json={"name": "Two"})
    call("PUT", "/clock", {"advanceSeconds": 60})
    call.mock("DELETE", "/promotion/h")
    found = call("GET", "/promotions/h/history")
    assert [(change["at"], change["change"], change["promotion"]["name"]) for change in found] == [
        ("2026-03-01T12:00:00.000Z", "created", "One"),
        ("2026-03-01T12:00:00.000Z", "patched", "Two"),
        ("2026-03-01T12:01:00.000Z", "deleted", "Two"),
    ]
    assert call("GET", "/promotions/a/history") == []
    call("GET", "/promotions/nobody/history", status=404)


def test_the_history_stays_bounded_in_number_and_in_bytes():
    history = History()
    for number in range(MAX_CHANGES + 2):
        history.record(None, {"id": str(number)})
    assert (history.of("0"), history.of("1")) == ([], [])
    assert [change.change for change in history.of("2")] == ["created"]
    for _ in range(20):
        history.record({"id": "large"}, {"id": "large", "text": "x" * (1 << 20)})
    assert [change.change for change in history.of("large")] == ["patched"] * 15
    history.record(None, None)
    history.clear()
    assert history.of("large") == []


def test_subscriptions_are_shown_with_their_deliveries(control, subscriber):
    call = control()
    query = "eventType=PromotionCreateEvent"
    body = {"callback": subscriber.url, "query": query}
    subscription = call.mock("POST", "/hub", json=body).json()
    call.mock.create()
    subscriber.wait_for(1)
    found = call("GET", "/subscriptions")
    for _ in range(100):
        if found[0]["delivered"] == 1:
            break
        found = call("GET", "/subscriptions")
    assert found[0]["id"] == subscription["id"]
    assert (found[0]["callback"], found[0]["query"]) == (subscriber.url, query)
    assert (found[0]["delivered"], found[0]["pending"], found[0]["undeliverable"]) == (1, 0, [])
    assert found[0]["deliveries"][0]["eventType"] == "PromotionCreateEvent"


def test_the_information_required_event_of_4_0_0_can_be_sent(control, subscriber):
    call = control(api_version="4.0.0")
    call.mock("POST", "/hub", json={"callback": subscriber.url})
    sent = call("POST", "/events/information-required", {"id": "a", "fieldPath": "validFor"})
    assert subscriber.wait_for(1) == [sent]
    assert sent["eventType"] == "PromotionInformationRequiredEvent"
    assert (sent["fieldPath"], sent["event"]["promotion"]["id"]) == ("validFor", "a")
    unknown = call("POST", "/events/information-required", {"id": "nobody"}, status=404)
    assert unknown["message"] == "there is no promotion with the id 'nobody'"
    newer = control()("POST", "/events/information-required", {"id": "a"}, status=409)
    assert newer["message"] == ("v4.1.0 has no PromotionInformationRequiredEvent, only v4.0.0 has")


def test_defects_and_variants_go_on_and_off_while_the_mock_runs(control):
    call = control()
    known = call("GET", "/defects")["known"]
    listed = {defect["name"]: defect for defect in known}
    assert listed["filter-ignored"]["requirements"] == ["R-G30-EQUALITY"]
    assert call.mock.names("?name=nothing") == []
    assert call("PUT", "/defects", {"active": ["filter-ignored"]})["active"] == ["filter-ignored"]
    call("PUT", "/variants", {"active": ["partial-206", "own-id-scheme"]})
    assert call.mock.names("?name=nothing") == ["Alpha"]
    assert call.mock.create()["id"].startswith("PROMO-")
    assert call.mock("GET", "/promotion?limit=1").status_code == 206
    assert call("GET", "/variants")["active"] == ["partial-206", "own-id-scheme"]
    call("PUT", "/defects", {"active": []})
    assert call.mock.names("?name=nothing") == []
    assert call.mock("GET", "/promotion?limit=1").status_code == 206


@pytest.mark.parametrize("kind", ["defect", "variant"])
def test_an_unknown_switch_is_named_and_nothing_changes(control, kind):
    call = control()
    refused = call("PUT", f"/{kind}s", {"active": ["no-such-thing"]}, status=400)
    assert refused["message"] == f"active[0]: no {kind} is called 'no-such-thing'"
    assert call("GET", f"/{kind}s")["active"] == []


def test_a_frozen_clock_makes_times_exact(control):
    call = control()
    frozen = call("PUT", "/clock", {"frozen": "2026-01-01T02:00:00+02:00"})
    assert frozen == {"frozen": True, "now": "2026-01-01T00:00:00.000Z"}
    assert call.mock.create(id="t")["lastUpdate"] == "2026-01-01T00:00:00.000Z"
    advanced = call("PUT", "/clock", {"advanceSeconds": 86400.5})
    assert advanced == call("GET", "/clock") == {"frozen": True, "now": "2026-01-02T00:00:00.500Z"}
    patched = call.mock("PATCH", "/promotion/t", json={"name": "Later"}).json()
    assert patched["lastUpdate"] == "2026-01-02T00:00:00.500Z"
    patched = call.mock("PATCH", "/promotion/t", json={"name": "Later still"}).json()
    assert patched["lastUpdate"] == "2026-01-02T00:00:00.501Z"
    assert call("PUT", "/clock", {"frozen": None})["frozen"] is False
    assert call.mock.create()["lastUpdate"] > "2026-02"


def test_a_running_clock_can_be_ahead_of_the_real_one(control):
    call = control()
    real = call("GET", "/clock")["now"]
    ahead = call("PUT", "/clock", {"advanceSeconds": 400 * 86400})
    assert ahead["frozen"] is False
    assert int(ahead["now"][:4]) > int(real[:4])
    assert call.mock.create()["lastUpdate"] >= ahead["now"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frozen": "yesterday"}, "frozen is no date-time: 'yesterday'"),
        ({"frozen": "9999-12-31T23:59:59Z"}, "the clock can only tell the years 2 to 9998"),
        ({"advanceSeconds": 1e15}, "the clock can only tell the years 2 to 9998"),
        ({"advanceSeconds": -1e11}, "the clock can only tell the years 2 to 9998"),
        ({"advanceSeconds": "1"}, "advanceSeconds must be a number, not a string"),
        ({"frozen": "2026-01-01T00:00:00Z", "advanceSeconds": 1e12}, "the clock can only tell"),
    ],
)
def test_a_clock_that_makes_no_sense_is_refused_and_stays_as_it_was(control, change, message):
    call = control()
    assert call("PUT", "/clock", change, status=400)["message"].startswith(message)
    assert call("GET", "/clock")["frozen"] is False
    assert call("GET", "/clock")["now"] < "2100"


def test_ids_can_be_fixed(control):
    call = control()
    call("PUT", "/ids", {"next": ["one", "a", "two"]}, status=204)
    assert [call.mock.create()["id"] for _ in range(2)] == ["one", "two"]
    assert len(call.mock.create()["id"]) == 36
    call.mock.create(id="promo-8")
    call("PUT", "/ids", {"prefix": "promo-", "start": 7}, status=204)
    assert [call.mock.create()["id"] for _ in range(2)] == ["promo-7", "promo-9"]
    call("PUT", "/variants", {"active": ["own-id-scheme"]})
    assert call.mock.create()["id"] == "promo-10"
    call("PUT", "/ids", {}, status=204)
    assert call.mock.create()["id"].startswith("PROMO-")
    call("PUT", "/ids", {"start": 5}, status=204)
    assert call.mock.create()["id"] == "5"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"next": ["ok", ".."]}, "id '..' cannot stand in a path"),
        ({"next": ["ok"], "prefix": "p"}, "next and prefix exclude each other"),
        ({"next": "ok"}, "next must be an array, not a string"),
        ({"prefix": "\n"}, "id '\\n1' cannot stand in a path"),
        ({"following": []}, "the body: Additional properties are not allowed"),
    ],
)
def test_ids_that_cannot_be_are_refused(control, asked, message):
    assert control()("PUT", "/ids", asked, status=400)["message"].startswith(message)


def test_errors_of_the_control_api_have_the_error_body(control):
    call = control(defects=("error-without-code",))
    assert call("GET", "/nothing", status=404)["message"] == (
        "nothing is at /_mock/nothing; see /_mock/openapi.json"
    )
    assert call("DELETE", "/state", status=405)["reason"] == "Method not allowed"
    assert call("POST", "/journal/stream", status=405)["status"] == "405"
    assert call("PUT", "/faults", status=415)["code"] == "415"
    malformed = call("PUT", "/faults", status=400, data=b"{", headers=JSON)
    assert malformed["code"] == "malformedJson"
    unreadable = call(
        "PUT", "/faults", status=400, data=b"x", headers={**JSON, "Content-Encoding": "gzip"}
    )
    assert unreadable["message"] == "the body is not in the coding gzip"


def test_the_description_is_served_and_valid_openapi(control):
    call = control()
    served = call("GET", "/openapi.json")
    assert served["openapi"] == "3.1.0"
    assert served["servers"] == [{"url": f"{call.mock.root.removesuffix(ROOT)}/_mock"}]
    assert [str(error) for error in OpenAPIV31SpecValidator(served).iter_errors()] == []


def test_every_route_is_described_and_every_description_is_routed():
    described = {
        (f"/_mock{path}", method.upper())
        for path, item in description()["paths"].items()
        for method in item
    }
    app = make_app(Settings())
    routed = {
        resource.canonical
        for resource in app.router.resources()
        if resource.canonical.startswith("/_mock/") and "{path}" not in resource.canonical
    }
    assert {path for path, _ in described} == routed
    offered = {
        (f"/_mock{resource.path}", method, operation.operation_id)
        for resource in control_resources(app[TENANTS])
        for method, operation in resource.operations.items()
    } | {(f"/_mock{STREAM}", "GET", "streamJournal")}
    assert offered == {
        (f"/_mock{path}", method.upper(), operation["operationId"])
        for path, item in description()["paths"].items()
        for method, operation in item.items()
    }


def test_what_is_answered_is_what_the_description_says(control, subscriber):
    call = control()
    call.mock("POST", "/hub", json={"callback": subscriber.url})
    call.mock.create(id="d")
    call("PUT", "/faults", {"latency": {"kind": "fixed", "ms": 0}})
    check(call("GET", "/state"), validator("State"))
    check(call("GET", "/faults"), validator("Faults"))
    check(call("GET", "/clock"), validator("Clock"))
    check(call("GET", "/defects"), validator("Switches"))
    check(call("GET", "/variants"), validator("Switches"))
    (exchange, second) = call("GET", "/journal")
    check(exchange, validator("Exchange"))
    check(second, validator("Exchange"))
    (subscription,) = call("GET", "/subscriptions")
    check(subscription, validator("Subscription"))
    (change,) = call("GET", "/promotions/d/history")
    check(change, validator("Change"))
