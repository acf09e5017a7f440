"""PATCH /promotion/{id} with each kind of patch, its protection, and its conditions."""

import json
import threading

import pytest

MERGE = "application/merge-patch+json"
PLAIN = "application/json"
JSON_PATCH = "application/json-patch+json"
QUERY = "application/json-patch-query+json"


def patch(mock, promotion, kind, body, **headers):
    return mock(
        "PATCH",
        f"/promotion/{promotion['id']}",
        data=json.dumps(body),
        headers={"Content-Type": kind, **headers},
    )


def replacing(kind, name, value):
    """Return a patch of this kind that gives a first-level attribute a value."""
    if kind in {MERGE, PLAIN}:
        return {name: value}
    path = f"['{name}']" if kind == QUERY else f"/{name}"
    return [{"op": "replace", "path": path, "value": value}]


def removing(kind, name):
    if kind in {MERGE, PLAIN}:
        return {name: None}
    return [{"op": "remove", "path": f"['{name}']" if kind == QUERY else f"/{name}"}]


KINDS = pytest.mark.parametrize("kind", [MERGE, PLAIN, JSON_PATCH, QUERY])


@KINDS
def test_each_kind_changes_an_attribute_and_advances_last_update(shared, kind):
    created = shared.create(description="old")
    answer = patch(shared, created, kind, replacing(kind, "description", "new"))
    body = answer.json()
    assert answer.status_code == 200
    assert body == {**created, "description": "new", "lastUpdate": body["lastUpdate"]}
    assert body["lastUpdate"] > created["lastUpdate"]
    again = shared("GET", f"/promotion/{created['id']}")
    assert again.json() == body
    assert again.headers["ETag"] == answer.headers["ETag"]
    assert "description" not in patch(shared, created, kind, removing(kind, "description")).json()


@KINDS
@pytest.mark.parametrize("name", ["id", "href", "@type", "@baseType"])
def test_no_kind_changes_or_removes_a_protected_attribute(shared, kind, name):
    created = shared.create(**{"@baseType": "Entity"})
    for body in (replacing(kind, name, "other"), removing(kind, name)):
        answer = patch(shared, created, kind, body)
        assert answer.status_code == 400
        assert answer.json()["message"] == f"{name} cannot be changed"
        assert answer.json()["code"] == "notPatchable"
    assert shared("GET", f"/promotion/{created['id']}").json() == created


@pytest.mark.parametrize(
    ("kind", "body", "name"),
    [
        (JSON_PATCH, [{"op": "move", "from": "/id", "path": "/old"}], "id"),
        (JSON_PATCH, [{"op": "copy", "from": "/name", "path": "/id"}], "id"),
        (JSON_PATCH, [{"op": "replace", "path": "", "value": {"name": "x"}}], "@type"),
        (QUERY, [{"op": "move", "from": "href", "path": "old"}], "href"),
        (QUERY, [{"op": "add", "path": "$", "value": {"id": "other"}}], "id"),
        (QUERY, [{"op": "replace", "path": "$..id", "value": "other"}], "id"),
    ],
)
def test_no_detour_changes_a_protected_attribute(shared, kind, body, name):
    created = shared.create()
    answer = patch(shared, created, kind, body)
    assert (answer.status_code, answer.json()["message"]) == (400, f"{name} cannot be changed")
    assert shared("GET", f"/promotion/{created['id']}").json() == created


@pytest.mark.parametrize("kind", [JSON_PATCH, QUERY])
def test_type_attributes_can_be_patched_by_every_kind_in_version_4_0_0(start, kind):
    mock = start(api_version="4.0.0")
    created = mock.create()
    answer = patch(mock, created, kind, replacing(kind, "@type", "Other"))
    assert answer.json()["@type"] == "Other"


@KINDS
def test_the_result_is_validated_whole_and_on_failure_nothing_changes(shared, kind, pattern):
    created = shared.create(pattern=[pattern])
    for name, value in (("name", " "), ("pattern", [{}]), ("validFor", "always")):
        addition = replacing(kind, name, value)
        if kind in {JSON_PATCH, QUERY}:
            addition = [
                {"op": "add", "path": "/description", "value": "d"},
                {"op": "add", "path": f"/{name}", "value": value},
            ]
        answer = patch(shared, created, kind, addition)
        assert answer.status_code == 400
        assert answer.json()["message"].startswith(name)
    assert shared("GET", f"/promotion/{created['id']}").json() == created


def test_a_json_patch_is_atomic_and_its_test_is_honoured(shared):
    created = shared.create(description="old")
    body = [
        {"op": "replace", "path": "/description", "value": "new"},
        {"op": "test", "path": "/name", "value": "Winter"},
    ]
    answer = patch(shared, created, JSON_PATCH, body)
    assert answer.status_code == 409
    assert answer.json() == {
        "code": "testFailed",
        "reason": "Conflict",
        "message": "patch[1] (test /name): the value there is another one",
        "status": "409",
        "@type": "Error",
    }
    assert shared("GET", f"/promotion/{created['id']}").json() == created
    body[1]["value"] = "Summer"
    assert patch(shared, created, JSON_PATCH, body).json()["description"] == "new"


