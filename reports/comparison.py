"""Runs beside each other: what every check came to in each of them, and what changed.

Two runs of one product are successive: something was fixed, something broke. More than two, or
implementations of different makers, stand side by side, and nobody has regressed.

Outcomes in the order from good to bad: passed, not-applicable, skipped; then warned,
known-deviation; then failed, error, blocked. A check is broken when its outcome fell in that order,
and fixed when it rose and the check was judged in the later run. One that the later run only
skipped, or found not to apply, is no longer judged; that is told, and a regression by `strict`
alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, get_args

import msgspec

from reports.results import Check, Level, Outcome, Results, Scope, Verdict
from reports.run_labels import option_text, run_labels
from reports.wellformed import json_value

Mode = Literal["successive", "side-by-side"]
Change = Literal["broken", "fixed", "no-longer-judged", "now-judged", "changed", "new", "gone"]
CHANGES: tuple[Change, ...] = get_args(Change)

_RANKS: Mapping[Outcome, int] = MappingProxyType(
    {
        "passed": 0,
        "not-applicable": 0,
        "skipped": 0,
        "warned": 1,
        "known-deviation": 1,
        "failed": 2,
        "error": 2,
        "blocked": 2,
    }
)
_VERDICT_RANKS: Mapping[Verdict, int] = MappingProxyType(
    {"conformant": 0, "inconclusive": 1, "not-conformant": 2}
)
_NOT_JUDGED = ("skipped", "not-applicable")


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What a run says about itself; `level` is the lowest level that ran, None when untold."""

    label: str
    company: str | None
    product: str | None
    target: str
    api_version: str
    tool_version: str
    started: str
    seed: int
    scope: Scope
    level: str | None
    verdict: Verdict
    verdict_reason: str
    summary: dict[str, int]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A check with its outcome and message in each run, None and "" where it is absent.

    `change` is None when nothing changed, and always when runs stand side by side.
    """

    id: str
    title: str
    section: str
    level: Level
    requirements: tuple[str, ...]
    outcomes: tuple[Outcome | None, ...]
    messages: tuple[str, ...]
    differs: bool
    change: Change | None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Runs compared, version 1 (`specs/comparison.schema.json` is its schema).

    `rows` are grouped by section. `notes` say where the runs were not made alike. `regressions` say
    what got worse, as clauses; none when runs stand side by side.
    """

    schema: Literal[1] = 1
    mode: Mode
    headline: str
    regressions: tuple[str, ...]
    notes: tuple[str, ...]
    changes: dict[Change, tuple[str, ...]]
    runs: tuple[Run, ...]
    rows: tuple[Row, ...]

    @property
    def differing(self) -> tuple[Row, ...]:
        """The rows in which the runs do not agree."""
        return tuple(row for row in self.rows if row.differs)


def compare(
    results: Sequence[Results],
    labels: Sequence[str] = (),
    *,
    side_by_side: bool = False,
    strict: bool = False,
) -> Comparison:
    """Return the comparison of two runs or more, the earlier first.

    `labels` name the runs in their order; a run without one is called by its company and product,
    or its host. `strict`: a check that is no longer judged, that is gone, or that is new and does
    not pass is a regression as well. Raises ValueError for fewer than two runs.
    """
    if len(results) < 2:
        raise ValueError("a comparison needs two runs at least")
    mode: Mode = "side-by-side" if side_by_side or len(results) > 2 else "successive"
    rows = tuple(_rows(results, mode))
    changes = {
        change: tuple(row.id for row in rows if row.change == change)
        for change in CHANGES
        if mode == "successive"
    }
    regressions = _regressions(results, rows, strict=strict) if mode == "successive" else ()
    runs = tuple(
        _run(result, label)
        for result, label in zip(results, run_labels(results, labels), strict=True)
    )
    return Comparison(
        mode=mode,
        headline=_headline(rows, changes, regressions, len(results), strict=strict),
        regressions=regressions,
        notes=tuple(_notes(runs, mode)),
        changes=changes,
        runs=runs,
        rows=rows,
    )


def encode(comparison: Comparison) -> bytes:
    """Return the comparison as JSON: UTF-8, indented, members in the order of the model."""
    value = json_value(msgspec.to_builtins(comparison))
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def change_of(before: Outcome | None, after: Outcome | None) -> Change | None:
    """Return what became of a check between two runs; an outcome of None is an absent check."""
    if before == after:
        return None
    if before is None:
        return "new"
    if after is None:
        return "gone"
    if after in _NOT_JUDGED:
        return "changed" if before in _NOT_JUDGED else "no-longer-judged"
    if _RANKS[after] > _RANKS[before]:
        return "broken"
    if _RANKS[after] < _RANKS[before]:
        return "fixed"
    return "now-judged" if before in _NOT_JUDGED else "changed"


