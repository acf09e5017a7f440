"""`tmf671 report RESULTS`: render the documents again from a results.json."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.cli.errors import one_line_errors


@click.command(
    epilog="\b\nExamples:\n  tmf671 report tmf671-report/results.json --out again --company ACME"
)
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("tmf671-report"),
    show_default=True,
    help="Folder for the documents; replaced as a whole.",
)
@click.option("--company", help="Stands in the report and in its name.")
def report(results: Path, out: Path, company: str | None) -> None:
    """Render the HTML report and junit.xml again from RESULTS, a results.json."""
    from reports.folder import write_report_folder  # noqa: PLC0415
    from reports.storage import read  # noqa: PLC0415

    with one_line_errors():
        found = read(results)
        path = write_report_folder(found, out, company or found.options.get("company"))
        click.echo(f"report: {path}")
