"""Date-times as the mock writes them, and a clock that a client's test can stop or advance."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from mockserver.query.values import parse_moment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST, _LATEST = datetime(2, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_NO_TIME = timedelta()
_OWN_NOTATION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
"""What `timestamp` writes; the standard library reads it fast."""


@dataclass(slots=True)
class Clock:
    """The time of one mock.

    Args:
        frozen: the moment at which it stands; None while it runs.
        ahead: how far a running clock is ahead of the real time.

    """

    frozen: datetime | None = None
    ahead: timedelta = _NO_TIME

    @property
    def altered(self) -> bool:
        """Whether it tells another time than the real one."""
        return self.frozen is not None or self.ahead != _NO_TIME

    def present(self) -> datetime:
        """Return the present time, in UTC."""
        return datetime.now(UTC) + self.ahead if self.frozen is None else self.frozen

    def advance(self, seconds: float) -> None:
        """Let time pass, or turn it back by a negative number of seconds.

        Raises:
            OverflowError: that leads out of the years 2 to 9998; the clock stays as it was.

        """
        step = timedelta(seconds=seconds)
        if not _EARLIEST <= self.present() + step < _LATEST:
            raise OverflowError(f"the clock cannot go on by {seconds} s")
        if self.frozen is not None:
            self.frozen += step
        else:
            self.ahead += step

    def release(self) -> None:
        """Tell the real time again."""
        self.frozen, self.ahead = None, _NO_TIME


_REAL = Clock()
_running: ContextVar[Clock] = ContextVar("clock", default=_REAL)


@contextmanager
def told_by(clock: Clock) -> Iterator[None]:
    """Let `now` and `later_than` tell the time of this clock within the block."""
    token = _running.set(clock)
    try:
        yield
    finally:
        _running.reset(token)


def timestamp(moment: datetime) -> str:
    """Return an RFC 3339 date-time in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_timestamp(text: Any) -> datetime | None:
    """Return an RFC 3339 date-time in UTC, cut to microseconds; None for anything else."""
    if not isinstance(text, str):
        return None
    if _OWN_NOTATION.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # a leap second, perhaps
    moment = parse_moment(text)
    if moment is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(moment.instant * 1_000_000))
    except OverflowError:
        return None


def present() -> datetime:
    """Return the present time, in UTC."""
    return _running.get().present()


def now() -> str:
    """Return the present time as an RFC 3339 date-time."""
    return timestamp(present())


def later_than(previous: str | None, tick: timedelta = timedelta(milliseconds=1)) -> str:
    """Return the present time, or one `tick` after `previous` if that is later.

    Two changes within one millisecond, or at a frozen time, therefore still differ in lastUpdate.
    """
    moment = present()
    before = parse_timestamp(previous)
    if before is not None and before < datetime.max.replace(tzinfo=UTC) - tick:
        moment = max(moment, before + tick)
    return timestamp(moment)
