"""How the text of a filter compares with a JSON value.

TMF630 Part 1 v4.2.0 §4.4 names the operators and leaves the comparison itself open. Here numbers
compare as numbers, date-times as instants whatever their offset or letter case, a date with a
date-time by the calendar day that the date-time shows, and everything else by its characters.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

_NUMBER = re.compile(
    r"[+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,18}))?)?"
    r"(?:([Zz])|([+\- ])(\d{2}):?(\d{2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, and the calendar day it was written as."""

    instant: Fraction
    day: date


def parse_number(text: str) -> Decimal | None:
    """Return the number that `text` spells in full, or None."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def parse_day(text: str) -> date | None:
    """Return the day of an RFC 3339 full-date, or None."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def parse_moment(text: str) -> Moment | None:
    """Return the moment of an RFC 3339 date-time, or None.

    Lower-case `t` and `z`, a blank for the `t`, missing seconds and a missing offset (then UTC) are
    accepted, and a blank where a form-decoded `+` stood. A leap second is the second after `:59`.
    """
    found = _DATE_TIME.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, decimals, _, sign, off_hour, off_minute = found.groups()
    leap = second == "60"
    try:
        offset = timedelta(hours=int(off_hour or 0), minutes=int(off_minute or 0))
        zone = timezone(-offset if sign == "-" else offset)
        seconds = 59 if leap else int(second or 0)
        local = datetime(
            int(year), int(month), int(day), int(hour), int(minute), seconds, tzinfo=zone
        )
    except ValueError:
        return None
    since_epoch = local - datetime(1970, 1, 1, tzinfo=UTC)
    instant = Fraction(since_epoch.days * 86400 + since_epoch.seconds + leap)
    if decimals:
        instant += Fraction(int(decimals), 10 ** len(decimals))
    return Moment(instant, local.date())


class Operand:
    """One value of a filter, parsed once and compared with many attributes."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Operand) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Operand({self.text!r})"

    @cached_property
    def number(self) -> Decimal | None:
        """The number that the text spells, or None."""
        return parse_number(self.text)

    @cached_property
    def day(self) -> date | None:
        """The day that the text spells, or None."""
        return parse_day(self.text)

    @cached_property
    def moment(self) -> Moment | None:
        """The date-time that the text spells, or None."""
        return parse_moment(self.text)


def equals(value: Any, operand: Operand) -> bool:
    """Tell whether the JSON scalar `value` equals `operand`; objects and arrays never do."""
    match value:
        case str():
            return value == operand.text or _in_time(value, operand) == 0
        case bool():
            return operand.text == ("true" if value else "false")
        case int() | float():
            return operand.number is not None and _exact(value) == operand.number
        case None:
            return operand.text == "null"
        case _:
            return False


def order(value: Any, operand: Operand) -> int | None:
    """Return -1, 0 or 1 as `value` is below, at or above `operand`; None if no order exists."""
    match value:
        case bool() | None:
            return None
        case int() | float():
            return None if operand.number is None else _sign(_exact(value), operand.number)
        case str():
            in_time = _in_time(value, operand)
            if in_time is not None:
                return in_time
            if operand.number is not None:
                number = parse_number(value)
                if number is not None:
                    return _sign(number, operand.number)
            return _sign(value, operand.text)
        case _:
            return None


def ordering(accepts: Callable[[int], bool]) -> Callable[[Any, Operand], bool]:
    """Return the predicate over (value, operand) for an order that `accepts` approves."""

    def holds(value: Any, operand: Operand) -> bool:
        found = order(value, operand)
        return found is not None and accepts(found)

    return holds


def _in_time(value: str, operand: Operand) -> int | None:
    """Compare as dates or date-times where both sides are one, else None."""
    if operand.moment is not None:
        moment = parse_moment(value)
        if moment is not None:
            return _sign(moment.instant, operand.moment.instant)
        day = parse_day(value)
        return None if day is None else _sign(day, operand.moment.day)
    if operand.day is not None:
        moment = parse_moment(value)
        day = moment.day if moment is not None else parse_day(value)
        return None if day is None else _sign(day, operand.day)
    return None


def _exact(value: float) -> Decimal:
    """Return a JSON number as it was written, not as binary floating point holds it."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _sign(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)
