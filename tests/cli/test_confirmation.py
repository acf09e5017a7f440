"""The question before a target elsewhere is written to."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conformance.cli.confirmation import about_creates, must_ask
from conformance.connection import Connection
from conformance.settings import Settings
from mockserver.testing import promotion_mock

TMF671 = str(Path(sys.executable).parent / "tmf671")
SELECT = ("--select", "TMF671-CREATE-201", "--no-events")
CRM = "https://crm.example.test/tmf-api/promotionManagement/v4"


def not_loopback(url):
    """An address that is not one of loopback by its looks, and leads to this machine."""
    return url.replace("127.0.0.1", "0.0.0.0")


@pytest.fixture
def mock():
    with promotion_mock(seed=1) as running:
        yield running


@pytest.mark.parametrize(
    ("url", "read_only", "asked"),
    [
        (CRM, False, True),
        (CRM, True, False),
        ("http://127.0.0.1:8671/v4", False, False),
        ("http://localhost:8671/v4", False, False),
        ("http://[::1]:8671/v4", False, False),
        ("http://0.0.0.0:8671/v4", False, True),
        ("http://192.0.2.7/v4", False, True),
        ("http://localhost.example.test/v4", False, True),
    ],
)
def test_only_what_writes_elsewhere_is_asked_about(url, read_only, asked):
    assert must_ask(Settings(url=url, read_only=read_only)) is asked


def test_the_number_of_creates_is_told_roughly():
    assert 50 <= about_creates(Settings(url=CRM)) <= 90
    assert about_creates(Settings(url=CRM, checks=("TMF671-CREATE-201",))) == 10
    assert about_creates(Settings(url=CRM, connection=Connection(max_creates=7))) == 7
    assert about_creates(Settings(url=CRM, fuzz=100)) > 500


def check(*arguments, cwd, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TMF671_")}
    return subprocess.run(
        [TMF671, "check", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment | variables,
        stdin=subprocess.DEVNULL,
    )


def test_without_a_terminal_and_without_yes_nothing_is_sent(tmp_path, mock):
    done = check(not_loopback(mock.url), cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "give --yes (or TMF671_YES=1) to agree" in done.stderr
    assert mock.journal() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("way", ["flag", "variable", "file"])
def test_yes_is_said_in_each_way_of_an_option(tmp_path, mock, way):
    options, variables = {
        "flag": (["--yes"], {}),
        "variable": ([], {"TMF671_YES": "1"}),
        "file": (["--config", "own.toml"], {}),
    }[way]
    (tmp_path / "own.toml").write_text("yes = true\n")
    done = check(not_loopback(mock.url), *SELECT, *options, cwd=tmp_path, **variables)
    assert done.returncode == 0, done.stderr
    assert mock.journal() != []


def test_a_read_only_run_is_not_asked_about(tmp_path, mock):
    done = check(not_loopback(mock.url), "--read-only", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {exchange.method for exchange in mock.journal()} == {"GET"}


def on_a_terminal(arguments, answer, cwd):
    """Run the command on a terminal of its own; return its exit code and all it showed."""
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [TMF671, "check", *arguments], cwd=cwd, stdin=end, stdout=end, stderr=end
    )
    os.close(end)
    shown, deadline, answered = b"", time.monotonic() + 60, False
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if not answered and b"[y/N]" in shown:
            os.write(terminal, answer)
            answered = True
    code = process.wait(60)
    os.close(terminal)
    return code, shown.decode("utf-8", "replace").replace("\r", "")


def test_a_person_is_shown_what_will_happen_and_may_say_no(tmp_path, mock):
    url = not_loopback(mock.url)
    code, shown = on_a_terminal([url, "--name-prefix", "QA 7", *SELECT], b"n\n", tmp_path)
    assert code == 2
    assert shown.startswith(url + "\n")
    assert "The run creates about 10 promotions named “QA 7-" in shown
    assert re.search(r"tmf671-report\.ledger-[0-9a-f]{8}\.jsonl", shown)
    assert shown.rstrip().endswith("Error: not confirmed: nothing was sent")
    assert mock.journal() == []
    assert list(tmp_path.iterdir()) == []


def test_a_person_who_says_yes_gets_the_run(tmp_path, mock):
    url = not_loopback(mock.url)
    code, shown = on_a_terminal([url, "--name-prefix", "QA 7", *SELECT], b"y\n", tmp_path)
    assert code == 0, shown
    (name,) = re.findall(r"named “(.*?) …”", shown)
    bodies = [e.request_body for e in mock.journal() if e.method == "POST"]
    assert bodies
    assert all(f'"name": "{name} '.encode() in body for body in bodies)
