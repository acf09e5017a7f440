"""`--debug`: the tracebacks of the suite's own errors, without the secrets in them."""

from __future__ import annotations

from typing import Any

import click
import pytest

from conformance.evidence import presentable_text
from conformance.settings import Settings


class Tracebacks:
    """Subscribes to a run and prints on stderr, when `shown`, what pytest tells of an error."""

    def __init__(self, settings: Settings, *, shown: bool) -> None:
        self._secrets = settings.secrets()
        self._shown = shown

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print the traceback of a check that ended in an error, and of any failed teardown."""
        outcome = dict(report.user_properties).get("outcome")
        if report.longrepr and (outcome == "error" or (report.when, report.failed) == _TEARDOWN):
            self._print(f"{report.nodeid}\n{report.longrepr}")

    def pytest_internalerror(self, excrepr: Any) -> None:
        """Print the traceback of what broke the suite."""
        self._print(str(excrepr))

    def _print(self, text: str) -> None:
        if self._shown:
            click.echo(presentable_text(text, self._secrets), err=True)


_TEARDOWN = ("teardown", True)
