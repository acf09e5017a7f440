"""Every variant differs, as it says, from the mock without one."""

import re
import time
from pathlib import Path

import pytest

from mockserver.variants import VARIANTS


def of(start, name):
    assert name in VARIANTS
    return start(variants=(name,))


def test_there_is_a_test_of_each_variant():
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in VARIANTS if f'"{name}"' not in text] == []


def test_relative_href(start):
    mock = of(start, "relative-href")
    created = mock.create()
    path = f"/tmf-api/promotionManagement/v4/promotion/{created['id']}"
    assert created["href"] == path
    assert mock("PATCH", f"/promotion/{created['id']}", json=created).json()["href"] == path


def test_relative_location(start):
    answer = of(start, "relative-location")("POST", "/promotion", json={"name": "x"})
    assert answer.headers["Location"].startswith("/tmf-api/")
    assert answer.json()["href"].startswith("http://")


def test_partial_206(start):
    mock = of(start, "partial-206")
    mock.create()
    mock.create()
    assert mock("GET", "/promotion?limit=1").status_code == 206
    assert mock("GET", "/promotion?limit=2").status_code == 200


def test_extra_attributes(start):
    mock = of(start, "extra-attributes")
    created = mock.create()
    assert created["channel"] == [{"id": "web", "name": "Web shop"}]
    assert mock.names("?channel.id=web") == ["Summer"]
    assert set(mock("GET", "/promotion?fields=name").json()[0]) == {"id", "href", "name"}


def test_page_max_10(start):
    mock = of(start, "page-max-10")
    for number in range(12):
        mock.create(name=str(number))
    answer = mock("GET", "/promotion")
    assert len(answer.json()) == 10
    assert answer.headers["X-Total-Count"] == "12"
    assert len(mock.names("?limit=50&offset=5")) == 7


def test_newest_first(start):
    mock = of(start, "newest-first")
    for name in "abc":
        mock.create(name=name)
    assert mock.names() == ["c", "b", "a"]
    assert mock.names("?sort=name") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "pattern", "start_date_time"),
    [
        (
            "offset-plus-0800",
            r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}\+08:00",
            "2026-01-01T08:00:00.000+08:00",
        ),
        ("microsecond-dates", r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z", "2026-01-01T00:00:00.000000Z"),
        ("whole-second-dates", r"\d{4}-\d\d-\d\dT[\d:]{8}Z", "2026-01-01T00:00:00Z"),
        ("lowercase-dates", r"\d{4}-\d\d-\d\dt[\d:]{8}\.\d{3}z", "2026-01-01t00:00:00.000z"),
    ],
)
def test_date_times_are_written_otherwise_and_mean_the_same(start, name, pattern, start_date_time):
    mock = of(start, name)
    created = mock.create(
        description="2026-01-01T00:00:00Z", validFor={"startDateTime": "2026-01-01T00:00:00Z"}
    )
    assert re.fullmatch(pattern, created["lastUpdate"])
    assert created["validFor"]["startDateTime"] == start_date_time
    assert created["description"] == "2026-01-01T00:00:00Z"
    assert mock.names("?validFor.startDateTime=2026-01-01T00:00:00Z") == ["Summer"]
    path = f"/promotion/{created['id']}"
    changed = mock("PATCH", path, json={"description": "d"}).json()
    assert changed["lastUpdate"] > created["lastUpdate"]
    assert mock("GET", path).json() == changed


@pytest.mark.parametrize(
    ("name", "status"), [("no-patch-no-delete", 405), ("patch-delete-501", 501)]
)
def test_patch_and_delete_may_be_absent(start, name, status):
    mock = of(start, name)
    path = f"/promotion/{mock.create()['id']}"
    patched, deleted = mock("PATCH", path, json={"name": "y"}), mock("DELETE", path)
    assert (patched.status_code, deleted.status_code) == (status, status)
    assert patched.json()["code"] == str(status)
    assert mock("GET", path).json()["name"] == "Summer"
    if status == 405:
        assert patched.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_no_hub(start):
    mock = of(start, "no-hub")
    assert mock("POST", "/hub", json={"callback": "http://h/"}).status_code == 404
    assert mock("DELETE", "/hub/1").status_code == 404


def test_late_events(start, subscriber):
    mock = of(start, "late-events")
    mock("POST", "/hub", json={"callback": f"{subscriber.url}/cb"})
    began = time.monotonic()
    mock.create()
    subscriber.wait_for(1)
    assert 0.9 < time.monotonic() - began < 3
    assert subscriber.posts[0][0] == "/cb/listener/promotionCreateEvent"


def test_rich_and_terse_errors(start):
    rich = of(start, "rich-errors")("GET", "/promotion/nobody").json()
    assert {"code", "reason", "traceId", "details"} <= set(rich)
    terse = of(start, "terse-errors")("GET", "/promotion/nobody").json()
    assert terse == {"code": "ERR-404-2", "reason": "Anfrage abgelehnt"}


def test_headers_may_be_more_or_fewer(start):
    assert of(start, "extra-headers")("GET", "/promotion").headers["X-Request-Id"] == "7d3c"
    plain = of(start, "no-charset")("GET", "/promotion")
    assert plain.headers["Content-Type"] == "application/json"
    mock = of(start, "few-list-headers")
    mock.create()
    mock.create()
    headers = mock("GET", "/promotion?limit=1").headers
    assert headers["X-Total-Count"] == "2"
    assert not {"Link", "Content-Range", "X-Result-Count"} & set(headers)


def test_fields_without_href(start):
    mock = of(start, "fields-without-href")
    created = mock.create()
    assert set(mock("GET", f"/promotion/{created['id']}?fields=name").json()) == {"id", "name"}


