import itertools

import msgspec
import pytest
from certificate_case import with_outcome

from conformance import verdict as suite
from reports.consistency import contradictions, scope_of, verdict_of
from reports.results import LEVELS, OUTCOMES, KnownDeviation

CHECK = "TMF671-CREATE-201"


def changed(results, **parts):
    return contradictions(msgspec.structs.replace(results, **parts))


def test_results_as_they_were_written_do_not_contradict_themselves(passed_results):
    assert contradictions(passed_results) == ()


@pytest.mark.parametrize(
    ("outcome", "verdict", "expected"),
    [
        ("failed", "conformant", "not-conformant"),
        ("error", "conformant", "inconclusive"),
        ("blocked", "conformant", "inconclusive"),
        ("passed", "not-conformant", "conformant"),
    ],
)
def test_a_verdict_that_the_checks_do_not_give_is_found(passed_results, outcome, verdict, expected):
    edited = with_outcome(passed_results, CHECK, outcome, verdict=verdict)
    assert contradictions(edited) == (f"the verdict is {verdict}, its checks make it {expected}",)


def test_a_run_that_was_broken_off_is_inconclusive_whatever_its_checks_say(passed_results):
    edited = with_outcome(passed_results, CHECK, "failed", verdict="inconclusive")
    assert contradictions(edited) == ()


def test_a_failure_is_excused_by_a_declaration_that_is_there(passed_results):
    edited = with_outcome(passed_results, CHECK, "known-deviation")
    (told,) = contradictions(edited)
    assert told.startswith(f"check {CHECK} is known-deviation, which")
    declared = KnownDeviation(check=CHECK, reason="CRM-1", until="2027-03-01", state="used")
    assert contradictions(msgspec.structs.replace(edited, deviations=(declared,))) == ()
    (told,) = changed(passed_results, deviations=(declared,))
    assert told.startswith(f"check {CHECK} is passed, which")


def test_a_scope_that_the_checks_do_not_give_is_found(passed_results):
    skipped = with_outcome(passed_results, CHECK, "skipped")
    assert contradictions(skipped) == ("the scope is full, its checks make it subset",)
    assert changed(passed_results, options={"read_only": True}) == (
        "the scope is full, its checks make it read-only",
    )
    assert changed(passed_results, scope="subset") == (
        "the scope is subset, its checks make it full",
    )


def test_counts_that_are_not_those_of_the_checks_are_found(passed_results):
    summary = passed_results.summary | {"passed": 11, "total": 11, "requests": 3}
    sent = len(passed_results.exchanges)
    assert changed(passed_results, summary=summary) == (
        "the summary counts 11 passed, there are 10",
        "the summary counts 11 total, there are 10",
        f"the summary counts 3 requests, {sent} are recorded",
    )


def test_requirements_that_do_not_follow_from_the_checks_are_found(passed_results):
    first, second, third, *rest = passed_results.requirements
    first = msgspec.structs.replace(first, outcome="failed")
    second = msgspec.structs.replace(second, checks=())
    assert changed(passed_results, requirements=(first, second, *rest)) == (
        f"the outcome of requirement {first.id} is failed, its checks make it passed",
        f"requirement {second.id} does not name the checks that test it",
        f"requirement {third.id} is tested but not listed",
    )


def test_checks_that_are_there_twice_or_rest_on_nothing_are_found(passed_results):
    first, *rest = passed_results.checks
    told = changed(passed_results, checks=(first, *rest, first))
    assert f"check {first.id} is there 2 times" in told
    rootless = msgspec.structs.replace(first, exchanges=(2, 999))
    assert changed(passed_results, checks=(rootless, *rest)) == (
        f"check {first.id} rests on exchange 999, which is not recorded",
    )


def test_verdict_and_scope_agree_with_the_suites_own(passed_results):
    first, second = passed_results.checks[:2]
    seen = set()
    for levels in itertools.product(LEVELS, repeat=2):
        for outcomes in itertools.product(OUTCOMES, repeat=2):
            checks = tuple(
                msgspec.structs.replace(check, level=level, outcome=outcome)
                for check, level, outcome in zip((first, second), levels, outcomes, strict=True)
            )
            verdict, reason = suite.verdict_of(checks)
            made = msgspec.structs.replace(
                passed_results, checks=checks, verdict=verdict, verdict_reason=reason
            )
            assert verdict_of(checks) == verdict
            assert scope_of(made) == suite.scope_of(checks, read_only=False)
            seen.add((verdict, scope_of(made)))
    assert len(seen) == 6
