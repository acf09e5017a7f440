"""Who gets in: bearer tokens, the token endpoint, and the admin token of the control API."""

import pytest
import requests

ROOT = "/tmf-api/promotionManagement/v4"


def host_of(mock):
    return mock.root.removesuffix(ROOT)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def get_token(mock, form=None, **options):
    form = {"grant_type": "client_credentials", **(form or {})}
    return requests.post(f"{host_of(mock)}/oauth/token", data=form, timeout=5, **options)


def test_a_fixed_token_opens_the_api(start):
    mock = start(require_token="s3cret")
    refused = mock("GET", "/promotion")
    assert (refused.status_code, refused.json()["reason"]) == (401, "Unauthorized")
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="tmf671"'
    assert refused.headers["Content-Type"] == "application/json;charset=utf-8"
    assert mock("GET", "/promotion", headers=bearer("s3cret")).status_code == 200
    lower = {"Authorization": "bearer s3cret"}
    assert mock("POST", "/promotion", json={"name": "x"}, headers=lower).status_code == 201


@pytest.mark.parametrize(
    "authorization",
    ["Bearer wrong", "Bearer s3cret2", "Bearer s3cre", "Bearer caf\xe9", "Bearer s3cret extra"],
)
def test_another_token_is_told_to_be_invalid(start, authorization):
    mock = start(require_token="s3cret")
    refused = mock(
        "POST",
        "/promotion",
        json={"name": "x"},
        headers={"Authorization": authorization.encode("latin-1")},
    )
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="tmf671", error="invalid_token"'
    assert mock("GET", "/promotion", headers=bearer("s3cret")).json() == []


@pytest.mark.parametrize("authorization", ["s3cret", "Basic s3cret", "Bearer", "Bearer "])
def test_what_is_no_bearer_token_counts_as_none(start, authorization):
    mock = start(require_token="s3cret")
    refused = mock("GET", "/promotion", headers={"Authorization": authorization})
    assert (refused.status_code, refused.json()["message"]) == (
        401,
        "a bearer token is needed in the Authorization header",
    )


def test_every_operation_is_closed_but_the_preflight(start):
    mock = start(require_token="s3cret")
    closed = [
        ("POST", "/hub"),
        ("DELETE", "/hub/x"),
        ("PATCH", "/promotion/x"),
        ("PUT", "/promotion"),
        ("POST", "/listener/promotionCreateEvent"),
    ]
    assert {mock(method, path).status_code for method, path in closed} == {401}
    assert mock("OPTIONS", "/promotion").status_code == 204
    assert requests.get(f"{host_of(mock)}/t/x{ROOT}/promotion", timeout=5).status_code == 401


@pytest.mark.parametrize(
    "credentials",
    [
        {"auth": ("crm", "pa:ss")},
        {"form": {"client_id": "crm", "client_secret": "pa:ss"}},
    ],
)
def test_a_client_gets_a_token_and_uses_it_until_it_expires(start, credentials):
    mock = start(oauth_client=("crm", "pa:ss"), token_ttl=600)
    answer = get_token(mock, **credentials)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    token = answer.json()["access_token"]
    assert answer.json() == {"access_token": token, "token_type": "Bearer", "expires_in": 600}
    assert mock("GET", "/promotion", headers=bearer(token)).status_code == 200
    assert requests.get(f"{host_of(mock)}/t/x{ROOT}/promotion", headers=bearer(token), timeout=5).ok
    clock = f"{host_of(mock)}/_mock/clock"
    requests.put(clock, json={"advanceSeconds": 599}, timeout=5)
    assert mock("GET", "/promotion", headers=bearer(token)).status_code == 200
    requests.put(clock, json={"advanceSeconds": 2}, timeout=5)
    expired = mock("GET", "/promotion", headers=bearer(token))
    assert (expired.status_code, expired.json()["message"]) == (401, "the token has expired")
    assert 'error="invalid_token"' in expired.headers["WWW-Authenticate"]
    fresh = get_token(mock, **credentials).json()["access_token"]
    assert fresh != token
    assert mock("GET", "/promotion", headers=bearer(fresh)).status_code == 200


