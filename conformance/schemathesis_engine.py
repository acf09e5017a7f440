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
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from conformance.curl import curl_line
from conformance.generation import keep_no_files
from conformance.masking import masked_header, masked_text
from conformance.outcomes import ConditionFailed, TransportError
from conformance.settings import Settings
from conformance.target import Target, promotion_path
from reports.results import Exchange, Header, Request, Response

_STEPS = 6


def run_engine(target: Target) -> None:
    """Run both phases. Raises ConditionFailed with the first fault; its exchanges are recorded.

    Raises TransportError when the engine itself could not go on.
    """
    import schemathesis  # noqa: PLC0415  (a second that only this check pays)
    from schemathesis.config import SchemathesisConfig  # noqa: PLC0415
    from schemathesis.engine import events, from_schema  # noqa: PLC0415

    keep_no_files()
    document = target.api.patched()
    document["paths"] = {
        path: item for path, item in document["paths"].items() if path.startswith("/promotion")
    }
    config = SchemathesisConfig.from_dict(_configuration(target.settings))
    schema = schemathesis.openapi.from_dict(document, config=config)
    finding: ConditionFailed | None = None
    with _guarded(target):
        for event in from_schema(schema).execute():
            if isinstance(event, events.FatalError):
                raise TransportError(f"schemathesis could not go on: {event.exception}")
            if isinstance(event, events.ScenarioFinished):
                target.client.recorder.discarded += len(event.recorder.interactions)
                finding = finding or _fault_of(event.recorder, target)
    if finding is not None:
        raise finding


def _configuration(settings: Settings) -> dict[str, Any]:
    off = {"enabled": False}
    return {
        "base-url": settings.url,
        "seed": settings.seed,
        "workers": 1,
        "headers": dict(settings.headers),
        "request-timeout": settings.timeout,
        "generation": {"max-examples": max(1, settings.examples // 5), "database": "none"},
        "phases": {
            "examples": off,
            "fuzzing": off,
            "coverage": {"enabled": True},
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
    """Keep the ledger, and keep writes away from what the run did not create.

    schemathesis takes hooks of a call for the whole process only, so they are removed at the end.
    """
    import schemathesis  # noqa: PLC0415

    def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
        identity = str((case.path_parameters or {}).get("id", ""))
        if case.method.upper() in {"PATCH", "DELETE"} and not target.ledger.owns(
            promotion_path(identity)
        ):
            case.path_parameters["id"] = str(uuid.uuid4())

    def after_call(_context: Any, case: Any, response: Any) -> None:
        method, succeeded = case.method.upper(), 200 <= response.status_code < 300
        if method == "POST" and succeeded:
            try:
                identity = response.json().get("id")
            except (ValueError, AttributeError):
                identity = None
            if identity:
                target.ledger.add(promotion_path(str(identity)))
            else:
                target.ledger.add_unnamed("POST /promotion by schemathesis")
        if method == "DELETE" and succeeded:
            target.ledger.remove(promotion_path(str(case.path_parameters["id"])))

    schemathesis.hook(before_call)
    schemathesis.hook(after_call)
    try:
        yield
    finally:
        schemathesis.hooks.unregister(before_call)
        schemathesis.hooks.unregister(after_call)


def _fault_of(recorded: Any, target: Target) -> ConditionFailed | None:
    """Record the exchanges of the first failure in a scenario and return it as a finding."""
    for case_id, checks in recorded.checks.items():
        failed = [check for check in checks if check.status == "failure"]
        interaction = recorded.interactions.get(case_id)
        if not failed or interaction is None:
            continue
        exchange = _recorded(interaction, target)
        path = exchange.request.url.removeprefix(target.client.root)
        status = interaction.response.status_code if interaction.response else None
        return ConditionFailed(
            f"{interaction.request.method} {path} was answered {status}",
            expected="a success or a refusal, not 5xx",
            observed=status,
            hint="found by schemathesis; the run's seed repeats it",
        )
    return None


def _recorded(interaction: Any, target: Target) -> Exchange:
    secrets = target.client.secrets
    sent, received = interaction.request, interaction.response

    def headers(pairs: Any) -> tuple[Header, ...]:
        return tuple(
            Header(str(name), masked_header(str(name), ", ".join(map(str, values)), secrets))
            for name, values in pairs.items()
        )

    def text(data: bytes | None) -> str | None:
        return None if data is None else masked_text(data.decode("utf-8", "replace"), secrets)

    request = Request(
        method=sent.method,
        url=masked_text(quote(sent.uri, safe="%/:?&=#[]@!$'()*+,;"), secrets),
        headers=headers(sent.headers),
        body=text(sent.body),
        bytes=len(sent.body or b""),
    )
    response = None
    if received is not None:
        response = Response(
            status=received.status_code,
            reason=received.message,
            headers=headers(received.headers),
            body=text(received.content),
            bytes=len(received.content or b""),
        )
    at = datetime.fromtimestamp(interaction.timestamp, UTC).isoformat().replace("+00:00", "Z")
    curl = curl_line(request.method, request.url, request.headers, request.body)
    return target.client.recorder.record(
        lambda number, check: Exchange(
            n=number,
            at=at,
            check=check,
            request=request,
            response=response,
            duration_ms=0.0 if received is None else round(received.elapsed * 1000, 3),
            curl=curl,
        )
    )
