"""Ctrl-C and SIGTERM in mid-run, over real sockets: what is left is cleaned, or told."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mockserver.testing import promotion_mock

TMF671 = str(Path(sys.executable).parent / "tmf671")
SLOW = {"kind": "fixed", "ms": 40}


@pytest.fixture
def mock():
    with promotion_mock(seed=5, count=40, journal=5000) as running:
        running.faults(latency=SLOW)
        yield running


def started(mock, cwd, *options):
    """Start a run and return it when it has created some promotions."""
    before = len(mock.promotions())
    process = subprocess.Popen(
        [TMF671, "check", mock.url, "--no-events", "--fuzz", "0", *options],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while len(mock.promotions()) < before + 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    return process


def results_in(folder):
    return json.loads((folder / "tmf671-report/results.json").read_text())


@pytest.mark.slow
@pytest.mark.parametrize("parallel", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_cleans_and_leaves_a_report(tmp_path, mock, number, parallel):
    before = mock.promotions()
    process = started(mock, tmp_path, "--parallel", parallel)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, out + err
    assert "Traceback" not in out + err
    assert out.splitlines()[-1].startswith("Inconclusive: the run was interrupted")
    assert mock.promotions() == before
    cleanup = results_in(tmp_path)["cleanup"]
    assert cleanup["created"] == cleanup["deleted"] >= 4
    assert cleanup["left"] == []
    assert [path.name for path in tmp_path.iterdir()] == ["tmf671-report"]


@pytest.mark.slow
@pytest.mark.parametrize("parallel", ["1", "2"])
def test_ctrl_c_reaches_every_process_of_a_run_and_it_still_cleans(tmp_path, mock, parallel):
    before = mock.promotions()
    process = started(mock, tmp_path, "--parallel", parallel)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, out + err
    assert "Traceback" not in out + err
    assert mock.promotions() == before
    assert results_in(tmp_path)["cleanup"]["left"] == []


@pytest.mark.slow
def test_a_second_ctrl_c_gives_up_and_the_ledger_finishes_later(tmp_path, mock):
    before = mock.promotions()
    process = started(mock, tmp_path)
    mock.faults(latency={"kind": "fixed", "ms": 1500})
    process.send_signal(signal.SIGINT)
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    mock.faults()
    assert process.returncode == 3, out + err
    assert "Traceback" not in out + err
    assert "(cleaning was interrupted)" in out
    results = results_in(tmp_path)
    left = results["cleanup"]["left"]
    assert left
    assert len(mock.promotions()) > len(before)
    (command,) = re.findall(r"something was left: finish with `tmf671 (cleanup [^`]+)`", err)
    ledger = Path(command.split()[1])
    assert results["options"]["ledger"] == ledger.name

    done = subprocess.run(
        [TMF671, *command.split()], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert mock.promotions() == before
    assert not ledger.exists()


def test_one_ctrl_c_that_arrives_twice_counts_once(tmp_path, mock):
    before = mock.promotions()
    process = started(mock, tmp_path)
    process.send_signal(signal.SIGINT)
    time.sleep(0.005)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, out + err
    assert results_in(tmp_path)["cleanup"]["left"] == []
    assert mock.promotions() == before
