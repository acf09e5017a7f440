"""What is no TMF671 is left alone at once; what is one, however faulty, is judged."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import conformance
from mockserver.testing import promotion_mock

TMF671 = str(Path(sys.executable).parent / "tmf671")
JSON = "application/json"


@pytest.fixture
def serve():
    """Return a function that starts a server with one answer to everything."""
    running = []

    def start(status, content_type, body, **headers):
        asked = []

        class Same(BaseHTTPRequestHandler):
            def answer(self):
                asked.append(self.command)
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(status)
                if content_type:
                    self.send_header("Content-Type", content_type)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Same)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/v4", asked

    yield start
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()


def check(url, cwd, *options):
    return subprocess.run(
        [TMF671, "check", url, "--no-events", "--fuzz", "0", *options],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=90,
    )


@pytest.mark.parametrize(
    ("status", "content_type", "body", "words"),
    [
        (
            200,
            "text/html; charset=utf-8",
            b"<!DOCTYPE html><title>ACME\n Sign in</title><form><input type='password'></form>",
            "it was answered with a login page (text/html) titled “ACME Sign in”, not with JSON",
        ),
        (200, JSON, b"<html>It works</html>", "with a page (text/html), not with JSON"),
        (200, "text/html", b"hello", "it was answered with text/html that is no JSON"),
        (200, "text/xml", b"<?xml version='1.0'?><promotions/>", "with text/xml that is no JSON"),
        (200, JSON, b"", "it was answered 200 without a body"),
        (200, JSON, b"  \n", "it was answered 200 without a body"),
        (200, JSON, b'{"status": "UP", "version": 3}', "no list of promotions (status, version)"),
        (200, JSON, b"{}", "holds no list of promotions (nothing in it)"),
        (200, JSON, b'{"links": [{"rel": "self"}]}', "holds no list of promotions (links)"),
        (200, JSON, b'["spring", "summer"]', "a list whose items are no objects"),
        (200, JSON, b"[1, 2]", "a list whose items are no objects"),
        (200, JSON, b'[{"customer": 7, "x": 1}]', "without id, href and name (customer, x)"),
        (200, JSON, b"42", "it was answered with the JSON value '42', not with a list"),
        (200, JSON, b"null", "it was answered with the JSON value 'None', not with a list"),
        (200, JSON, b"[" * 100_000, "it was answered with application/json that is no JSON"),
        (500, JSON, b'{"code": "1", "reason": "down"}', "it was answered 500"),
        (403, "text/html", b"<html>no</html>", "answered 403 with a page (text/html): the cred"),
        (404, "text/html", b"<html>no</html>", "answered 404 with a page (text/html): is this"),
        (404, JSON, b'{"message": "no route"}', "it was answered 404: is this the API root"),
    ],
)
def test_what_is_no_tmf671_is_told_and_not_written_to(serve, status, content_type, body, words):
    url, asked = serve(status, content_type, body)
    results = conformance.run(url)
    assert results.verdict == "inconclusive"
    assert "does not lead to promotions: " in results.verdict_reason
    assert words in results.verdict_reason
    assert asked == ["GET"]


def test_the_command_tells_it_in_one_line_and_leaves_nothing_behind(tmp_path, serve):
    url, asked = serve(200, JSON, b'{"status": "UP"}')
    done = check(url, tmp_path)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert "holds no list of promotions (status)" in done.stderr
    assert asked == ["GET"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(serve, status):
    url, asked = serve(status, None, b"", Location="https://login.example.test/?token=canary-1")
    results = conformance.run(url, headers={"Authorization": "Bearer canary-1"})
    assert "it redirects to https://login.example.test/?token=***" in results.verdict_reason
    assert asked == ["GET"]


def test_a_path_that_the_api_does_not_have_is_told_in_one_line(tmp_path):
    with promotion_mock(seed=1) as mock:
        done = check(mock.url.removesuffix("/v4"), tmp_path)
        methods = [exchange.method for exchange in mock.journal()]
        assert mock.promotions() != []
    assert done.returncode == 3
    assert "it was answered 404: is this the API root, the part before /promotion?" in done.stderr
    assert set(methods) <= {"GET", "POST"}


@pytest.mark.parametrize(
    ("defect", "select", "check_id"),
    [
        ("list-in-envelope", "listing", "TMF671-LIST-ARRAY"),
        ("wrong-content-type", "listing", "TMF671-LIST-CONTENT-TYPE"),
        ("list-answers-202", "listing", "TMF671-LIST-200"),
        ("representation-without-name", "retrieve", "TMF671-RETRIEVE-NAME"),
        ("limit-ignored", "paging", "TMF671-PAGE-LIMIT"),
    ],
)
def test_a_faulty_tmf671_is_judged(defect, select, check_id):
    with promotion_mock(seed=1, defects=(defect,)) as mock:
        results = conformance.run(mock.url, select=[select], events=False)
    assert check_id in {check.id for check in results.checks if check.outcome == "failed"}
    assert results.verdict == "not-conformant"


def test_an_empty_catalogue_that_answers_404_is_judged():
    with promotion_mock(defects=("empty-list-404",)) as mock:
        results = conformance.run(mock.url, select=["filtering", "listing"], events=False)
    assert results.verdict == "not-conformant"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b'[{"id": "1", "name": "x"}]'),
        (JSON, b'{"_embedded": {"promotions": [{"id": "1"}]}}'),
        (JSON, b'{"items": [], "total": 0}'),
        (JSON, b"[]"),
    ],
)
def test_a_list_in_the_wrong_wrapping_is_for_the_checks(serve, content_type, body):
    url, asked = serve(200, content_type, body)
    results = conformance.run(url, select=["TMF671-LIST-ARRAY"], events=False)
    assert "does not lead to promotions" not in results.verdict_reason
    assert asked[:2] == ["GET", "POST"]
