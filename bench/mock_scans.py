# ruff: noqa: INP001  part of a script
"""Filters without an index: beside a list comprehension, and beside a client that only reads."""

import contextlib
import http.client
import json
import statistics
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from filled_mock import promotions
from servers import Server, mock
from wrk import wrk

_REPEATED = 5


def measure(count: int, rounds: int, seconds: int) -> dict[str, Any]:
    """Return how long a scan takes, and how long a reader waits beside scans without a pause.

    Args:
        count: promotions in the mock.
        rounds: how often everything is measured.
        seconds: of each measurement of a reader.

    """
    dicts = list(promotions(count))
    text = dicts[count // 2]["description"]
    query = f"?description={quote(text)}"
    scans, comprehensions, idle, busy = [], [], [], []
    with mock(count) as ours:
        reading = f"{ours.url}/{dicts[0]['id']}"
        for _ in range(rounds):
            for _ in range(_REPEATED):
                scans.append(_scan(ours, query))
                began = time.perf_counter()
                found = [item for item in dicts if item.get("description") == text]
                comprehensions.append(time.perf_counter() - began)
                assert len(found) == 1
            idle.append(wrk(reading, seconds=seconds, connections=1))
            with _scanning(ours, query):
                busy.append(wrk(reading, seconds=seconds, connections=1))
    pairs = list(zip(busy, idle, strict=True))
    return {
        "promotions": count,
        "scan_ms": [1000 * second for second in scans],
        "comprehension_ms": [1000 * second for second in comprehensions],
        "idle_p99_ms": [measured.p99 for measured in idle],
        "busy_p99_ms": [measured.p99 for measured in busy],
        "ratios": {
            "scan over comprehension": statistics.median(scans) / statistics.median(comprehensions),
            "p99 beside scans over idle": statistics.median(b.p99 / i.p99 for b, i in pairs),
            "p50 beside scans over idle": statistics.median(b.p50 / i.p50 for b, i in pairs),
        },
    }


def _connect(server: Server) -> tuple[http.client.HTTPConnection, str]:
    parts = urlsplit(server.url)
    return http.client.HTTPConnection(parts.netloc, timeout=60), parts.path


def _get(connection: http.client.HTTPConnection, path: str) -> Any:
    connection.request("GET", path)
    return json.loads(connection.getresponse().read())


def _scan(server: Server, query: str) -> float:
    """Return the seconds that a client waits for the one promotion that the query finds."""
    connection, path = _connect(server)
    _get(connection, f"{path}?limit=0")
    began = time.perf_counter()
    found = _get(connection, path + query)
    took = time.perf_counter() - began
    connection.close()
    assert len(found) == 1
    return took


@contextlib.contextmanager
def _scanning(server: Server, query: str) -> Iterator[None]:
    """Let one client scan without a pause meanwhile."""
    over = threading.Event()

    def scan() -> None:
        connection, path = _connect(server)
        while not over.is_set():
            _get(connection, path + query)
        connection.close()

    thread = threading.Thread(target=scan)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
