"""The proof of the suite: what each defect of the mock makes fail, and what no variant may.

Pure functions over the outcomes of whole runs; the command line starts the mocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from reports.results import LEVELS, Level, Results, Verdict

Kind = Literal["clean", "defect", "variant"]
CAUGHT = frozenset({"failed", "warned"})
ACCUSED = frozenset({"failed", "error", "blocked"})


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What a run is made against: the clean mock, one defect, or one variant."""

    kind: Kind
    name: str
    api_version: str
    level: Level | None = None
    requirements: tuple[str, ...] = ()
    text: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """The run against a subject: the outcome of every check that did not pass."""

    subject: Subject
    verdict: Verdict
    seconds: float
    outcomes: dict[str, str]

    def with_outcome(self, wanted: frozenset[str]) -> list[str]:
        """Return the ids of the checks with one of these outcomes."""
        return [check for check, outcome in self.outcomes.items() if outcome in wanted]


class Catch(msgspec.Struct, frozen=True, kw_only=True):
    """The checks that catch a defect, and the heaviest of their levels, None for none."""

    checks: tuple[str, ...]
    level: Level | None


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """All runs, what catches each defect, and the lists that have to be empty.

    `undetected`: defects that no check catches. `lenient`: defects of a MUST that do not end
    not-conformant. `unproven`: checks that no defect makes fail. `accused`: variants, or the clean
    mock, that a check fails.
    """

    runs: tuple[Run, ...]
    caught: dict[str, Catch]
    undetected: tuple[str, ...]
    lenient: tuple[str, ...]
    unproven: tuple[str, ...]
    accused: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the suite is proved: all lists are empty."""
        return not (self.undetected or self.lenient or self.unproven or self.accused)


def run_of(subject: Subject, results: Results, seconds: float) -> Run:
    """Return what the matrix keeps of a run's results."""
    return Run(
        subject=subject,
        verdict=results.verdict,
        seconds=round(seconds, 2),
        outcomes={c.id: c.outcome for c in results.checks if c.outcome != "passed"},
    )


def matrix_of(runs: Iterable[Run], levels: Mapping[str, Level], *, whole: bool = True) -> Matrix:
    """Return the matrix of `runs`; `levels` are those of all checks.

    Which checks no defect makes fail is only told of a `whole` matrix.
    """
    ordered = tuple(runs)
    clean = {run.subject.api_version: run for run in ordered if run.subject.kind == "clean"}
    defects = [run for run in ordered if run.subject.kind == "defect"]
    caught = {run.subject.name: _catch(caught_by(run, clean), levels) for run in defects}
    proven = {check for found in caught.values() for check in found.checks}
    return Matrix(
        runs=ordered,
        caught=caught,
        undetected=tuple(name for name, found in caught.items() if not found.checks),
        lenient=tuple(
            run.subject.name
            for run in defects
            if run.subject.level == "must" and run.verdict != "not-conformant"
        ),
        unproven=tuple(check for check in levels if whole and check not in proven),
        accused=tuple(
            run.subject.name
            for run in ordered
            if run.subject.kind != "defect"
            and (run.with_outcome(ACCUSED) or run.verdict != "conformant")
        ),
    )


def _catch(checks: Iterable[str], levels: Mapping[str, Level]) -> Catch:
    found = tuple(checks)
    return Catch(
        checks=found,
        level=min((levels[check] for check in found), key=LEVELS.index, default=None),
    )


def caught_by(run: Run, clean: Mapping[str, Run]) -> list[str]:
    """Return the checks that a defect makes fail or warn, which the clean mock does not."""
    before = clean.get(run.subject.api_version)
    known = set(before.with_outcome(CAUGHT)) if before is not None else set()
    return [check for check in run.with_outcome(CAUGHT) if check not in known]