def test_both_kinds_of_token_may_be_asked_for(start):
    mock = start(require_token="fixed", oauth_client=("crm", "secret"))
    token = get_token(mock, auth=("crm", "secret")).json()["access_token"]
    assert mock("GET", "/promotion", headers=bearer(token)).status_code == 200
    assert mock("GET", "/promotion", headers=bearer("fixed")).status_code == 200
    assert mock("GET", "/promotion", headers=bearer("other")).status_code == 401


@pytest.mark.parametrize(
    ("options", "status", "error"),
    [
        ({"auth": ("crm", "wrong")}, 401, "invalid_client"),
        ({"auth": ("other", "secret")}, 401, "invalid_client"),
        ({}, 401, "invalid_client"),
        ({"headers": {"Authorization": "Basic !!"}}, 401, "invalid_client"),
        ({"headers": {"Authorization": "Basic bm9jb2xvbg=="}}, 401, "invalid_client"),
        ({"auth": ("crm", "secret"), "form": {"grant_type": ""}}, 400, "unsupported_grant_type"),
        (
            {"auth": ("crm", "secret"), "form": {"grant_type": "password"}},
            400,
            "unsupported_grant_type",
        ),
        (
            {"auth": ("crm", "secret"), "headers": {"Content-Type": "application/json"}},
            400,
            "invalid_request",
        ),
    ],
)
def test_the_token_endpoint_refuses_as_rfc_6749_says(start, options, status, error):
    answer = get_token(start(oauth_client=("crm", "secret")), **options)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


def test_the_token_endpoint_needs_a_grant_type_and_a_post(start):
    mock = start(oauth_client=("crm", "secret"))
    url = f"{host_of(mock)}/oauth/token"
    missing = requests.post(url, data={"scope": "x"}, auth=("crm", "secret"), timeout=5)
    assert (missing.status_code, missing.json()["error"]) == (400, "invalid_request")
    wrong = requests.get(url, timeout=5)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")


def test_without_a_client_nobody_gets_a_token(start):
    assert get_token(start(require_token="x"), auth=("", "")).status_code == 401
    open_to_all = start()
    assert get_token(open_to_all).status_code == 404
    assert open_to_all("GET", "/promotion").status_code == 200


def test_the_admin_token_protects_the_control_api_and_nothing_else(start):
    mock = start(admin_token="adm1n", require_token="user")
    url = f"{host_of(mock)}/_mock/state"
    for headers in ({}, bearer("user"), bearer("adm1n2")):
        refused = requests.get(url, headers=headers, timeout=5)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="tmf671 control"'
        assert (
            requests.get(f"{url[:-5]}journal/stream", headers=headers, timeout=5).status_code == 401
        )
    assert requests.get(url, headers=bearer("adm1n"), timeout=5).status_code == 200
    tenant = f"{host_of(mock)}/t/x/_mock/state"
    assert requests.get(tenant, timeout=5).status_code == 401
    assert mock("GET", "/promotion", headers=bearer("adm1n")).status_code == 401


def test_a_page_of_another_origin_may_not_control_the_mock(start):
    mock = start()
    url = f"{host_of(mock)}/_mock/reset"
    mock.create()
    refused = requests.post(url, headers={"Origin": "https://evil.example"}, timeout=5)
    assert (refused.status_code, refused.json()["reason"]) == (403, "Forbidden")
    assert len(mock.names()) == 1
    own = requests.post(url, headers={"Origin": host_of(mock)}, timeout=5)
    assert own.status_code == 204


def test_a_control_api_that_is_off_says_how_to_get_it(start):
    mock = start(control=False)
    for path in ("state", "nothing", "journal/stream"):
        refused = requests.get(f"{host_of(mock)}/_mock/{path}", timeout=5)
        assert refused.status_code == 403
        assert refused.json()["message"] == (
            "the control API is off; start the mock with --admin-token"
        )
    assert mock("GET", "/promotion").status_code == 200
