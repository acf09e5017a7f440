"""The wire log: every exchange of a run in order, and the check that it belongs to."""

from __future__ import annotations

import threading
from collections.abc import Callable

from reports.results import Exchange

_ROOM = 24 * 1024 * 1024
"""Bytes of bodies and headers that the record of a run keeps in all."""
_ALWAYS_KEPT = 2048
"""Bytes of each body that are kept when the room is used up."""


class Recorder:
    """Collects exchanges, from the client's thread and from the listener's.

    `current` is the id of the check that is running, None outside of one. `on_exchange` is told
    of each exchange when it is complete; `discarded` counts those that are not kept.
    """

    def __init__(self, on_exchange: Callable[[Exchange], None] | None = None) -> None:
        self.current: str | None = None
        self.discarded = 0
        self._room = _ROOM
        self._exchanges: dict[int, Exchange] = {}
        self._count = 0
        self._lock = threading.Lock()
        self._on_exchange = on_exchange

    def record(self, build: Callable[[int, str | None], Exchange]) -> Exchange:
        """Number and keep the exchange that `build(number, check)` returns."""
        with self._lock:
            self._count += 1
            exchange = self._exchanges[self._count] = build(self._count, self.current)
        if self._on_exchange is not None:
            self._on_exchange(exchange)
        return exchange

    def room_for(self, size: int) -> int:
        """Take room for so many bytes of an answer; return how many may be kept.

        So a target that answers everything with a megabyte does not fill memory and disk.
        """
        with self._lock:
            kept = min(size, max(self._room, _ALWAYS_KEPT))
            self._room -= kept
            return kept

    def since(self, number: int) -> tuple[Exchange, ...]:
        """Return the exchanges after the `number`th that are kept."""
        with self._lock:
            return tuple(self._exchanges[n] for n in sorted(self._exchanges) if n > number)

    def discard(self, after: int, upto: int) -> None:
        """Keep no more of the exchanges after one number up to another than their count.

        For the many attempts on the way to the smallest generated request that goes wrong.
        """
        with self._lock:
            for number in range(after + 1, upto + 1):
                if self._exchanges.pop(number, None) is not None:
                    self.discarded += 1

    @property
    def count(self) -> int:
        """The number of the last exchange."""
        with self._lock:
            return self._count
