"""`tmf671 report RESULTS`: make documents from a run again, in any format."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import click

from conformance.cli.document_options import format_option, lang_option
from conformance.cli.errors import one_line_errors
from conformance.cli.results_path import results_path
from conformance.settings import UsageError
from reports.language import Language

EXAMPLES = """\b
Examples:
  tmf671 report tmf671-report --company ACME
  tmf671 report results.json --out again --format html,junit,har,markdown,csv
  tmf671 report results.json --format markdown --stdout >> "$GITHUB_STEP_SUMMARY"
  tmf671 report results.json --lang zh

\b
html      the report to read and to hand in
junit     junit.xml for GitLab, Jenkins, GitHub
markdown  summary.md for a pull request
csv       checks.csv for a spreadsheet
har       exchanges.har, every request and answer, for a browser's developer tools
json      results.json, which is always there
"""


@click.command(epilog=EXAMPLES)
@click.argument("results", type=click.Path(path_type=Path))
@format_option()
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True),
    default=Path("tmf671-report"),
    show_default=True,
    help="Folder for the documents; those of another run in it go. `-` is --stdout.",
)
@click.option("--stdout", is_flag=True, help="Print the one document of --format, write nothing.")
@click.option("--company", help="Stands in the report and in its name.")
@lang_option()
def report(
    results: Path,
    formats: tuple[str, ...],
    out: Path,
    stdout: bool,
    company: str | None,
    lang: Language,
) -> None:
    """Make documents from RESULTS, a results.json or the report folder that holds one."""
    from reports.folder import write_report_folder  # noqa: PLC0415
    from reports.formats import FORMATS, Edition  # noqa: PLC0415
    from reports.storage import read  # noqa: PLC0415

    with one_line_errors():
        path = results_path(results)
        found = read(path)
        company = company or found.options.get("company")
        if stdout or out == Path("-"):
            if len(formats) != 1:
                raise UsageError("--stdout prints one document: choose it with --format")
            edition = Edition(company, lang, hashlib.sha256(path.read_bytes()).hexdigest())
            sys.stdout.buffer.write(FORMATS[formats[0]].render(found, edition).encode())
            return
        click.echo(f"report: {write_report_folder(found, out, company, formats, lang)}")
