"""A mock that answers calls without a network, and one on a real port."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from mockserver.embedded import running_mock
from mockserver.settings import Settings

WIDE = {"width": 1280, "height": 860}

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


class Console:
    """The console of a mock, what it complained about, and whom it asked."""

    def __init__(self, page, root, stop):
        self.page = page
        self.root = root
        self.stop = stop
        self.origin = root.partition("/tmf-api")[0]
        self.complaints = []
        self.asked = []
        page.set_default_timeout(8000)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("dialog", lambda dialog: dialog.dismiss())

    def open(self, fragment="", path="/"):
        self.page.goto(f"{self.origin}{path}{fragment}")
        self.page.locator(".live.on").wait_for()
        return self

    def go(self, section):
        self.page.get_by_role("navigation").get_by_role("link", name=section).click()

    def filter(self, query):
        self.page.get_by_label("Filter, in the query language").fill(query)
        self.page.get_by_role("button", name="Filter").click()

    def wait_for_names(self, names):
        self.page.wait_for_function(
            "names => JSON.stringify([...document.querySelectorAll('#rows th')]"
            ".map(n => n.textContent)) === JSON.stringify(names)",
            arg=names,
        )

    def say(self, text):
        self.page.locator(".said", has_text=text).wait_for()

    def strangers(self):
        return [url for url in self.asked if not url.startswith((self.origin, "blob:", "data:"))]

    def api(self, method, path, **options):
        return requests.request(method, self.root + path, timeout=5, **options)

    def control(self, method, path, **options):
        return requests.request(method, f"{self.origin}/_mock{path}", timeout=5, **options)

    def create(self, **attributes):
        return self.api("POST", "/promotion", json={"name": "Summer", **attributes}).json()


@pytest.fixture
def console(chromium):
    """Return a function that starts a mock and gives its console."""
    running = []

    def start(viewport=WIDE, scheme="light", **settings):
        mock = ExitStack()
        root = mock.enter_context(running_mock(Settings(**settings)))
        context = chromium.new_context(viewport=viewport, color_scheme=scheme)
        running.append((mock, context))
        return Console(context.new_page(), root, mock.close)

    yield start
    for mock, context in running:
        context.close()
        mock.close()
