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
    group.addoption(
        "--tmf671-name-prefix",
        default="tmf671-check",
        metavar="TEXT",
        help="begins the name of everything created",
    )
    group.addoption(
        "--tmf671-ledger",
        metavar="FILE",
        help="where it stands what was created, for `tmf671 cleanup` (default: beside the reports)",
    )
    group.addoption("--tmf671-seed", type=int, default=0, metavar="N")
    group.addoption("--tmf671-fuzz", type=int, metavar="N", help="generated examples an operation")
    group.addoption(
        "--tmf671-deviations", metavar="FILE", help="TOML file with [[deviation]] tables"
    )
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
    if settings.run == "" and not options.collectonly:
        settings = _begun(settings, options.tmf671_out)
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

    from conformance.deviations import read_file  # noqa: PLC0415
    from conformance.options import parse_headers  # noqa: PLC0415
    from conformance.payload import read_payload  # noqa: PLC0415
    from conformance.settings import Settings, UsageError, checked_url  # noqa: PLC0415

    options = config.option
    told = getattr(config, "workerinput", {}).get("tmf671-settings") or options.tmf671_settings
    if told:
        return msgspec.json.decode(told, type=Settings)
    payload, deviations = options.tmf671_payload, options.tmf671_deviations
    try:
        return Settings(
            url=checked_url(options.tmf671_url),
            api_version=options.tmf671_api_version,
            level=options.tmf671_level,
            strict=options.tmf671_strict,
            read_only=options.tmf671_read_only,
            headers=parse_headers(options.tmf671_header),
            payload=None if payload is None else read_payload(Path(payload)),
            deviations=() if deviations is None else read_file(Path(deviations)),
            events=not options.tmf671_no_events,
            callback_url=options.tmf671_callback_url,
            seed=options.tmf671_seed,
            fuzz=options.tmf671_fuzz,
            name_prefix=options.tmf671_name_prefix,
            ledger=options.tmf671_ledger,
        )
    except UsageError as problem:
        raise pytest.UsageError(str(problem)) from None


def _begun(settings: Settings, out: str | None) -> Settings:
    from conformance.ledger_file import begin, noted  # noqa: PLC0415
    from conformance.settings import UsageError, validated  # noqa: PLC0415

    ledger = None if settings.ledger is None else Path(settings.ledger)
    try:
        return begin(noted(validated(settings), ledger, Path(out or "tmf671")))
    except UsageError as problem:
        raise pytest.UsageError(str(problem)) from None
