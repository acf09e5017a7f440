"""A load run from the first request to the last deletion."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from conformance.interrupts import Interrupts
from conformance.load import counts, journal, mix, thresholds
from conformance.load import plan as plans
from conformance.load.callbacks import Callbacks
from conformance.load.cleaning import Cleaned, clean, find_unanswered
from conformance.load.counts import Counts
from conformance.load.journal import Journal
from conformance.load.measures import answered
from conformance.load.plan import Plan
from conformance.load.preparation import NothingMeasured, client_for, prepare
from conformance.load.processes import Formation, Processes
from conformance.load.thresholds import Limits
from conformance.version import VERSION
from reports.load_results import Cleanup, LoadResults

_OWN = "own"
"""The name of the journal of what is created outside of the load."""
_PLAN = "plan.json"
_MOST_FAULTS = 3


@dataclass(frozen=True)
class Progress:
    """How far a run is, in seconds; `elapsed` counts from the start of the processes."""

    elapsed: float
    duration: float


@dataclass
class Outcome:
    """What a run gave: the results, None on a worker, and what it left behind."""

    results: LoadResults | None
    cleanup: Cleanup


def run(
    plan: Plan,
    formation: Formation,
    limits: Limits,
    callbacks: Callbacks | None,
    tell: Callable[[Progress], None] = lambda _progress: None,
) -> Outcome:
    """Make the load that `plan` asks for, delete what it created, and judge what was counted.

    The first interrupt ends the load, and what was counted until then is judged; the second one
    ends the deleting. Raises NothingMeasured when there are no numbers.
    """
    interrupts = Interrupts()
    cleaned = Cleaned()
    started = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="tmf671-load-") as name, interrupts.handled():
        folder = Path(name)
        files = [counts.journal_path(folder, _OWN)]
        made: tuple[Plan, Counts | None, str] | None = None
        problem: NothingMeasured | None = None
        try:
            made = _load(plan, formation, folder, files, tell)
        except NothingMeasured as found:
            problem = found
        except KeyboardInterrupt:
            problem = NothingMeasured("interrupted before anything was counted")
        with interrupts.allowed():
            _clean(plan, files, cleaned)
        received = callbacks.received if callbacks is not None else None
    cleanup = Cleanup(created=cleaned.created, deleted=cleaned.deleted, left=tuple(cleaned.left))
    if problem is not None or made is None:
        raise NothingMeasured(f"{problem}{_left(cleanup)}")
    used, counted, words = made
    if formation.role == "worker":
        return Outcome(None, cleanup)
    if counted is None or not answered(counted.measures):
        cause = words or "no request was answered"
        if counted is not None and (failures := counted.measures.failures()):
            cause = f"no request was answered: {failures[0].cause}"
        raise NothingMeasured(f"{cause}{_left(cleanup)}")
    return Outcome(_results(plan, used, limits, counted, started, received, cleanup), cleanup)


def _load(
    plan: Plan,
    formation: Formation,
    folder: Path,
    files: list[Path],
    tell: Callable[[Progress], None],
) -> tuple[Plan, Counts | None, str]:
    """Return the plan as it was carried out, the counts, and a generator's last words."""
    client = client_for(plan)
    try:
        used = prepare(plan, client, Journal(files[0]))
    finally:
        client.close()
    plans.write(used, folder / _PLAN)
    with Processes(folder, formation) as processes:
        files += processes.journals
        began = time.monotonic()
        with contextlib.suppress(KeyboardInterrupt):
            while not processes.ended:
                tell(Progress(time.monotonic() - began, plan.duration))
                time.sleep(0.1)
        processes.stop()
        processes.wait()
        found = None if processes.leader is None else counts.read(folder, processes.leader)
        return used, found, processes.last_words() if found is None else ""


def _clean(plan: Plan, files: list[Path], cleaned: Cleaned) -> None:
    created = journal.read(files)
    cleaned.created += created.count
    cleaned.deleted += created.count - len(created.paths)
    try:
        client = client_for(plan)
        found = find_unanswered(created.unanswered, client, cleaned)
        client.close()
    except KeyboardInterrupt:
        cleaned.left += [f"perhaps a promotion named {name}" for name in created.unanswered]
        cleaned.left += created.paths
        return
    clean((*created.paths, *found), lambda: client_for(plan), cleaned)


def _results(
    asked: Plan,
    used: Plan,
    limits: Limits,
    counted: Counts,
    started: datetime,
    received: int | None,
    cleanup: Cleanup,
) -> LoadResults:
    measures, slot = counted.measures, used.slot
    slots = measures.timeline(counted.users, slot)
    begin, end = thresholds.counted_span(counted.duration, used.ramp_up, slot)
    figures = thresholds.all_figures(slots, begin, end)
    total = figures.pop("")
    judged = thresholds.judged(limits, total, measures)
    return LoadResults(
        tool="tmf671",
        version=VERSION,
        started=started.isoformat().replace("+00:00", "Z"),
        duration=round(counted.duration, 3),
        interrupted=counted.interrupted,
        url=used.recorded()["url"],
        options=used.recorded(),
        generator=counted.generator,
        slot_length=slot,
        slots=slots,
        ramp_up=round(used.ramp_up, 3),
        counted_from=begin,
        counted_to=end,
        total=total,
        operations=figures,
        statuses=measures.statuses,
        failures=measures.failures(),
        events=received,
        cleanup=cleanup,
        thresholds=judged,
        verdict=thresholds.verdict(judged),
        notes=tuple(_notes(asked, used, counted)),
    )


def _notes(asked: Plan, used: Plan, counted: Counts) -> Iterator[str]:
    """Tell what a reader of the numbers must know."""
    if counted.interrupted:
        yield f"Interrupted after {counted.duration:.0f} of {asked.duration:.0f} s."
    if counted.generator.busy:
        yield (
            "The load generator used up a processor core, so it may have been the limit and the "
            "latencies may be its own: use more --workers, or other machines."
        )
    left_out = [name for name, weight in asked.mix.items() if weight and not used.mix[name]]
    if asked.read_only:
        left_out = [name for name in left_out if name not in mix.WRITING]
    if left_out:
        yield f"Left out, since it is not offered or cannot be reached: {', '.join(left_out)}."
    if used.connection.insecure:
        yield "The target's certificate was not verified."
    for fault in counted.generator.faults[:_MOST_FAULTS]:
        yield f"The load generator's own fault: {fault}"


def _left(cleanup: Cleanup) -> str:
    if not cleanup.left:
        return ""
    return f"; left in the target: {len(cleanup.left)}, first {cleanup.left[0]}"
