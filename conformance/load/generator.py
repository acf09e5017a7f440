"""One process of a load run: `python -m conformance.load.generator ROLE FOLDER NAME [HOST PORT N]`.

ROLE is `local`, `master` or `worker`. In FOLDER stands the plan; a journal of what is created and,
but for a worker, the counts are written there under NAME. HOST and PORT are the master's, N the
workers that a master waits for. SIGTERM ends a run as its time does.
"""

from __future__ import annotations

import locust  # makes the process cooperative, so it comes before what opens sockets

# isort: split
import logging
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
import msgspec
from gevent.event import Event
from locust.env import Environment
from locust.rpc import Message
from locust.runners import LocalRunner, MasterRunner, Runner, WorkerRunner

from conformance.load import plan as plans
from conformance.load.counts import Counts, counts_path, journal_path
from conformance.load.journal import Journal
from conformance.load.measures import Measures, received
from conformance.load.plan import Plan
from conformance.load.preparation import client_for
from conformance.load.users import Surroundings, user_classes
from reports.load_results import Generator
from reports.storage import write_atomically
from reports.wellformed import visible_text

PLAN = "plan.json"
_MEASURES = "tmf671"
"""The key under which a worker's counts travel in Locust's own report to the master."""
_LONGEST_STOP = 10.0
"""Seconds that users have to finish the request they wait for when the run ends."""
_WORKERS_WAIT = 60.0
_LONGEST_CAUSE = 200
_ORDERS, _END, _ENDED = "tmf671-orders", "tmf671-end", "tmf671-ended"
"""Messages to the workers: what to do, stop; and back: this is what was counted last."""


class Clock:
    """Counts what is sent from the moment on at which the run began in this process."""

    def __init__(self, shared: Surroundings) -> None:
        self._shared = shared
        self.began: float | None = None
        self.measures = Measures()

    def start(self, **_event: Any) -> None:
        """Begin, at the first users."""
        self.began = time.monotonic()
        self.measures = Measures()

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return 0.0 if self.began is None else time.monotonic() - self.began

    @property
    def slot(self) -> int:
        """The present slot."""
        return int(self.elapsed / self._shared.plan.slot)

    def count(
        self,
        name: str,
        response_time: float,
        response_length: int,
        response: Any,
        exception: BaseException | None,
        **_event: Any,
    ) -> None:
        """Count a request that ended (Locust's event `request`)."""
        status = getattr(response, "status_code", 0) or 0
        failure = None if exception is None else _cause(exception)
        self.measures.add(
            self.slot, name, float(response_time), status, int(response_length), failure
        )

    def report(self, data: dict[str, Any], **_event: Any) -> None:
        """Hand over what was counted since the last time (Locust's event `report_to_master`)."""
        data[_MEASURES] = self.measures.message()
        self.measures = Measures()

    def collect(self, data: dict[str, Any], **_event: Any) -> None:
        """Take what a worker counted (Locust's event `worker_report`)."""
        self.measures.merge(received(data[_MEASURES]))


