"""Requests that schemathesis generates from the API description, sent by our own client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from conformance.client import Answer
from conformance.conditions import that
from conformance.target import Target

Mode = Literal["positive", "negative"]


def try_generated(
    target: Target,
    operation: tuple[str, str],
    mode: Mode,
    send: Callable[[Any], Answer],
    judge: Callable[[Answer], None],
) -> None:
    """Send generated cases of an operation, e.g. ("/promotion", "POST"), and judge each answer.

    "positive" cases are valid by the description, "negative" ones are not. `send` gets a
    schemathesis case. The first failure is shrunk; its smallest case is the one reported. The
    run's seed repeats the cases.
    """
    import hypothesis  # noqa: PLC0415  (half a second that only generated checks pay)
    import schemathesis  # noqa: PLC0415

    path, method = operation
    schema = schemathesis.openapi.from_dict(target.api.patched())
    strategy = schema[path][method].as_strategy(
        generation_mode=schemathesis.GenerationMode[mode.upper()]
    )

    @hypothesis.seed(target.settings.seed)
    @hypothesis.settings(
        max_examples=target.settings.examples,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=strategy)
    def one(case: Any) -> None:
        judge(send(case))

    one()


def no_fault(answer: Answer) -> None:
    """The answer is no 5xx: whatever was asked, the server has not broken."""
    that(
        answer.status < 500,
        f"{answer.asked} was answered {answer.status}",
        expected="2xx or 4xx",
        observed=answer.status,
        hint="the smallest request that does it is the last exchange",
    )
