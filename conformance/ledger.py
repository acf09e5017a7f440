"""What the run created in the target, so that nothing is left behind."""

from __future__ import annotations

from collections.abc import Callable

from conformance.client import Answer
from conformance.outcomes import TransportError
from reports.results import Cleanup, Leftover

GONE = frozenset({404, 410})


class Ledger:
    """Keeps the path of everything created until it is deleted; only these are ever deleted."""

    def __init__(self) -> None:
        self._live: dict[str, None] = {}
        self._unknown: list[str] = []
        self.created = 0
        self.deleted = 0

    def add(self, path: str) -> None:
        """Remember something that the target said it created, by its path below the root."""
        if path not in self._live:
            self.created += 1
            self._live[path] = None

    def add_unnamed(self, what: str) -> None:
        """Remember that something was created whose id the target did not tell."""
        self.created += 1
        self._unknown.append(what)

    def remove(self, path: str) -> None:
        """Forget what a check has deleted itself."""
        if path in self._live:
            del self._live[path]
            self.deleted += 1

    def owns(self, path: str) -> bool:
        """Whether this run created what is at `path` and has not deleted it."""
        return path in self._live

    def clean(self, delete: Callable[[str], Answer]) -> Cleanup:
        """Delete what is left, newest first, and tell what could not be.

        An interrupt ends the cleaning; then what is left is told.
        """
        left: list[Leftover] = []
        waiting = list(self._live)
        while waiting:
            path = waiting.pop()
            try:
                answer = delete(path)
            except TransportError as problem:
                left.append(Leftover(path, str(problem)))
                continue
            except KeyboardInterrupt:
                left += [Leftover(one, "cleaning was interrupted") for one in (path, *waiting)]
                break
            if answer.succeeded or answer.status in GONE:
                self.remove(path)
            else:
                left.append(Leftover(path, f"DELETE was answered {answer.status}"))
        if self._unknown:
            what = f"{len(self._unknown)} creates, the first {self._unknown[0]}"
            left.append(Leftover(what, "the target told no id"))
        return Cleanup(created=self.created, deleted=self.deleted, left=tuple(left))