def main(arguments: list[str]) -> None:
    """Run one generator to its end."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    role, folder, name, *rest = arguments
    place = Path(folder)
    plan = plans.read(place / PLAN)
    shared = Surroundings(
        plan=plan,
        journal=Journal(journal_path(place, name)),
        authorization=client_for(plan).authorization,
    )
    environment = Environment(
        user_classes=list(user_classes(shared, worker=role == "worker")),
        events=locust.events,
        host=plan.url,
        stop_timeout=min(plan.connection.total_timeout, _LONGEST_STOP),
    )
    clock = Clock(shared)
    events: Any = environment.events
    events.test_start.add_listener(clock.start)
    events.request.add_listener(clock.count)
    if role == "worker":
        events.report_to_master.add_listener(clock.report)
        _work(environment.create_worker_runner(rest[0], int(rest[1])), shared, clock)
        return
    if role == "master":
        events.worker_report.add_listener(clock.collect)
        master = environment.create_master_runner(rest[0], int(rest[1]))
        _wait_for_workers(master, int(rest[2]))
        master.send_message(_ORDERS, plan.orders())
        counts = _drive(master, plan, clock, lambda: _end_workers(master, clock), int(rest[2]))
    else:
        local = environment.create_local_runner()
        counts = _drive(local, plan, clock, local.stop, 1)
    write_atomically(counts_path(place, name), msgspec.json.encode(counts))


def _work(runner: WorkerRunner, shared: Surroundings, clock: Clock) -> None:
    """Send what the master asks for, until it says that this is the end."""

    def follow(msg: Message, **_rest: Any) -> None:
        shared.plan = shared.plan.following(msg.data)
        user_classes(shared, worker=True)

    def end(**_message: Any) -> None:
        runner.stop()
        data: dict[str, Any] = {}
        clock.report(data)
        runner.send_message(_ENDED, data)

    parent = os.getppid()
    runner.register_message(_ORDERS, follow)
    runner.register_message(_END, end)
    gevent.signal_handler(signal.SIGTERM, runner.quit)
    while not runner.greenlet.join(timeout=0.2) and os.getppid() == parent:
        pass


def _wait_for_workers(runner: MasterRunner, workers: int) -> None:
    parent = os.getppid()
    patience = time.monotonic() + _WORKERS_WAIT
    while len(runner.clients.ready) < workers:
        if time.monotonic() > patience or os.getppid() != parent:
            runner.quit()
            sys.exit(f"{len(runner.clients.ready)} of {workers} workers came within a minute")
        gevent.sleep(0.1)


def _end_workers(runner: MasterRunner, clock: Clock) -> None:
    """Stop the workers' users and wait for their last counts.

    A worker that has quit, or that does not answer, has reported until then.
    """
    waiting = {client.id for client in runner.clients.all}

    def ended(msg: Message, **_rest: Any) -> None:
        clock.collect(msg.data)
        waiting.discard(msg.node_id)

    runner.register_message(_ENDED, ended)
    runner.send_message(_END)
    patience = time.monotonic() + runner.environment.stop_timeout + _LONGEST_STOP
    while waiting and time.monotonic() < patience:
        gevent.sleep(0.05)
        waiting &= {client.id for client in runner.clients.all}


def _drive(
    runner: Runner, plan: Plan, clock: Clock, stop: Callable[[], None], workers: int
) -> Counts:
    """Start the users, wait for the end, stop them; return what was counted.

    The run begins with its first user, who is at work on a worker before a master hears of it.
    """
    ended = Event()
    gevent.signal_handler(signal.SIGTERM, ended.set)
    parent = os.getppid()
    users: dict[int, int] = {}
    starting = gevent.spawn(runner.start, plan.users, spawn_rate=plan.spawn_rate)
    patience = time.monotonic() + _WORKERS_WAIT
    while not runner.user_count and time.monotonic() < patience and not ended.wait(0.05):
        pass
    clock.began = clock.began if isinstance(runner, LocalRunner) else time.monotonic()
    while not ended.wait(0.1) and clock.elapsed < plan.duration and os.getppid() == parent:
        users[clock.slot] = runner.user_count
    duration = clock.elapsed if ended.is_set() else min(clock.elapsed, plan.duration)
    starting.kill()
    busy = runner.cpu_warning_emitted or getattr(runner, "worker_cpu_warning_emitted", False)
    lost = workers - getattr(runner, "worker_count", workers)
    faults = [str(one["msg"]) for one in runner.exceptions.values()]
    if lost > 0:
        faults.append(f"{lost} of {workers} workers were lost")
    stop()
    runner.quit()
    return Counts(
        measures=clock.measures,
        users=users,
        duration=duration,
        interrupted=ended.is_set(),
        generator=Generator(
            locust=locust.__version__,
            python=platform.python_version(),
            workers=workers,
            busy=bool(busy),
            faults=tuple(faults),
        ),
    )


def _cause(problem: BaseException) -> str:
    """Return the cause of a failure in one short line, fit for a terminal."""
    text = " ".join(visible_text(str(problem)).split())
    return text[:_LONGEST_CAUSE] or type(problem).__name__


if __name__ == "__main__":
    main(sys.argv[1:])
