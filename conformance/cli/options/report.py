"""What is written and printed."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.cli.document_options import format_option, lang_option
from conformance.cli.options import together

report_options = together(
    [
        click.option(
            "--out",
            type=click.Path(path_type=Path),
            default=Path("tmf671-report"),
            show_default=True,
            help="Folder for results.json and the reports; replaced as a whole.",
        ),
        format_option(),
        lang_option(),
        click.option("--company", help="Stands in the report and in its name."),
        click.option("--product", help="The product and its release, for the report."),
        click.option(
            "--sign",
            type=click.Path(path_type=Path),
            metavar="KEYFILE",
            help="Sign results.json with an Ed25519 key (PEM); needs the extra `sign`.",
        ),
        click.option(
            "--json",
            "as_json",
            is_flag=True,
            envvar="TMF671_JSON",
            help="Print results.json on stdout, nothing else.",
        ),
        click.option("--quiet", "-q", is_flag=True, help="Only the verdict."),
        click.option("--no-color", is_flag=True, help="No colour."),
        click.option(
            "--debug", is_flag=True, help="Print the tracebacks of errors on stderr, masked."
        ),
    ]
)
