"""How a check says that it did not pass.

    ConditionFailed   the target does not do what the rule says     -> failed (or warned)
    Blocked           an earlier step that this one needs failed    -> blocked
    NotApplicable     the target does not offer an optional thing   -> not-applicable
    SwitchedOff       the user or the mode excludes the check       -> skipped
    TransportError    no answer came from the target                -> error
    RunEnded          the run cannot go on                          -> error, and the run ends

Any other exception is a bug of the suite and becomes `error`, never `failed`.
"""

from __future__ import annotations

import json
from typing import Any

import attrs
from _pytest.outcomes import Skipped  # pytest.skip.Exception, in a form that type checkers know


@attrs.frozen(eq=False)
class ConditionFailed(AssertionError):  # noqa: N818  (it is a finding, not a fault)
    """A named condition does not hold.

    `expected` and `observed` are JSON values; `clause` cites the rule where it is narrower than
    the check's requirement; `hint` tells a developer where to look.
    """

    message: str
    expected: Any
    observed: Any
    clause: str = ""
    hint: str = ""

    def __str__(self) -> str:
        lines = [self.message, f"  expected: {_short(self.expected)}"]
        lines.append(f"  observed: {_short(self.observed)}")
        if self.clause:
            lines.append(f"  clause:   {self.clause}")
        if self.hint:
            lines.append(f"  hint:     {self.hint}")
        return "\n".join(lines)


class Blocked(Skipped):
    """The check needs a step that another check has found failing."""

    def __init__(self, blocked_by: str, message: str) -> None:
        super().__init__(f"blocked by {blocked_by}: {message}")
        self.blocked_by = blocked_by


class NotApplicable(Skipped):
    """The target does not offer the optional thing, or the API version does not have it."""


class SwitchedOff(Skipped):
    """The user's options or the mode of the run exclude the check."""


class TransportError(Exception):
    """No usable answer came: refused, reset, timed out, or not HTTP at all."""


class ConnectionLost(TransportError):  # noqa: N818  (it names what happened)
    """The connection was refused, reset or closed before the answer was there."""


class RunEnded(TransportError):  # noqa: N818  (it is a decision, not a fault)
    """There is no use in going on: a limit of the run is reached, or the target serves no more."""


class CredentialsRefused(RunEnded):
    """The credentials are not accepted, or no longer."""


def _short(value: Any, bound: int = 400) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= bound else text[:bound] + " …"
