"""`tmf671 cleanup`: finish what a run left, by its ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.errors import Failure, one_line_errors
from conformance.cli.options import ENVIRONMENT
from conformance.cli.options.connection import connection_of, connection_options
from conformance.cli.options.target import config_options
from conformance.settings import Settings, UsageError

if TYPE_CHECKING:
    from conformance.ledger_file import Begun, LedgerFile
    from conformance.remains import Remains
    from reports.results import Cleanup

EXAMPLES = """\b
Examples:
  tmf671 cleanup tmf671-report.ledger-1f2e3d4c.jsonl
  tmf671 cleanup LEDGER --dry-run
  tmf671 cleanup LEDGER --config tmf671.toml --target staging

\b
Only what the ledger tells is deleted. A create whose answer is not known is
looked for by its exact name, which has the mark of the run.
Exit codes: 0 nothing is left, and the ledger is removed; 1 something is left,
each is told; 2 the ledger cannot be used; 3 the target cannot be reached.
"""


@click.command(epilog=EXAMPLES, context_settings=ENVIRONMENT)
@click.argument("ledger", type=click.Path(path_type=Path))
@config_options
@click.option(
    "--url", metavar="URL", help="The API root with its password, which the ledger does not hold."
)
@connection_options
@click.option("--dry-run", is_flag=True, help="Print what would be done; send nothing.")
def cleanup(ledger: Path, url: str | None, dry_run: bool, **options: Any) -> None:
    """Delete what the run of LEDGER created and did not delete: after a crash or a power cut."""
    from conformance.ledger_file import LedgerFile, LedgerInUse  # noqa: PLC0415
    from conformance.remains import LedgerError, read_ledger  # noqa: PLC0415

    with one_line_errors():
        try:
            remains = read_ledger(ledger)
            settings = _settings(remains.begun, url, options)
            if dry_run:
                _show(remains)
                return
            file = LedgerFile(ledger, alone=True)
            remains = read_ledger(ledger)
        except LedgerError as problem:
            raise Failure(str(problem)) from None
        except LedgerInUse:
            raise Failure(f"a run, or another cleanup, still writes to {ledger}") from None
        except OSError as problem:
            raise Failure(f"cannot write to the ledger {ledger}: {problem.strerror}") from None
        done, answered = _cleaned(settings, remains, file)
        file.close()
    for leftover in done.left:
        click.echo(f"left: {leftover.url} ({leftover.reason})")
    if done.left and not answered:
        raise Failure(f"the target cannot be reached; {ledger} is kept", exit_code=3)
    if done.left:
        click.echo(f"{done.deleted} deleted, {len(done.left)} left; {ledger} is kept")
        sys.exit(1)
    file.remove()
    click.echo(f"{done.deleted} deleted, nothing is left; {ledger} is removed")


def _settings(begun: Begun, url: str | None, options: dict[str, Any]) -> Settings:
    """Return the settings for a target that is the ledger's own, and for no other."""
    from conformance.masking import without_password  # noqa: PLC0415
    from conformance.options import parse_headers  # noqa: PLC0415
    from conformance.secrets import resolved  # noqa: PLC0415
    from conformance.settings import checked_url, validated  # noqa: PLC0415

    root = begun.url if url is None else checked_url(url)
    if without_password(root) != begun.url:
        raise UsageError(f"the ledger is of {begun.url}, not of {without_password(root)}")
    headers = parse_headers(options.pop("header"))
    return validated(
        Settings(
            url=root,
            api_version=begun.api_version,
            headers={name: resolved(value) for name, value in headers.items()},
            timeout=options.pop("timeout"),
            connection=connection_of(options),
            name_prefix=begun.mark.removesuffix(f"-{begun.run}"),
            run=begun.run,
        )
    )


def _show(remains: Remains) -> None:
    """Print what would be done."""
    names = dict.fromkeys([*remains.unnamed.values(), *remains.lost.values()])
    for path in reversed(remains.live):
        click.echo(f"DELETE {remains.begun.url}{path}")
    for name in names:
        if name is None or not name.startswith(remains.begun.mark):
            click.echo("a create without the run's mark cannot be looked for")
        else:
            click.echo(f"look for promotions named {name!r}, and DELETE them")
    for callback in remains.subscriptions.values():
        click.echo(f"a subscription of {callback} cannot be looked for: its id is not known")


def _cleaned(settings: Settings, remains: Remains, file: LedgerFile) -> tuple[Cleanup, bool]:
    """Clean, and tell whether the target answered anything that it was asked."""
    from conformance.cleaning import clean  # noqa: PLC0415
    from conformance.client import Client  # noqa: PLC0415
    from conformance.ledger import Ledger  # noqa: PLC0415
    from conformance.recorder import Recorder  # noqa: PLC0415
    from conformance.target import Target  # noqa: PLC0415

    recorder = Recorder()
    client = Client(
        settings.url,
        recorder,
        headers=settings.headers,
        timeout=settings.timeout,
        connection=settings.connection,
    )
    done = clean(Target(settings, client, Ledger(file, remains)))
    client.close()
    sent = recorder.since(0)
    return done, not sent or any(exchange.response is not None for exchange in sent)
