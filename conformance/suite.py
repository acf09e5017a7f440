"""The suite inside a pytest session: discovery first, then checks, cleaning, and the results.

With `-n` there are several sessions. The controller discovers what the target offers and
assembles the results; each worker runs its checks, cleans what it created, and hands over what
it recorded with pytest's reports.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import pytest
from _pytest.outcomes import Skipped

from conformance.assembly import Assembly, Fragment
from conformance.catalogue import CheckInfo, catalogue, declared
from conformance.cleaning import clean, finish
from conformance.client import Client
from conformance.deviations import excused, today
from conformance.discovery import UNKNOWN, Capabilities, NotThisApi, discover
from conformance.evidence import presentable, presentable_text
from conformance.ledger import Ledger
from conformance.ledger_file import LedgerFile
from conformance.levels import at_least
from conformance.listener import Listener
from conformance.outcomes import (
    Blocked,
    ConditionFailed,
    NotApplicable,
    RunEnded,
    SwitchedOff,
    TransportError,
)
from conformance.pacing import shared
from conformance.profiles import level_under
from conformance.recorder import Recorder
from conformance.settings import Settings
from conformance.target import Target
from conformance.verdict import EXIT_CODES, exit_code, outcome_of
from reports.results import Check, Cleanup, Level

SETTINGS = "tmf671-settings"
"""The key of a worker's input under which the settings stand."""

RECORD = "tmf671"
"""The attribute of a pytest report, and the key of a worker's output, that carry a Fragment."""

_SILENT = 3
"""Requests in a row without an answer after which a run ends: the target is gone."""

_SELF_EXPLAINING = (ConditionFailed, Skipped, TransportError)


