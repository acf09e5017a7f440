"""A comparison of runs as a person sees it in the terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.terminal import STYLES
from reports.comparison import Comparison, Row
from reports.comparison_page import CHANGES, MOST_NAMED_COLUMNS, SIGNS, VERDICTS
from reports.results import OUTCOMES, Outcome
from reports.wellformed import visible_text

_MOST_ROWS = 40


def show(comparison: Comparison, page: Path, *, quiet: bool = False, color: bool = True) -> None:
    """Print the comparison on stdout; with `quiet` its outcome alone, which is one line."""
    console = Console(
        no_color=not color or bool(os.environ.get("NO_COLOR")), highlight=False, soft_wrap=True
    )
    if not quiet:
        _runs(console, comparison)
        if comparison.mode == "successive":
            _changes(console, comparison)
        else:
            _matrix(console, comparison)
        console.print(f"page: {page}", markup=False)
    style = "bold"
    if comparison.mode == "successive":
        style = "bold red" if comparison.regressions else "bold green"
    console.print(Text(comparison.headline, style=style))


def _runs(console: Console, comparison: Comparison) -> None:
    for number, run in enumerate(comparison.runs, start=1):
        console.print(Text.assemble(f"{number}  ", (_plain(run.label), "bold")))
        console.print(Text(f"   {VERDICTS[run.verdict]}: {_plain(run.verdict_reason)}"))
        counts = [(one, run.summary[one]) for one in OUTCOMES if run.summary.get(one)]
        parts = [(f"{count} {outcome}", STYLES[outcome]) for outcome, count in counts]
        console.print(Text("   ") + Text(", ").join(Text(*part) for part in parts))
    for note in comparison.notes:
        console.print(_plain(note), style="yellow", markup=False)


def _changes(console: Console, comparison: Comparison) -> None:
    rows = {row.id: row for row in comparison.rows}
    for change, names in comparison.changes.items():
        if not names:
            continue
        heading, meaning = CHANGES[change]
        console.print(Text.assemble((f"{heading} ({len(names)})", "bold"), f": {meaning}"))
        for name in names[:_MOST_ROWS]:
            row = rows[name]
            before, after = (_outcome(one) for one in row.outcomes)
            console.print(Text.assemble("  ", (f"{_plain(name)} ", "bold"), before, " → ", after))
            if row.messages[1]:
                console.print(Text(f"      {_plain(row.messages[1])}"))
        _rest(console, len(names))


def _matrix(console: Console, comparison: Comparison) -> None:
    differing = comparison.differing
    if not differing:
        return
    table = Table()
    table.add_column("check", no_wrap=True)
    for run in comparison.runs:
        table.add_column(Text(_plain(run.label)), overflow="fold")
    for row in differing[:_MOST_ROWS]:
        name = _plain(row.id).removeprefix("TMF671-")
        table.add_row(Text(name), *_cells(row, named=len(comparison.runs) <= MOST_NAMED_COLUMNS))
    console.print(table)
    _rest(console, len(differing))


def _cells(row: Row, *, named: bool) -> Iterator[Text]:
    for outcome in row.outcomes:
        text, style = _outcome(outcome)
        yield Text(text if named else text.split()[0], style=style)


def _rest(console: Console, total: int) -> None:
    if total > _MOST_ROWS:
        console.print(f"  … and {total - _MOST_ROWS} more on the page")


def _outcome(outcome: Outcome | None) -> tuple[str, str]:
    """Return what stands for an outcome, and its style."""
    return (
        ("absent", "dim") if outcome is None else (f"{SIGNS[outcome]} {outcome}", STYLES[outcome])
    )


def _plain(text: str) -> str:
    """Return text of the results as one line without control characters."""
    return " ".join(visible_text(text).split())
