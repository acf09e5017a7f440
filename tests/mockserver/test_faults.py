"""Faults on demand: what they do, to whom, and that chance is the same for the same seed."""

import json
import time

import pytest
import requests

from mockserver.faults import Faults

ROOT = "/tmf-api/promotionManagement/v4"


@pytest.fixture
def faulty(start):
    """Start a mock with a promotion and switch faults on; gives the client."""

    def with_faults(configuration, **settings):
        mock = start(data=[{"id": "a", "name": "Alpha"}], **settings)
        switched = switch(mock, configuration)
        assert (switched.status_code, switched.json()) == (200, configuration)
        return mock

    return with_faults


def switch(mock, configuration, method="PUT"):
    url = f"{mock.root.removesuffix(ROOT)}/_mock/faults"
    return requests.request(method, url, json=configuration, timeout=5)


def statuses(mock, count, method="GET", path="/promotion/a", **options):
    return [mock(method, path, **options).status_code for _ in range(count)]


def test_errors_take_the_place_of_the_operation(faulty):
    mock = faulty({"errors": [{"operation": "createPromotion", "status": 503}]})
    refused = mock("POST", "/promotion", json={"name": "x"})
    assert refused.status_code == 503
    assert refused.json() == {
        "code": "503",
        "reason": "Service unavailable",
        "message": "the mock was told to answer 503 here",
        "status": "503",
        "@type": "Error",
    }
    assert mock.names() == ["Alpha"]


def test_a_star_means_every_operation_and_the_first_error_counts(faulty):
    errors = [
        {"operation": "deletePromotion", "status": 409},
        {"operation": "*", "status": 500},
    ]
    mock = faulty({"errors": errors})
    assert mock("DELETE", "/promotion/a").status_code == 409
    assert mock("GET", "/promotion/a").status_code == 500
    assert mock("GET", "/nothing").status_code == 500


def test_a_rate_is_a_share_and_the_same_each_time(faulty):
    configuration = {"seed": 4, "errors": [{"operation": "*", "status": 503, "rate": 0.3}]}
    first = statuses(faulty(configuration), 100)
    assert 15 <= first.count(503) <= 45
    assert first.count(200) == 100 - first.count(503)
    assert statuses(faulty(configuration), 100) == first
    assert statuses(faulty({**configuration, "seed": 5}), 100) != first
    assert (
        statuses(faulty({"errors": [{**configuration["errors"][0], "rate": 0}]}), 20) == [200] * 20
    )


def test_a_dropped_answer_leaves_the_change_behind(faulty):
    mock = faulty({"drop": {}})
    with pytest.raises(requests.ConnectionError):
        mock("POST", "/promotion", json={"name": "Beta"})
    assert switch(mock, None, "DELETE").status_code == 204
    assert mock.names() == ["Alpha", "Beta"]
    shown = requests.get(f"{mock.root.removesuffix(ROOT)}/_mock/journal", timeout=5).json()
    assert (shown[0]["status"], shown[0]["fault"]) == (201, "drop")


def test_a_half_sent_answer_breaks_off_in_the_middle_of_its_body(faulty):
    mock = faulty({"halfSent": {"rate": 1}})
    with requests.get(f"{mock.root}/promotion/a", stream=True, timeout=5) as answer:
        assert answer.status_code == 200
        promised = int(answer.headers["Content-Length"])
        with pytest.raises(requests.exceptions.ChunkedEncodingError) as broken:
            assert answer.content
    assert f"IncompleteRead({promised // 2} bytes read" in str(broken.value)
    with pytest.raises(requests.ConnectionError):
        mock("DELETE", "/promotion/a")


def test_malformed_json_lacks_its_end(faulty):
    mock = faulty({"malformedJson": {}})
    answer = mock("GET", "/promotion/a")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.content)
    assert json.loads(answer.content + b"}")["name"] == "Alpha"
    assert mock("DELETE", "/promotion/a").status_code == 204


def test_the_rate_limit_answers_429_until_the_time_is_over(faulty):
    mock = faulty({"rateLimit": {"requests": 3, "perSeconds": 0.4}})
    assert statuses(mock, 5) == [200, 200, 200, 429, 429]
    refused = mock("GET", "/promotion/a")
    assert refused.headers["Retry-After"] == "1"
    assert refused.json()["message"] == "more than 3 requests in 0.4 s"
    time.sleep(0.45)
    assert statuses(mock, 4) == [200, 200, 200, 429]


