"""A mock that answers calls without a network, and one on a real port."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from mockserver.embedded import running_mock
from mockserver.settings import Settings

PATTERN = {
    "action": [{"actionType": "percentageDiscount", "actionValue": "10"}],
    "criteriaGroup": [
        {
            "criteria": [
                {"criteriaOperator": ">=", "criteriaParameter": "orderValue", "criteriaValue": "50"}
            ]
        }
    ],
}


class Client:
    """A requests session that knows the API root."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.session = requests.Session()

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, self.root + path, timeout=10, **options)

    def create(self, **attributes: Any) -> dict[str, Any]:
        answer = self("POST", "/promotion", json={"name": "Summer", **attributes})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def names(self, query: str = "") -> list[str]:
        answer = self("GET", f"/promotion{query}")
        assert answer.status_code in {200, 206}, answer.text
        return [promotion["name"] for promotion in answer.json()]


@pytest.fixture
def start() -> Iterator[Callable[..., Client]]:
    """Start mocks with given settings; all stop at the end of the test."""
    running = []

    def start_mock(**settings: Any) -> Client:
        manager = running_mock(Settings(**settings))
        client = Client(manager.__enter__())
        running.append((manager, client))
        return client

    yield start_mock
    for manager, client in running:
        client.session.close()
        manager.__exit__(None, None, None)


@pytest.fixture(scope="module")
def shared() -> Iterator[Client]:
    """One mock for the tests of a module that only look at what they created themselves."""
    with running_mock(Settings()) as root:
        client = Client(root)
        yield client
        client.session.close()


@dataclass
class Subscriber:
    """An HTTP server that takes events and answers each with the next of `statuses`."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int, timeout: float = 5.0) -> list[dict[str, Any]]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.posts) >= count, timeout), self.posts
            return [event for _, event in self.posts]


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    taking = Subscriber()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with taking.arrived:
                taking.posts.append((self.path, event))
                status = taking.statuses.pop(0) if taking.statuses else 201
                taking.arrived.notify_all()
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    taking.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield taking
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(name="pattern")
def fresh_pattern() -> dict[str, Any]:
    return json.loads(json.dumps(PATTERN))
