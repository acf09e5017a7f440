"""The events of a run, as pytest hooks: reports, progress and summaries subscribe to them."""

from __future__ import annotations

import pytest

from conformance.discovery import Capabilities
from conformance.settings import Settings
from reports.results import Check, Exchange, Results


@pytest.hookspec
def pytest_tmf671_run_started(settings: Settings, capabilities: Capabilities, total: int) -> None:
    """The target answered and `total` checks are going to be judged."""


@pytest.hookspec
def pytest_tmf671_exchange_recorded(exchange: Exchange) -> None:
    """An exchange is part of the run's record."""


@pytest.hookspec
def pytest_tmf671_check_ended(check: Check) -> None:
    """A check has its outcome. Exchange numbers are final only in the results."""


@pytest.hookspec
def pytest_tmf671_run_ended(results: Results) -> None:
    """The run is over, complete or not, and the target has been cleaned."""
