"""`tmf671 certificate RESULTS`: the certification document that a company hands in."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from conformance.cli.errors import Failure, one_line_errors
from conformance.cli.results_path import results_path
from conformance.version import VERSION

EXAMPLES = """\b
Examples:
  tmf671 certificate --init
  tmf671 certificate tmf671-report --config certification.toml
  tmf671 certificate tmf671-report -c certification.toml --format docx,pdf,html
  tmf671 certificate tmf671-report -c certification.toml --draft

\b
Exit codes: 0 written, 2 refused or usage error (nothing was written). A draft is
made of any run and of a form that is not filled in yet, and is marked on each page.
"""


def _formats(
    _ctx: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    from reports.certificate.making import DEFAULT_FORMATS, FORMATS  # noqa: PLC0415

    names = [name.strip().lower() for value in values for name in value.split(",")]
    for name in names:
        if name not in FORMATS:
            raise click.BadParameter(f"{name!r} is none of {', '.join(FORMATS)}")
    return tuple(dict.fromkeys(names)) or DEFAULT_FORMATS


@click.command(epilog=EXAMPLES)
@click.argument("results", required=False, type=click.Path(path_type=Path))
@click.option(
    "--config",
    "-c",
    type=click.Path(path_type=Path),
    help="TOML file with what a run cannot know; paths in it are relative to it.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAME[,NAME…]",
    callback=_formats,
    help="docx, pdf, html. Repeatable.  [default: docx,html]",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="The HTML report, when it is not beside RESULTS.",
)
@click.option("--draft", is_flag=True, help="Make a marked draft that lists what is missing.")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="Folder for the documents (default: that of RESULTS).",
)
@click.option(
    "--sign",
    type=click.Path(path_type=Path),
    metavar="KEYFILE",
    help="Sign results.json and certification.json with an Ed25519 private key (PEM).",
)
@click.option(
    "--init",
    is_flag=False,
    flag_value="certification.toml",
    type=click.Path(path_type=Path),
    metavar="[FILE]",
    help="Write a commented TOML file to be filled in (default: certification.toml).",
)
def certificate(
    results: Path | None,
    config: Path | None,
    formats: tuple[str, ...],
    report: Path | None,
    draft: bool,
    out: Path | None,
    sign: Path | None,
    init: Path | None,
) -> None:
    """Make the certification document from RESULTS, a results.json or its report folder.

    It is the company's own preparation, not a certificate of TM Forum.
    """
    from reports.certificate import making, submission  # noqa: PLC0415
    from reports.certificate.config import ConfigError, write_template  # noqa: PLC0415
    from reports.certificate.pdf import PdfError, check_available  # noqa: PLC0415
    from reports.signing import (  # noqa: PLC0415
        PASSPHRASE_VARIABLE,
        SigningError,
        load_private_key,
    )

    try:
        with one_line_errors():
            if init is not None:
                write_template(init)
                click.echo(f"to be filled in: {init}")
                return
            if results is None or config is None:
                raise Failure(
                    "RESULTS and --config are needed; `tmf671 certificate --init` writes the file"
                )
            if "pdf" in formats:
                check_available()
            passphrase = os.environ.get(PASSPHRASE_VARIABLE)
            key = None if sign is None else load_private_key(sign, passphrase)
            path = results_path(results)
            gathered = submission.gather(path, config, folder=out or path.parent, report=report)
            kinds = [kind for kind in making.FORMATS if kind in formats]
            for written in making.make(gathered, kinds, f"tmf671 {VERSION}", draft=draft, key=key):
                click.echo(f"written: {written}")
    except making.RefusedError as problem:
        for refusal in problem.refusals:
            click.echo(f"refused: {refusal}", err=True)
        sys.exit(2)
    except (ConfigError, PdfError, SigningError, making.WritingError) as problem:
        raise Failure(str(problem)) from None
