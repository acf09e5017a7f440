"""`tmf671 cleanup` after a run that died, over real sockets."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conformance.ledger_file import Created, Creating, Deleted, LedgerFile, Subscribing, begin
from conformance.settings import Settings
from mockserver.testing import promotion_mock

TMF671 = str(Path(sys.executable).parent / "tmf671")
SLOW = {"kind": "fixed", "ms": 30}


def tmf671(*arguments, cwd):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TMF671_")}
    return subprocess.run(
        [TMF671, *arguments], cwd=cwd, capture_output=True, text=True, timeout=90, env=environment
    )


def ledger_of(path, url, *records, **options):
    begin(Settings(url=url, run="1f2e3d4c", ledger=str(path), **options))
    file = LedgerFile(path)
    for record in records:
        file.write(record)
    file.close()
    return path


@pytest.fixture
def mock():
    with promotion_mock(seed=5, count=40, journal=5000) as running:
        yield running


@pytest.mark.parametrize("parallel", ["1", "2"])
def test_after_a_kill_in_mid_run_the_catalogue_is_as_before(tmp_path, mock, parallel):
    before = mock.promotions()
    mock.faults(latency=SLOW)
    process = subprocess.Popen(
        [TMF671, "check", mock.url, "--no-events", "--parallel", parallel],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while len(mock.promotions()) < len(before) + 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    mock.faults()
    assert len(mock.promotions()) > len(before)
    (ledger,) = tmp_path.glob("tmf671-report.ledger-*.jsonl")

    done = tmf671("cleanup", ledger.name, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith(f"nothing is left; {ledger.name} is removed")
    assert mock.promotions() == before
    assert not ledger.exists()
    customers = {promotion["id"] for promotion in before}
    written = [one for one in mock.journal() if one.method in {"PATCH", "PUT", "DELETE"}]
    assert written
    assert not [one for one in written if one.path.rsplit("/", 1)[-1] in customers]


def test_a_dry_run_tells_what_would_be_done_and_sends_nothing(tmp_path, mock):
    mark = "tmf671-check-1f2e3d4c"
    ledger = ledger_of(
        tmp_path / "run.jsonl",
        mock.url,
        Created(None, "/promotion/a"),
        Created(None, "/hub/b"),
        Creating("1-1", f"{mark} lost"),
        Creating("1-2", "Summer sale"),
        Subscribing("1-3", "http://127.0.0.1:1/x"),
    )
    done = tmf671("cleanup", str(ledger), "--dry-run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"DELETE {mock.url}/hub/b",
        f"DELETE {mock.url}/promotion/a",
        f"look for promotions named '{mark} lost', and DELETE them",
        "a create without the run's mark cannot be looked for",
        "a subscription of http://127.0.0.1:1/x cannot be looked for: its id is not known",
    ]
    assert mock.journal() == []


def test_only_the_exact_name_is_deleted(tmp_path, mock):
    mark = "tmf671-check-1f2e3d4c"
    for name in (f"{mark} lost", f"{mark} lost and found", f"{mark} LOST", f"x {mark} lost"):
        mock.create(name=name)
    ledger = ledger_of(tmp_path / "run.jsonl", mock.url, Creating("1-1", f"{mark} lost"))
    assert tmf671("cleanup", str(ledger), cwd=tmp_path).returncode == 0
    names = [promotion["name"] for promotion in mock.promotions()[-4:]]
    assert names[1:] == [f"{mark} lost and found", f"{mark} LOST", f"x {mark} lost"]
    assert names[0] != f"{mark} lost"


def test_only_the_exact_name_is_deleted_where_filters_have_no_effect(tmp_path):
    mark = "tmf671-check-1f2e3d4c"
    with promotion_mock(seed=5, defects=("filter-ignored",)) as mock:
        before = mock.promotions()
        mock.create(name=f"{mark} lost")
        ledger = ledger_of(tmp_path / "run.jsonl", mock.url, Creating("1-1", f"{mark} lost"))
        assert tmf671("cleanup", str(ledger), cwd=tmp_path).returncode == 0
        assert mock.promotions() == before


def test_what_is_gone_already_counts_as_done(tmp_path, mock):
    ledger = ledger_of(tmp_path / "run.jsonl", mock.url, Created(None, "/promotion/never-there"))
    done = tmf671("cleanup", str(ledger), cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == f"1 deleted, nothing is left; {ledger} is removed\n"


def test_what_cannot_be_deleted_is_told_and_the_ledger_stays(tmp_path):
    with promotion_mock(variants=("no-patch-no-delete",)) as mock:
        kept = mock.create(name="x")["id"]
        ledger = ledger_of(tmp_path / "run.jsonl", mock.url, Created(None, f"/promotion/{kept}"))
        done = tmf671("cleanup", str(ledger), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"left: /promotion/{kept} (DELETE was answered 405)",
        f"0 deleted, 1 left; {ledger} is kept",
    ]
    assert ledger.exists()


def test_a_second_pass_goes_on_where_the_first_one_ended(tmp_path, mock):
    one, two = (mock.create(name="x")["id"] for _ in range(2))
    ledger = ledger_of(
        tmp_path / "run.jsonl",
        mock.url,
        Created(None, f"/promotion/{one}"),
        Created(None, f"/promotion/{two}"),
        Subscribing("1-1", "http://127.0.0.1:1/x"),
    )
    assert tmf671("cleanup", str(ledger), cwd=tmp_path).returncode == 1
    records = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert records[-2:] == [
        {"is": "deleted", "path": f"/promotion/{two}"},
        {"is": "deleted", "path": f"/promotion/{one}"},
    ]
    again = tmf671("cleanup", str(ledger), cwd=tmp_path)
    assert again.returncode == 1
    assert again.stdout.splitlines()[-1] == f"0 deleted, 1 left; {ledger} is kept"


def test_an_unreachable_target_ends_with_3_and_the_ledger_stays(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v4"
    ledger = ledger_of(tmp_path / "run.jsonl", url, Created(None, "/promotion/a"))
    done = tmf671("cleanup", str(ledger), cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr == f"Error: the target cannot be reached; {ledger} is kept\n"
    assert ledger.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot read the ledger"),
        (b"\x00\xff", "is no ledger"),
        (b"{}\n", "line 1: that is no line of a ledger"),
        (b'{"verdict": "conformant"}\n', "line 1: that is no line of a ledger"),
    ],
)
def test_what_is_no_ledger_is_a_usage_error_in_one_line(tmp_path, content, words):
    if content is not None:
        (tmp_path / "run.jsonl").write_bytes(content)
    done = tmf671("cleanup", "run.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_ledger_is_of_one_target_and_of_no_other(tmp_path, mock):
    ledger = ledger_of(
        tmp_path / "run.jsonl", "http://127.0.0.1:9/v4", Created(None, "/promotion/a")
    )
    done = tmf671("cleanup", str(ledger), "--url", mock.url, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (f"Error: the ledger is of http://127.0.0.1:9/v4, not of {mock.url}\n")
    assert mock.journal() == []


def test_the_ledger_of_a_run_that_goes_on_is_let_be(tmp_path, mock):
    ledger = ledger_of(tmp_path / "run.jsonl", mock.url, Created(None, "/promotion/a"))
    run = LedgerFile(ledger)
    done = tmf671("cleanup", str(ledger), cwd=tmp_path)
    run.close()
    assert done.returncode == 2
    assert "a run, or another cleanup, still writes to" in done.stderr
    assert mock.journal() == []


def test_credentials_come_from_options_and_stand_in_no_output(tmp_path):
    with promotion_mock(require_token="canary-t0ken") as mock:
        kept = mock.create(name="x")["id"]
        ledger = ledger_of(
            tmp_path / "run.jsonl",
            mock.url,
            Created(None, f"/promotion/{kept}"),
            Deleted("/promotion/other"),
        )
        refused = tmf671("cleanup", str(ledger), "--bearer", "canary-wr0ng", cwd=tmp_path)
        assert refused.returncode == 1
        done = tmf671("cleanup", str(ledger), "--bearer", "canary-t0ken", cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert mock.promotions() == []
    for one in (refused, done):
        assert "canary" not in one.stdout + one.stderr


@pytest.mark.slow
def test_a_ledger_holds_no_credential(tmp_path, mock):
    process = subprocess.Popen(
        [
            TMF671,
            "check",
            mock.url,
            "--no-events",
            "--bearer",
            "canary-bearer",
            "-H",
            "X-Api-Key: canary-key",
        ],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr.readline().startswith("judging ")
    time.sleep(0.5)
    (ledger,) = tmp_path.glob("tmf671-report.ledger-*.jsonl")
    content = ledger.read_text()
    process.communicate(timeout=60)
    assert '"is":"created"' in content
    assert "canary" not in content
    assert not ledger.exists()
