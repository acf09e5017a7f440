"""What a generator counts while it sends, in a form that travels from a worker to its master."""

from __future__ import annotations

from typing import Any

import msgspec

from reports.load_histogram import bucket
from reports.load_results import Failure, Slot, Tally

MOST_CAUSES = 200
"""Causes that are told apart; what comes beyond them is counted together."""
OTHER_CAUSES = "other causes"


class Measures(msgspec.Struct, kw_only=True):
    """Tallies by slot and operation, statuses by operation (0: no answer), causes of failures.

    A cause is keyed by its operation and its text.
    """

    slots: dict[int, dict[str, Tally]] = {}
    statuses: dict[str, dict[str, int]] = {}
    causes: dict[str, dict[str, int]] = {}

    def add(
        self,
        slot: int,
        operation: str,
        latency_ms: float,
        status: int,
        size: int,
        failure: str | None,
    ) -> None:
        """Count one request; `size` is the answer's body in bytes, `failure` its cause or None."""
        tally = self.slots.setdefault(slot, {}).setdefault(operation, Tally())
        tally.requests += 1
        tally.bytes += size
        if status:
            number = bucket(latency_ms)
            tally.latencies[number] = tally.latencies.get(number, 0) + 1
            tally.max_ms = max(tally.max_ms, latency_ms)
        counts = self.statuses.setdefault(operation, {})
        counts[str(status)] = counts.get(str(status), 0) + 1
        if failure is not None:
            tally.failed += 1
            self._add_cause(operation, failure, 1)

    def merge(self, other: Measures) -> None:
        """Add what another generator counted."""
        for number, operations in other.slots.items():
            for name, tally in operations.items():
                mine = self.slots.setdefault(number, {}).setdefault(name, Tally())
                mine.requests += tally.requests
                mine.failed += tally.failed
                mine.bytes += tally.bytes
                mine.max_ms = max(mine.max_ms, tally.max_ms)
                for at, count in tally.latencies.items():
                    mine.latencies[at] = mine.latencies.get(at, 0) + count
        for name, counts in other.statuses.items():
            mine_counts = self.statuses.setdefault(name, {})
            for status, count in counts.items():
                mine_counts[status] = mine_counts.get(status, 0) + count
        for name, causes in other.causes.items():
            for cause, count in causes.items():
                self._add_cause(name, cause, count)

    def message(self) -> Any:
        """Return everything counted as builtins, for Locust's own message to the master."""
        return msgspec.to_builtins(self, str_keys=True)

    def failures(self) -> tuple[Failure, ...]:
        """Return the causes, the most frequent first."""
        found = [
            Failure(operation=name, cause=cause, count=count)
            for name, causes in self.causes.items()
            for cause, count in causes.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.count, one.operation, one.cause)))

    def timeline(self, users: dict[int, int], length: float) -> tuple[Slot, ...]:
        """Return all slots up to the last one with a request; `users` are those seen in each."""
        last = max(self.slots, default=-1)
        return tuple(
            Slot(
                start=number * length,
                users=users.get(number, 0),
                operations=self.slots.get(number, {}),
            )
            for number in range(last + 1)
        )

    def _add_cause(self, operation: str, cause: str, count: int) -> None:
        causes = self.causes.setdefault(operation, {})
        if cause not in causes and len(causes) >= MOST_CAUSES:
            cause = OTHER_CAUSES
        causes[cause] = causes.get(cause, 0) + count


def received(message: Any) -> Measures:
    """Return what a worker sent with `Measures.message`."""
    return msgspec.convert(message, Measures, strict=False)


def answered(measures: Measures) -> int:
    """Return how many requests got an answer at all."""
    return sum(
        count
        for counts in measures.statuses.values()
        for status, count in counts.items()
        if status != "0"
    )
