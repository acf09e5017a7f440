"""Ctrl-C and SIGTERM during a run: the first stops sending, the second stops cleaning.

In between an interrupt does nothing, so that it cannot hit the moments in which pytest winds up
and the report is written.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_ONE_PRESS = 1.0
"""Seconds in which interrupts count as one."""


class Interrupts:
    """Counts interrupts; raises KeyboardInterrupt at the first, and at later ones while allowed.

    What comes within a second of the first is the first: whoever forwards signals may send one
    twice, but only a person asks again. `insisted` is whether one came later than that.
    """

    def __init__(self) -> None:
        self.count = 0
        self.insisted = False
        self._first = 0.0
        self._allowed = False

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Handle the signals inside; outside of the main thread Python gives none to handle."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Let a later interrupt inside raise KeyboardInterrupt."""
        self._allowed = True
        try:
            yield
        finally:
            self._allowed = False

    def _handle(self, _signal: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        self._first = self._first or now
        again = now - self._first > _ONE_PRESS
        self.insisted = self.insisted or again
        self.count += 1
        if self.count == 1 or (self._allowed and again):
            raise KeyboardInterrupt
