"""Known deviations: what counts as one, when it is overdue, and what a run makes of it."""

import datetime as dt
import json
import subprocess
import sys

import pytest

import conformance
from conformance.catalogue import catalogue
from conformance.deviations import excused, overdue, read_deviations, states, told
from conformance.settings import Deviation, UsageError
from conformance.verdict import exit_code
from mockserver.embedded import running_mock
from mockserver.settings import Settings
from reports.results import Check, KnownDeviation
from reports.storage import encode

DAY = dt.date(2026, 11, 24)
CHECK = "TMF671-CREATE-LOCATION"
TABLE = {"check": CHECK, "reason": "the gateway drops it", "until": dt.date(2027, 3, 1)}
WHERE = "tmf671.toml: [[deviation]]"


def check(outcome, section="create"):
    return Check(
        id=CHECK,
        title="",
        section=section,
        level="must",
        requirements=("R-G40-LOCATION",),
        outcome=outcome,
        blocked_by=None,
        expected="/promotion/1",
        observed=None,
        message="no Location",
        duration_ms=0,
        exchanges=(1,),
    )


def declared(until=DAY):
    return (Deviation(check=CHECK, reason="ticket 7", until=until),)


def test_a_list_of_tables_is_read():
    assert read_deviations([TABLE], WHERE) == (
        Deviation(check=CHECK, reason="the gateway drops it", until=dt.date(2027, 3, 1)),
    )
    assert read_deviations([], WHERE) == ()


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (TABLE, "must be a list of tables: write [[deviation]]"),
        ([TABLE, 3], "[[deviation]] 2 must be a table with check, reason and until"),
        ([{**TABLE, "untli": 1}], "unknown setting 'untli'; did you mean until?"),
        ([{"check": CHECK, "reason": "x"}], "until is missing"),
        ([{"check": CHECK, "until": DAY}], "reason is missing"),
        ([{"reason": "x", "until": DAY}], "check is missing"),
        ([{**TABLE, "reason": "  "}], "the reason must not be empty"),
        ([{**TABLE, "reason": 3}], "check and reason must be texts in quotes"),
        ([{**TABLE, "until": "2027-03-01"}], "until must be a date without quotes"),
        ([{**TABLE, "until": dt.datetime(2027, 3, 1)}], "until must be a date without quotes"),  # noqa: DTZ001
        (
            [{**TABLE, "check": "TMF671-CREATE-LOCATOIN"}],
            "there is no check 'TMF671-CREATE-LOCATOIN'; did you mean TMF671-CREATE-LOCATION?",
        ),
        ([{**TABLE, "check": "x"}], "there is no check 'x'; see `tmf671 list`"),
        ([TABLE, TABLE], "TMF671-CREATE-LOCATION is declared 2 times"),
    ],
)
def test_what_is_wrong_with_an_entry_is_one_line(tables, words):
    with pytest.raises(UsageError) as problem:
        read_deviations(tables, WHERE)
    assert str(problem.value).startswith(WHERE)
    assert words in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    ("outcome", "until", "becomes"),
    [
        ("failed", DAY, "known-deviation"),
        ("warned", DAY, "known-deviation"),
        ("failed", DAY - dt.timedelta(days=1), "failed"),
        ("warned", DAY - dt.timedelta(days=1), "warned"),
        ("passed", DAY, "passed"),
        ("error", DAY, "error"),
        ("blocked", DAY, "blocked"),
        ("skipped", DAY, "skipped"),
        ("not-applicable", DAY, "not-applicable"),
    ],
)
def test_only_a_failure_is_excused_and_not_after_the_last_day(outcome, until, becomes):
    found = excused(check(outcome), declared(until), DAY)
    assert found.outcome == becomes
    assert (found.message, found.expected, found.exchanges) == ("no Location", "/promotion/1", (1,))


def test_a_failure_of_another_check_is_not_excused():
    other = Deviation(check="TMF671-CREATE-201", reason="x", until=DAY)
    assert excused(check("failed"), (other,), DAY).outcome == "failed"


@pytest.mark.parametrize(
    ("outcome", "section", "state"),
    [
        ("known-deviation", "create", "used"),
        ("failed", "create", "expired"),
        ("warned", "create", "expired"),
        ("passed", "create", "stale"),
        ("passed", "fuzzing", "unused"),
        ("skipped", "create", "unused"),
        ("blocked", "create", "unused"),
        ("error", "create", "unused"),
        ("not-applicable", "create", "unused"),
    ],
)
def test_what_a_run_says_of_a_deviation(outcome, section, state):
    (found,) = states([check(outcome, section)], declared())
    assert found == KnownDeviation(check=CHECK, reason="ticket 7", until="2026-11-24", state=state)
    assert bool(overdue([found])) == (state in {"expired", "stale"})
    assert CHECK in told(found)


@pytest.fixture(scope="module")
def broken_url():
    with running_mock(Settings(defects=("create-without-location",))) as url:
        yield url


def run(url, until, select=CHECK, **options):
    entry = {"check": CHECK, "reason": "ticket 7", "until": until}
    return conformance.run(
        url, select=[select], seed=1, fuzz=0, events=False, deviations=[entry], **options
    )


