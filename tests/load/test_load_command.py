"""`tmf671 load` as a user runs it: against the mock, with real Locust processes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from conformance.cli.load import load as load_command
from mockserver.testing import promotion_mock

TMF671 = str(Path(sys.executable).parent / "tmf671")


def environment(**variables):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TMF671_", "NO_", "LOCUST_"))}
    return {**kept, "PYTHONWARNINGS": "ignore", **variables}


def load(*arguments, cwd, **variables):
    return subprocess.run(
        [TMF671, "load", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        env=environment(**variables),
    )


@pytest.fixture
def mock():
    with promotion_mock(seed=5) as running:
        yield running


def names(mock):
    return [one["name"] for one in mock.promotions()]


def test_a_foreign_target_is_not_written_to_without_a_yes(tmp_path):
    done = load("http://192.0.2.1/v4", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        "Error: this load would create, change and delete promotions at http://192.0.2.1/v4: "
        "confirm that with --yes, or use --read-only\n"
    )
    assert not (tmp_path / "tmf671-load").exists()


def test_a_target_that_is_not_there_gives_no_numbers(tmp_path):
    done = load("http://127.0.0.1:1/v4", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "connection refused" in done.stderr


def test_a_promotion_that_the_target_refuses_is_told_before_any_load(tmp_path):
    with promotion_mock(defects=["description-demanded"]) as mock:
        (tmp_path / "bare.json").write_text('{"name": "bare"}')
        done = load(mock.url, "--payload", "bare.json", cwd=tmp_path)
    assert done.returncode == 3
    assert "give a promotion that the target accepts with --payload" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--duration", "soon"), "'soon' is no duration"),
        (("--mix", "surf=1"), "users do not 'surf'"),
        (("--max-errors", "200%"), "'200%' is no share"),
        (("--master", "--worker"), "exclude each other"),
        (("--master",), "--master needs --workers"),
        (("--payload", "missing.json"), "cannot read the payload"),
    ],
)
def test_a_wrong_option_is_one_line_and_nothing_is_sent(options, told, mock, tmp_path):
    done = load(mock.url, *options, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert mock.journal() == []


def test_without_locust_the_extra_is_named(mock, monkeypatch):
    monkeypatch.setattr("conformance.load.processes.is_installed", lambda: False)
    done = CliRunner().invoke(load_command, [mock.url])
    assert done.exit_code == 2
    assert done.stderr == (
        "Error: tmf671 load needs Locust: install it with pip install 'tmf671[load]'\n"
    )
    assert mock.journal() == []


@pytest.mark.slow
def test_a_run_measures_judges_and_leaves_nothing_behind(mock, tmp_path):
    before = names(mock)
    done = load(
        *(mock.url, "--users", 10, "--spawn-rate", 20, "--duration", "4s"),
        *("--think-time", "20ms", "--max-p95", "10s", "--max-errors", "0", "--mix", "create=20"),
        *("--header", "X-Api-Key: s3cret-value"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("Thresholds met: ")
    text = (tmp_path / "tmf671-load" / "load.json").read_text()
    assert "s3cret-value" not in text
    assert "s3cret-value" not in (tmp_path / "tmf671-load" / "load.html").read_text()
    results = json.loads(text)
    assert results["verdict"] == "met"
    assert set(results["operations"]) == {
        *("list", "search", "retrieve", "create", "patch", "delete", "subscribe", "unsubscribe")
    }
    assert results["statuses"]["create"].keys() == {"201"}
    assert results["failures"] == []
    assert results["cleanup"]["left"] == []
    assert results["cleanup"]["created"] == results["cleanup"]["deleted"] > 20
    assert results["events"] > 0
    assert names(mock) == before
    sent = [one for slot in results["slots"] for one in slot["operations"].values()]
    answers = sum(sum(counts.values()) for counts in results["statuses"].values())
    assert sum(one["requests"] for one in sent) == answers


@pytest.mark.slow
def test_failures_are_told_by_status_and_decide(mock, tmp_path):
    mock.faults(errors=[{"operation": "patchPromotion", "status": 503, "rate": 0.5}])
    done = load(
        *(mock.url, "--users", 6, "--spawn-rate", 20, "--duration", "4s", "--think-time", "20ms"),
        *("--max-errors", "0.1%", "--min-rate", "1", "--mix", "patch=60,create=60", "--no-events"),
        cwd=tmp_path,
    )
    assert done.returncode == 1, done.stderr
    results = json.loads((tmp_path / "tmf671-load" / "load.json").read_text())
    assert results["verdict"] == "not-met"
    assert results["statuses"]["patch"]["503"] > 0
    assert {one["cause"] for one in results["failures"]} == {"answered 503"}
    assert {one["operation"] for one in results["failures"]} == {"patch"}
    assert [one["met"] for one in results["thresholds"]] == [False, True]


@pytest.mark.slow
def test_a_read_only_load_sends_nothing_but_get(mock, tmp_path):
    done = load(
        *(mock.url, "--read-only", "--duration", "2s", "--think-time", "0", "--rate", "50"),
        "--json",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert set(results["operations"]) == {"list", "search", "retrieve"}
    assert results["cleanup"] == {"created": 0, "deleted": 0, "left": []}
    assert {one.method for one in mock.journal()} == {"GET"}
    assert results["total"]["rate"] <= 55


@pytest.mark.slow
def test_an_interrupt_ends_the_load_and_what_was_made_is_deleted(mock, tmp_path):
    before = names(mock)
    process = subprocess.Popen(
        [TMF671, "load", mock.url, "--duration", "10m", "--think-time", "20ms", "--json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    patience = time.monotonic() + 60
    while not any(" edited " in name for name in names(mock)) and time.monotonic() < patience:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    printed, problems = process.communicate(timeout=60)
    assert process.returncode == 0, problems
    results = json.loads(printed)
    assert results["interrupted"]
    assert results["notes"][0].startswith("Interrupted after ")
    assert results["cleanup"]["left"] == []
    assert names(mock) == before


@pytest.mark.slow
def test_a_master_leads_two_workers(mock, tmp_path):
    before = names(mock)
    with subprocess.Popen(
        [TMF671, "load", mock.url, "--worker", "--workers", "2", "--master-port", "5617"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as workers:
        done = load(
            *(mock.url, "--master", "--workers", 2, "--master-port", 5617, "--users", 12),
            *("--spawn-rate", 20, "--duration", "5s", "--think-time", "20ms", "--json"),
            *("--mix", "create=30"),
            cwd=tmp_path,
        )
        printed, problems = workers.communicate(timeout=60)
    assert done.returncode == 0, done.stderr
    assert workers.returncode == 0, problems
    assert printed.startswith(b"created ")
    results = json.loads(done.stdout)
    assert results["generator"]["workers"] == 2
    assert results["generator"]["faults"] == []
    assert results["failures"] == []
    assert results["slots"][3]["users"] == 12
    # Both workers keep to the pace of the master's command line: 12 users, 50 requests/s each.
    assert results["total"]["rate"] > 100
    assert results["operations"]["create"]["requests"] > 0
    assert names(mock) == before


@pytest.mark.slow
def test_workers_on_one_machine_need_no_master_of_ones_own(mock, tmp_path):
    done = load(
        *(mock.url, "--workers", 2, "--users", 8, "--spawn-rate", 20, "--duration", "4s"),
        *("--think-time", "20ms", "--json"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert results["generator"]["workers"] == 2
    assert results["cleanup"]["left"] == []