def test_latency_holds_each_request_up(faulty):
    mock = faulty({"latency": {"kind": "fixed", "ms": 120}})
    began = time.monotonic()
    assert statuses(mock, 2) == [200, 200]
    assert time.monotonic() - began >= 0.24


def test_the_kinds_of_latency_are_distributed_as_they_say():
    def delays(**latency):
        faults = Faults({"latency": latency, "seed": 1})
        return sorted(faults.plan("x").delay for _ in range(1000))

    assert set(delays(kind="fixed", ms=70)) == {0.07}
    uniform = delays(kind="uniform", ms=100, maxMs=300)
    assert 0.1 <= uniform[0] < 0.11
    assert 0.29 < uniform[-1] <= 0.3
    assert 0.19 < uniform[500] < 0.21
    tail = delays(kind="long-tail", ms=100)
    assert 0.09 < tail[500] < 0.11
    assert 0.4 < tail[980] < 1
    assert tail[-1] <= 1
    assert delays(kind="long-tail", ms=100, maxMs=150)[-1] == 0.15


def test_a_sequence_of_plans_repeats_with_its_seed():
    configuration = {
        "latency": {"kind": "long-tail", "ms": 10},
        "errors": [{"operation": "a", "status": 500, "rate": 0.5}],
        "drop": {"rate": 0.2},
        "halfSent": {"rate": 0.2},
        "malformedJson": {"rate": 0.2},
    }

    def plans(seed):
        faults = Faults({**configuration, "seed": seed})
        return [faults.plan("ab"[number % 2]) for number in range(50)]

    assert plans(3) == plans(3)
    assert plans(3) != plans(4)
    assert {plan.harm for plan in plans(3)} == {None, "drop", "halfSent", "malformedJson"}
    assert {plan.name for plan in plans(3)} >= {"errors", "drop", "latency"}


def test_the_control_api_is_never_at_fault(faulty):
    mock = faulty(
        {
            "errors": [{"operation": "*", "status": 500}],
            "drop": {},
            "rateLimit": {"requests": 1, "perSeconds": 60},
        }
    )
    for _ in range(3):
        assert switch(mock, None, "GET").status_code == 200
    assert switch(mock, None, "DELETE").status_code == 204
    assert statuses(mock, 2) == [200, 200]


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (
            {"latncy": {}},
            "the body: Additional properties are not allowed ('latncy' was unexpected)",
        ),
        ({"latency": {"kind": "slow", "ms": 1}}, "latency.kind: 'slow' is not one of"),
        ({"latency": {"kind": "fixed"}}, "latency.ms is missing"),
        ({"latency": {"kind": "fixed", "ms": -1}}, "latency.ms: -1 is less than the minimum"),
        ({"latency": {"kind": "uniform", "ms": 5}}, "latency.maxMs is missing"),
        (
            {"latency": {"kind": "uniform", "ms": 5, "maxMs": 4}},
            "latency.maxMs is less than latency.ms",
        ),
        ({"errors": [{"operation": "*", "status": 200}]}, "errors[0].status: 200 is less than"),
        (
            {"errors": [{"operation": "*", "status": 500}, {"operation": "list", "status": 500}]},
            "errors[1].operation 'list' is no operation; there are *, listPromotion, ",
        ),
        ({"errors": [{"status": 500}]}, "errors[0].operation is missing"),
        ({"drop": {"rate": 1.5}}, "drop.rate: 1.5 is greater than the maximum of 1"),
        ({"halfSent": {"rate": "1"}}, "halfSent.rate must be a number, not a string"),
        ({"rateLimit": {"requests": 0, "perSeconds": 1}}, "rateLimit.requests: 0 is less than"),
        ({"rateLimit": {"requests": 5}}, "rateLimit.perSeconds is missing"),
        ([], "the body must be an object, not an array"),
    ],
)
def test_a_wrong_part_is_named_and_nothing_changes(faulty, configuration, message):
    mock = faulty({"latency": {"kind": "fixed", "ms": 0}})
    refused = switch(mock, configuration)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalidBody")
    assert refused.json()["message"].startswith(message)
    assert switch(mock, None, "GET").json() == {"latency": {"kind": "fixed", "ms": 0}}


def test_an_empty_configuration_switches_all_off(faulty):
    mock = faulty({"errors": [{"operation": "*", "status": 500}]})
    assert switch(mock, {}).json() == {}
    assert statuses(mock, 1) == [200]
