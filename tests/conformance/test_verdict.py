import pytest

from conformance.outcomes import (
    Blocked,
    ConditionFailed,
    NotApplicable,
    SwitchedOff,
    TransportError,
)
from conformance.verdict import outcome_of, scope_of, verdict_of, worst
from reports.results import Check

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
        ([], "inconclusive"),
    ],
)
def test_the_verdict_follows_from_the_mandatory_checks(checks, verdict):
    assert verdict_of(checks)[0] == verdict


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