class SuitePlugin:
    """The hooks of one session, and what lives as long as it: target, listener, wire log."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.config = config
        self.settings = settings
        self._worker_input: dict[str, Any] | None = getattr(config, "workerinput", None)
        self.capabilities: Capabilities = UNKNOWN
        self.recorder = Recorder()
        self.client = Client(
            settings.url,
            self.recorder,
            headers=settings.headers,
            timeout=settings.timeout,
            connection=shared(settings.connection, settings.parallel if self.is_worker else 1),
            read_only=settings.read_only,
        )
        self.client.mask(settings.secrets())
        self._ledger_file = None if settings.ledger is None else LedgerFile(Path(settings.ledger))
        self.target = Target(settings, self.client, Ledger(self._ledger_file), self._worker)
        self._listener: Listener | None = None
        self._has_workers = False
        self._handed_over = 0
        self._ended: str | None = None
        self._assembly = None if self.is_worker else Assembly(settings, config.hook)

    @property
    def is_worker(self) -> bool:
        """Whether this session runs checks for a controller."""
        return self._worker_input is not None

    @property
    def _worker(self) -> str | None:
        """The controller's name for this session, None for the controller itself."""
        return None if self._worker_input is None else str(self._worker_input["workerid"])

    @property
    def listener(self) -> Listener:
        """The event listener, started when first needed."""
        if self._listener is None:
            self._listener = Listener(
                self.recorder,
                self.settings.url,
                public_url=self.settings.callback_url,
                reception=self.settings.reception,
                masked=lambda: self.client.secrets,
            )
        return self._listener

    @cached_property
    def selected(self) -> frozenset[str]:
        """The ids of the checks that the options ask for."""
        names = self.settings.checks
        return frozenset(catalogue() if names is None else names)

    def level_of(self, info: CheckInfo) -> Level:
        """The level of a check under the profile of the run."""
        return level_under(self.settings.profile, info.level, info.requirements)

    def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    # -- the session ---------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Find out what the target offers, before any worker starts."""
        if self._worker_input is not None:
            self.capabilities = Capabilities(**self._worker_input[RECORD])
            return
        assert self._assembly is not None
        if self.config.option.collectonly:
            return
        self._assembly.start()
        callback = (lambda: self.listener.channel().url) if self.settings.events else None
        try:
            self.capabilities = discover(self.target, callback)
        except RunEnded as problem:
            self._assembly.aborted = self._told(problem)
            return
        except TransportError as problem:
            self._assembly.aborted = f"the target cannot be reached: {self._told(problem)}"
            return
        except NotThisApi as problem:
            self._assembly.aborted = self._told(problem)
            return
        self._assembly.capabilities = self.capabilities
        self.config.hook.pytest_tmf671_run_started(
            settings=self.settings, capabilities=self.capabilities, total=len(self.selected)
        )
        if self.settings.parallel > 1:
            self._stop_listening()  # a worker needs the port

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker what the target offers, and the settings of the run with its id."""
        node.workerinput[RECORD] = msgspec.to_builtins(self.capabilities)
        self._has_workers = True
        node.workerinput[SETTINGS] = msgspec.json.encode(self.settings).decode()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> object:
        """Hand out whole sections to the workers."""
        from conformance.scheduling import BySection  # noqa: PLC0415  (only with workers)

        return BySection(config, log)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object | None) -> None:
        """Take over what a worker recorded at its end."""
        if self._assembly is None:
            return
        output = getattr(node, "workeroutput", {}).get(RECORD)
        if output is not None:
            self._assembly.add(msgspec.convert(output, Fragment))
        if error is not None:
            self._assembly.aborted = f"a worker ended early: {error}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self) -> None:
        """Remember that the run did not come to its end."""
        if self._assembly is not None and self._assembly.aborted is None:
            self._assembly.aborted = "the run was interrupted"

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Clean the target; then hand over to the controller, or assemble the results."""
        interrupts = self.config.pluginmanager.getplugin("tmf671-interrupts")
        self.client.pacer.exempt = True
        with nullcontext() if interrupts is None else interrupts.allowed():
            cleanup = self._cleaned(given_up=interrupts is not None and interrupts.insisted)
        self._stop_listening()
        self.client.close()
        fragment = self._fragment(cleanup=cleanup)
        if self._worker_input is not None:
            self.config.workeroutput[RECORD] = msgspec.to_builtins(fragment)  # type: ignore[attr-defined]
            return
        assert self._assembly is not None
        if self.config.option.collectonly:
            return
        self._assembly.add(fragment)
        results = self._assembly.finish()
        if self._ledger_file is not None:
            self._ledger_file.close()
            if not results.cleanup.left:
                self._ledger_file.remove()
        self.config.hook.pytest_tmf671_run_ended(results=results)
        if session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = exit_code(results)
        if out := self.config.option.tmf671_out:
            from reports.folder import write_report_folder  # noqa: PLC0415

            write_report_folder(results, Path(out), self.settings.company)

    def _cleaned(self, *, given_up: bool) -> Cleanup:
        """Clean what this session created; the controller also what its workers did not clean.

        A worker that was killed tells nothing any more, but what it created stands in the ledger.
        """
        if self._assembly is None or self._ledger_file is None or not self._has_workers:
            return clean(self.target, given_up=given_up)
        return finish(self.target, self._ledger_file, self._assembly.cleanups, given_up=given_up)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Stop before the first check when the target could not be reached."""
        if self._assembly is not None and self._assembly.aborted is not None:
            pytest.exit(self._assembly.aborted, EXIT_CODES["inconclusive"])

    # -- collecting ----------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(
        self, collector: pytest.Module | pytest.Class, name: str, obj: object
    ) -> pytest.Item | list[pytest.Item] | None:
        """Make an item of each check, named by its id, and of nothing else in its module."""
        if not isinstance(collector, pytest.Module) or declared(obj) is None:
            return None
        info = declared(obj)
        assert info is not None
        if info.function.__module__ != collector.obj.__name__:
            return []
        item = pytest.Function.from_parent(
            collector, name=info.id, callobj=info.function, originalname=name
        )
        item.add_marker(self.level_of(info))
        item.extra_keyword_matches.update({info.section, name, *info.requirements})
        return item

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what the options select, in the order of the catalogue."""
        order = {check_id: number for number, check_id in enumerate(catalogue())}
        items[:] = [item for item in items if item.name in self.selected or item.name not in order]
        items.sort(key=lambda item: order.get(item.name, len(order)))

    # -- running a check -----------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Attribute the exchanges of an item to its check."""
        self.recorder.current = item.name if _info(item) is not None else None
        try:
            return (yield)
        finally:
            self.recorder.current = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Leave out what the options or the target exclude, before its fixtures are made."""
        info = _info(item)
        if info is None:
            return
        settings = self.settings
        if settings.api_version not in info.versions:
            raise NotApplicable(f"the rule does not exist in v{settings.api_version}")
        if not at_least(self.level_of(info), settings.level):
            raise SwitchedOff(f"--level {settings.level} leaves out {self.level_of(info)} checks")
        if settings.read_only and info.writes:
            raise SwitchedOff("--read-only leaves out checks that write")
        if not settings.events and info.section in {"hub", "events"}:
            raise SwitchedOff("--no-events leaves out the hub")
        if info.section == "fuzzing" and settings.examples == 0:
            raise SwitchedOff("--fuzz 0: no generated examples")
        for need in info.needs:
            if getattr(self.capabilities, need) is False:
                raise NotApplicable(f"the target does not offer {_OPERATION[need]}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Judge the check when its setup ended it, or when its body is done."""
        report = yield
        info = _info(item)
        if info is None:
            return report
        problem = call.excinfo.value if call.excinfo else None
        if isinstance(problem, KeyboardInterrupt):
            return report
        judged = None
        if report.when == "call" or (report.when == "setup" and problem is not None):
            judged = self._judge(item, info, problem, call.duration * 1000)
            said = excused(judged, self.settings.deviations, today())
            _tell_pytest(report, said, problem)
            if not isinstance(report.longrepr, tuple | None):
                report.longrepr = presentable_text(str(report.longrepr), self.client.secrets)
            if isinstance(problem, RunEnded):
                self._ended = self._told(problem)
                item.session.shouldstop = self._ended
            elif self.client.silent >= _SILENT:
                self._ended = f"the target stopped answering: {self._told(problem)}"
                item.session.shouldstop = self._ended
        elif report.when == "teardown" and problem is None and not self._unsaid:
            return report
        setattr(report, RECORD, msgspec.to_builtins(self._fragment(check=judged)))
        if judged is not None and getattr(item.config.option, "htmlpath", None):
            from conformance.wirelog import extra  # noqa: PLC0415

            report.extras = [extra(judged, self._cited(item, info))]  # type: ignore[attr-defined]
        return report

    def _told(self, problem: BaseException | None) -> str:
        return presentable_text(str(problem), self.client.secrets)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take over what a report carries, from this session or from a worker."""
        if self._assembly is None:
            return
        carried = getattr(report, RECORD, None)
        if carried is not None:
            self._assembly.add(msgspec.convert(carried, Fragment))

    def _judge(
        self, item: pytest.Item, info: CheckInfo, problem: BaseException | None, duration: float
    ) -> Check:
        failed = problem if isinstance(problem, ConditionFailed) else None
        blocked = problem if isinstance(problem, Blocked) else None
        secrets = self.client.secrets
        message = failed.message if failed is not None else str(problem or "")
        if problem is not None and not isinstance(problem, _SELF_EXPLAINING):
            message = f"{type(problem).__name__}: {message}"
        hint = "" if failed is None else " · ".join(t for t in (failed.clause, failed.hint) if t)
        cited = self._cited(item, info)
        return Check(
            id=info.id,
            title=info.title,
            section=info.section,
            level=self.level_of(info),
            requirements=info.requirements,
            outcome=outcome_of(problem, self.level_of(info), strict=self.settings.strict),
            blocked_by=None if blocked is None else blocked.blocked_by,
            expected=None if failed is None else presentable(failed.expected, secrets),
            observed=None if failed is None else presentable(failed.observed, secrets),
            message=presentable_text(message, secrets),
            duration_ms=round(duration, 3),
            exchanges=tuple(exchange.n for exchange in cited),
            description=info.description,
            hint=presentable_text(hint, secrets),
        )

    def _cited(self, item: pytest.Item, info: CheckInfo) -> list[Any]:
        """The exchanges of the check itself and of the fixtures that it uses."""
        prepared = {
            exchange.n: exchange
            for value in getattr(item, "funcargs", {}).values()
            for exchange in getattr(value, "exchanges", ())
        }
        own = {e.n: e for e in self.recorder.since(0) if e.check == info.id}
        return [exchange for _, exchange in sorted({**prepared, **own}.items())]

    @property
    def _unsaid(self) -> bool:
        return self.recorder.count > self._handed_over

    def _fragment(self, check: Check | None = None, cleanup: Cleanup | None = None) -> Fragment:
        worker = self._worker or ""
        exchanges = self.recorder.since(self._handed_over)
        self._handed_over = self.recorder.count
        discarded = 0 if cleanup is None else self.recorder.discarded
        return Fragment(
            worker=worker,
            exchanges=exchanges,
            check=check,
            cleanup=cleanup,
            discarded=discarded,
            aborted=self._ended,
        )


_OPERATION = {
    "create": "POST /promotion",
    "patch": "PATCH /promotion/{id}",
    "delete": "DELETE /promotion/{id}",
    "hub": "POST /hub",
}


def _info(item: pytest.Item) -> CheckInfo | None:
    return declared(getattr(item, "obj", None))


def _tell_pytest(report: pytest.TestReport, check: Check, problem: BaseException | None) -> None:
    """Say the outcome in pytest's words: a failed SHOULD is an expected failure there.

    So is a failure that was declared as a known deviation.
    """
    report.user_properties += [("check", check.id), ("level", check.level)]
    report.user_properties += [("outcome", check.outcome)]
    report.user_properties += [("requirement", name) for name in check.requirements]
    if isinstance(problem, ConditionFailed | TransportError):
        report.longrepr = str(problem)
    if check.outcome == "warned":
        report.outcome = "skipped"
        report.wasxfail = f"{check.level.upper()} not fulfilled: {check.message}"
    elif check.outcome == "known-deviation":
        report.outcome = "skipped"
        report.wasxfail = f"known deviation: {check.message}"
