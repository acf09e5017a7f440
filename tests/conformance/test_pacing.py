"""The rate, the limits and the patience, by a clock that only a sleep moves."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hostile import Hostile, answering

from conformance.client import Client
from conformance.connection import Connection
from conformance.outcomes import RunEnded, SwitchedOff
from conformance.pacing import Pacer, seconds_of, shared
from conformance.recorder import Recorder
from conformance.settings import Settings, UsageError, validated


class Clock:
    def __init__(self):
        self.now = 100.0
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def paced(**limits):
    clock = Clock()
    return Pacer(Connection(**limits), clock=lambda: clock.now, sleep=clock.sleep), clock


def test_requests_keep_the_distance_that_the_rate_gives_them():
    pacer, clock = paced(rate=4)
    times = []
    for _ in range(9):
        pacer.turn()
        times.append(clock.now)
    assert times == [100 + n / 4 for n in range(9)]


def test_time_that_has_passed_is_not_made_up_for_by_a_burst():
    pacer, clock = paced(rate=10)
    pacer.turn()
    clock.now += 5
    pacer.turn()
    pacer.turn()
    assert clock.slept == [pytest.approx(0.1)]


def test_without_a_rate_nothing_waits():
    pacer, clock = paced()
    for _ in range(100):
        pacer.turn()
    assert clock.slept == []


def test_workers_share_the_rate():
    assert shared(Connection(rate=6), 3).rate == 2
    assert shared(Connection(), 3).rate is None


def test_a_run_ends_with_its_last_request_and_cleaning_goes_on():
    pacer, _ = paced(max_requests=2)
    pacer.turn()
    pacer.turn()
    with pytest.raises(RunEnded, match="2 requests are used up"):
        pacer.turn()
    pacer.exempt = True
    pacer.turn()


def test_a_create_too_many_is_left_out():
    pacer, _ = paced(max_creates=1)
    pacer.admit_create()
    with pytest.raises(SwitchedOff, match="--max-creates 1 is reached"):
        pacer.admit_create()


@pytest.mark.parametrize("limit", ["max_requests", "max_creates"])
def test_what_one_worker_counts_is_not_asked_of_several(limit):
    settings = Settings(url="http://x", parallel=2, connection=Connection(**{limit: 5}))
    with pytest.raises(UsageError, match="no --parallel"):
        validated(settings)


@pytest.mark.parametrize(
    ("status", "retry_after", "attempt", "slept"),
    [
        (429, "7", 0, 7),
        (503, "7", 0, 7),
        (429, None, 0, 1),
        (429, None, 3, 8),
        (429, None, 50, 30),
        (429, "nonsense", 0, 1),
        (429, "0", 0, 0),
        (429, "0", 2, 4),
        (503, "0", 4, 16),
        (429, "20", 2, 20),
    ],
)
def test_a_pause_is_as_long_as_asked_for(status, retry_after, attempt, slept):
    pacer, clock = paced()
    assert pacer.pause(status, retry_after, attempt)
    assert clock.slept == [slept]


@pytest.mark.parametrize(
    ("status", "retry_after"),
    [(200, "7"), (503, None), (503, "soon"), (500, "7"), (429, "3600"), (429, "9" * 5000)],
)
def test_there_is_no_pause_where_none_is_asked_for_or_it_is_too_long(status, retry_after):
    pacer, clock = paced()
    assert not pacer.pause(status, retry_after, 0)
    assert clock.slept == []


def test_patience_is_used_up_for_good():
    pacer, clock = paced(longest_wait=5)
    assert [pacer.pause(429, "2", 0) for _ in range(4)] == [True, True, False, False]
    assert sum(clock.slept) == 4


@pytest.mark.parametrize("retry_after", [None, "0", "Mon, 01 Jan 2001 00:00:00 GMT"])
def test_a_target_that_is_always_busy_ends_in_few_requests(retry_after):
    pacer, clock = paced(longest_wait=120)
    attempts = 0
    while pacer.pause(429, retry_after, attempts):
        attempts += 1
        assert attempts < 20
    assert sum(clock.slept) <= 120


def test_a_date_is_as_good_as_a_number_of_seconds():
    later = datetime.now(UTC) + timedelta(seconds=90)
    assert 85 < seconds_of(format_datetime(later, usegmt=True)) <= 90
    assert seconds_of("Mon, 01 Jan 2001 00:00:00 GMT") == 0
    assert seconds_of("Mon, 01 Jan 99999 00:00:00 GMT") is None
    assert seconds_of("-5") is None
    assert seconds_of("٣") is None


@pytest.mark.parametrize(("status", "retry_after"), [(429, None), (429, "0"), (503, "0")])
def test_a_busy_target_is_asked_again(status, retry_after):
    headers = [] if retry_after is None else [("Retry-After", retry_after)]

    def mode(_server, connection, request, number):
        busy = answering(status, b"{}", headers)
        return (busy if number == 1 else answering(200, b"[]"))(None, connection, request, number)

    with Hostile(mode) as server:
        client = Client(server.url, Recorder())
        assert client.send("POST", "/promotion", json_body={}).status == 200
        client.close()
        assert len(server.requests) == 2
        assert [e.response.status for e in client.recorder.since(0)] == [status, 200]


def test_a_check_of_429_gets_it_without_a_pause():
    with Hostile(answering(429, b"{}", [("Retry-After", "60")])) as server:
        client = Client(server.url, Recorder())
        assert client.send("GET", "/promotion", patient=False).status == 429
        client.close()
        assert len(server.requests) == 1