@pytest.mark.parametrize(
    "path",
    ["/pattern/priority?pattern.name=p", "pattern[?(@.name=='p')].priority"],
)
def test_a_json_patch_query_selects_by_content(shared, pattern, path):
    created = shared.create(pattern=[{**pattern, "name": "p"}, {**pattern, "name": "q"}])
    answer = patch(shared, created, QUERY, [{"op": "add", "path": path, "value": 3}])
    assert [item.get("priority") for item in answer.json()["pattern"]] == [3, None]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (MERGE, [], 400),
        (PLAIN, [{"op": "remove", "path": "/name"}], 400),
        (JSON_PATCH, {"name": "x"}, 400),
        (JSON_PATCH, [{"op": "remove", "path": "/nothing"}], 409),
        (JSON_PATCH, [{"op": "replace", "path": "", "value": "text"}], 400),
        (JSON_PATCH, [{"op": "replace", "path": "", "value": None}], 400),
        (QUERY, [{"op": "remove", "path": "pattern[?"}], 400),
        (QUERY, [{"op": "remove", "path": "pattern[?(@.name=='x')]"}], 409),
    ],
)
def test_a_patch_that_does_not_fit_its_kind_or_the_promotion_is_refused(shared, kind, body, status):
    created = shared.create()
    answer = patch(shared, created, kind, body)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert shared("GET", f"/promotion/{created['id']}").json() == created


@KINDS
def test_a_patch_without_effect_advances_nothing(shared, kind):
    created = shared.create()
    answer = patch(shared, created, kind, replacing(kind, "name", "Summer"))
    assert answer.json() == created
    other = patch(shared, created, kind, replacing(kind, "lastUpdate", "2001-01-01T00:00:00Z"))
    assert other.json() == created


def test_all_kinds_are_advertised(shared):
    created = shared.create()
    answer = patch(shared, created, "text/plain", {})
    assert answer.status_code == 415
    assert answer.headers["Accept-Patch"].split(", ") == [MERGE, PLAIN, JSON_PATCH, QUERY]


def test_fields_and_their_mistakes_count_for_patch_and_create(shared):
    created = shared.create()
    path = f"/promotion/{created['id']}"
    for method, address in (("PATCH", path), ("POST", "/promotion")):
        answer = shared(method, f"{address}?fields=name.first", json={"name": "x"})
        assert answer.status_code == 400
        assert "name has no attributes" in answer.json()["message"]
    assert shared("GET", path).json() == created


def test_of_concurrent_patches_with_one_etag_exactly_one_wins(shared):
    created = shared.create()
    etag = shared("GET", f"/promotion/{created['id']}").headers["ETag"]
    together, answers = threading.Barrier(8), {}

    def change(number):
        mock = type(shared)(shared.root)
        together.wait()
        answers[number] = patch(mock, created, MERGE, {"rank": number}, **{"If-Match": etag})
        mock.session.close()

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [number for number, answer in answers.items() if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers.values()) == [200] + [412] * 7
    assert shared("GET", f"/promotion/{created['id']}").json()["rank"] == won[0]


def test_if_match_can_be_required(start):
    mock = start(require_if_match=True)
    created = mock.create()
    path = f"/promotion/{created['id']}"
    for method in ("PATCH", "DELETE"):
        refused = mock(method, path, json={"name": "x"})
        assert refused.status_code == 428
        assert refused.json()["reason"] == "Precondition required"
    etag = mock("GET", path).headers["ETag"]
    changed = mock("PATCH", path, json={"name": "x"}, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert mock("DELETE", path, headers={"If-Match": etag}).status_code == 412
    assert mock("DELETE", path, headers={"If-Match": changed.headers["ETag"]}).status_code == 204
    assert mock("DELETE", path).status_code == 404


def test_a_weak_etag_never_matches_a_change(shared):
    created = shared.create()
    etag = shared("GET", f"/promotion/{created['id']}").headers["ETag"]
    answer = patch(shared, created, MERGE, {"name": "x"}, **{"If-Match": f"W/{etag}"})
    assert answer.status_code == 412


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_known_already_is_not_sent_again(shared, method):
    path = f"/promotion/{shared.create(name='known already')['id']}"
    for address in (path, "/promotion?name=known%20already"):
        etag = shared("GET", address).headers["ETag"]
        known = shared(method, address, headers={"If-None-Match": etag})
        assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", etag)
        assert shared(method, address, headers={"If-None-Match": '"x"'}).status_code == 200
    shared("PATCH", path, json={"description": "d"})
    changed = shared(method, address, headers={"If-None-Match": etag})
    assert changed.status_code == 200
