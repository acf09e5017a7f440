"""A summary in Markdown for a pull request or a CI job's page (GitHub Flavored Markdown).

Whatever a target may have sent stands in code spans, where neither HTML nor Markdown nor a mention
has a meaning; other text has its signs escaped, and a zero-width space after `@` and `#`, since
GitHub and GitLab look for mentions in what was rendered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from reports import overview
from reports.results import OUTCOMES, Check, Outcome, Results, Verdict
from reports.wellformed import visible_text

LONGEST_SUMMARY = 60_000
"""Bytes; a comment on GitHub holds 65,536 characters."""
_LONGEST_VALUE = 160
_LONGEST_LINE = 300
_ROOM_FOR_THE_END = 600
_SIGNS: dict[Verdict, str] = {"conformant": "✅", "not-conformant": "❌", "inconclusive": "⚠️"}
_VERDICTS: dict[Verdict, str] = {
    "conformant": "Conformant",
    "not-conformant": "Not conformant",
    "inconclusive": "Inconclusive",
}
_FINDINGS: tuple[tuple[str, tuple[Outcome, ...]], ...] = (
    ("Failed", ("failed",)),
    ("Not carried out", ("error", "blocked")),
    ("Warned", ("warned",)),
    ("Known deviations", ("known-deviation",)),
)
_ACTIVE = re.compile(r"[\\`*_~\[\]<>&|$:#@]")
_MENTION = re.compile(r"(?<=[@#])")
_BACKTICKS = re.compile("`+")


def render(results: Results, company: str | None = None, report: str | None = None) -> str:
    """Return the summary, at most LONGEST_SUMMARY bytes of UTF-8.

    `report` is the file name of the HTML report, to which the last line points.
    """
    lines = [*_head(results, company), *_levels(results)]
    size = sum(len(line.encode()) + 1 for line in lines) + _ROOM_FOR_THE_END
    left_out = 0
    for heading, outcomes in _FINDINGS:
        checks = overview.to_mend(results, *outcomes)
        if not checks:
            continue
        told = ["", f"#### {heading} ({len(checks)})", ""]
        for check in checks:
            item = _item(check)
            cost = sum(len(line.encode()) + 1 for line in [*told, item])
            if size + cost > LONGEST_SUMMARY:
                left_out += 1
                continue
            lines += [*told, item]
            size += cost
            told = []
    return "\n".join([*lines, *_end(left_out, report)]) + "\n"


def _head(results: Results, company: str | None) -> Iterator[str]:
    reason = _text(results.verdict_reason)
    yield f"### {_SIGNS[results.verdict]} {_VERDICTS[results.verdict]}: {reason}"
    yield ""
    product = results.options.get("product")
    facts = [
        f"TMF671 v{_text(results.target.api_version)}",
        *(_text(name) for name in (company, product) if isinstance(name, str) and name),
        _code(results.target.url),
        f"scope {results.scope}",
        overview.instant_text(results.started),
        overview.duration_text(overview.run_milliseconds(results)),
        f"{_text(results.tool.name)} {_text(results.tool.version)}, seed {results.seed}",
    ]
    yield " · ".join(facts)


def _levels(results: Results) -> Iterator[str]:
    bars = overview.levels(results)
    counts = {level: {outcome: count for outcome, count, *_ in bar.parts} for level, bar in bars}
    shown = [outcome for outcome in OUTCOMES if any(outcome in one for one in counts.values())]
    yield ""
    yield _table_row(["Level", *shown])
    yield _table_row(["---", *("--:" for _ in shown)])
    for level, one in counts.items():
        yield _table_row([level.upper(), *(str(one.get(outcome, 0)) for outcome in shown)])


def _table_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _item(check: Check) -> str:
    rules = ", ".join(check.requirements)
    line = f"- **{_text(check.id)}** ({check.level}, {_text(rules)}) {_text(check.title)}"
    if check.blocked_by:
        return f"{line} Blocked by {_text(check.blocked_by)}."
    if check.message:
        line += f" → {_code(check.message, _LONGEST_LINE)}"
    if check.expected is not None or check.observed is not None:
        line += f" Expected {_value(check.expected)}, observed {_value(check.observed)}."
    return line


def _end(left_out: int, report: str | None) -> Iterator[str]:
    if left_out:
        yield ""
        yield f"… and {left_out} more in the report."
    yield ""
    where = f"`{_plain(report)}`" if report else "the HTML report"
    yield (
        f"Every check with its requests and answers: {where}. "
        "Prepared by the company itself, not a certificate."
    )


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return _code(text, _LONGEST_VALUE)


def _plain(text: str) -> str:
    return " ".join(visible_text(text).split())


def _bounded(text: str, bound: int) -> str:
    line = _plain(text)
    return line if len(line) <= bound else f"{line[: bound - 2]} …"


def _code(text: str, bound: int = _LONGEST_LINE) -> str:
    """Return `text` as a code span, fenced by more backticks than it has in a row."""
    line = _bounded(text, bound)
    longest = max((len(run) for run in _BACKTICKS.findall(line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest or not line else f"{fence}{line}{fence}"


def _text(text: str) -> str:
    """Return `text` with a backslash before each sign that has a meaning within a line."""
    escaped = _ACTIVE.sub(r"\\\g<0>", _bounded(text, _LONGEST_LINE))
    return _MENTION.sub("\u200b", escaped)
