import json
import multiprocessing
import stat
from pathlib import Path

import pytest

from conformance import ledger_file
from conformance.ledger_file import (
    Created,
    Creating,
    Deleted,
    LedgerFile,
    LedgerInUse,
    Settled,
    Subscribing,
    begin,
    noted,
)
from conformance.remains import LedgerError, read_ledger
from conformance.settings import Settings, UsageError

ROOT = "http://127.0.0.1:9/tmf-api/promotionManagement/v4"


def begun(path, **options):
    options = {"url": ROOT, "run": "1f2e3d4c", "ledger": str(path), **options}
    return begin(Settings(**options))


def written(path, *records):
    begun(path)
    file = LedgerFile(path)
    for record in records:
        file.write(record)
    file.close()
    return read_ledger(path)


def test_a_ledger_begins_with_what_cleaning_needs_and_no_password(tmp_path):
    path = tmp_path / "run.jsonl"
    begun(path, url="http://ada:s3cr3t-pass@127.0.0.1:9/v4", headers={"X-Api-Key": "k3y-value"})
    first = json.loads(path.read_text())
    assert first.pop("at").endswith("Z")
    assert first.pop("tool")
    assert first == {
        "is": "begun",
        "run": "1f2e3d4c",
        "mark": "tmf671-check-1f2e3d4c",
        "url": "http://ada:***@127.0.0.1:9/v4",
        "api_version": "4.1.0",
    }


def test_a_ledger_is_its_owners_alone(tmp_path):
    path = tmp_path / "run.jsonl"
    begun(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_ledger_lies_beside_the_report(tmp_path):
    (tmp_path / "reports").mkdir()
    settings = noted(Settings(url=ROOT), None, tmp_path / "reports" / "crm")
    assert len(settings.run) == 8
    assert settings.ledger == str(tmp_path / "reports" / f"crm.ledger-{settings.run}.jsonl")


def test_a_ledger_lies_above_a_report_whose_folder_is_not_there_yet(tmp_path):
    settings = noted(Settings(url=ROOT), None, tmp_path / "not" / "there" / "crm")
    assert Path(settings.ledger).parent == tmp_path


def test_the_ledger_of_an_earlier_run_is_not_written_over(tmp_path):
    path = tmp_path / "run.jsonl"
    path.write_text("precious")
    with pytest.raises(UsageError, match="is there already: finish it with `tmf671 cleanup`"):
        begun(path)
    assert path.read_text() == "precious"


def test_a_ledger_that_cannot_be_written_ends_the_run_before_it_begins(tmp_path):
    with pytest.raises(UsageError, match="No such file or directory"):
        begun(tmp_path / "missing" / "run.jsonl")


def test_a_disk_that_is_full_ends_the_run_before_it_begins(tmp_path, monkeypatch):
    path = tmp_path / "run.jsonl"
    monkeypatch.setattr(ledger_file.os, "write", lambda _file, line: len(line) - 1)
    with pytest.raises(UsageError, match="No space left on device"):
        begun(path)
    assert not path.exists()


def test_a_read_only_run_keeps_no_ledger(tmp_path):
    settings = begun(tmp_path / "run.jsonl", read_only=True)
    assert settings.ledger is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_left_is_read_from_what_was_done(tmp_path):
    remains = written(
        tmp_path / "run.jsonl",
        Creating("1-1", "mark a"),
        Created("1-1", "/promotion/a"),
        Creating("1-2", "mark b"),
        Created("1-2", "/promotion/b"),
        Creating("1-3", "mark lost"),
        Creating("1-4", "mark refused"),
        Settled("1-4"),
        Creating("1-5", "mark no id"),
        Created("1-5", None),
        Subscribing("1-6", "http://127.0.0.1:1/x"),
        Subscribing("1-7", "http://127.0.0.1:1/y"),
        Created("1-7", "/hub/7"),
        Deleted("/promotion/a"),
    )
    assert list(remains.live) == ["/promotion/b", "/hub/7"]
    assert remains.lost == {"1-3": "mark lost"}
    assert remains.unnamed == {"1-5": "mark no id"}
    assert remains.subscriptions == {"1-6": "http://127.0.0.1:1/x"}
    assert (remains.created, remains.deleted) == (4, 1)


def test_a_last_line_that_a_power_cut_left_half_written_is_passed_over(tmp_path):
    path = tmp_path / "run.jsonl"
    written(path, Creating("1-1", "mark a"), Created("1-1", "/promotion/a"))
    with path.open("ab") as file:
        file.write(b'{"is":"deleted","path":"/promo')
    assert list(read_ledger(path).live) == ["/promotion/a"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"\x00\x00\x00", "line 2: that is no line of a ledger"),
        (b'{"is":"created","n":"1-1"}', "line 2: that is no line of a ledger"),
        (b'{"is":"forgotten"}', "line 2: that is no line of a ledger"),
        (b'{"is":"created","n":null,"path":"/promotion"}', "line 2: no run creates"),
        (b'{"is":"created","n":null,"path":"/promotion/"}', "line 2: no run creates"),
        (b'{"is":"created","n":null,"path":"/promotion/.."}', "line 2: no run creates"),
        (b'{"is":"created","n":null,"path":"/promotion/../customer"}', "line 2: no run creates"),
        (b'{"is":"created","n":null,"path":"/customer/1"}', "line 2: no run creates"),
        (b'{"is":"created","n":null,"path":"http://127.0.0.1/promotion/1"}', "line 2: no run"),
    ],
)
def test_a_garbled_ledger_is_not_followed(tmp_path, line, words):
    path = tmp_path / "run.jsonl"
    begun(path)
    with path.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(LedgerError, match=words):
        read_ledger(path)


