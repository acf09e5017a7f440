"""What a person sees: progress on stderr while checks run, the summary on stdout at the end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from conformance.deviations import told
from conformance.discovery import Capabilities
from conformance.masking import without_password
from conformance.settings import Settings
from reports.results import LEVELS, OUTCOMES, Check, Results, Verdict

STYLES: Mapping[str, str] = MappingProxyType(
    {
        "passed": "green",
        "failed": "bold red",
        "warned": "yellow",
        "known-deviation": "magenta",
        "blocked": "red",
        "skipped": "dim",
        "not-applicable": "dim",
        "error": "bold red",
    }
)
_VERDICTS: Mapping[Verdict, tuple[str, str]] = MappingProxyType(
    {
        "conformant": ("Conformant", "bold green"),
        "not-conformant": ("Not conformant", "bold red"),
        "inconclusive": ("Inconclusive", "bold yellow"),
    }
)
_MOST_TOLD = 20


class Terminal:
    """Subscribes to the events of a run (conformance.hooks) and sums up its results."""

    def __init__(self, *, quiet: bool = False, color: bool = True) -> None:
        plain = not color or bool(os.environ.get("NO_COLOR"))
        self._quiet = quiet
        self._out = Console(no_color=plain, highlight=False, soft_wrap=True)
        self._err = Console(stderr=True, no_color=plain, highlight=False)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._err,
            transient=True,
            disable=quiet or not self._err.is_terminal,
        )
        self._task = self._progress.add_task("discovering", total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def pytest_tmf671_run_started(
        self, settings: Settings, capabilities: Capabilities, total: int
    ) -> None:
        """Show what is judged."""
        self._progress.update(self._task, description="checking", total=total)
        if not self._quiet:
            offered = ", ".join(name for name, there in capabilities.known().items() if there)
            self._err.print(
                f"judging {escape(without_password(settings.url))} "
                f"by TMF671 v{settings.api_version} (offers: {offered or 'not probed'})",
                style="dim",
                soft_wrap=True,
            )

    def pytest_tmf671_check_ended(self, check: Check) -> None:
        """Advance the bar."""
        self._progress.update(self._task, advance=1, description=f"checking {check.section}")

    def summary(self, results: Results, written: Iterable[Path]) -> None:
        """Print the verdict, and unless quiet the findings, a table and the paths of reports."""
        if not self._quiet:
            self._findings(results.checks)
            self._deviations(results)
            self._out.print(_table(results))
            for note in results.notes:
                self._out.print(Text(f"note: {note}", style="yellow"))
            for leftover in results.cleanup.left[:_MOST_TOLD]:
                self._out.print(
                    f"left in the target: {leftover.url} ({leftover.reason})", markup=False
                )
            if len(results.cleanup.left) > _MOST_TOLD:
                more = len(results.cleanup.left) - _MOST_TOLD
                self._out.print(f"left in the target: {more} more, named in the report")
            for path in written:
                self._out.print(f"report: {path}", markup=False)
        words, style = _VERDICTS[results.verdict]
        scope = "" if results.scope == "full" else f" [scope: {results.scope}]"
        self._out.print(Text(f"{words}: {results.verdict_reason}{scope}", style=style))

    def _findings(self, checks: Iterable[Check]) -> None:
        told = [check for check in checks if check.outcome in {"failed", "error", "warned"}]
        blocked = [check for check in checks if check.outcome == "blocked"]
        told.sort(key=lambda check: ("failed", "error", "warned").index(check.outcome))
        for check in told[:_MOST_TOLD]:
            head = Text(f"{check.outcome:>7} ", style=STYLES[check.outcome])
            head.append(
                f"{check.id} ({check.level}, {', '.join(check.requirements)})", style="bold"
            )
            self._out.print(head)
            self._out.print(Text(f"        {check.title}\n        → {check.message}"))
        if len(told) > _MOST_TOLD:
            self._out.print(f"        … and {len(told) - _MOST_TOLD} more in the report")
        if blocked:
            causes = sorted({check.blocked_by or "" for check in blocked})
            self._out.print(f"{len(blocked)} checks blocked by {', '.join(causes)}")

    def _deviations(self, results: Results) -> None:
        checks = {check.id: check for check in results.checks}
        for deviation in results.deviations:
            check = checks[deviation.check]
            if deviation.state == "used":
                head = Text("KNOWN DEVIATION ", style=f"bold {STYLES['known-deviation']}")
                head.append(f"{check.id} ({check.level}, until {deviation.until})", style="bold")
                self._out.print(head)
                self._out.print(
                    Text(f"        {check.message}\n        accepted: {deviation.reason}")
                )
            elif deviation.state != "unused":
                self._out.print(Text(f"DEVIATION OUT OF DATE: {told(deviation)}", style="bold red"))


def _table(results: Results) -> Table:
    shown = [outcome for outcome in OUTCOMES if results.summary[outcome]]
    table = Table(title=f"TMF671 v{results.target.api_version}", title_justify="left")
    table.add_column("level")
    for outcome in shown:
        table.add_column(outcome, justify="right", style=STYLES[outcome])
    for level in LEVELS:
        of_level = [check for check in results.checks if check.level == level]
        numbers = [str(sum(check.outcome == outcome for check in of_level)) for outcome in shown]
        table.add_row(level.upper(), *numbers)
    return table
