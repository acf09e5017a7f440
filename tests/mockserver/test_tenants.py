"""Several isolated catalogues in one server."""

import pytest
import requests

ROOT = "/tmf-api/promotionManagement/v4"


@pytest.fixture
def at(start):
    """Start a mock and give a function that calls it by any path."""

    def at_of(**settings):
        mock = start(**settings)
        host = mock.root.removesuffix(ROOT)

        def call(method, path, **options):
            return requests.request(method, host + path, timeout=10, **options)

        call.host = host
        return call

    return at_of


def promotions(call, prefix):
    return [promotion["name"] for promotion in call("GET", f"{prefix}{ROOT}/promotion").json()]


def test_a_tenant_starts_as_the_mock_started_and_is_on_its_own(at):
    call = at(data=[{"id": "a", "name": "Alpha"}])
    created = call("POST", f"/t/team-a{ROOT}/promotion", json={"name": "Mine"})
    path = f"{call.host}/t/team-a{ROOT}/promotion/{created.json()['id']}"
    assert created.json()["href"] == created.headers["Location"] == path
    assert requests.get(path, timeout=5).json()["name"] == "Mine"
    assert promotions(call, "/t/team-a") == ["Alpha", "Mine"]
    assert promotions(call, "") == promotions(call, "/t/team-b") == ["Alpha"]
    assert call("DELETE", f"/t/team-b{ROOT}/promotion/a").status_code == 204
    assert promotions(call, "/t/team-a") == ["Alpha", "Mine"]
    assert call("GET", "/_mock/state").json()["tenants"] == ["team-a", "team-b"]


def test_links_of_pages_stay_with_the_tenant(at):
    call = at(seed=1, count=3)
    link = call("GET", f"/t/x{ROOT}/promotion?limit=1").headers["Link"]
    assert f"<{call.host}/t/x{ROOT}/promotion?" in link


def test_hub_faults_defects_clock_and_journal_belong_to_a_tenant(at, subscriber):
    call = at()
    call("POST", f"/t/x{ROOT}/hub", json={"callback": subscriber.url})
    call(
        "PUT", "/t/x/_mock/faults", json={"errors": [{"operation": "listPromotion", "status": 503}]}
    )
    call("PUT", "/t/x/_mock/defects", json={"active": ["hub-answers-200"]})
    call("PUT", "/t/x/_mock/clock", json={"frozen": "2026-01-01T00:00:00Z"})
    assert call("GET", f"/t/x{ROOT}/promotion").status_code == 503
    assert call("GET", f"{ROOT}/promotion").status_code == 200
    call("POST", f"{ROOT}/promotion", json={"name": "Other"})
    call("POST", f"/t/x{ROOT}/promotion", json={"name": "Mine"})
    (event,) = subscriber.wait_for(1)
    assert event["event"]["promotion"]["name"] == "Mine"
    assert event["eventTime"] == "2026-01-01T00:00:00.000Z"
    state = call("GET", "/_mock/state").json()
    assert (state["subscriptions"], state["faults"], state["defects"]) == (0, {}, [])
    paths = [exchange["path"] for exchange in call("GET", "/t/x/_mock/journal").json()]
    assert paths == [f"/t/x{ROOT}/hub", f"/t/x{ROOT}/promotion", f"/t/x{ROOT}/promotion"]
    call("POST", "/t/x/_mock/reset")
    assert call("GET", f"/t/x{ROOT}/promotion").json() == []
    assert promotions(call, "") == ["Other"]


def test_there_are_no_more_tenants_than_there_may_be(at):
    call = at(tenants=2)
    assert promotions(call, "/t/one") == promotions(call, "/t/two") == []
    refused = call("GET", f"/t/three{ROOT}/promotion")
    assert refused.status_code == 429
    assert refused.json()["message"] == (
        "there are 2 tenants already, as many as there may be (--tenants): one, two"
    )
    assert promotions(call, "/t/one") == []


@pytest.mark.parametrize("name", ["%20", "a%2Fb", "-a", ".hidden", "x" * 65, "caf%C3%A9"])
def test_an_odd_name_is_no_tenant(at, name):
    call = at()
    assert call("GET", f"/t/{name}{ROOT}/promotion").status_code == 404
    assert call("GET", "/_mock/state").json()["tenants"] == []


def test_a_path_that_is_nothing_makes_no_tenant(at):
    call = at()
    assert call("GET", "/t/x/elsewhere").status_code == 404
    assert call("GET", "/_mock/state").json()["tenants"] == []


def test_tenants_can_be_off(at):
    call = at(tenants=0)
    refused = call("GET", f"/t/x{ROOT}/promotion")
    assert (refused.status_code, refused.json()["message"]) == (404, "this mock has no tenants")
