import json
import shlex
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from conformance.curl import curl_line
from reports.results import Header


@pytest.fixture
def mirror():
    """A server that keeps what it was sent."""
    seen = {}

    class Mirror(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.update(path=self.path, body=body, media=self.headers["Content-Type"])
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Mirror) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", seen
        server.shutdown()
        thread.join()


def test_the_line_repeats_the_request(mirror):
    url, seen = mirror
    body = json.dumps({"name": 'it\'s 五折 $HOME `x` "q" \\ !'}, ensure_ascii=False)
    line = curl_line(
        "POST", f"{url}/promotion?name=a%26b", [Header("Content-Type", "application/json")], body
    )
    subprocess.run(shlex.split(line), check=True, capture_output=True)
    assert seen["path"] == "/promotion?name=a%26b"
    assert seen["body"].decode() == body
    assert seen["media"] == "application/json"


def test_a_get_is_a_plain_line():
    assert curl_line("GET", "http://h/p", [Header("Host", "h")], None) == "curl -i http://h/p"


def test_a_long_body_is_named_as_a_file():
    assert curl_line("POST", "http://h/p", [], "x" * 9000).endswith(
        "--data-binary @body.json http://h/p"
    )
