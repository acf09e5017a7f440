"""The wire log: every exchange of a run in order, and the check that it belongs to."""

from __future__ import annotations

import threading
from collections.abc import Callable

from reports.results import Exchange


class Recorder:
    """Collects exchanges, from the client's thread and from the listener's.

    `current` is the id of the check that is running, None outside of one. `on_exchange` is told
    of each exchange when it is complete.
    """

    def __init__(self, on_exchange: Callable[[Exchange], None] | None = None) -> None:
        self.current: str | None = None
        self._exchanges: list[Exchange] = []
        self._lock = threading.Lock()
        self._on_exchange = on_exchange

    def record(self, build: Callable[[int, str | None], Exchange]) -> Exchange:
        """Number and keep the exchange that `build(number, check)` returns."""
        with self._lock:
            exchange = build(len(self._exchanges) + 1, self.current)
            self._exchanges.append(exchange)
        if self._on_exchange is not None:
            self._on_exchange(exchange)
        return exchange

    def since(self, number: int) -> tuple[Exchange, ...]:
        """Return the exchanges after the `number`th."""
        with self._lock:
            return tuple(self._exchanges[number:])

    @property
    def count(self) -> int:
        """How many exchanges there are."""
        with self._lock:
            return len(self._exchanges)