def test_own_id_scheme(start):
    assert re.fullmatch(r"PROMO-[0-9A-F]{10}", of(start, "own-id-scheme").create()["id"])


def test_weak_etags(start):
    mock = of(start, "weak-etags")
    path = f"/promotion/{mock.create()['id']}"
    etag = mock("GET", path).headers["ETag"]
    assert etag.startswith('W/"')
    assert mock("GET", path, headers={"If-None-Match": etag}).status_code == 304
    change = {"json": {"description": "d"}, "headers": {"If-Match": etag}}
    assert [mock("PATCH", path, **change).status_code for _ in range(2)] == [200, 412]


def test_no_etags(start):
    mock = of(start, "no-etags")
    path = f"/promotion/{mock.create()['id']}"
    for headers in (mock("GET", path).headers, mock("GET", "/promotion").headers):
        assert not {"ETag", "Last-Modified"} & set(headers)


def test_deleted_410(start):
    mock = of(start, "deleted-410")
    path = f"/promotion/{mock.create()['id']}"
    assert mock("DELETE", path).status_code == 204
    gone = mock("GET", path)
    assert (gone.status_code, gone.json()["reason"]) == (410, "Gone")
    assert mock("DELETE", path).status_code == 410
    assert mock("GET", "/promotion/nobody").status_code == 404


def test_unprocessable_422(start):
    mock = of(start, "unprocessable-422")
    refused = mock("POST", "/promotion", json={"name": 1})
    assert (refused.status_code, refused.json()["reason"]) == (422, "Unprocessable content")
    assert mock("GET", "/promotion?limit=-1").status_code == 400


def test_loud_charset(start):
    answer = of(start, "loud-charset")("GET", "/promotion")
    assert answer.headers["Content-Type"] == 'Application/JSON; Charset="UTF-8"'


def test_numeric_ids(start):
    assert re.fullmatch(r"[1-9][0-9]{11}", of(start, "numeric-ids").create()["id"])


def test_absent_as_null(start):
    mock = of(start, "absent-as-null")
    created = mock.create(description="d")
    assert (created["description"], created["promotionType"], created["validFor"]) == (
        "d",
        None,
        None,
    )
    changed = mock("PATCH", f"/promotion/{created['id']}", json={"description": None}).json()
    assert changed["description"] is None


def test_repeated_events(start, subscriber):
    mock = of(start, "repeated-events")
    mock("POST", "/hub", json={"callback": subscriber.url})
    mock.create()
    first, second = subscriber.wait_for(2)
    assert first == second


def test_single_listener(start):
    mock = of(start, "single-listener")
    register = {"json": {"callback": "http://127.0.0.1:9/"}}
    first = mock("POST", "/hub", **register)
    assert [first.status_code, mock("POST", "/hub", **register).status_code] == [201, 409]
    assert mock("DELETE", f"/hub/{first.json()['id']}").status_code == 204
    assert mock("POST", "/hub", **register).status_code == 201


def test_client_id_refused(start):
    mock = of(start, "client-id-refused")
    assert mock("POST", "/promotion", json={"name": "x", "id": "mine"}).status_code == 400
    path = f"/promotion/{mock.create()['id']}"
    assert mock("PATCH", path, json={"description": "d"}).status_code == 200


def test_what_a_patch_cannot_change_may_be_skipped(start, pattern):
    mock = of(start, "identity-patch-ignored")
    created = mock.create()
    path = f"/promotion/{created['id']}"
    changed = mock("PATCH", path, json={"id": "z", "href": "http://z/", "description": "d"})
    assert changed.status_code == 200
    assert changed.json()["href"] == created["href"]
    assert mock("GET", path).json()["description"] == "d"

    mock = of(start, "pattern-patch-ignored")
    path = f"/promotion/{mock.create()['id']}"
    assert "pattern" not in mock("PATCH", path, json={"pattern": [pattern]}).json()


def test_unknown_attributes_refused(start, pattern):
    mock = of(start, "unknown-attributes-refused")
    assert mock("POST", "/promotion", json={"name": "x", "campaign": 1}).status_code == 400
    path = f"/promotion/{mock.create(pattern=[pattern])['id']}"
    assert mock("PATCH", path, json={"description": "d"}).status_code == 200
    assert mock("PATCH", path, json={"campaign": 1}).status_code == 400


def test_gateway_host(start):
    created = of(start, "gateway-host").create()
    assert created["href"] == (
        "https://api.example.com/gateway/crm/tmf-api/promotionManagement/v4/promotion/"
        + created["id"]
    )


def test_no_type(start):
    mock = of(start, "no-type")
    assert "@type" not in mock.create()
    assert "@type" not in mock("GET", "/promotion").json()[0]


def test_slash_redirects(start):
    mock = of(start, "slash-redirects")
    answer = mock("GET", "/promotion/", allow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["Location"] == "/tmf-api/promotionManagement/v4/promotion"
    assert mock("GET", "/promotion/").json() == []


def test_merge_patch_only(start):
    mock = of(start, "merge-patch-only")
    path = f"/promotion/{mock.create()['id']}"
    headers = {"Content-Type": "application/json-patch+json"}
    refused = mock("PATCH", path, data=b"[]", headers=headers)
    assert refused.status_code == 415
    assert refused.headers["Accept-Patch"] == "application/merge-patch+json, application/json"
    assert mock("PATCH", "/promotion", data=b"[]", headers=headers).status_code == 405
    assert mock("PATCH", path, json={"description": "d"}).status_code == 200


def test_no_json_path(start):
    mock = of(start, "no-json-path")
    mock.create()
    assert mock("GET", "/promotion?filter=%24").status_code == 501
    assert mock.names("?name=Summer") == ["Summer"]
