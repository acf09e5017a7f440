"""`tmf671 compare`: runs beside each other, in the terminal and as a page."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import click

from conformance.cli.errors import Failure, one_line_errors
from conformance.cli.results_path import results_path
from conformance.settings import UsageError

EXAMPLES = """\b
Examples:
  tmf671 compare reports/8.2 reports/8.3
      what got fixed, what broke
  tmf671 compare ours vendor-a vendor-b --out implementations.html
      several implementations side by side
  tmf671 compare ours theirs --side-by-side --label Ours --label Theirs
  tmf671 compare last/results.json now/results.json --json

\b
A check is broken when its outcome fell in the order: passed, not-applicable,
skipped; then warned, known-deviation; then failed, error, blocked. A verdict
that became worse is a regression as well. A check that was judged and is now
skipped, not applicable or gone is listed, and a regression with --strict.

\b
Exit codes: 0 no regression, or runs side by side; 1 a regression;
2 usage error, or a file that holds no results.
"""


@click.command(epilog=EXAMPLES)
@click.argument("results", nargs=-1, type=click.Path(path_type=Path), metavar="RESULTS RESULTS...")
@click.option(
    "--label",
    multiple=True,
    metavar="TEXT",
    help="Names a run, in their order. Repeatable.",
)
@click.option(
    "--side-by-side", is_flag=True, help="Two implementations, not two releases of one product."
)
@click.option("--strict", is_flag=True, help="A check that is no longer judged is a regression.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("tmf671-compare.html"),
    show_default=True,
    help="The HTML page.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON on stdout.")
@click.option("--quiet", "-q", is_flag=True, help="Only the outcome.")
@click.option("--no-color", is_flag=True, help="No colour.")
def compare(
    results: tuple[Path, ...],
    label: tuple[str, ...],
    side_by_side: bool,
    strict: bool,
    out: Path,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> None:
    """Compare runs: results.json files, or report folders, the earlier first.

    Two are taken for two runs of one product, more for implementations side by side.
    """
    from conformance.comparison_terminal import show  # noqa: PLC0415
    from reports.comparison import compare as compared  # noqa: PLC0415
    from reports.comparison import encode  # noqa: PLC0415
    from reports.comparison_page import render  # noqa: PLC0415
    from reports.storage import PRIVATE, read, write_atomically  # noqa: PLC0415

    with one_line_errors():
        paths = [results_path(path) for path in results]
        _check(paths, label, out)
        comparison = compared(
            [read(path) for path in paths], label, side_by_side=side_by_side, strict=strict
        )
        page = render(comparison, [_report_beside(path, out) for path in paths])
    try:
        write_atomically(out, page.encode(), PRIVATE)
    except OSError as problem:
        raise Failure(f"cannot write {out}: {problem.strerror}; choose --out") from None
    if as_json:
        sys.stdout.buffer.write(encode(comparison))
    else:
        show(comparison, out, quiet=quiet, color=not no_color)
    sys.exit(1 if comparison.regressions else 0)


def _check(paths: Sequence[Path], labels: Sequence[str], out: Path) -> None:
    if len(paths) < 2:
        raise UsageError("compare needs two runs at least: results.json files or report folders")
    if len(labels) > len(paths):
        raise UsageError(f"{len(labels)} labels for {len(paths)} runs")
    if out.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"the page is HTML: let --out end in .html, not {out.name}")


def _report_beside(results: Path, page: Path) -> str | None:
    """Return the address, seen from `page`, of the HTML report that lies beside `results`."""
    from reports.formats import FORMATS  # noqa: PLC0415

    found = sorted(results.parent.glob(FORMATS["html"].file_pattern))
    if not found:
        return None
    try:
        way = os.path.relpath(found[0].resolve(), page.resolve().parent)
    except ValueError:  # another drive
        return None
    return quote(Path(way).as_posix())
