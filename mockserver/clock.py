"""Date-times as the mock writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from mockserver.query.values import parse_moment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def timestamp(moment: datetime) -> str:
    """Return an RFC 3339 date-time in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_timestamp(text: Any) -> datetime | None:
    """Return an RFC 3339 date-time in UTC, cut to microseconds; None for anything else."""
    moment = parse_moment(text) if isinstance(text, str) else None
    if moment is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(moment.instant * 1_000_000))
    except OverflowError:
        return None


def now() -> str:
    """Return the present time."""
    return timestamp(datetime.now(UTC))


def later_than(previous: str | None, tick: timedelta = timedelta(milliseconds=1)) -> str:
    """Return the present time, or one `tick` after `previous` if that is later.

    Two changes within one millisecond therefore still differ in lastUpdate.
    """
    present = datetime.now(UTC)
    before = parse_timestamp(previous)
    if before is not None and before < datetime.max.replace(tzinfo=UTC) - tick:
        present = max(present, before + tick)
    return timestamp(present)
