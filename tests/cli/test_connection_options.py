"""The options that say how the target is reached, as a user gives them."""

import json
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mockserver.embedded import running_mock
from mockserver.settings import Settings

TMF671 = str(Path(sys.executable).parent / "tmf671")
QUICK = ("--fuzz", "0", "--no-events", "--select", "TMF671-CREATE-201")


def tmf671(cwd, *arguments, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TMF671_")}
    return subprocess.run(
        [TMF671, "check", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=90,
        env=environment | variables,
    )


@pytest.fixture(scope="module")
def mock_url():
    with running_mock(Settings(seed=3)) as url:
        yield url


@pytest.fixture
def counting_server():
    """A server that counts what it is asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v4", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--bearer", "a1", "--basic", "me:pw"), "exclude each other"),
        (("--basic", "nocolon"), "--basic must be written USER:PASSWORD"),
        (("--bearer", "${NO_SUCH_VARIABLE_671}"), "variable NO_SUCH_VARIABLE_671 is not set"),
        (("--bearer", "file:no-such-file"), "no-such-file cannot be read"),
        (("--oauth-client-id", "kit"), "together"),
        (("--key", "key.pem"), "give that too"),
        (("--ca", "no-such.pem"), "--ca no-such.pem cannot be read"),
        (("--max-requests", "5", "--parallel", "2"), "no --parallel"),
        (("--listener-key", "key.pem"), "give that too"),
        (("--listener-host", "no-such-host.invalid"), "the listener cannot be opened"),
        (("--listener-cert", "no-such.pem"), "certificate no-such.pem cannot be used"),
        (("--callback-url", "nowhere"), "cannot be called back"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_sends_nothing(
    tmp_path, counting_server, arguments, words
):
    url, asked = counting_server
    done = tmf671(tmp_path, url, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_port_in_use_is_one_line_and_sends_nothing(tmp_path, counting_server):
    url, asked = counting_server
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = tmf671(tmp_path, url, "--listener-port", port)
    assert done.returncode == 2
    assert f"the listener cannot be opened at 127.0.0.1 port {port}" in done.stderr
    assert asked == []


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_sent(tmp_path, counting_server):
    url, asked = counting_server
    (tmp_path / "file").write_text("")
    done = tmf671(tmp_path, url, "--out", "file/report")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert asked == []


def test_a_secret_comes_from_a_file_or_a_variable(tmp_path):
    with running_mock(Settings(seed=3, require_token="t0ken-671")) as url:
        (tmp_path / "token").write_text("t0ken-671\n")
        from_file = tmf671(tmp_path, url, "--bearer", "file:token", *QUICK)
        reference = tmf671(tmp_path, url, "--bearer", "${MY_TOKEN}", *QUICK, MY_TOKEN="t0ken-671")
        variable = tmf671(tmp_path, url, *QUICK, TMF671_BEARER="t0ken-671")
        without = tmf671(tmp_path, url, *QUICK)
    assert [done.returncode for done in (from_file, reference, variable, without)] == [0, 0, 0, 3]
    assert "401" in without.stderr


def test_insecure_is_warned_of_on_stderr_once(tmp_path, mock_url):
    done = tmf671(tmp_path, mock_url, "--insecure", *QUICK)
    assert done.returncode == 0
    assert done.stderr.count("--insecure") == 1
    assert done.stderr.startswith("Warning: --insecure: the target's certificate is not verified")


def test_the_rate_holds_over_a_run(tmp_path, mock_url):
    done = tmf671(tmp_path, mock_url, "--rate", "20", *QUICK[:-1], "create")
    assert done.returncode == 0
    results = json.loads((tmp_path / "tmf671-report" / "results.json").read_text())
    times = sorted(exchange["at"] for exchange in results["exchanges"])
    assert len(times) > 10
    seconds = [float(time[17:-1]) + 60 * int(time[14:16]) for time in times]
    took = (seconds[-1] - seconds[0]) % 3600
    assert took > (len(times) - 1) / 20 * 0.9


def test_a_run_ends_with_its_last_request_and_cleans_all_the_same(tmp_path, mock_url):
    done = tmf671(tmp_path, mock_url, "--max-requests", "30", "--fuzz", "0", "--no-events")
    assert done.returncode == 3
    assert "the run's 30 requests are used up" in done.stdout
    results = json.loads((tmp_path / "tmf671-report" / "results.json").read_text())
    assert results["cleanup"]["created"] == results["cleanup"]["deleted"] > 0


def test_creates_beyond_the_limit_are_left_out_and_narrow_the_scope(tmp_path, mock_url):
    done = tmf671(tmp_path, mock_url, "--max-creates", "3", "--fuzz", "0", "--no-events")
    results = json.loads((tmp_path / "tmf671-report" / "results.json").read_text())
    assert results["scope"] == "subset"
    assert results["cleanup"]["created"] == 3
    assert not [check for check in results["checks"] if check["outcome"] in {"failed", "error"}]
    assert done.returncode == 0


def test_debug_shows_where_an_error_of_the_suite_came_from(tmp_path, mock_url):
    (tmp_path / "sitecustomize.py").write_text(
        "import conformance.target as t\n"
        "def broken(*_, **__): raise KeyError('b3arer-671 broke it')\n"
        "t.Target.retrieve = broken\n"
    )
    arguments = (
        mock_url,
        "--bearer",
        "b3arer-671",
        "--select",
        "TMF671-RETRIEVE-200",
        "--no-events",
    )
    quiet = tmf671(tmp_path, *arguments, PYTHONPATH=str(tmp_path))
    told = tmf671(tmp_path, *arguments, "--debug", PYTHONPATH=str(tmp_path))
    assert quiet.returncode == told.returncode == 3
    assert "sitecustomize" not in quiet.stderr
    assert "sitecustomize.py:2" in told.stderr
    assert "KeyError: '*** broke it'" in told.stderr
    for done in (quiet, told):
        assert "b3arer-671" not in done.stdout + done.stderr


@pytest.mark.slow
def test_several_workers_share_the_rate_and_the_one_port_of_the_listener(tmp_path, mock_url):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    arguments = ("--parallel", "2", "--rate", "100", "--listener-port", port, "--fuzz", "0")
    done = tmf671(tmp_path, mock_url, *arguments)
    assert done.returncode == 0, done.stdout
    results = json.loads((tmp_path / "tmf671-report" / "results.json").read_text())
    events = [check for check in results["checks"] if check["section"] == "events"]
    assert {check["outcome"] for check in events if check["level"] == "must"} == {"passed"}
