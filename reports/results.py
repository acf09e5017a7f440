"""The model of results.json, version 1 (`specs/results.schema.json` is its schema)."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Level = Literal["must", "should", "may"]
Outcome = Literal[
    "passed",
    "failed",
    "warned",
    "known-deviation",
    "blocked",
    "skipped",
    "not-applicable",
    "error",
]
Verdict = Literal["conformant", "not-conformant", "inconclusive"]
Scope = Literal["full", "read-only", "subset"]

OUTCOMES: tuple[Outcome, ...] = (
    "passed",
    "failed",
    "warned",
    "known-deviation",
    "blocked",
    "skipped",
    "not-applicable",
    "error",
)
LEVELS: tuple[Level, ...] = ("must", "should", "may")


class Header(msgspec.Struct, frozen=True):
    """One header line as it stood on the wire, credentials masked."""

    name: str
    value: str


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent; `body` is text, undecodable bytes replaced, `bytes` its length on the wire."""

    method: str
    url: str
    headers: tuple[Header, ...]
    body: str | None
    bytes: int


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """What came back; `truncated` when the body was longer than the client's bound."""

    status: int
    reason: str
    headers: tuple[Header, ...]
    body: str | None
    bytes: int
    truncated: bool = False


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One request and its answer.

    `direction` is "sent" for a request of the suite, "received" for an event that the target
    posted to the suite's listener. `response` is None when no answer came; `error` then says why.
    """

    n: int
    at: str
    check: str | None
    request: Request
    response: Response | None
    duration_ms: float
    curl: str
    error: str | None = None
    direction: Literal["sent", "received"] = "sent"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one check; `exchanges` are the numbers of the exchanges it rests on."""

    id: str
    title: str
    section: str
    level: Level
    requirements: tuple[str, ...]
    outcome: Outcome
    blocked_by: str | None
    expected: Any
    observed: Any
    message: str
    duration_ms: float
    exchanges: tuple[int, ...]
    description: str = ""
    hint: str = ""


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with the checks that test it; `outcome` is the worst of theirs, None when untested."""

    id: str
    text: str
    level: Level
    source: str
    checks: tuple[str, ...]
    outcome: Outcome | None
    not_tested_because: str | None


class Tool(msgspec.Struct, frozen=True):
    """The program that made the results."""

    name: str
    version: str


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """The implementation under test; capabilities as discovered, e.g. {"patch": true}."""

    url: str
    api_version: str
    capabilities: dict[str, bool]


class Leftover(msgspec.Struct, frozen=True):
    """Something the run created in the target and could not remove."""

    url: str
    reason: str


class Cleanup(msgspec.Struct, frozen=True, kw_only=True):
    """What the run created in the target and what became of it."""

    created: int
    deleted: int
    left: tuple[Leftover, ...] = ()


class KnownDeviation(msgspec.Struct, frozen=True, kw_only=True):
    """A failure that was declared beforehand, and what this run says of it.

    `until` is the last day, as year-month-day, on which it counts. `used`: the check failed and is
    a known deviation. `expired`: it failed after that day. `stale`: it passed. `unused`: it was not
    judged.
    """

    check: str
    reason: str
    until: str
    state: Literal["used", "expired", "stale", "unused"]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run. Times are RFC 3339 in UTC, durations milliseconds, sizes bytes.

    `notes` are sentences about the run as a whole that a reader of the verdict should know.
    """

    schema: Literal[1] = 1
    tool: Tool
    started: str
    ended: str
    seed: int
    target: Target
    options: dict[str, Any]
    verdict: Verdict
    verdict_reason: str
    scope: Scope
    summary: dict[str, int]
    checks: tuple[Check, ...]
    exchanges: tuple[Exchange, ...]
    requirements: tuple[Requirement, ...]
    cleanup: Cleanup
    deviations: tuple[KnownDeviation, ...] = ()
    notes: tuple[str, ...] = ()
