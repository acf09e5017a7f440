"""From the outcomes of checks to the verdict of the run: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from conformance.outcomes import Blocked, ConditionFailed, NotApplicable, SwitchedOff
from reports.results import OUTCOMES, Check, Level, Outcome, Scope, Verdict

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


def verdict_of(checks: Sequence[Check], aborted: str | None = None) -> tuple[Verdict, str]:
    """Return the verdict and its reason as one sentence without a full stop.

    `aborted` says why the run did not come to its end, None when it did.
    """
    if aborted is not None:
        return "inconclusive", aborted
    failed = [check for check in checks if check.outcome == "failed"]
    mandatory = [check for check in checks if check.level == "must"]
    carried_out = [check for check in mandatory if check.outcome in {"passed", "failed"}]
    if failed:
        if all(check.level == "must" for check in failed):
            what = f"{len(failed)} of {_mandatory(len(carried_out))} failed"
        else:
            what = f"{len(failed)} checks failed (recommendations decide with --strict)"
        return "not-conformant", what
    undecided = [check for check in mandatory if check.outcome in {"error", "blocked"}]
    if undecided:
        return "inconclusive", f"{_mandatory(len(undecided))} could not be carried out"
    if not carried_out:
        return "inconclusive", "no mandatory check was carried out"
    if len(carried_out) == 1:
        return "conformant", "the one mandatory check passed"
    return "conformant", f"all {_mandatory(len(carried_out))} passed"


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
