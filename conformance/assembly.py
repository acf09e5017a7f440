"""From the fragments that sessions hand over to one Results record, in a fixed order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

import specs
from conformance.adaptation import told
from conformance.catalogue import CheckInfo, catalogue
from conformance.deviations import excused, states, today
from conformance.discovery import UNKNOWN, Capabilities
from conformance.masking import without_password
from conformance.notes import notes_of
from conformance.profiles import level_under
from conformance.samples import NOTHING_TO_READ
from conformance.settings import Settings
from conformance.verdict import counts, scope_of, verdict_of, worst
from conformance.version import VERSION
from reports.results import (
    Check,
    Cleanup,
    Exchange,
    Leftover,
    Requirement,
    Results,
    Target,
    Tool,
)


class Fragment(msgspec.Struct, frozen=True, kw_only=True):
    """What a session has to tell since its last fragment.

    `worker` is xdist's name of the session, empty without workers; exchanges are numbered within
    their session. `discarded` is how many exchanges were not kept in the session so far, told
    with the cleaning; `aborted` why the session ends early.
    """

    worker: str
    exchanges: tuple[Exchange, ...] = ()
    check: Check | None = None
    cleanup: Cleanup | None = None
    discarded: int = 0
    aborted: str | None = None


class Assembly:
    """Collects fragments and makes the results of them; tells subscribers as they come."""

    def __init__(self, settings: Settings, hook: Any) -> None:
        self.settings = settings
        self.capabilities: Capabilities = UNKNOWN
        self.aborted: str | None = None
        self._hook = hook
        self._started = _now()
        self._day = today()
        self._checks: dict[str, tuple[str, Check]] = {}
        self._exchanges: list[tuple[str, Exchange]] = []
        self.cleanups: list[Cleanup] = []
        self._discarded = 0

    def start(self) -> None:
        """Note the time; deviations are judged by the day on which the run begins."""
        self._started = _now()
        self._day = today()

    def add(self, fragment: Fragment) -> None:
        """Take over a fragment."""
        for exchange in fragment.exchanges:
            self._exchanges.append((fragment.worker, exchange))
            self._hook.pytest_tmf671_exchange_recorded(exchange=exchange)
        self._discarded += fragment.discarded
        self.aborted = self.aborted or fragment.aborted
        if fragment.cleanup is not None:
            self.cleanups.append(fragment.cleanup)
        if fragment.check is not None:
            check = excused(fragment.check, self.settings.deviations, self._day)
            self._checks[check.id] = (fragment.worker, check)
            self._hook.pytest_tmf671_check_ended(check=check)

    def finish(self) -> Results:
        """Return the results: checks in the catalogue's order, exchanges in that of checks."""
        order = {check_id: number for number, check_id in enumerate(catalogue())}
        self._exchanges.sort(
            key=lambda pair: (order.get(pair[1].check or "", -1), pair[0], pair[1].n)
        )
        numbers = {
            (worker, exchange.n): number
            for number, (worker, exchange) in enumerate(self._exchanges, start=1)
        }
        exchanges = tuple(
            msgspec.structs.replace(exchange, n=number)
            for number, (_, exchange) in enumerate(self._exchanges, start=1)
        )
        checks = tuple(self._check(info, numbers) for info in catalogue().values())
        cleanup = self._cleanup()
        deviations = states(checks, self.settings.deviations)
        verdict, reason = verdict_of(checks, self.aborted, deviations)
        if verdict == "conformant" and any(check.message == NOTHING_TO_READ for check in checks):
            verdict, reason = "inconclusive", f"{NOTHING_TO_READ}, so none was judged"
        return Results(
            tool=Tool("tmf671", VERSION),
            started=self._started,
            ended=_now(),
            seed=self.settings.seed,
            target=Target(
                url=without_password(self.settings.url),
                api_version=self.settings.api_version,
                capabilities=self.capabilities.known(),
            ),
            options=self._options(cleanup),
            verdict=verdict,
            verdict_reason=reason,
            scope=scope_of(checks, read_only=self.settings.read_only, aborted=self.aborted),
            summary={
                **counts(checks),
                "requests": self._discarded
                + sum(exchange.direction == "sent" for exchange in exchanges),
                "bytes": sum(_size(exchange) for exchange in exchanges),
            },
            checks=checks,
            exchanges=exchanges,
            requirements=_requirements(checks, self.settings),
            cleanup=cleanup,
            deviations=deviations,
            notes=notes_of(self.settings, checks, exchanges, deviations),
        )

    def _check(self, info: CheckInfo, numbers: dict[tuple[str, int], int]) -> Check:
        worker, check = self._checks.get(info.id, ("", None))
        if check is None:
            return Check(
                id=info.id,
                title=info.title,
                section=info.section,
                level=level_under(self.settings.profile, info.level, info.requirements),
                requirements=info.requirements,
                outcome="skipped",
                blocked_by=None,
                expected=None,
                observed=None,
                message=self.aborted or "not selected",
                duration_ms=0.0,
                exchanges=(),
                description=info.description,
            )
        renumbered = sorted(
            numbers[worker, number] for number in check.exchanges if (worker, number) in numbers
        )
        return msgspec.structs.replace(check, exchanges=tuple(renumbered))

    def _options(self, cleanup: Cleanup) -> dict[str, Any]:
        """Return the options; the ledger is among them when it is kept, for what is left."""
        options = {**self.settings.recorded(), "adaptations": told(self.settings.attributes)}
        if not cleanup.left:
            options["ledger"] = None
        return options

    def _cleanup(self) -> Cleanup:
        left: tuple[Leftover, ...] = sum((cleanup.left for cleanup in self.cleanups), ())
        return Cleanup(
            created=sum(cleanup.created for cleanup in self.cleanups),
            deleted=sum(cleanup.deleted for cleanup in self.cleanups),
            left=left,
        )


def _requirements(checks: tuple[Check, ...], settings: Settings) -> tuple[Requirement, ...]:
    """Every rule of the catalogue with its checks, and what cannot be tested with the reason."""
    version = settings.api_version
    entries = []
    for requirement in specs.requirements().values():
        testing = [check for check in checks if requirement.id in check.requirements]
        reason = None
        if version not in requirement.versions:
            reason = f"the rule does not exist in v{version}"
        elif not testing:
            reason = "no check of this version of the suite tests it"
        entries.append(
            Requirement(
                id=requirement.id,
                text=requirement.text,
                level=level_under(settings.profile, requirement.level, (requirement.id,)),
                source=requirement.source,
                checks=tuple(check.id for check in testing),
                outcome=worst(check.outcome for check in testing),
                not_tested_because=reason,
            )
        )
    entries += [
        Requirement(
            id=rule.id,
            text=rule.text,
            level="may",
            source="not observable from outside",
            checks=(),
            outcome=None,
            not_tested_because=rule.reason,
        )
        for rule in specs.not_observable()
    ]
    return tuple(entries)


def _size(exchange: Exchange) -> int:
    return exchange.request.bytes + (exchange.response.bytes if exchange.response else 0)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
