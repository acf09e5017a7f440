"""Equality as the rules mean it: JSON values, date-times as instants (RFC 3339)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})", re.ASCII
)
_MILLISECOND = 0.001


@dataclass(frozen=True)
class Difference:
    """Where two JSON values differ first; `path` such as `pattern[0].name`, empty at the root."""

    path: str
    expected: Any
    observed: Any


def instant(text: Any) -> datetime | None:
    """Return the point in time of an RFC 3339 date-time in any offset and case, else None."""
    if not isinstance(text, str) or not _DATE_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper().replace(" ", "T")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def difference(expected: Any, observed: Any, *, exact: bool, path: str = "") -> Difference | None:
    """Return the first difference, or None.

    `exact` forbids attributes in `observed` that `expected` lacks. Numbers compare by value,
    true and 1 are different, arrays keep their order, date-times may differ by less than a
    millisecond.
    """
    if isinstance(expected, dict) and isinstance(observed, dict):
        return _in_objects(expected, observed, exact, path)
    if isinstance(expected, list) and isinstance(observed, list):
        if len(expected) != len(observed):
            return Difference(path, expected, observed)
        for number, (one, other) in enumerate(zip(expected, observed, strict=True)):
            found = difference(one, other, exact=exact, path=f"{path}[{number}]")
            if found is not None:
                return found
        return None
    return None if _same_scalar(expected, observed) else Difference(path, expected, observed)


def _in_objects(
    expected: dict[str, Any], observed: dict[str, Any], exact: bool, path: str
) -> Difference | None:
    for name, value in expected.items():
        inner = f"{path}.{name}" if path else name
        if name not in observed:
            return Difference(inner, value, "(absent)")
        found = difference(value, observed[name], exact=exact, path=inner)
        if found is not None:
            return found
    extra = sorted(observed.keys() - expected.keys()) if exact else []
    if extra:
        inner = f"{path}.{extra[0]}" if path else extra[0]
        return Difference(inner, "(absent)", observed[extra[0]])
    return None


def _same_scalar(expected: Any, observed: Any) -> bool:
    if isinstance(expected, bool) or isinstance(observed, bool):
        return expected is observed
    one, other = instant(expected), instant(observed)
    if one is not None and other is not None:
        return abs((one - other).total_seconds()) < _MILLISECOND
    return bool(expected == observed)
