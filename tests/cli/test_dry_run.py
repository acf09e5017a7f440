"""`tmf671 check --dry-run`: all requests are told, and none reaches the target."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from conformance.connection import Connection, OAuth
from conformance.dry_run import rehearsed
from conformance.settings import Settings
from mockserver.testing import promotion_mock

TMF671 = str(Path(sys.executable).parent / "tmf671")
SELECT = ("--select", "TMF671-CREATE-201", "--select", "TMF671-PATCH-200", "--no-events")
LINE = re.compile(r" *(\d+)  (\S.*?)  ([A-Z]+) (\S+)(?:  \(([\d,]+) bytes\))?")


def dry_run(*arguments, cwd):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TMF671_")}
    return subprocess.run(
        [TMF671, "check", *arguments, "--dry-run"],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=90,
        env=environment,
    )


@pytest.fixture
def counting_socket():
    """The address of a server that counts the connections made to it."""
    connections = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    stop = threading.Event()

    def serve():
        while not stop.is_set():
            try:
                accepted, _ = server.accept()
            except TimeoutError:
                continue
            connections.append(accepted)
            accepted.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}", connections
    stop.set()
    thread.join()
    server.close()


def test_every_request_is_a_line_and_the_totals_are_told(tmp_path):
    root = "https://crm.example.test/tmf-api/promotionManagement/v4"
    done = dry_run(root, *SELECT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    plan = [LINE.fullmatch(line).groups() for line in lines[: lines.index("")]]
    assert [int(line[0]) for line in plan] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert [line[1:3] for line in plan] == [
        ("(first probe)", "GET"),
        ("(first probe)", "POST"),
        ("(first probe)", "PATCH"),
        ("(first probe)", "DELETE"),
        ("TMF671-CREATE-201", "POST"),
        ("TMF671-PATCH-200", "POST"),
        ("TMF671-PATCH-200", "PATCH"),
        ("TMF671-PATCH-200", "DELETE"),
        ("(cleaning)", "DELETE"),
    ]
    assert lines[lines.index("") + 1] == (
        "9 requests, 1 reads, 3 creates, 2 changes, 3 deletes, 0 subscriptions, 0 others"
    )
    assert lines[-1].startswith("Nothing was sent to the target")
    assert all(line[3].startswith(f"{root}/promotion") for line in plan)
    assert "127.0.0.1" not in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_sent_to_the_target(tmp_path, counting_socket):
    address, connections = counting_socket
    done = dry_run(
        f"http://{address}/v4",
        "--target-spec",
        f"http://{address}/openapi.json",
        "--oauth-token-url",
        f"http://{address}/token",
        "--oauth-client-id",
        "suite",
        "--oauth-client-secret",
        "canary-secret",
        "--callback-url",
        f"http://{address}/events",
        "--fuzz",
        "0",
        "--level",
        "may",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert connections == []
    assert f"GET http://{address}/openapi.json" in done.stdout
    assert f"Access tokens are fetched from http://{address}/token besides." in done.stdout
    assert "canary" not in done.stdout + done.stderr


@pytest.mark.slow
def test_what_is_told_is_what_a_run_sends(tmp_path):
    with promotion_mock(seed=1, journal=5000) as mock:
        options = (mock.url, "--fuzz", "0", "--seed", "1")
        planned = json.loads(dry_run(*options, "--json", cwd=tmp_path).stdout)
        assert mock.journal() == []
        done = subprocess.run([TMF671, "check", *options], cwd=tmp_path, capture_output=True)
        assert done.returncode == 0
        sent = [exchange.method for exchange in mock.journal()]
    assert [request["method"] for request in planned["requests"]] == sent
    assert planned["totals"]["requests"] == len(sent)
    assert planned["totals"]["creates"] > 50
    assert [request["n"] for request in planned["requests"]] == list(range(1, len(sent) + 1))


def test_a_read_only_plan_only_reads(tmp_path):
    done = dry_run("https://crm.example.test/v4", "--read-only", "--json", cwd=tmp_path)
    plan = json.loads(done.stdout)
    assert plan["totals"]["requests"] == plan["totals"]["reads"] > 20


@pytest.mark.slow
def test_generated_requests_are_not_planned_for_a_target_elsewhere(tmp_path):
    options = ("--select", "fuzzing", "--no-events", "--json")
    elsewhere = json.loads(dry_run("https://crm.example.test/v4", *options, cwd=tmp_path).stdout)
    here = json.loads(dry_run("http://127.0.0.1:9/v4", *options, cwd=tmp_path).stdout)
    assert elsewhere["totals"]["creates"] == 1
    assert here["totals"]["creates"] > 20


@pytest.mark.slow
def test_a_password_in_the_url_is_not_shown(tmp_path):
    done = dry_run("https://ada:canary-pw@crm.example.test/v4", *SELECT, cwd=tmp_path)
    assert done.returncode == 0
    assert "https://ada:***@crm.example.test/v4/promotion" in done.stdout
    assert "canary" not in done.stdout + done.stderr


def test_a_usage_error_stays_one(tmp_path):
    done = dry_run("crm.example.test/v4", cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_rehearsal_takes_no_credential_along():
    settings = Settings(
        url="https://crm.example.test/v4",
        headers={"Authorization": "Bearer canary"},
        callback_url="https://tunnel.example.test/x",
        target_spec="https://crm.example.test/openapi.json",
        connection=Connection(
            oauth=OAuth(token_url="https://idp.example.test", client_id="a", client_secret="b"),
            bearer="canary",
            proxy="http://proxy.example.test",
            max_creates=7,
            rate=0.1,
        ),
        parallel=4,
        ledger="run.jsonl",
    )
    rehearsal = rehearsed(settings, "http://127.0.0.1:1/api/v4")
    assert rehearsal == Settings(
        url="http://127.0.0.1:1/api/v4",
        target_spec="http://127.0.0.1:1/openapi.json",
        connection=Connection(max_creates=7),
        fuzz=0,
    )
