"""How commands end when they cannot do what they were asked: one line, the right exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from conformance.settings import UsageError
from specs import SpecError


class Failure(click.ClickException):
    """An error that is one line on stderr; `exit_code` 2 is a usage or configuration error."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(" ".join(message.split()))
        vars(self)["exit_code"] = exit_code


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn the errors that a user can cause into a Failure."""
    from reports.folder import ReportError  # noqa: PLC0415
    from reports.signing import SigningError  # noqa: PLC0415
    from reports.storage import ResultsError  # noqa: PLC0415

    try:
        yield
    except (UsageError, SpecError, ReportError, ResultsError, SigningError) as problem:
        raise Failure(str(problem)) from None
