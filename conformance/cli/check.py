"""`tmf671 check`: judge an implementation."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from conformance.cli.errors import Failure, one_line_errors
from conformance.cli.options import ENVIRONMENT
from conformance.cli.options.connection import (
    connection_options,
    limit_options,
)
from conformance.cli.options.events import event_options
from conformance.cli.options.report import report_options
from conformance.cli.options.run import run_options
from conformance.cli.options.safety import safety_options
from conformance.cli.options.target import mock_options, target_options
from conformance.settings import Settings, UsageError
from reports.language import Language
from reports.results import Results

EXAMPLES = """\b
Examples:
  tmf671 check
  tmf671 check http://127.0.0.1:8671/tmf-api/promotionManagement/v4
  tmf671 check URL --header 'Authorization: Bearer …' --payload promotion.json
  tmf671 check URL --select 'TMF671-CREATE-*' --select filtering
  tmf671 check URL --dry-run
  tmf671 check URL --read-only
  tmf671 check --ctk-config config.json

\b
Exit codes: 0 conformant, 1 not conformant, 2 usage or configuration error
(nothing was sent), 3 inconclusive (unreachable, interrupted, aborted).
Every option can stand in the file of --config, and in an environment variable
TMF671_…, e.g. TMF671_API_VERSION; a flag goes before a variable before the file.
A variable for a repeatable option holds a line for each, e.g. TMF671_HEADER.
"""

INSECURE = (
    "Warning: --insecure: the target's certificate is not verified, so whoever is on the way can "
    "read the credentials and forge answers"
)


@click.command(epilog=EXAMPLES, context_settings=ENVIRONMENT)
@target_options
@connection_options
@limit_options
@run_options
@safety_options
@event_options
@mock_options
@report_options
def check(
    url: str | None,
    ctk_config: Path | None,
    out: Path,
    formats: tuple[str, ...],
    lang: Language,
    sign: Path | None,
    defect: tuple[str, ...],
    variant: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
    debug: bool,
    dry_run: bool,
    yes: bool,
    ledger: Path | None,
    **options: Any,
) -> None:
    """Judge the implementation of TMF671 at URL, the API root.

    Without URL the embedded mock is started on a free port and judged.
    """
    from conformance.cli.asked import settings_of  # noqa: PLC0415
    from conformance.cli.confirmation import confirm  # noqa: PLC0415
    from conformance.judging import SuiteError, judge  # noqa: PLC0415
    from conformance.ledger_file import is_kept, noted, way_to_finish  # noqa: PLC0415
    from conformance.terminal import Terminal  # noqa: PLC0415
    from conformance.tracebacks import Tracebacks  # noqa: PLC0415
    from conformance.verdict import EXIT_CODES, exit_code  # noqa: PLC0415
    from reports.folder import (  # noqa: PLC0415
        ReportError,
        check_writable,
        write_report_folder,
    )
    from reports.signing import (  # noqa: PLC0415
        PASSPHRASE_VARIABLE,
        load_private_key,
        sign_file,
    )
    from reports.storage import FILE_NAME, encode  # noqa: PLC0415

    with one_line_errors():
        settings, target_url = settings_of(url, ctk_config, options)
        if target_url and (defect or variant):
            raise UsageError("--defect and --variant are for the embedded mock: leave out the URL")
        if dry_run:
            _show_plan(settings, as_json=as_json)
            return
        check_writable(out)
        _warn(settings)
        key = None if sign is None else load_private_key(sign, os.environ.get(PASSPHRASE_VARIABLE))
        with _target(target_url, settings, defect, variant) as found:
            running = noted(found, ledger, out)
            confirm(running, yes=yes)
            terminal = Terminal(quiet=quiet or as_json, color=not no_color)
            with terminal:
                try:
                    results = judge(running, [terminal, Tracebacks(running, shown=debug)])
                except SuiteError as problem:
                    kept = f"; {way_to_finish(running)}" if is_kept(running) else ""
                    raise Failure(f"{problem}; please report this{kept}", exit_code=3) from None
        if is_kept(running):
            click.echo(f"something was left: {way_to_finish(running)}", err=True)
        if as_json:
            sys.stdout.buffer.write(encode(results))
        ended = results.summary["total"] - results.summary["skipped"]
        if not ended and not results.cleanup.left:
            raise Failure(results.verdict_reason, EXIT_CODES[results.verdict])
        try:
            written = write_report_folder(results, out, settings.company, formats, lang)
            if key is not None:
                sign_file(out / FILE_NAME, key)
        except ReportError as problem:
            raise Failure(f"{problem}; {_rescued(results)}", EXIT_CODES["inconclusive"]) from None
        if not as_json:
            terminal.summary(results, [written])
    sys.exit(exit_code(results))


def _show_plan(settings: Settings, *, as_json: bool) -> None:
    from conformance.cli.dry_run import rehearse, show  # noqa: PLC0415
    from conformance.judging import SuiteError  # noqa: PLC0415

    try:
        show(rehearse(settings), as_json=as_json)
    except SuiteError as problem:
        raise Failure(f"{problem}; please report this", exit_code=3) from None


def _warn(settings: Settings) -> None:
    if settings.connection.insecure:
        click.echo(INSECURE, err=True)


def _rescued(results: Results) -> str:
    """Keep the results of a run whose folder cannot be written; tell where."""
    from reports.storage import write  # noqa: PLC0415

    path = Path(tempfile.mkdtemp(prefix="tmf671-")) / "results.json"
    try:
        write(results, path)
    except OSError as problem:
        return f"nor can {path} ({problem.strerror}): the results are lost"
    return f"the results are in {path}: `tmf671 report {path} --out FOLDER` makes the report"


@contextmanager
def _target(
    url: str | None, settings: Settings, defects: tuple[str, ...], variants: tuple[str, ...]
) -> Iterator[Settings]:
    """Give the settings with the URL of the target, or of the mock that is started for it."""
    import msgspec  # noqa: PLC0415

    if url is not None:
        yield settings
        return
    from mockserver.cli import Registered  # noqa: PLC0415
    from mockserver.defects import DEFECTS  # noqa: PLC0415
    from mockserver.embedded import running_mock  # noqa: PLC0415
    from mockserver.settings import Settings as MockSettings  # noqa: PLC0415
    from mockserver.variants import VARIANTS  # noqa: PLC0415

    defect, variant = Registered("defect", DEFECTS), Registered("variant", VARIANTS)
    mock = MockSettings(
        api_version=settings.api_version,
        seed=settings.seed,
        defects=tuple(defect.convert(name, None, None) for name in defects),
        variants=tuple(variant.convert(name, None, None) for name in variants),
    )
    with running_mock(mock) as root:
        yield msgspec.structs.replace(settings, url=root)
