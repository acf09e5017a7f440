"""What keeps the target from harm: marks, the ledger, a look before, a question first."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.cli.options import together

safety_options = together(
    [
        click.option(
            "--dry-run",
            is_flag=True,
            help="Print every request that would be sent, in order; send none to the target.",
        ),
        click.option(
            "--yes",
            "-y",
            is_flag=True,
            help="Do not ask before a target that is not on this machine is written to.",
        ),
        click.option(
            "--name-prefix",
            metavar="TEXT",
            default="tmf671-check",
            show_default=True,
            help="Begins the name of everything created; the id of the run follows.",
        ),
        click.option(
            "--ledger",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Where it stands what was created, for `tmf671 cleanup` (default: beside --out).",
        ),
    ]
)