@pytest.mark.parametrize("content", [b"", b"{}\n", b"begun", b'{"is":"deleted","path":"/hub/1"}\n'])
def test_a_file_that_is_no_ledger_is_not_followed(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_bytes(content)
    with pytest.raises(LedgerError):
        read_ledger(path)


def test_a_ledger_is_not_taken_from_a_run_that_writes_to_it(tmp_path):
    path = tmp_path / "run.jsonl"
    begun(path)
    one, other = LedgerFile(path), LedgerFile(path)
    one.close()
    with pytest.raises(LedgerInUse):
        LedgerFile(path, alone=True)
    other.close()
    LedgerFile(path, alone=True).close()


def test_who_goes_on_with_a_ledger_cuts_off_a_half_written_line(tmp_path):
    path = tmp_path / "run.jsonl"
    written(path, Created(None, "/promotion/a"))
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(b'{"is":"del')
    file = LedgerFile(path, alone=True)
    file.write(Deleted("/promotion/a"))
    file.close()
    assert path.read_bytes() == whole + b'{"is":"deleted","path":"/promotion/a"}\n'


def test_after_a_failure_nothing_is_appended_to_half_a_line(tmp_path, monkeypatch):
    path = tmp_path / "run.jsonl"
    begun(path)
    file = LedgerFile(path)
    write = ledger_file.os.write
    monkeypatch.setattr(ledger_file.os, "write", lambda to, line: write(to, line[:9]))
    with pytest.raises(OSError, match="No space left"):
        file.write(Created(None, "/promotion/a"))
    monkeypatch.undo()
    with pytest.raises(OSError, match="No space left"):
        file.write(Created(None, "/promotion/b"))
    file.close()
    assert path.read_bytes().endswith(b'}\n{"is":"cr')


def _append_many(path, process):
    file = LedgerFile(path)
    for number in range(50):
        file.write(Created(None, f"/promotion/{process}-{number}-{'x' * 200}"))
    file.close()


def test_the_lines_of_several_processes_do_not_mix(tmp_path):
    path = tmp_path / "run.jsonl"
    begun(path)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append_many, args=(path, number)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(read_ledger(path).live) == 150


@pytest.mark.parametrize(
    "prefix", ["", " x", "x ", "a,b", "a*", 'a"b', "a\nb", "促销", "x" * 41, "-x"]
)
def test_a_prefix_that_would_mean_something_in_a_filter_is_refused(prefix):
    from conformance.settings import validated

    with pytest.raises(UsageError, match="name_prefix must be 1 to 40"):
        validated(Settings(url=ROOT, name_prefix=prefix))


@pytest.mark.parametrize("prefix", ["x", "QA team_7: 2026.11", "x" * 40])
def test_a_plain_prefix_begins_the_mark(prefix):
    from conformance.settings import validated

    assert validated(Settings(url=ROOT, name_prefix=prefix, run="9")).mark == f"{prefix}-9"
