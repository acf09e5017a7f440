"""The states of `lifecycleStatus`, and which may follow which.

The TMF671 Swagger v4.1.0 leaves `lifecycleStatus` a free text and merely suggests six values. No
table of transitions is published for TMF671, so a mock lets every change pass ("free") unless it is
told to keep to the table below ("suggested"), which is this project's own:

    ================  =========================================
    state             may become
    ================  =========================================
    draft             test, waitForApproval, retirement
    test              draft, waitForApproval, retirement
    waitForApproval   draft, test, release, retirement
    release           suspend, retirement
    suspend           release, retirement
    retirement        nothing
    ================  =========================================

A promotion may be created in any of the six states, as a catalogue that is moved from elsewhere
needs it. One whose state is none of the six, because it was there before the rule, may take any.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from mockserver.errors import ProblemError

Lifecycle = Literal["free", "suggested"]
Promotion = Mapping[str, Any]
CheckTransition = Callable[[Promotion | None, Promotion], None]

INITIAL = "draft"
TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    "draft": ("test", "waitForApproval", "retirement"),
    "test": ("draft", "waitForApproval", "retirement"),
    "waitForApproval": ("draft", "test", "release", "retirement"),
    "release": ("suspend", "retirement"),
    "suspend": ("release", "retirement"),
    "retirement": (),
}


def allow_any(_before: Promotion | None, _after: Promotion) -> None:
    """Let every state follow every other."""


def check_suggested(before: Promotion | None, after: Promotion) -> None:
    """Check a new promotion (`before` is None) or a change of one against the table.

    Raises:
        ProblemError: 400, the new state is none of the six; 409, it cannot follow the present one,
            with the states that can.

    """
    state = after.get("lifecycleStatus")
    present = None if before is None else before.get("lifecycleStatus")
    if before is not None and state == present:
        return
    if state not in TRANSITIONS:
        said = "is missing" if state is None else f"cannot be {state!a:.80}"
        raise ProblemError(
            400, f"lifecycleStatus {said}; states are {_listed(TRANSITIONS)}", code="invalidBody"
        )
    following = TRANSITIONS.get(str(present))
    if following is not None and state not in following:
        raise ProblemError(
            409,
            f"lifecycleStatus cannot go from {present} to {state}; allowed: {_listed(following)}",
            code="transitionRefused",
        )


RULES: Mapping[Lifecycle, CheckTransition] = {"free": allow_any, "suggested": check_suggested}


def _listed(states: Mapping[str, Any] | tuple[str, ...]) -> str:
    return ", ".join(states) if states else "none, it is final"
