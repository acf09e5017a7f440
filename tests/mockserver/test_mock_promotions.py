"""The operations on promotions, over real HTTP."""

import re

import pytest

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_create_answers_201_with_location_and_the_new_promotion(shared, pattern):
    sent = {"name": "Summer", "pattern": [pattern], "shopColour": "green"}
    answer = shared("POST", "/promotion", json=sent)
    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    assert answer.headers["Location"] == body["href"] == f"{shared.root}/promotion/{body['id']}"
    assert UUID.fullmatch(body["id"])
    assert TIME.fullmatch(body["lastUpdate"])
    assert body["lifecycleStatus"] == "draft"
    assert body["@type"] == "Promotion"
    assert {name: body[name] for name in sent} == sent
    assert shared("GET", f"/promotion/{body['id']}").json() == body
    assert body in shared("GET", "/promotion").json()


def test_what_the_client_sends_goes_before_the_defaults_but_not_before_the_servers_own(shared):
    created = shared.create(
        lifecycleStatus="release",
        href="http://elsewhere/1",
        lastUpdate="2001-01-01t00:00:00z",
        **{"@type": "PromotionAcme"},
    )
    assert created["lifecycleStatus"] == "release"
    assert created["@type"] == "PromotionAcme"
    assert created["href"].startswith(shared.root)
    assert created["lastUpdate"] > "2026"


def test_a_client_may_supply_an_id_once(shared):
    created = shared.create(id="Black Friday/26 ä")
    assert created["href"] == f"{shared.root}/promotion/Black%20Friday%2F26%20%C3%A4"
    assert shared("GET", "/promotion/Black%20Friday%2F26%20%C3%A4").json() == created
    again = shared("POST", "/promotion", json={"name": "x", "id": "Black Friday/26 ä"})
    assert again.status_code == 409
    assert again.json()["code"] == "idInUse"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "name is missing"),
        ({"name": None}, "name must be a string, not null"),
        ({"name": " \t"}, "name must not be blank"),
        ({"name": 5}, "name must be a string, not a number"),
        ({"name": "x", "validFor": []}, "validFor must be an object, not an array"),
        (
            {"name": "x", "validFor": {"startDateTime": "soon"}},
            "validFor.startDateTime is no date-time: 'soon'",
        ),
        ({"name": "x", "pattern": {}}, "pattern must be an array, not an object"),
        (
            {"name": "x", "pattern": [{"action": [{}], "criteriaGroup": [{"criteria": []}]}]},
            (
                "pattern[0].action[0].actionType is missing;"
                " pattern[0].criteriaGroup[0].criteria must have at least 1 item"
            ),
        ),
        (
            {"name": "x", "pattern": [{"name": "y"}]},
            "pattern[0].action is missing; pattern[0].criteriaGroup is missing",
        ),
        ({"name": "x", "id": 5}, "id must be a string"),
        ({"name": "x", "id": ".."}, "id '..' cannot stand in a path"),
        ({"name": "x", "id": ""}, "id '' cannot stand in a path"),
        ({"name": "x", "id": "i" * 256}, "id is longer than 255 characters"),
        ([], "the body must be a JSON object"),
    ],
)
def test_a_body_that_is_refused_names_the_attribute(shared, body, message):
    before = shared.names()
    answer = shared("POST", "/promotion", json=body)
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["reason"] == "Bad request"
    assert problem["status"] == "400"
    assert sorted(problem["message"].split("; ")) == sorted(message.split("; "))
    assert shared.names() == before


def test_several_faults_are_counted(shared):
    wrong = {"name": 1, "description": 2, "promotionType": 3, "lifecycleStatus": 4}
    wrong |= {"lastUpdate": 5, "validFor": 6, "pattern": 7}
    answer = shared("POST", "/promotion", json=wrong)
    assert answer.json()["message"].endswith("; and 2 more")


