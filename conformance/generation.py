"""Requests that schemathesis generates from the API description, sent by our own client."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

import attrs

from conformance.client import Answer
from conformance.evidence import presentable
from conformance.outcomes import ConditionFailed
from conformance.recorder import Recorder
from conformance.target import Target

Mode = Literal["positive", "negative"]
SHRINKING_SECONDS = 5


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

    keep_no_files()

    path, method = operation
    schema = schemathesis.openapi.from_dict(target.api.patched())
    strategy = schema[path][method].as_strategy(
        generation_mode=schemathesis.GenerationMode[mode.upper()]
    )

    attempts = Attempts(target.client.recorder)

    @hypothesis.seed(target.settings.seed)
    @hypothesis.settings(
        max_examples=target.settings.examples,
        deadline=None,
        database=None,
        print_blob=False,
        verbosity=hypothesis.Verbosity.quiet,
        report_multiple_bugs=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=strategy)
    def one(case: Any) -> None:
        attempts.begin()
        finding = None
        try:
            judge(send(case))
        except ConditionFailed as problem:
            finding = _light(problem, target.client.secrets)
        if finding is not None:
            raise finding

    with bounded_shrinking(), attempts.only_the_last_when_it_fails():
        one()


def _light(finding: ConditionFailed, secrets: Iterable[str]) -> ConditionFailed:
    """Return a finding without the whole bodies in it: hypothesis keeps many while it shrinks."""
    return attrs.evolve(
        finding,
        expected=presentable(finding.expected, secrets),
        observed=presentable(finding.observed, secrets),
    )


class Attempts:
    """The attempts of a generated test: of a failing one only the last, the smallest, is kept."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._first = self._last = recorder.count

    def begin(self) -> None:
        """Note that an attempt begins."""
        self._last = self._recorder.count

    @contextmanager
    def only_the_last_when_it_fails(self) -> Iterator[None]:
        """Discard the exchanges of all attempts before the last one on a failure.

        A failure that does not come again with the same requests is a failure all the same: its
        first finding is raised in the place of hypothesis's FlakyFailure.
        """
        from hypothesis.errors import FlakyFailure  # noqa: PLC0415

        try:
            yield
        except FlakyFailure as flaky:
            findings = [one for one in flaky.exceptions if isinstance(one, ConditionFailed)]
            raise findings[0] if findings else flaky from None
        except Exception:
            self._recorder.discard(self._first, self._last)
            raise


def keep_no_files() -> None:
    """Let hypothesis put its caches elsewhere than into the folder the user stands in."""
    from hypothesis.configuration import set_hypothesis_home_dir  # noqa: PLC0415

    set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "tmf671-hypothesis")


@contextmanager
def bounded_shrinking() -> Iterator[None]:
    """Let hypothesis look for a smaller failure for five seconds, not for its five minutes.

    The bound is a constant inside hypothesis that no setting reaches; a target far away would
    otherwise be asked thousands of times.
    """
    from hypothesis.internal.conjecture import engine  # noqa: PLC0415

    with patch.object(engine, "MAX_SHRINKING_SECONDS", SHRINKING_SECONDS):
        yield
