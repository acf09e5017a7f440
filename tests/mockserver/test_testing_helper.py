"""`mockserver.testing`: a mock for the tests of a client."""

import pytest
import requests

from mockserver.errors import ProblemError
from mockserver.testing import Delivered, promotion_mock


@pytest.fixture
def mock():
    with promotion_mock() as running:
        yield running


def test_promotions_are_created_without_a_request_and_listed(mock):
    created = mock.create(id="summer", name="Summer sale")
    assert created["href"] == f"{mock.url}/promotion/summer"
    assert mock.create()["name"] == "Promotion"
    assert requests.get(f"{mock.url}/promotion/summer", timeout=5).json() == created
    assert [promotion["name"] for promotion in mock.promotions()] == ["Summer sale", "Promotion"]
    assert [exchange.method for exchange in mock.journal()] == ["GET"]


def test_what_the_api_refuses_cannot_be_created(mock):
    with pytest.raises(ProblemError, match="name must be a string"):
        mock.create(name=5)
    assert mock.promotions() == []


def test_the_journal_is_typed_and_masks_nothing(mock):
    requests.post(
        f"{mock.url}/promotion?fields=id",
        json={"name": "x"},
        headers={"Authorization": "Bearer t"},
        timeout=5,
    )
    (exchange,) = mock.journal()
    assert (exchange.n, exchange.method, exchange.query, exchange.status) == (
        1,
        "POST",
        "fields=id",
        201,
    )
    assert exchange.request_headers["authorization"] == "Bearer t"
    assert exchange.request_body == b'{"name": "x"}'


def test_faults_are_switched_by_name(mock):
    mock.create(id="a")
    mock.faults(errors=[{"operation": "retrievePromotion", "status": 503}])
    assert requests.get(f"{mock.url}/promotion/a", timeout=5).status_code == 503
    mock.faults(rate_limit=(1, 60), latency={"kind": "fixed", "ms": 1})
    statuses = [requests.get(f"{mock.url}/promotion/a", timeout=5).status_code for _ in range(2)]
    assert statuses == [200, 429]
    for harm in ("drop", "half_sent"):
        mock.faults(**{harm: 1.0})
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            requests.get(f"{mock.url}/promotion/a", timeout=5)
    mock.faults(malformed_json=1.0, seed=3)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        requests.get(f"{mock.url}/promotion/a", timeout=5).json()
    assert [exchange.fault for exchange in mock.journal()] == [
        "errors",
        "latency",
        "rateLimit",
        "drop",
        "halfSent",
        "malformedJson",
    ]
    mock.faults()
    assert requests.get(f"{mock.url}/promotion/a", timeout=5).json()["id"] == "a"
    with pytest.raises(ProblemError, match=r"drop\.rate: 2 is greater"):
        mock.faults(drop=2)


def test_deliveries_tell_what_became_of_events(mock, subscriber):
    body = {"callback": subscriber.url}
    requests.post(f"{mock.url}/hub", json=body, timeout=5)
    mock.create()
    subscriber.wait_for(1)
    deliveries = mock.deliveries()
    while not deliveries:
        deliveries = mock.deliveries()
    (delivered,) = deliveries
    assert delivered == Delivered(
        callback=subscriber.url,
        event_type="PromotionCreateEvent",
        at=delivered.at,
        status=201,
        attempts=1,
    )


def test_time_and_ids_can_be_fixed(mock):
    mock.freeze("2026-01-01T00:00:00Z")
    mock.fix_ids("one", "two")
    assert mock.create()["lastUpdate"] == "2026-01-01T00:00:00.000Z"
    mock.advance(90)
    second = requests.post(f"{mock.url}/promotion", json={"name": "x"}, timeout=5).json()
    assert (second["id"], second["lastUpdate"]) == ("two", "2026-01-01T00:01:30.000Z")
    with pytest.raises(ValueError, match="'noon' is no RFC 3339 date-time"):
        mock.freeze("noon")


def test_a_reset_brings_the_start_back():
    with promotion_mock(data=[{"id": "a", "name": "Alpha"}], defects=("filter-ignored",)) as mock:
        mock.create()
        mock.faults(drop=1.0)
        mock.reset()
        assert [promotion["id"] for promotion in mock.promotions()] == ["a"]
        answer = requests.get(f"{mock.url}/promotion?name=other", timeout=5)
        assert len(answer.json()) == 1
        assert len(mock.journal()) == 1


def test_settings_that_do_not_exist_are_refused():
    with pytest.raises(TypeError, match="colour"), promotion_mock(colour="red"):
        pass


@pytest.mark.parametrize("wrong", [5, None, "", "..", ["a"]])
def test_ids_that_cannot_be_ids_are_refused_at_once(wrong):
    with promotion_mock() as mock:
        with pytest.raises(ProblemError, match="id"):
            mock.fix_ids("fine", wrong)
        assert mock.create()["id"] != "fine"