def test_patch_merges_and_advances_last_update(shared):
    created = shared.create(
        description="d",
        validFor={"startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2027-01-01T00:00:00Z"},
    )
    path = f"/promotion/{created['id']}"
    patched = shared(
        "PATCH",
        path,
        json={"description": None, "validFor": {"endDateTime": "2026-06-01T00:00:00Z"}, "extra": 1},
        headers={"Content-Type": "application/merge-patch+json"},
    )
    body = patched.json()
    assert patched.status_code == 200
    assert "description" not in body
    assert body["validFor"] == {
        "startDateTime": "2026-01-01T00:00:00Z",
        "endDateTime": "2026-06-01T00:00:00Z",
    }
    assert body["extra"] == 1
    assert body["lastUpdate"] > created["lastUpdate"]
    assert shared("GET", path).json() == body


def test_two_changes_in_one_millisecond_have_different_last_updates(shared):
    created = shared.create()
    seen = [
        shared("PATCH", f"/promotion/{created['id']}", json={"description": str(n)}).json()
        for n in range(5)
    ]
    times = [created["lastUpdate"], *(body["lastUpdate"] for body in seen)]
    assert times == sorted(set(times))


def test_a_pattern_can_be_patched_and_is_replaced_whole(shared, pattern):
    created = shared.create(pattern=[pattern, pattern])
    changed = {**pattern, "name": "other"}
    answer = shared("PATCH", f"/promotion/{created['id']}", json={"pattern": [changed]})
    assert answer.json()["pattern"] == [changed]


@pytest.mark.parametrize("patch", [{}, {"name": "Summer"}, {"lastUpdate": "2001-01-01T00:00:00Z"}])
def test_a_patch_that_changes_nothing_changes_not_even_last_update(shared, patch):
    created = shared.create()
    answer = shared("PATCH", f"/promotion/{created['id']}", json=patch)
    assert answer.status_code == 200
    assert answer.json() == created


def test_true_and_1_are_different_values(shared):
    created = shared.create(flag=1)
    answer = shared("PATCH", f"/promotion/{created['id']}", json={"flag": True})
    assert answer.json()["flag"] is True
    assert answer.json()["lastUpdate"] > created["lastUpdate"]


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"id": "other"}, "id cannot be changed"),
        ({"href": "http://other"}, "href cannot be changed"),
        ({"href": None}, "href cannot be changed"),
        ({"@type": "Other"}, "@type cannot be changed"),
        ({"@baseType": "Other"}, "@baseType cannot be changed"),
        ({"name": None}, "name is missing"),
        ({"name": ""}, "name must not be blank"),
        ({"description": 5, "extra": 1}, "description must be a string, not a number"),
    ],
)
def test_a_refused_patch_says_why_and_changes_nothing(shared, patch, message):
    created = shared.create()
    answer = shared("PATCH", f"/promotion/{created['id']}", json=patch)
    assert answer.status_code == 400
    assert answer.json()["message"] == message
    assert shared("GET", f"/promotion/{created['id']}").json() == created


def test_sending_back_what_was_read_is_no_change(shared):
    created = shared.create()
    answer = shared("PATCH", f"/promotion/{created['id']}", json=created)
    assert answer.status_code == 200
    assert answer.json() == created


def test_type_attributes_can_be_patched_in_version_4_0_0(start):
    mock = start(api_version="4.0.0")
    created = mock.create(attachment="kept as an extension")
    assert created["attachment"] == "kept as an extension"
    answer = mock("PATCH", f"/promotion/{created['id']}", json={"@type": "Other"})
    assert answer.json()["@type"] == "Other"


def test_delete_answers_204_and_then_nothing_is_there(shared):
    path = f"/promotion/{shared.create()['id']}"
    gone = shared("DELETE", path)
    assert (gone.status_code, gone.content) == (204, b"")
    for method in ("GET", "PATCH", "DELETE"):
        answer = shared(method, path, json={} if method == "PATCH" else None)
        assert answer.status_code == 404
        assert answer.json()["reason"] == "Not found"


