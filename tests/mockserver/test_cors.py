"""Cross-origin requests."""

import pytest

PREFLIGHT = {
    "Origin": "https://crm.example",
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "content-type, if-match",
}


def cors_headers(answer):
    return {
        name.lower().removeprefix("access-control-"): value
        for name, value in answer.headers.items()
        if name.lower().startswith("access-control-")
    }


def test_no_origin_is_allowed_unless_asked_for(shared):
    assert cors_headers(shared("GET", "/promotion", headers=PREFLIGHT)) == {}
    assert cors_headers(shared("OPTIONS", "/promotion", headers=PREFLIGHT)) == {}


def test_a_preflight_says_what_the_resource_takes(start):
    mock = start(cors=("https://crm.example",))
    answer = mock("OPTIONS", "/promotion/1", headers=PREFLIGHT)
    assert answer.status_code == 204
    assert cors_headers(answer) == {
        "allow-origin": "https://crm.example",
        "allow-methods": "GET, HEAD, PATCH, DELETE, OPTIONS",
        "allow-headers": "content-type, if-match",
        "max-age": "600",
    }
    assert "Origin" in answer.headers["Vary"]


def test_answers_and_errors_are_readable_for_the_named_origins_only(start):
    mock = start(cors=("https://crm.example", "http://localhost:3000"))
    for origin in ("https://crm.example", "http://localhost:3000"):
        for path in ("/promotion", "/promotion/nobody", "/nothing"):
            answer = mock("GET", path, headers={"Origin": origin})
            assert answer.headers["Access-Control-Allow-Origin"] == origin
            exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
            assert {"ETag", "Location", "Link", "X-Total-Count"} <= set(exposed)
    for origin in ("https://evil.example", "https://crm.example.evil", "null"):
        answer = mock("GET", "/promotion", headers={"Origin": origin})
        assert cors_headers(answer) == {}
        assert "Origin" in answer.headers["Vary"]
    assert cors_headers(mock("GET", "/promotion")) == {}


def test_a_star_allows_every_origin(start):
    mock = start(cors=("*",))
    answer = mock("GET", "/promotion", headers={"Origin": "null"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Vary" not in answer.headers


def test_a_preflight_needs_no_token(start):
    mock = start(cors=("*",), require_token="secret")
    assert mock("OPTIONS", "/promotion", headers=PREFLIGHT).status_code == 204
    refused = mock("GET", "/promotion", headers={"Origin": "https://crm.example"})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/_mock/state", "/_mock/journal"])
def test_the_control_api_is_not_open_to_other_origins(start, path):
    mock = start(cors=("*",))
    mock.root = mock.root.removesuffix("/tmf-api/promotionManagement/v4")
    assert mock("GET", path).status_code == 200
    assert cors_headers(mock("GET", path, headers={"Origin": "https://crm.example"})) == {}
    preflight = {**PREFLIGHT, "Access-Control-Request-Method": "GET"}
    assert cors_headers(mock("OPTIONS", path, headers=preflight)) == {}
