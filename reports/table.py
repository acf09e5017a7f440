"""The checks of a run as CSV (RFC 4180) for a spreadsheet.

Two things are Excel's: the byte order mark, without which it takes UTF-8 for the code page of the
machine and breaks Chinese text, and the quote before a cell that would be taken for a formula
(OWASP, "CSV Injection"; the full-width signs count in East Asian editions).
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from reports.results import Check, Results
from reports.wellformed import visible_text

COLUMNS = (
    "check",
    "title",
    "section",
    "level",
    "outcome",
    "requirements",
    "message",
    "expected",
    "observed",
    "blocked by",
    "hint",
    "milliseconds",
    "exchanges",
)
_BYTE_ORDER_MARK = "\ufeff"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
_LONGEST_CELL = 32_000
"""Characters; a cell of Excel holds 32,767."""


def render(results: Results) -> str:
    """Return the table: a header row, then a row a check in the order in which they ran."""
    written = io.StringIO(newline="")
    written.write(_BYTE_ORDER_MARK)
    table = csv.writer(written)
    table.writerow(COLUMNS)
    table.writerows([_cell(value) for value in _row(check)] for check in results.checks)
    return written.getvalue()


def _row(check: Check) -> tuple[Any, ...]:
    return (
        check.id,
        check.title,
        check.section,
        check.level,
        check.outcome,
        " ".join(check.requirements),
        check.message,
        check.expected,
        check.observed,
        check.blocked_by,
        check.hint,
        round(check.duration_ms, 1),
        " ".join(map(str, check.exchanges)),
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = visible_text(text)
    if text.startswith(_FORMULA_SIGNS):
        text = f"'{text}"
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]} …"