def test_conditional_requests(shared):
    path = f"/promotion/{shared.create()['id']}"
    first = shared("GET", path)
    etag = first.headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]+"', etag)
    assert first.headers["Last-Modified"].endswith("GMT")
    known = shared("GET", path, headers={"If-None-Match": f'"x", W/{etag}'})
    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", etag)
    assert shared("GET", path, headers={"If-None-Match": '"x"'}).status_code == 200
    changed = shared("PATCH", path, json={"description": "d"}, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag
    late = shared("PATCH", path, json={"description": "e"}, headers={"If-Match": etag})
    assert late.status_code == 412
    assert shared("DELETE", path, headers={"If-Match": etag}).status_code == 412
    assert shared("GET", path).json()["description"] == "d"
    assert shared("DELETE", path, headers={"If-Match": "*"}).status_code == 204


def test_lists_are_filtered_sorted_paged_and_selected(start):
    mock = start()
    for number, name in enumerate("abcdefg"):
        mock.create(name=name, rank=number % 3)
    assert mock.names() == list("abcdefg")
    assert mock.names("?name=a,c") == ["a", "c"]
    assert mock.names("?rank=0&name.gt=a") == ["d", "g"]
    assert mock.names("?sort=-rank,name&offset=1&limit=3") == ["f", "b", "e"]
    answer = mock("GET", "/promotion?fields=name&rank.gte=1&limit=1&offset=1")
    assert answer.status_code == 200
    assert [set(item) for item in answer.json()] == [{"id", "href", "name"}]
    assert answer.headers["X-Total-Count"] == "4"
    assert answer.headers["X-Result-Count"] == "1"
    assert answer.headers["Content-Range"] == "items 2-2/4"
    following = re.search(r'<([^>]*)>; rel="next"', answer.headers["Link"])[1]
    assert following == f"{mock.root}/promotion?fields=name&rank.gte=1&offset=2&limit=1"
    href = mock("GET", "/promotion?name=a").json()[0]["href"]
    assert mock.names(f"?href={href}") == ["a"]


def test_a_filter_that_finds_nothing_answers_an_empty_list(shared):
    answer = shared("GET", "/promotion?name=nobody-has-this-name")
    assert (answer.status_code, answer.json()) == (200, [])
    assert answer.headers["X-Total-Count"] == answer.headers["X-Result-Count"] == "0"


def test_create_and_patch_answer_the_selected_attributes(shared):
    created = shared("POST", "/promotion?fields=name", json={"name": "x", "description": "d"})
    assert set(created.json()) == {"id", "href", "name"}
    path = f"/promotion/{created.json()['id']}?fields=none"
    assert set(shared("PATCH", path, json={"name": "y"}).json()) == {"id", "href"}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?limit=-1", "'limit=-1': must be a whole number from 0 up"),
        ("?name.regex=(", "'(': is no regular expression (missing ): ()"),
        ("?nonsense", "'nonsense': has no operator, such as = or .gt="),
        (
            "?name.ge=5",
            "'name.ge': name has no attributes; operators are .eq, .gt, .gte, .lt, .lte, .regex",
        ),
        (
            "?sort=validFor.endDateTime.year",
            (
                "'validFor.endDateTime.year': validFor.endDateTime has no attributes; operators are"
                " .eq, .gt, .gte, .lt, .lte, .regex"
            ),
        ),
        ("?filter=$[?(@.name)", "'$[?(@.name)': is no JSON Path (unexpected end of segment)"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_and_says_which_part(shared, query, message):
    answer = shared("GET", f"/promotion{query}")
    assert answer.status_code == 400
    assert answer.json()["message"] == message


def test_an_attribute_of_an_extension_may_be_asked_for(shared):
    shared.create(name="tagged", tags=[{"key": "a"}, {"key": "b"}])
    assert shared.names("?tags.key=b") == ["tagged"]
    assert shared.names("?unheard.of=b") == []


@pytest.mark.parametrize("blank", ["\x1c", "\x85", "\u00a0", "\u3000", "\ufeff", "\u2003 \t"])
def test_a_name_is_not_blank_in_any_script(shared, blank):
    refused = shared("POST", "/promotion", json={"name": blank})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalidBody")
    assert shared("POST", "/promotion", json={"name": f"{blank}x"}).status_code == 201
