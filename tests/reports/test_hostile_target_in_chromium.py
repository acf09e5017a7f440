"""A whole run against a target that puts markup into every string it sends."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

REPORT = "TMF671-v4.1.0-HTMLReport.html"
TMF671 = str(Path(sys.executable).parent / "tmf671")
HOSTILE = '</script><img src=x onerror="window.owned=1"><script>window.owned=1</script>\'"'


class HostileTarget(BaseHTTPRequestHandler):
    """Creates, shows and deletes promotions, and says nothing that is not hostile."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        promotion = {"id": HOSTILE, "href": HOSTILE, "name": HOSTILE, HOSTILE: [HOSTILE]}
        failed = {"code": HOSTILE, "reason": HOSTILE, "message": HOSTILE}
        status, value = {
            "POST": (201, promotion),
            "DELETE": (500, failed),
            "GET": (200, [promotion]),
        }.get(self.command, (400, failed))
        body = json.dumps(value).encode()
        self.send_response(status, HOSTILE)
        self.send_header("Content-Type", "application/json")
        self.send_header("Location", f"{self.path}/{HOSTILE}")
        self.send_header("X-Hostile", HOSTILE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = answer

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The address of the run's HTML report."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), HostileTarget)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    out = tmp_path_factory.mktemp("hostile") / "report"
    root = f"http://127.0.0.1:{server.server_port}"
    options = ["--no-events", "--level", "may", "--fuzz", "1", "--seed", "1", "--out", str(out)]
    try:
        run = subprocess.run([TMF671, "check", root, *options], capture_output=True, timeout=120)
    finally:
        server.shutdown()
        server.server_close()
    assert (out / REPORT).is_file(), run.stderr
    return (out / REPORT).as_uri()


def test_nothing_that_a_hostile_target_sent_runs_in_the_report(report, chromium):
    context = chromium.new_context()
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(report)
    # All that is folded, three levels deep: checks, their exchanges, the headers.
    for _ in range(4):
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        page.wait_for_timeout(300)
    shown = page.locator("body").inner_text()
    context.close()
    assert complaints == []
    assert shown.count('<img src=x onerror="window.owned=1">') > 500


def test_the_page_has_only_its_own_elements(report, chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(report)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.wait_for_timeout(300)
    assert page.evaluate("window.owned") is None
    assert page.locator("script").count() == 3
    assert page.locator("img").count() == 0
    context.close()
