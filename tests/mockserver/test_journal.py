"""The request journal, at rest and as it grows."""

import json
import threading
import time

import pytest
import requests

from mockserver.embedded import running_mock
from mockserver.journal import MAX_BODY, Journal

ROOT = "/tmf-api/promotionManagement/v4"


def journal_of(mock, query="", method="GET"):
    url = f"{mock.root.removesuffix(ROOT)}/_mock/journal{query}"
    answer = requests.request(method, url, timeout=5)
    return answer if method == "DELETE" else answer.json()


def test_an_exchange_is_shown_as_it_went(start):
    mock = start()
    mock("POST", "/promotion?fields=name", json={"name": "Ünïcode"})
    (exchange,) = journal_of(mock)
    assert (exchange["n"], exchange["method"]) == (1, "POST")
    assert (exchange["path"], exchange["query"]) == (f"{ROOT}/promotion", "fields=name")
    assert exchange["status"] == 201
    assert exchange["requestHeaders"]["Content-Type"] == "application/json"
    assert exchange["responseHeaders"]["Content-Type"] == "application/json;charset=utf-8"
    assert exchange["responseHeaders"]["ETag"].startswith('"')
    assert json.loads(exchange["requestBody"]) == {"name": "Ünïcode"}
    assert json.loads(exchange["responseBody"])["name"] == "Ünïcode"
    assert exchange["durationMs"] > 0
    assert "fault" not in exchange


def test_whatever_clients_do_to_the_api_is_there_and_the_control_api_is_not(start):
    mock = start()
    host = mock.root.removesuffix(ROOT)
    mock("GET", "/promotion")
    mock("PUT", "/promotion", data=b"{")
    mock("HEAD", "/promotion/%C3%A4")
    requests.get(f"{host}/elsewhere", timeout=5)
    requests.get(f"{host}/_mock/state", timeout=5)
    found = [(exchange["method"], exchange["status"]) for exchange in journal_of(mock)]
    assert found == [("GET", 200), ("PUT", 405), ("HEAD", 404), ("GET", 404)]


def test_secrets_are_masked(start):
    mock = start()
    headers = {"Authorization": "Bearer s3cret", "Cookie": "id=s3cret", "X-Other": "shown"}
    mock("GET", "/promotion", headers=headers)
    (exchange,) = journal_of(mock)
    assert exchange["requestHeaders"]["Authorization"] == "***"
    assert exchange["requestHeaders"]["Cookie"] == "***"
    assert exchange["requestHeaders"]["X-Other"] == "shown"
    assert "s3cret" not in json.dumps(exchange)


def test_bytes_that_are_no_utf_8_are_shown_all_the_same(start):
    mock = start()
    mock("POST", "/promotion", data=b"\xff", headers={"X-Odd": b"\xfe"})
    (exchange,) = journal_of(mock)
    assert exchange["requestBody"] == "\ufffd"
    assert exchange["requestHeaders"]["X-Odd"] == "\ufffd"


def test_it_is_a_ring_with_bounded_bodies(start):
    mock = start(journal=3)
    for number in range(5):
        mock("GET", f"/promotion?name={number}")
    assert [exchange["n"] for exchange in journal_of(mock)] == [3, 4, 5]
    assert [exchange["query"] for exchange in journal_of(mock, "?limit=2")] == ["name=3", "name=4"]
    assert journal_of(mock, "?limit=0") == []
    assert len(journal_of(mock, "?limit=99")) == 3
    mock.create(description="x" * 20_000)
    newest = journal_of(mock)[-1]
    assert len(newest["requestBody"]) == len(newest["responseBody"]) == MAX_BODY == 16384
    assert journal_of(mock, method="DELETE").status_code == 204
    assert journal_of(mock) == []
    mock("GET", "/promotion")
    assert [exchange["n"] for exchange in journal_of(mock)] == [7]


@pytest.mark.parametrize("limit", ["-1", "x", "", "1.5", "²"])
def test_a_limit_that_is_no_number_is_refused(start, limit):
    refused = journal_of(start(), f"?limit={limit}")
    assert refused["code"] == "invalidQuery"


def test_a_journal_of_no_size_keeps_nothing(start):
    mock = start(journal=0)
    mock("GET", "/promotion")
    assert journal_of(mock) == []


def test_the_stream_gives_each_exchange_as_it_happens_and_ends_with_the_mock():
    lines, begun = [], threading.Event()

    def follow(url):
        with requests.get(url, stream=True, timeout=10) as stream:
            assert stream.headers["Content-Type"] == "text/event-stream;charset=utf-8"
            for line in stream.iter_lines(chunk_size=1):
                lines.append(line)
                begun.set()

    with running_mock() as root:
        control = f"{root.removesuffix(ROOT)}/_mock"
        requests.get(f"{root}/promotion?name=before", timeout=5)
        follower = threading.Thread(target=follow, args=[f"{control}/journal/stream"])
        follower.start()
        assert begun.wait(5)
        requests.get(f"{root}/promotion?name=first", timeout=5)
        requests.post(f"{control}/reset", timeout=5)
        requests.get(f"{root}/promotion?name=second", timeout=5)
        deadline = time.monotonic() + 5
        while sum(line.startswith(b"data: ") for line in lines) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        stopping = time.monotonic()
    follower.join(5)
    assert not follower.is_alive()
    assert time.monotonic() - stopping < 1
    shown = [json.loads(line[6:]) for line in lines if line.startswith(b"data: ")]
    assert [exchange["query"] for exchange in shown] == ["name=first", "name=second"]


def test_one_who_does_not_keep_up_misses_exchanges_and_fills_no_memory():
    journal = Journal(2)
    follower = journal.follow()
    for _ in range(1500):
        journal.record(
            at=0.0,
            asked=("GET", "/", ""),
            request=({}, b""),
            response=(200, {}, b""),
            seconds=0.0,
        )
    assert follower.qsize() == 1000
    journal.leave(follower)
    journal.close()
    assert follower.qsize() == 1000
