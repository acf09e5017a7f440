"""Known deviations: failures that were declared beforehand with a reason and a last day.

A declared failure does not decide the verdict, and it may not rot: one whose last day is over, and
one whose check passes again, is told and makes the run end with exit code 1.
"""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from conformance.catalogue import catalogue
from conformance.settings import Deviation, UsageError
from reports.results import Check, KnownDeviation

_NAMES = ("check", "reason", "until")
_OVERDUE = frozenset({"expired", "stale"})


def read_deviations(tables: Any, where: str) -> tuple[Deviation, ...]:
    """Read the `[[deviation]]` tables of a configuration; `where` names them in errors.

    Raises UsageError with one line that tells the entry and what is wrong with it.
    """
    if not isinstance(tables, list):
        raise UsageError(f"{where} must be a list of tables: write [[deviation]]")
    found = tuple(_read(table, f"{where} {n}") for n, table in enumerate(tables, start=1))
    check_usable(found, where)
    return found


def read_file(path: Path) -> tuple[Deviation, ...]:
    """Read the `[[deviation]]` tables of a TOML file and nothing else in it.

    Raises UsageError with one line.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise UsageError(f"cannot read the deviations {path}: {problem.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path} is not TOML: {problem}") from None
    return read_deviations(document.get("deviation", []), f"{path}: [[deviation]]")


def check_usable(deviations: Sequence[Deviation], where: str = "deviation") -> None:
    """Raise UsageError for a check that does not exist or comes twice, and for an empty reason."""
    for number, deviation in enumerate(deviations, start=1):
        if deviation.check not in catalogue():
            close = difflib.get_close_matches(deviation.check, catalogue(), n=1)
            hint = f"did you mean {close[0]}?" if close else "see `tmf671 list`"
            raise UsageError(f"{where} {number}: there is no check {deviation.check!r}; {hint}")
        if not deviation.reason.strip():
            raise UsageError(f"{where} {number}: the reason must not be empty")
    counted = Counter(deviation.check for deviation in deviations)
    for check, times in counted.items():
        if times > 1:
            raise UsageError(f"{where}: {check} is declared {times} times")


def today() -> dt.date:
    """Return the day by which deviations are judged: that of UTC."""
    return dt.datetime.now(dt.UTC).date()


def excused(check: Check, deviations: Iterable[Deviation], day: dt.date) -> Check:
    """Return the check, as a known deviation when its failure is declared for that day."""
    if check.outcome in {"failed", "warned"} and any(
        deviation.check == check.id and day <= deviation.until for deviation in deviations
    ):
        return msgspec.structs.replace(check, outcome="known-deviation")
    return check


def states(checks: Iterable[Check], deviations: Iterable[Deviation]) -> tuple[KnownDeviation, ...]:
    """Return what a run says of each deviation, after its failures are excused."""
    by_id = {check.id: check for check in checks}
    return tuple(
        KnownDeviation(
            check=deviation.check,
            reason=deviation.reason,
            until=deviation.until.isoformat(),
            state=_state(by_id[deviation.check]),
        )
        for deviation in deviations
    )


def overdue(deviations: Iterable[KnownDeviation]) -> tuple[KnownDeviation, ...]:
    """Return the deviations that must be looked after: expired, or of a check that passes."""
    return tuple(deviation for deviation in deviations if deviation.state in _OVERDUE)


def told(deviation: KnownDeviation) -> str:
    """Return what there is to say of a deviation, as a clause without a full stop."""
    name = f"the deviation of {deviation.check}"
    match deviation.state:
        case "used":
            return f"{name} counts until {deviation.until}: {deviation.reason}"
        case "expired":
            return f"{name} is out of date since {deviation.until}: mend the target or renew it"
        case "stale":
            return f"{name} is out of date: the check passes, remove the deviation"
        case "unused":
            return f"{name} was not used, since this run could not tell whether it still holds"


def _state(check: Check) -> Literal["used", "expired", "stale", "unused"]:
    match check.outcome:
        case "known-deviation":
            return "used"
        case "failed" | "warned":
            return "expired"
        case "passed" if check.section != "fuzzing":
            return "stale"
        case _:
            # Generated requests that pass may just not have hit it this time.
            return "unused"


def _read(table: Any, where: str) -> Deviation:
    if not isinstance(table, dict):
        raise UsageError(f"{where} must be a table with check, reason and until")
    for name in table:
        if name not in _NAMES:
            close = difflib.get_close_matches(name, _NAMES, n=1)
            hint = f"; did you mean {close[0]}?" if close else "; there are check, reason and until"
            raise UsageError(f"{where}: unknown setting {name!r}{hint}")
    for name in _NAMES:
        if name not in table:
            raise UsageError(f"{where}: {name} is missing; check, reason and until are needed")
    check, reason, until = (table[name] for name in _NAMES)
    if not isinstance(check, str) or not isinstance(reason, str):
        raise UsageError(f"{where}: check and reason must be texts in quotes")
    if type(until) is not dt.date:
        raise UsageError(f"{where}: until must be a date without quotes, e.g. until = 2027-03-01")
    return Deviation(check=check, reason=reason, until=until)
