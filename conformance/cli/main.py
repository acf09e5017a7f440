"""The command `tmf671` and its subcommands, each imported when it is asked for."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Mapping
from types import FrameType, MappingProxyType

import click

from conformance.version import VERSION

_COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "init": ("conformance.cli.init", "init"),
        "check": ("conformance.cli.check", "check"),
        "cleanup": ("conformance.cli.cleanup", "cleanup"),
        "mock": ("mockserver.cli", "mock"),
        "list": ("conformance.cli.listing", "list_checks"),
        "explain": ("conformance.cli.explain", "explain"),
        "prove": ("conformance.cli.prove", "prove"),
        "report": ("conformance.cli.report", "report"),
        "compare": ("conformance.cli.compare", "compare"),
        "certificate": ("conformance.cli.certificate", "certificate"),
        "verify": ("conformance.cli.verify", "verify"),
        "load": ("conformance.cli.load", "load"),
        "completion": ("conformance.cli.completion", "completion"),
    }
)


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


EXAMPLES = """\b
Examples:
  tmf671 check
      judge the embedded mock: see what a run and its report look like
  tmf671 check https://crm.example.com/tmf-api/promotionManagement/v4 \\
      --header 'Authorization: Bearer …' --payload promotion.json
      judge a CRM; the report is written to tmf671-report/
  tmf671 mock --seed 7
      start a server to develop clients against
  tmf671 explain TMF671-CREATE-LOCATION
      what a check asks for, where the rule stands, what passes

\b
Exit codes of check: 0 conformant, 1 not conformant, 2 usage or configuration
error (nothing was sent), 3 inconclusive (unreachable, interrupted).
"""


@click.command(
    cls=_LazyGroup, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(VERSION, prog_name="tmf671")
def tmf671() -> None:
    """Conformance kit for TM Forum TMF671 Promotion Management, v4.0.0 and v4.1.0.

    Judges any implementation at any URL, with evidence for every verdict, and has a mock server
    that conforms.
    """


def main() -> None:
    """Run the command line: errors are one line; SIGTERM ends a run as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        result = tmf671.main(prog_name="tmf671", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as problem:
        click.echo(problem.format_message())
        sys.exit(problem.exit_code)
    except click.ClickException as problem:
        click.echo(f"Error: {problem.format_message()}{_help_of(problem)}", err=True)
        sys.exit(problem.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(3)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    sys.exit(result if isinstance(result, int) else 0)


def _help_of(problem: click.ClickException) -> str:
    """Point to the help where the command line itself was not understood."""
    if isinstance(problem, click.UsageError) and problem.ctx is not None:
        return f" (see {problem.ctx.command_path} --help)"
    return ""


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
