"""How fast and how much the suite sends: the rate, the limits, and patience when asked for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from conformance.connection import Connection
from conformance.outcomes import RunEnded, SwitchedOff

BUSY = frozenset({429, 503})
"""Statuses that may carry Retry-After (RFC 6585 §4, RFC 9110 §15.6.4)."""
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_FEW_PAUSES = 2
"""Pauses shorter than the suite's own that a target may ask for, one after the other."""


def shared(connection: Connection, workers: int) -> Connection:
    """Return the connection for one of several workers: they share the rate."""
    if connection.rate is None:
        return connection
    return msgspec.structs.replace(connection, rate=connection.rate / workers)


class Pacer:
    """Counts requests and creates, keeps the distance between requests, waits when asked to."""

    def __init__(
        self,
        connection: Connection,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next = 0.0
        self._requests = 0
        self._creates = 0
        self._waited = 0.0
        self.exempt = False
        """Whether cleaning is going on, which no limit stops."""

    def admit_create(self) -> None:
        """Count a promotion that is about to be created.

        Raises SwitchedOff for one too many.
        """
        limit = self._connection.max_creates
        with self._lock:
            if limit is not None and self._creates >= limit:
                raise SwitchedOff(f"--max-creates {limit} is reached")
            self._creates += 1

    def turn(self) -> None:
        """Wait for the turn of a request.

        Raises RunEnded when the run has used up its requests.
        """
        limits = self._connection
        with self._lock:
            used_up = limits.max_requests is not None and self._requests >= limits.max_requests
            if used_up and not self.exempt:
                raise RunEnded(f"the run's {limits.max_requests} requests are used up")
            self._requests += 1
            now = self._clock()
            turn = max(self._next, now)
            self._next = turn + (1 / limits.rate if limits.rate else 0.0)
        if turn > now:
            self._sleep(turn - now)

    def pause(self, status: int, retry_after: str | None, attempt: int) -> bool:
        """Wait as an answer 429 or 503 asks for; False when it does not, or patience is used up.

        A 429 without Retry-After gets pauses that double from one second, and so does a target
        that asks for less again and again; a 503 without it is an answer like any other.
        """
        asked = seconds_of(retry_after)
        if status not in BUSY or (status != 429 and asked is None):
            return False
        own = min(_FIRST_PAUSE * 2 ** min(attempt, 10), _LONGEST_PAUSE)
        pause = own if asked is None or (attempt >= _FEW_PAUSES and asked < own) else asked
        with self._lock:
            if self._waited + pause > self._connection.longest_wait:
                return False
            self._waited += pause
        self._sleep(pause)
        return True


def seconds_of(retry_after: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110 §10.2.3); None when unclear.

    >>> seconds_of("7")
    7.0
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
