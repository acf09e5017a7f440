from types import SimpleNamespace

import pytest

from conformance.outcomes import (
    Blocked,
    ConditionFailed,
    NotApplicable,
    SwitchedOff,
    TransportError,
)
from conformance.verdict import exit_code, outcome_of, scope_of, verdict_of, worst
from reports.results import Check, KnownDeviation

OVERDUE = "the deviation of TMF671-X is out of date"
MEND = "mend the target or renew it"
FAILED = ConditionFailed("no", expected=1, observed=2)


def check(level, outcome, blocked_by=None):
    return Check(
        id=f"{level}-{outcome}",
        title="",
        section="create",
        level=level,
        requirements=("R-P07-ID",),
        outcome=outcome,
        blocked_by=blocked_by,
        expected=None,
        observed=None,
        message="",
        duration_ms=0,
        exchanges=(),
    )


def deviation(state):
    return KnownDeviation(check="TMF671-X", reason="ticket", until="2026-01-01", state=state)


@pytest.mark.parametrize(
    ("problem", "level", "strict", "outcome"),
    [
        (None, "must", False, "passed"),
        (FAILED, "must", False, "failed"),
        (FAILED, "should", False, "warned"),
        (FAILED, "should", True, "failed"),
        (FAILED, "may", True, "warned"),
        (Blocked("TMF671-CREATE-201", "x"), "must", False, "blocked"),
        (NotApplicable("x"), "must", False, "not-applicable"),
        (SwitchedOff("x"), "must", False, "skipped"),
        (TransportError("x"), "must", False, "error"),
        (KeyError("a bug of the suite"), "must", True, "error"),
        (AssertionError("a bug of the suite"), "must", True, "error"),
    ],
)
def test_each_way_to_end_is_one_outcome(problem, level, strict, outcome):
    assert outcome_of(problem, level, strict=strict) == outcome


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        ([check("must", "passed"), check("should", "warned")], "conformant"),
        ([check("must", "passed"), check("must", "not-applicable")], "conformant"),
        ([check("must", "passed"), check("must", "failed")], "not-conformant"),
        ([check("must", "failed"), check("must", "error")], "not-conformant"),
        ([check("must", "passed"), check("must", "error")], "inconclusive"),
        ([check("must", "passed"), check("must", "blocked")], "inconclusive"),
        ([check("must", "passed"), check("should", "error")], "conformant"),
        ([check("must", "passed"), check("should", "failed")], "not-conformant"),
        ([check("must", "skipped"), check("should", "passed")], "inconclusive"),
        ([check("must", "passed"), check("must", "known-deviation")], "conformant"),
        ([check("must", "known-deviation"), check("must", "failed")], "not-conformant"),
        ([check("must", "known-deviation"), check("must", "blocked")], "inconclusive"),
        ([check("must", "known-deviation")], "inconclusive"),
        ([], "inconclusive"),
    ],
)
def test_the_verdict_follows_from_the_mandatory_checks(checks, verdict):
    assert verdict_of(checks)[0] == verdict


@pytest.mark.parametrize(
    ("checks", "states", "reason"),
    [
        (["passed", "passed"], [], "all 2 mandatory checks passed"),
        (
            ["passed", "known-deviation"],
            ["used"],
            "1 of 2 mandatory checks passed, 1 known deviation not counted",
        ),
        (
            ["failed", "passed", "known-deviation", "known-deviation"],
            ["used", "used"],
            "1 of 4 mandatory checks failed, 2 known deviations not counted",
        ),
        (
            ["passed"],
            ["stale", "unused"],
            f"the one mandatory check passed; {OVERDUE}: the check passes, remove the deviation",
        ),
        (
            ["failed"],
            ["expired"],
            f"1 of 1 mandatory check failed; {OVERDUE} since 2026-01-01: {MEND}",
        ),
        (["known-deviation"], ["used"], "no mandatory check passed, all are known deviations"),
    ],
)
def test_the_reason_tells_what_was_left_out_and_what_is_overdue(checks, states, reason):
    made = [check("must", outcome) for outcome in checks]
    assert verdict_of(made, None, [deviation(state) for state in states])[1] == reason


def test_a_known_deviation_of_a_recommendation_leaves_all_mandatory_checks_passed():
    made = [check("must", "passed"), check("must", "passed"), check("should", "known-deviation")]
    assert verdict_of(made) == (
        "conformant",
        "all 2 mandatory checks passed, 1 known deviation not counted",
    )


@pytest.mark.parametrize(
    ("verdict", "state", "code"),
    [
        ("conformant", None, 0),
        ("conformant", "used", 0),
        ("conformant", "unused", 0),
        ("conformant", "expired", 1),
        ("conformant", "stale", 1),
        ("not-conformant", "stale", 1),
        ("inconclusive", "stale", 3),
        ("inconclusive", None, 3),
    ],
)
def test_the_exit_code_is_the_verdicts_unless_a_deviation_is_overdue(verdict, state, code):
    made = () if state is None else (deviation(state),)
    results = SimpleNamespace(verdict=verdict, deviations=made)
    assert exit_code(results) == code


def test_a_run_that_did_not_end_is_inconclusive_whatever_failed():
    assert verdict_of([check("must", "failed")], "interrupted") == ("inconclusive", "interrupted")


def test_the_scope_tells_what_was_switched_off():
    assert scope_of([check("may", "skipped"), check("must", "passed")], read_only=False) == "full"
    assert scope_of([check("should", "skipped")], read_only=False) == "subset"
    assert scope_of([check("should", "skipped")], read_only=True) == "read-only"


def test_the_worst_outcome_of_a_requirement_is_told():
    assert worst(["passed", "warned", "skipped"]) == "warned"
    assert worst(["skipped", "passed", "not-applicable"]) == "passed"
    assert worst(["passed", "error", "failed"]) == "failed"
    assert worst([]) is None


def test_a_failed_condition_renders_itself():
    text = str(
        ConditionFailed("it differs", expected="a", observed={"b": 1}, clause="§6", hint="look")
    )
    assert text.splitlines() == [
        "it differs",
        "  expected: a",
        '  observed: {"b": 1}',
        "  clause:   §6",
        "  hint:     look",
    ]
