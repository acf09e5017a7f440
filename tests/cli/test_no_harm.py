"""A catalogue of customers' promotions is after a run what it was before."""

import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import conformance
from conformance import ledger_file
from mockserver.testing import promotion_mock


def listed(url):
    """The bytes of the whole list."""
    with urllib.request.urlopen(f"{url}/promotion?limit=1000") as answer:
        return answer.read()


def writes_to(mock, customers):
    """The requests that would change or delete what was there before."""
    written = [one for one in mock.journal() if one.method not in {"GET", "HEAD", "OPTIONS"}]
    return [one for one in written if one.path.rsplit("/", 1)[-1] in customers]


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"fuzz": 25}, {"parallel": 2}], ids=str)
def test_a_full_run_leaves_every_byte_of_the_catalogue(tmp_path, options):
    ledger = tmp_path / "run.jsonl"
    with promotion_mock(seed=7, count=40, journal=20_000) as mock:
        before = listed(mock.url)
        results = conformance.run(mock.url, level="may", ledger=str(ledger), seed=7, **options)
        assert listed(mock.url) == before
        customers = {promotion["id"] for promotion in json.loads(before)}
        assert len(customers) == 40
        assert writes_to(mock, customers) == []
    assert results.verdict == "conformant", results.verdict_reason
    assert results.cleanup.created == results.cleanup.deleted > 40
    assert not ledger.exists()


def test_a_read_only_run_reads_what_is_there_and_nothing_else():
    with promotion_mock(seed=7, journal=5000) as mock:
        results = conformance.run(mock.url, read_only=True)
        methods = {exchange.method for exchange in mock.journal()}
    assert methods == {"GET"}
    assert (results.verdict, results.scope) == ("conformant", "read-only")
    assert results.cleanup.created == 0
    assert results.summary["passed"] > 20


def test_a_read_only_run_of_an_empty_catalogue_says_that_nothing_was_read():
    with promotion_mock(journal=5000) as mock:
        results = conformance.run(mock.url, read_only=True)
        methods = {exchange.method for exchange in mock.journal()}
    assert methods == {"GET"}
    assert results.scope == "read-only"
    retrieved = [check for check in results.checks if check.id == "TMF671-RETRIEVE-200"]
    assert [(check.outcome, check.message) for check in retrieved] == [
        ("not-applicable", "the target holds no promotion to read")
    ]
    assert results.summary["error"] == results.summary["failed"] == 0
    assert (results.verdict, results.verdict_reason) == (
        "inconclusive",
        "the target holds no promotion to read, so none was judged",
    )


def test_a_create_whose_answer_was_lost_is_found_and_deleted():
    with promotion_mock(seed=7, journal=5000) as mock:
        before = mock.promotions()
        mock.faults(half_sent=0.1, seed=3)
        results = conformance.run(mock.url, select=["create", "sorting"], events=False)
        lost = [
            exchange
            for exchange in results.exchanges
            if exchange.request.method == "POST" and exchange.response is None
        ]
        assert lost
        assert mock.promotions() == before
    assert results.cleanup.left == ()


@pytest.mark.parametrize("where", [0, 40])
def test_a_disk_that_fills_up_ends_the_creating_and_not_the_cleaning(tmp_path, monkeypatch, where):
    write, lines = ledger_file._append, []

    def until_full(file, record):
        lines.append(record)
        if len(lines) > where + 1:
            raise OSError(28, "No space left on device")
        write(file, record)

    monkeypatch.setattr(ledger_file, "_append", until_full)
    with promotion_mock(seed=7, journal=5000) as mock:
        before = mock.promotions()
        results = conformance.run(
            mock.url, fuzz=0, events=False, ledger=str(tmp_path / "run.jsonl")
        )
        assert mock.promotions() == before
        posted = sum(one.method == "POST" for one in mock.journal())
    assert results.verdict == "inconclusive"
    assert "can no longer be written (No space left on device)" in results.verdict_reason
    assert posted < 30
    assert results.cleanup.left == ()


def test_somebodys_promotion_in_the_answer_to_a_create_is_not_touched(customers_server):
    url, asked = customers_server
    results = conformance.run(
        url, select=["TMF671-CREATE-*", "TMF671-PATCH-200", "TMF671-DELETE-204"], events=False
    )
    assert ("POST", "/v4/promotion") in asked
    assert [one for one in asked if one[1].endswith("/promotion/7") and one[0] != "GET"] == []
    assert results.cleanup.left
    assert {leftover.reason for leftover in results.cleanup.left} == {"the target told no id"}


@pytest.fixture
def customers_server():
    """A server with one promotion of a customer, which it answers to every request."""
    promotion = {"id": "7", "href": "/v4/promotion/7", "name": "Summer sale"}
    asked = []

    class Customers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65_536

        def answer(self):
            path = self.path.partition("?")[0]
            asked.append((self.command, path))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            whole = self.command == "GET" and path.endswith("/promotion")
            body = json.dumps([promotion] if whole else promotion).encode()
            self.send_response(201 if self.command == "POST" else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Customers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v4", asked
    server.shutdown()
    server.server_close()
    thread.join()
