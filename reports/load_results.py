"""The model of load.json: what a load run sent, slot of time by slot, and what came back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from reports.storage import PRIVATE, write_atomically

Verdict = Literal["met", "not-met", "no-thresholds"]
FILE_NAME = "load.json"


class Tally(msgspec.Struct, kw_only=True):
    """The requests of one operation in one slot; `latencies` are buckets (reports.load_histogram).

    `failed` requests are those that got no answer, or one that is not what the operation gives.
    Only answers have a latency.
    """

    requests: int = 0
    failed: int = 0
    bytes: int = 0
    max_ms: float = 0.0
    latencies: dict[int, int] = {}


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """`start` is in seconds since the run's start, `users` those at work at its end."""

    start: float
    users: int
    operations: dict[str, Tally]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Requests of an operation that failed for one cause."""

    operation: str
    cause: str
    count: int


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Requests, and what they took: `rate` is requests a second, latencies are milliseconds.

    Percentiles and the maximum are None when nothing was answered.
    """

    requests: int
    failed: int
    rate: float
    p50: float | None
    p95: float | None
    p99: float | None
    maximum: float | None


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for and what was found, each in words."""

    name: str
    asked: str
    found: str
    met: bool


class Cleanup(msgspec.Struct, frozen=True, kw_only=True):
    """What the run created, what of it was deleted, and what is left, by path or by name."""

    created: int
    deleted: int
    left: tuple[str, ...] = ()


class Generator(msgspec.Struct, frozen=True, kw_only=True):
    """What made the load. `busy` is whether it used up a core, so that it may have been the limit.

    `faults` are the generator's own, never the target's: tasks that broke off, workers lost.
    """

    locust: str
    python: str
    workers: int
    busy: bool = False
    faults: tuple[str, ...] = ()


class LoadResults(msgspec.Struct, frozen=True, kw_only=True):
    """A whole load run.

    Times are in seconds. `ramp_up` is when all users were at work; `counted_from` is where the time
    begins on which `total` and `operations` rest: after the ramp-up, or 0 when the run was too
    short for that. `statuses` and `failures` are of the whole run; status `0` is no answer.
    """

    tool: str
    version: str
    started: str
    duration: float
    interrupted: bool
    url: str
    options: dict[str, Any]
    generator: Generator
    slot_length: float
    slots: tuple[Slot, ...]
    ramp_up: float
    counted_from: float
    counted_to: float
    total: Figures
    operations: dict[str, Figures]
    statuses: dict[str, dict[str, int]]
    failures: tuple[Failure, ...]
    events: int | None
    cleanup: Cleanup
    thresholds: tuple[Threshold, ...]
    verdict: Verdict
    notes: tuple[str, ...] = ()
    schema: int = 1


def encode(results: LoadResults) -> bytes:
    """Return load.json: UTF-8, indented, with a final newline."""
    return msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n"


def write(results: LoadResults, path: Path) -> None:
    """Write load.json whole or not at all. Raises OSError when the disk refuses."""
    write_atomically(path, encode(results), PRIVATE)


def read(path: Path) -> LoadResults:
    """Read a load.json. Raises OSError, or msgspec.DecodeError when it is not one."""
    return msgspec.json.decode(path.read_bytes(), type=LoadResults)
