"""What the run created in the target: that is not left behind, and nothing else is touched."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from conformance.ledger_file import (
    Created,
    Creating,
    Deleted,
    LedgerFile,
    Record,
    Settled,
    Subscribing,
)
from conformance.outcomes import RunEnded

if TYPE_CHECKING:
    from conformance.remains import Remains


class ForeignWrite(Exception):  # noqa: N818  (it names what was prevented)
    """The suite was about to change or delete what the run did not create: it must not."""


class Ledger:
    """Keeps the path of everything created until it is deleted; only these are ever touched.

    What is about to be created is announced first and gets a number; with a `file` every step
    stands on the disk too. `lost`, `unnamed` and `subscriptions` are as in `Remains`.
    """

    def __init__(self, file: LedgerFile | None = None, remains: Remains | None = None) -> None:
        self._file = file
        self._numbers = itertools.count(1)
        self._live: dict[str, None] = dict(remains.live) if remains else {}
        self._known = set(self._live)
        self._nobodys: set[str] = set()
        self._lost: dict[str, str | None] = dict(remains.lost) if remains else {}
        self._unnamed: dict[str, str | None] = dict(remains.unnamed) if remains else {}
        self._subscriptions: dict[str, str] = dict(remains.subscriptions) if remains else {}
        self.created = len(self._live) + len(self._unnamed)
        self.deleted = 0

    # -- before it is sent ---------------------------------------------------------------------

    def announce(self, name: str | None) -> str:
        """Note that a promotion is about to be created. Raises RunEnded when it cannot be noted."""
        number = self._next()
        self._must_write(Creating(number, name))
        self._lost[number] = name
        return number

    def announce_subscription(self, callback: str) -> str:
        """Note that a subscription is about to be made. Raises RunEnded as `announce` does."""
        number = self._next()
        self._must_write(Subscribing(number, callback))
        self._subscriptions[number] = callback
        return number

    # -- after it was answered -----------------------------------------------------------------

    def add(self, path: str, number: str | None = None) -> None:
        """Remember what the target said it created, by its path below the root."""
        counted = number in self._unnamed
        self._forget(number)
        if path not in self._live:
            self.created += not counted
            self._live[path] = None
            self._known.add(path)
        self._write(Created(number, path))

    def add_unnamed(self, number: str) -> None:
        """Remember that something was created whose id the target did not tell."""
        self.created += 1
        if number in self._lost:
            self._unnamed[number] = self._lost.pop(number)
        self._write(Created(number, None))

    def settle(self, number: str) -> None:
        """Note that nothing came of what was announced."""
        self._forget(number)
        self._write(Settled(number))

    def remove(self, path: str) -> None:
        """Forget what was deleted."""
        if path in self._live:
            del self._live[path]
            self.deleted += 1
            self._write(Deleted(path))

    # -- what may be touched -------------------------------------------------------------------

    def owns(self, path: str) -> bool:
        """Whether this run created what is at `path` and has not deleted it."""
        return path in self._live

    def free(self, path: str) -> None:
        """Let a path be asked for that was made up, so that nothing is there."""
        self._nobodys.add(path)

    def guard(self, path: str) -> None:
        """Raise ForeignWrite when `path` is neither the run's own, now or before, nor made up."""
        if path not in self._known and path not in self._nobodys:
            raise ForeignWrite(f"{path} was not created by this run: it is not touched")

    # -- what is left --------------------------------------------------------------------------

    @property
    def live(self) -> tuple[str, ...]:
        """What was created and not deleted, oldest first."""
        return tuple(self._live)

    @property
    def lost(self) -> Mapping[str, str | None]:
        """The names of creates that may have happened, by their number."""
        return self._lost

    @property
    def unnamed(self) -> Mapping[str, str | None]:
        """The names of creates that happened, and for which no id was told."""
        return self._unnamed

    @property
    def subscriptions(self) -> Mapping[str, str]:
        """The callbacks of subscriptions whose id is not known."""
        return self._subscriptions

    def _next(self) -> str:
        return f"{os.getpid()}-{next(self._numbers)}"

    def _forget(self, number: str | None) -> None:
        for announced in (self._lost, self._unnamed, self._subscriptions):
            announced.pop(number or "", None)

    def _must_write(self, record: Record) -> None:
        try:
            if self._file is not None:
                self._file.write(record)
        except OSError as problem:
            raise RunEnded(
                f"the ledger {self._file and self._file.path} can no longer be written "
                f"({problem.strerror}), so nothing more is created"
            ) from None

    def _write(self, record: Record) -> None:
        """Write what has happened already; when that fails, the next announcement ends the run."""
        with contextlib.suppress(OSError):
            if self._file is not None:
                self._file.write(record)
