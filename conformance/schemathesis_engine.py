"""schemathesis' own engine on the target: its coverage phase, and its stateful phase by the links.

Only what this run created is changed or deleted: a PATCH or DELETE that the engine aims at anything
else is sent to an id that nothing has. The hub is left out, since generated callbacks would make
the target call strangers. What is judged is that nothing meets a fault; bodies are judged by the
checks that know what they sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import requests

from conformance.generation import keep_no_files
from conformance.names import name_in
from conformance.outcomes import ConditionFailed, TransportError
from conformance.schemathesis_transport import ThroughClient, session_through
from conformance.settings import Settings
from conformance.target import Target, promotion_path

_STEPS = 6
_MANY_AT_ONCE = ("/promotion", "patch")
"""The operation that could change what the run did not create; it has checks of its own."""


@dataclass(frozen=True)
class _Fault:
    """A finding, and the number of its exchange where there is one."""

    exchange: int | None
    finding: ConditionFailed


def run_engine(target: Target) -> None:
    """Run both phases. Raises ConditionFailed with the first fault; its exchange is recorded.

    Raises TransportError when the engine itself could not go on, RunEnded or SwitchedOff when a
    limit of the run is reached.
    """
    import schemathesis  # noqa: PLC0415  (a second that only this check pays)
    from schemathesis.config import SchemathesisConfig  # noqa: PLC0415
    from schemathesis.engine import events, from_schema  # noqa: PLC0415

    keep_no_files()
    document = target.api.patched()
    document["paths"] = {
        path: {name: part for name, part in item.items() if (path, name) != _MANY_AT_ONCE}
        for path, item in document["paths"].items()
        if path.startswith("/promotion")
    }
    config = SchemathesisConfig.from_dict(_configuration(target.settings))
    schema = schemathesis.openapi.from_dict(document, config=config)
    finding: ConditionFailed | None = None
    adapter, evidence = ThroughClient(target), _Evidence(target)
    with _guarded(target), _sending_by(adapter):
        for event in from_schema(schema).execute():
            if isinstance(event, events.Interrupted):
                raise KeyboardInterrupt
            if isinstance(event, events.FatalError):
                raise TransportError(f"schemathesis could not go on: {event.exception}")
            if isinstance(event, events.ScenarioFinished):
                fault = None if finding else _fault_of(event.recorder, adapter, target)
                finding = finding or (None if fault is None else fault.finding)
                evidence.keep(None if fault is None else fault.exchange)
            if adapter.ended is not None:
                raise adapter.ended
    if finding is not None:
        raise finding


def _configuration(settings: Settings) -> dict[str, Any]:
    off = {"enabled": False}
    return {
        "base-url": settings.url,
        "seed": settings.seed,
        "workers": 1,
        "max-redirects": 0,
        "request-timeout": settings.timeout,
        "generation": {"max-examples": max(1, settings.examples // 5), "database": "none"},
        "phases": {
            "examples": off,
            "fuzzing": off,
            "coverage": {"enabled": True, "unexpected-methods": []},
            "stateful": {
                "enabled": True,
                "max-steps": _STEPS,
                "inference": {"algorithms": []},
                "link-calibration": False,
            },
        },
        "checks": {"enabled": False, "not_a_server_error": {"enabled": True}},
    }


@contextmanager
def _guarded(target: Target) -> Iterator[None]:
    """Aim writes at nothing where they are aimed at a stranger; mark what is created.

    schemathesis takes hooks of a call for the whole process only, so they are removed at the end.
    """
    import schemathesis  # noqa: PLC0415

    def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
        ledger, method = target.ledger, case.method.upper()
        identity = str((case.path_parameters or {}).get("id", ""))
        if method in {"PATCH", "DELETE"} and not ledger.owns(promotion_path(identity)):
            nobodys = str(uuid.uuid4())
            ledger.free(promotion_path(nobodys))
            case.path_parameters["id"] = nobodys
        if method == "POST" and name_in(case.body) is not None:
            case.body["name"] = f"{target.mark} generated"

    schemathesis.hook(before_call)
    try:
        yield
    finally:
        schemathesis.hooks.unregister(before_call)


@contextmanager
def _sending_by(adapter: ThroughClient) -> Iterator[None]:
    """Let the engine's sessions send by the adapter; no setting of schemathesis reaches them."""
    from schemathesis.engine import context  # noqa: PLC0415

    def made(*_args: object, **_options: object) -> requests.Session:
        return session_through(adapter)

    with patch.object(context, "make_session", made):
        yield


class _Evidence:
    """Keeps the exchange of the finding in the record, and of the rest no more than the number."""

    def __init__(self, target: Target) -> None:
        self._recorder = target.client.recorder
        self._last = self._recorder.count

    def keep(self, number: int | None) -> None:
        """Discard what was recorded since the last call but for one exchange."""
        first, self._last = self._last, self._recorder.count
        if number is None:
            self._recorder.discard(first, self._last)
        else:
            self._recorder.discard(first, number - 1)
            self._recorder.discard(number, self._last)


def _fault_of(recorded: Any, adapter: ThroughClient, target: Target) -> _Fault | None:
    """Return the first failure in a scenario."""
    for case_id, checks in recorded.checks.items():
        failed = [check for check in checks if check.status == "failure"]
        interaction = recorded.interactions.get(case_id)
        if not failed or interaction is None:
            continue
        path = interaction.request.uri.removeprefix(target.client.root)
        status = interaction.response.status_code if interaction.response else None
        return _Fault(
            adapter.exchanges.get(case_id),
            ConditionFailed(
                f"{interaction.request.method} {path} was answered {status}",
                expected="a success or a refusal, not 5xx",
                observed=status,
                hint="found by schemathesis; the run's seed repeats it",
            ),
        )
    return None