def _rows(results: Sequence[Results], mode: Mode) -> Iterator[Row]:
    columns = [{check.id: check for check in result.checks} for result in results]
    for check in _checks(results):
        found = [column.get(check.id) for column in columns]
        outcomes = tuple(one.outcome if one else None for one in found)
        yield Row(
            id=check.id,
            title=check.title,
            section=check.section,
            level=check.level,
            requirements=check.requirements,
            outcomes=outcomes,
            messages=tuple(one.message if one else "" for one in found),
            differs=len(set(outcomes)) > 1,
            change=change_of(*outcomes) if mode == "successive" else None,
        )


def _checks(results: Sequence[Results]) -> Iterator[Check]:
    """Yield each check once, as the latest run that has it tells it, grouped by section."""
    sections: dict[str, list[Check]] = {}
    known: set[str] = set()
    for result in reversed(results):
        for check in result.checks:
            if check.id not in known:
                known.add(check.id)
                sections.setdefault(check.section, []).append(check)
    for checks in sections.values():
        yield from checks


def _run(result: Results, label: str) -> Run:
    return Run(
        label=label,
        company=option_text(result, "company"),
        product=option_text(result, "product"),
        target=result.target.url,
        api_version=result.target.api_version,
        tool_version=result.tool.version,
        started=result.started,
        seed=result.seed,
        scope=result.scope,
        level=option_text(result, "level"),
        verdict=result.verdict,
        verdict_reason=result.verdict_reason,
        summary=result.summary,
    )


def _notes(runs: Sequence[Run], mode: Mode) -> Iterator[str]:
    for name, values in (
        ("API version", [run.api_version for run in runs]),
        ("scope", [run.scope for run in runs]),
        ("lowest level that ran", [run.level or "unknown" for run in runs]),
        ("version of tmf671", [run.tool_version for run in runs]),
    ):
        if len(set(values)) > 1:
            told = ", ".join(
                f"{value} ({run.label})" for run, value in zip(runs, values, strict=True)
            )
            yield f"The runs differ in {name}: {told}."
    if mode == "successive" and runs[0].started > runs[1].started:
        yield f"The first run, {runs[0].label}, is the later one."


def _regressions(
    results: Sequence[Results], rows: Sequence[Row], *, strict: bool
) -> tuple[str, ...]:
    before, after = results[0].verdict, results[1].verdict
    found = []
    if broken := sum(row.change == "broken" for row in rows):
        found.append(f"{_count(broken, 'check')} broke")
    if _VERDICT_RANKS[after] > _VERDICT_RANKS[before]:
        found.append(f"the verdict went from {before} to {after}")
    if strict:
        if lost := sum(row.change == "no-longer-judged" for row in rows):
            found.append(f"{_count(lost, 'check')} no longer judged")
        if gone := sum(row.change == "gone" for row in rows):
            found.append(f"{_count(gone, 'check')} gone")
        bad = [row for row in rows if row.change == "new" and _RANKS[row.outcomes[1] or "passed"]]
        if bad:
            found.append(f"{_count(len(bad), 'new check')} not passed")
    return tuple(found)


def _headline(
    rows: Sequence[Row],
    changes: Mapping[Change, Sequence[str]],
    regressions: Sequence[str],
    runs: int,
    *,
    strict: bool,
) -> str:
    """Return the outcome of the comparison as one line without a full stop."""
    differing = sum(row.differs for row in rows)
    if not changes:
        return f"{differing} of {_count(len(rows), 'check')} differ between {runs} runs"
    regressive = ("broken", "no-longer-judged", "gone") if strict else ("broken",)
    told = [
        f"{len(names)} {_WORDS[change]}"
        for change, names in changes.items()
        if names and change not in regressive
    ]
    if regressions:
        return "Regression: " + "; ".join(filter(None, [", ".join(regressions), ", ".join(told)]))
    if told:
        return f"No regression: {', '.join(told)}"
    return f"No regression: all {_count(len(rows), 'check')} ended as before"


_WORDS: Mapping[Change, str] = MappingProxyType(
    {
        "broken": "broken",
        "fixed": "fixed",
        "no-longer-judged": "no longer judged",
        "now-judged": "now judged",
        "changed": "changed otherwise",
        "new": "new",
        "gone": "gone",
    }
)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
