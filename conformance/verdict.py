"""From the outcomes of checks to the verdict of the run: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from conformance.deviations import overdue, told
from conformance.outcomes import Blocked, ConditionFailed, NotApplicable, SwitchedOff
from reports.results import (
    OUTCOMES,
    Check,
    KnownDeviation,
    Level,
    Outcome,
    Results,
    Scope,
    Verdict,
)

EXIT_CODES: Mapping[Verdict, int] = {"conformant": 0, "not-conformant": 1, "inconclusive": 3}

_WORST_FIRST: tuple[Outcome, ...] = (
    "failed",
    "error",
    "blocked",
    "warned",
    "known-deviation",
    "passed",
    "skipped",
    "not-applicable",
)


def outcome_of(problem: BaseException | None, level: Level, *, strict: bool) -> Outcome:
    """Return the outcome of a check that ended with `problem`, None for a clean end.

    A failed MUST is `failed`; a failed SHOULD or MAY is `warned`, with `strict` a failed SHOULD
    is `failed`. Whatever is not one of the suite's own exceptions is `error`.
    """
    match problem:
        case None:
            return "passed"
        case ConditionFailed():
            decides = level == "must" or (strict and level == "should")
            return "failed" if decides else "warned"
        case Blocked():
            return "blocked"
        case NotApplicable():
            return "not-applicable"
        case SwitchedOff():
            return "skipped"
        case _:
            return "error"


def worst(outcomes: Iterable[Outcome]) -> Outcome | None:
    """Return the gravest outcome; a pass outweighs what was not carried out. None for none."""
    return min(outcomes, key=_WORST_FIRST.index, default=None)


def verdict_of(
    checks: Sequence[Check],
    aborted: str | None = None,
    deviations: Sequence[KnownDeviation] = (),
) -> tuple[Verdict, str]:
    """Return the verdict and its reason as one sentence without a full stop.

    `aborted` says why the run did not come to its end, None when it did. A known deviation neither
    fails nor passes; the reason tells that it was left out, and which `deviations` are overdue.
    """
    if aborted is not None:
        return "inconclusive", aborted
    failed = [check for check in checks if check.outcome == "failed"]
    mandatory = [check for check in checks if check.level == "must"]
    passed = sum(check.outcome == "passed" for check in mandatory)
    carried_out = sum(
        check.outcome in {"passed", "failed", "known-deviation"} for check in mandatory
    )
    if failed:
        if all(check.level == "must" for check in failed):
            what = f"{len(failed)} of {_mandatory(carried_out)} failed"
        else:
            what = f"{len(failed)} checks failed (recommendations decide with --strict)"
        return "not-conformant", what + _left_out(checks, deviations)
    undecided = [check for check in mandatory if check.outcome in {"error", "blocked"}]
    if undecided:
        return "inconclusive", f"{_mandatory(len(undecided))} could not be carried out"
    if not carried_out:
        return "inconclusive", "no mandatory check was carried out"
    if not passed:
        return "inconclusive", "no mandatory check passed, all are known deviations"
    if passed < carried_out:
        what = f"{passed} of {_mandatory(carried_out)} passed"
    elif passed == 1:
        what = "the one mandatory check passed"
    else:
        what = f"all {_mandatory(passed)} passed"
    return "conformant", what + _left_out(checks, deviations)


def exit_code(results: Results) -> int:
    """Return the exit code of a run: the verdict's, but 1 when a known deviation is overdue.

    A deviation that is out of date, or whose check passes again, must not go unnoticed in a run
    that otherwise is conformant.
    """
    code = EXIT_CODES[results.verdict]
    return 1 if code == 0 and overdue(results.deviations) else code


def _left_out(checks: Iterable[Check], deviations: Iterable[KnownDeviation]) -> str:
    known = sum(check.outcome == "known-deviation" for check in checks)
    counted = f", {known} known deviation{'' if known == 1 else 's'} not counted" if known else ""
    return "; ".join([counted, *(told(deviation) for deviation in overdue(deviations))])


def _mandatory(count: int) -> str:
    return f"{count} mandatory check{'' if count == 1 else 's'}"


def scope_of(checks: Iterable[Check], *, read_only: bool, aborted: str | None = None) -> Scope:
    """Return how much was to be tested: full when no MUST or SHOULD was switched off.

    Generated requests do not count, since in production they are off unless asked for; nor does
    what was left out because the run ended early, for the reason `aborted`.
    """
    if read_only:
        return "read-only"
    switched_off = any(
        check.outcome == "skipped"
        and check.level != "may"
        and check.section != "fuzzing"
        and check.message != aborted
        for check in checks
    )
    return "subset" if switched_off else "full"


def counts(checks: Sequence[Check]) -> dict[str, int]:
    """Return one count an outcome, and the total."""
    found: dict[str, int] = {
        outcome: sum(check.outcome == outcome for check in checks) for outcome in OUTCOMES
    }
    return {**found, "total": len(checks)}