def outcome_of(results):
    return next(found for found in results.checks if found.id == CHECK)


def test_a_declared_failure_does_not_decide_and_stays_visible(broken_url):
    results = run(broken_url, "2099-01-01", select="create")
    found = outcome_of(results)
    assert found.outcome == "known-deviation"
    assert found.message
    assert found.exchanges
    assert results.summary["known-deviation"] == 1
    assert results.verdict == "conformant"
    assert results.verdict_reason.endswith("passed, 1 known deviation not counted")
    assert [deviation.state for deviation in results.deviations] == ["used"]
    assert exit_code(results) == 0
    document = json.loads(encode(results))
    assert document["deviations"] == [
        {"check": CHECK, "reason": "ticket 7", "until": "2099-01-01", "state": "used"}
    ]


def test_an_expired_deviation_lets_the_failure_stand(broken_url):
    results = run(broken_url, "2026-01-01")
    assert outcome_of(results).outcome == "failed"
    assert results.verdict == "not-conformant"
    assert f"the deviation of {CHECK} is out of date since 2026-01-01" in results.verdict_reason
    assert exit_code(results) == 1


def test_a_deviation_whose_check_passes_makes_the_run_exit_1():
    with running_mock(Settings()) as url:
        results = run(url, "2099-01-01")
    assert results.verdict == "conformant"
    assert f"the deviation of {CHECK} is out of date: the check passes" in results.verdict_reason
    assert exit_code(results) == 1


def test_a_deviation_that_was_not_judged_changes_nothing_but_is_told():
    with running_mock(Settings()) as url:
        results = run(url, "2026-01-01", select="TMF671-CREATE-201")
    assert [deviation.state for deviation in results.deviations] == ["unused"]
    assert exit_code(results) == 0
    assert any(f"The deviation of {CHECK} was not used" in note for note in results.notes)


def test_workers_give_the_same(broken_url):
    results = run(broken_url, "2099-01-01", select="create", parallel=2)
    assert outcome_of(results).outcome == "known-deviation"
    assert exit_code(results) == 0


def test_a_run_from_python_refuses_a_check_that_does_not_exist():
    with pytest.raises(UsageError, match="there is no check 'X'"):
        conformance.run(
            "http://127.0.0.1:9/v4",
            deviations=[{"check": "X", "reason": "x", "until": "2099-01-01"}],
        )


WANTED = f"{CHECK} or TMF671-CREATE-201"
TOML = '[[deviation]]\ncheck = "{}"\nreason = "ticket 7"\nuntil = {}\n'


def command(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-c", "from conformance.cli import main; main()", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("check_id", "until", "code", "words"),
    [
        (CHECK, "2099-01-01", 0, "KNOWN DEVIATION TMF671-CREATE-LOCATION (must, until 2099-01-01)"),
        (CHECK, "2026-01-01", 1, "DEVIATION OUT OF DATE: the deviation of TMF671-CREATE-LOCATION"),
        ("TMF671-CREATE-201", "2099-01-01", 1, "the check passes, remove the deviation"),
    ],
)
def test_the_command_line_tells_and_exits_so(tmp_path, broken_url, check_id, until, code, words):
    (tmp_path / "tmf671.toml").write_text(TOML.format(check_id, until))
    done = command(
        "check", broken_url, "--config", "tmf671.toml", "-s", "TMF671-CREATE-[2L]*", cwd=tmp_path
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert words in done.stdout
    if code == 0:
        assert "accepted: ticket 7" in done.stdout


def test_the_command_line_refuses_a_wrong_entry_before_anything_is_sent(tmp_path):
    (tmp_path / "tmf671.toml").write_text(TOML.format("TMF671-CREATE-21", "2099-01-01"))
    done = command("check", "http://127.0.0.1:9/v4", "--config", "tmf671.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "tmf671.toml: [[deviation]] 1: there is no check 'TMF671-CREATE-21'" in done.stderr


def test_pytest_passes_with_a_declared_failure(tmp_path, broken_url):
    settings = {
        "url": broken_url,
        "checks": [CHECK, "TMF671-CREATE-201"],
        "events": False,
        "deviations": [{"check": CHECK, "reason": "ticket 7", "until": "2099-01-01"}],
    }
    (tmp_path / "deviations.toml").write_text(TOML.format(CHECK, "2099-01-01"))
    common = [sys.executable, "-m", "pytest", "--pyargs", "conformance.checks", "-q", "-rx"]
    for arguments in (
        [f"--tmf671-settings={json.dumps(settings)}"],
        ["--tmf671-url", broken_url, "--tmf671-deviations", "deviations.toml", "-k", WANTED],
    ):
        done = subprocess.run(
            [*common, "-p", "no:cacheprovider", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 passed" in done.stdout
        assert "1 xfailed" in done.stdout
        assert "known deviation: " in done.stdout


def test_every_check_can_be_declared():
    tables = [{**TABLE, "check": name} for name in catalogue()]
    assert len(read_deviations(tables, WHERE)) == len(catalogue())
