"""The suite as a function: `conformance.run(url, ...)` judges a target and returns the results."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conformance.catalogue import selected
from conformance.deviations import check_usable
from conformance.evidence import presentable_text
from conformance.interrupts import Interrupts
from conformance.ledger_file import begin
from conformance.reception import ReceptionError, check_reception
from conformance.settings import Settings, UsageError, checked_url, validated
from reports.results import Results

_INI = Path(__file__).parent / "pytest.ini"


class SuiteError(Exception):
    """The suite itself broke: a bug to report, no statement about the target."""


def run(
    url: str,
    *,
    select: Sequence[str] = (),
    subscribers: Sequence[object] = (),
    **options: Any,
) -> Results:
    """Judge the implementation at `url`, the API root, and return the results.

    `options` are the fields of `Settings`; `select` are globs of check ids, sections or
    requirements; `subscribers` are objects with hooks of `conformance.hooks`.
    Raises UsageError, before anything is sent, for an unusable URL or option and for a selection
    that matches nothing; SuiteError when the suite broke.
    """
    names = selected(select) if select else None
    try:
        settings = msgspec.convert({**options, "url": checked_url(url), "checks": names}, Settings)
    except msgspec.ValidationError as problem:
        raise UsageError(f"an option cannot be used: {problem}") from None
    if strangers := options.keys() - set(Settings.__struct_fields__):
        raise UsageError(f"there is no option {min(strangers)!r}")
    check_usable(settings.deviations)
    return judge(validated(settings), subscribers)


def judge(settings: Settings, subscribers: Sequence[object] = ()) -> Results:
    """Run pytest over the checks, apart from the surroundings it is started in.

    Raises UsageError, before anything is sent, when the ledger cannot be written or the listener
    not be opened; SuiteError when the suite broke.
    """
    if settings.events and not settings.read_only:
        _check_reception(settings)
    settings = begin(settings)
    keeper = _ResultsKeeper(settings)
    arguments = [
        "--pyargs",
        "conformance.checks",
        "--disable-plugin-autoload",
        "-p",
        "conformance.plugin",
        "-p",
        "no:terminal",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:logging",
        "-p",
        "no:faulthandler",
        "--assert=plain",
        "--capture=no",
        f"--config-file={_INI}",
        f"--rootdir={_INI.parent}",
        f"--tmf671-settings={msgspec.json.encode(settings).decode()}",
    ]
    if settings.parallel > 1:
        arguments += ["-p", "xdist", f"--numprocesses={settings.parallel}", "--dist=loadscope"]
    interrupts = Interrupts()
    with _without_surroundings(), interrupts.handled():
        plugins = [keeper, _Named(interrupts), *subscribers]
        status = pytest.main(arguments, plugins=plugins)
    if keeper.results is None or keeper.problem is not None:
        raise SuiteError(keeper.problem or f"pytest ended with status {int(status)} and no results")
    return keeper.results


def _check_reception(settings: Settings) -> None:
    try:
        check_reception(settings.reception, settings.url, settings.callback_url)
    except ReceptionError as problem:
        raise UsageError(str(problem)) from None


class _Named:
    """Registers an object under the name by which the suite asks for it."""

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts

    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self._interrupts, "tmf671-interrupts")


class _ResultsKeeper:
    """Keeps the results that the run ends with, or the fault that ended it."""

    results: Results | None = None
    problem: str | None = None

    def __init__(self, settings: Settings) -> None:
        self._secrets = settings.secrets()

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Keep the fault's words; without a terminal pytest would print its traceback."""
        where = Path(excinfo.traceback[-1].path).name
        words = presentable_text(excinfo.exconly(tryshort=True), self._secrets)
        self.problem = f"the suite broke: {words} ({where})"
        return True

    def pytest_tmf671_run_ended(self, results: Results) -> None:
        self.results = results


@contextmanager
def _without_surroundings() -> Iterator[None]:
    """Hide pytest's environment variables: they are the user's for the user's own tests."""
    hidden = {name: os.environ.pop(name, None) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    try:
        yield
    finally:
        os.environ.update({name: value for name, value in hidden.items() if value is not None})
