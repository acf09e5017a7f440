"""Whatever the target does, the run ends in time and memory, with the right outcome."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hostile import MODES, Hostile

from mockserver.embedded import running_mock
from mockserver.settings import Settings

TMF671 = str(Path(sys.executable).parent / "tmf671")
IMPATIENT = ("--timeout", "8", "--total-timeout", "10", "--max-wait", "2", "--retries", "1")
LONGEST_RUN = 150.0
MOST_MEMORY = 600 * 1024
"""KiB that a run may hold at its peak."""

# No requirement is broken by an answer that never came, or that is the same for everything.
NOBODYS_FAULT = {
    "refuses": "stopped answering",
    "resets-in-the-body": "stopped answering",
    "never-answers": "stopped answering",
    "drips-headers": "stopped answering",
    "drips-the-body": "stopped answering",
    "endless-body": "stopped answering",
    "endless-chunks": "stopped answering",
    "endless-headers": "stopped answering",
    "endless-redirect": "stopped answering",
    "length-too-long": "stopped answering",
    "bad-chunks": "stopped answering",
    "header-of-100-kb": "stopped answering",
    "1000-headers": "stopped answering",
    "list-of-50-mb": "stopped answering",
    "list-of-15-mb": "stopped answering",
    "long-headers": "stopped answering",
    "gzip-bomb": "stopped answering",
    "gzip-bomb-in-chunks": "stopped answering",
    "gzip-in-gzip": "stopped answering",
    "deflate-garbage": "stopped answering",
    "no-http": "stopped answering",
    "bad-status": "stopped answering",
    "100-for-ever": "stopped answering",
    "103-first": "stopped answering",
    "redirect-circle": "redirects everything",
    "401": "credentials",
    "403": "refuses everything",
    "429": "429",
    "429-at-once": "429",
    "429-for-an-hour": "429",
    "503-with-retry-after": "out of service",
    "502": "out of service",
    "closes-at-random": "",
}
JUDGED = sorted(set(MODES) - set(NOBODYS_FAULT))
QUICK_FIRST = ("never-answers", "gzip-bomb")
QUICK_LATER = ("resets-in-the-body", "401", "429-at-once", "nested-10000-deep")


def peak_memory(pid):
    """Return the most KiB that a process has held so far; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(next((line.split()[1] for line in status.splitlines() if line[:5] == "VmHWM"), "0"))


class Ended:
    """How a run ended: its exit code, its two outputs, its peak memory in KiB."""

    def __init__(self, url, cwd, *arguments):
        with (cwd / "stdout").open("w+") as out, (cwd / "stderr").open("w+") as err:
            process = subprocess.Popen(
                [TMF671, "check", url, "--out", "rep", "--seed", "1", *IMPATIENT, *arguments],
                cwd=cwd,
                stdout=out,
                stderr=err,
                env={k: v for k, v in os.environ.items() if not k.startswith("TMF671_")},
            )
            self.memory = 0
            until = time.monotonic() + LONGEST_RUN
            while process.poll() is None:
                self.memory = max(self.memory, peak_memory(process.pid))
                if time.monotonic() > until:
                    process.kill()
                time.sleep(0.05)
        self.code = process.returncode
        self.stderr = (cwd / "stderr").read_text()
        self.output = (cwd / "stdout").read_text() + self.stderr
        path = cwd / "rep" / "results.json"
        self.results = json.loads(path.read_text()) if path.exists() else None

    def outcomes(self, outcome):
        return [check["id"] for check in self.results["checks"] if check["outcome"] == outcome]


@pytest.fixture(scope="module")
def mock_url():
    with running_mock(Settings(seed=3)) as url:
        yield url


def run_behaves(ended):
    assert ended.code in {1, 3}, ended.output
    assert "Traceback" not in ended.output
    assert ended.memory < MOST_MEMORY


def quick_and_slow(quick, names):
    slow = pytest.mark.slow
    return [name if name in quick else pytest.param(name, marks=slow) for name in names]


@pytest.mark.parametrize(
    "mode", quick_and_slow(QUICK_FIRST, sorted(set(MODES) - {"closes-at-random"}))
)
def test_hostile_from_the_first_byte(tmp_path, mode):
    with Hostile(mode) as target:
        ended = Ended(target.url, tmp_path, "--no-events")
    run_behaves(ended)
    if mode in NOBODYS_FAULT:
        assert ended.code == 3
        assert ended.results is None
        assert ended.stderr.count("\n") == 1
        assert ended.stderr.startswith("Error: ")


@pytest.mark.parametrize("mode", quick_and_slow(QUICK_LATER, sorted(NOBODYS_FAULT)))
def test_hostile_after_a_while_is_an_error_and_accuses_nobody(tmp_path, mock_url, mode):
    with Hostile(mode, mock_url, good=60) as target:
        ended = Ended(target.url, tmp_path, "--no-events", "--fuzz", "0")
    run_behaves(ended)
    assert ended.code == 3
    assert ended.outcomes("failed") == []
    assert NOBODYS_FAULT[mode] in ended.results["verdict_reason"]
    assert len(ended.outcomes("passed")) > 5


@pytest.mark.parametrize("mode", quick_and_slow(QUICK_LATER, JUDGED))
def test_hostile_content_after_a_while_is_judged(tmp_path, mock_url, mode):
    with Hostile(mode, mock_url, good=60) as target:
        ended = Ended(target.url, tmp_path, "--no-events", "--fuzz", "0")
    run_behaves(ended)
    assert ended.results is not None
    assert ended.results["cleanup"]["created"] >= 1


def test_a_connection_that_closes_at_random_leaves_nothing_behind(tmp_path, mock_url):
    with Hostile("closes-at-random", mock_url) as target:
        ended = Ended(target.url, tmp_path, "--no-events", "--fuzz", "0", "--retries", "5")
    run_behaves(ended)
    assert ended.outcomes("failed") == []
