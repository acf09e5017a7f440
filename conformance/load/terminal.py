"""What a person sees of a load run: progress on stderr, the summary on stdout."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from conformance.load.run import Progress
from reports.load_page import headline, rate_text
from reports.load_results import Cleanup, Figures, LoadResults
from reports.overview import latency_text

_STYLES = {"met": "bold green", "not-met": "bold red", "no-thresholds": "bold"}
_MOST_TOLD = 5


class Terminal:
    """Shows how far a run is while the block lasts, and sums up its results."""

    def __init__(self, *, quiet: bool = False, color: bool = True) -> None:
        plain = not color or bool(os.environ.get("NO_COLOR"))
        self._quiet = quiet
        self._out = Console(no_color=plain, highlight=False, soft_wrap=True)
        errors = Console(stderr=True, no_color=plain, highlight=False)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=errors,
            transient=True,
            disable=quiet or not errors.is_terminal,
        )
        self._task = self._bar.add_task("load", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def progress(self, far: Progress) -> None:
        """Show how far the run is."""
        over = far.elapsed >= far.duration
        self._bar.update(
            self._task,
            completed=min(far.elapsed, far.duration),
            total=far.duration,
            description="stopping" if over else "load",
        )

    def summary(self, results: LoadResults, page: Path) -> None:
        """Print the table of operations, what failed, and last of all the headline."""
        if not self._quiet:
            self._out.print(_table(results))
            for one in results.failures[:_MOST_TOLD]:
                self._out.print(Text(f"{one.count:,} × {one.operation}: {one.cause}"))  # noqa: RUF001
            for note in results.notes:
                self._out.print(Text(note, style="yellow"))
            self.cleanup(results.cleanup)
            for limit in results.thresholds:
                sign, style = ("✓", "green") if limit.met else ("✕", "bold red")
                told = f"{sign} {limit.name} {limit.found}, {limit.asked}"
                self._out.print(Text(told, style=style))
            self._out.print(Text(f"page: {page}"))
        self._out.print(Text(headline(results), style=_STYLES[results.verdict]))

    def cleanup(self, cleanup: Cleanup) -> None:
        """Print what was created and what of it is left."""
        if self._quiet and not cleanup.left:
            return
        told = f"created {cleanup.created:,}, deleted {cleanup.deleted:,}"
        if not cleanup.left:
            self._out.print(Text(told))
            return
        self._out.print(Text(f"{told}; left in the target:", style="bold yellow"))
        for one in cleanup.left[:_MOST_TOLD]:
            self._out.print(Text(f"  {one}"))
        if len(cleanup.left) > _MOST_TOLD:
            self._out.print(Text(f"  and {len(cleanup.left) - _MOST_TOLD:,} more"))


def _table(results: LoadResults) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("operation")
    for name in ("requests", "failed", "per second", "p50", "p95", "p99", "maximum"):
        table.add_column(name, justify="right")
    for name, figures in results.operations.items():
        table.add_row(name, *_cells(figures))
    table.add_row("all", *_cells(results.total), style="bold")
    return table


def _cells(one: Figures) -> list[str]:
    latencies = (one.p50, one.p95, one.p99, one.maximum)
    return [
        f"{one.requests:,}",
        f"{one.failed:,}",
        rate_text(one.rate),
        *("-" if value is None else latency_text(value) for value in latencies),
    ]
