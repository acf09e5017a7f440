"""The pytest plugin: `pytest --pyargs conformance.checks --tmf671-url URL`.

It stays inactive, and imports nothing heavy, until a target is given.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conformance.settings import Settings

CHECKS = Path(__file__).parent / "checks"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options for a run by pytest's own command line."""
    group = parser.getgroup("tmf671", "TMF671 conformance checks")
    group.addoption("--tmf671-url", metavar="URL", help="the API root of the target")
    group.addoption("--tmf671-api-version", default="4.1.0", choices=("4.0.0", "4.1.0"))
    group.addoption(
        "--tmf671-level",
        default="should",
        choices=("must", "should", "may"),
        help="the lowest level that runs (default: should)",
    )
    group.addoption("--tmf671-strict", action="store_true", help="a failed SHOULD fails the run")
    group.addoption("--tmf671-read-only", action="store_true", help="only GET")
    group.addoption(
        "--tmf671-header", action="append", default=[], metavar="'NAME: VALUE'", help="repeatable"
    )
    group.addoption("--tmf671-payload", metavar="FILE", help="the promotion to POST, as JSON")
    group.addoption("--tmf671-no-events", action="store_true", help="no event checks")
    group.addoption("--tmf671-callback-url", metavar="URL", help="how the target reaches us")
    group.addoption("--tmf671-seed", type=int, default=0, metavar="N")
    group.addoption("--tmf671-fuzz", type=int, metavar="N", help="generated examples an operation")
    group.addoption(
        "--tmf671-out", metavar="DIR", help="also write results.json and the reports there"
    )
    group.addoption("--tmf671-settings", help="all of the above as one JSON document")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the events of a run."""
    from conformance import hooks  # noqa: PLC0415  (inactive runs do not pay for it)

    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Register the suite when a target is given."""
    for level in ("must", "should", "may"):
        config.addinivalue_line("markers", f"{level}: checks of that level (TMF671)")
    options = config.option
    if not (options.tmf671_url or options.tmf671_settings):
        if any(argument.startswith("conformance.checks") for argument in config.args):
            raise pytest.UsageError("the checks need a target: give --tmf671-url URL")
        return
    from conformance import fixtures, wirelog  # noqa: PLC0415
    from conformance.suite import SuitePlugin  # noqa: PLC0415

    settings = _settings(config)
    config.pluginmanager.register(SuitePlugin(config, settings), "tmf671-suite")
    config.pluginmanager.register(fixtures, "tmf671-fixtures")
    config.pluginmanager.register(wirelog, "tmf671-wirelog")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the check modules, which are not named test_*.py."""
    if file_path.parent != CHECKS or file_path.suffix != ".py" or file_path.stem == "__init__":
        return None
    if not parent.config.pluginmanager.has_plugin("tmf671-suite"):
        return None
    if parent.session.isinitpath(file_path):
        return None
    module: pytest.Collector = pytest.Module.from_parent(parent, path=file_path)
    return module


def _settings(config: pytest.Config) -> Settings:
    import msgspec  # noqa: PLC0415

    from conformance.options import parse_headers  # noqa: PLC0415
    from conformance.payload import read_payload  # noqa: PLC0415
    from conformance.settings import Settings, UsageError, checked_url  # noqa: PLC0415

    options = config.option
    if options.tmf671_settings:
        return msgspec.json.decode(options.tmf671_settings, type=Settings)
    payload = options.tmf671_payload
    try:
        return Settings(
            url=checked_url(options.tmf671_url),
            api_version=options.tmf671_api_version,
            level=options.tmf671_level,
            strict=options.tmf671_strict,
            read_only=options.tmf671_read_only,
            headers=parse_headers(options.tmf671_header),
            payload=None if payload is None else read_payload(Path(payload)),
            events=not options.tmf671_no_events,
            callback_url=options.tmf671_callback_url,
            seed=options.tmf671_seed,
            fuzz=options.tmf671_fuzz,
        )
    except UsageError as problem:
        raise pytest.UsageError(str(problem)) from None
