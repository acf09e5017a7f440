"""The suite as a function: `conformance.run(url, ...)` judges a target and returns the results."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conformance.catalogue import select
from conformance.settings import Settings, UsageError, checked_url
from reports.results import Results

_INI = Path(__file__).parent / "pytest.ini"


class SuiteError(Exception):
    """The suite itself broke: a bug to report, no statement about the target."""


def run(
    url: str,
    *,
    select_checks: Sequence[str] = (),
    subscribers: Sequence[object] = (),
    **options: Any,
) -> Results:
    """Judge the implementation at `url`, the API root, and return the results.

    `options` are the fields of `Settings`; `select_checks` are globs of check ids, sections or
    requirements; `subscribers` are objects with hooks of `conformance.hooks`.
    Raises UsageError, before anything is sent, for an unusable URL or option and for a selection
    that matches nothing; SuiteError when the suite broke.
    """
    names = None
    if select_checks:
        names = select(select_checks)
        if not names:
            raise UsageError(f"no check matches {' '.join(select_checks)}: see `tmf671 list`")
    try:
        settings = Settings(url=checked_url(url), checks=names, **options)
    except TypeError as problem:
        raise UsageError(str(problem)) from None
    return judge(settings, subscribers)


def judge(settings: Settings, subscribers: Sequence[object] = ()) -> Results:
    """Run pytest over the checks, apart from the surroundings it is started in."""
    keeper = _ResultsKeeper()
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
        arguments += ["-p", "xdist", f"--numprocesses={settings.parallel}", "--dist=loadgroup"]
    with _without_surroundings():
        status = pytest.main(arguments, plugins=[keeper, *subscribers])
    if keeper.results is None or keeper.problem is not None:
        raise SuiteError(keeper.problem or f"pytest ended with status {int(status)} and no results")
    return keeper.results


class _ResultsKeeper:
    """Keeps the results that the run ends with, or the fault that ended it."""

    results: Results | None = None
    problem: str | None = None

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Keep the fault's words; without a terminal pytest would print its traceback."""
        where = Path(excinfo.traceback[-1].path).name
        self.problem = f"the suite broke: {excinfo.exconly(tryshort=True)} ({where})"
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
