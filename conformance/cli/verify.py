"""`tmf671 verify PATH`: whether results, report and documents belong together and are unaltered."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from conformance.cli.errors import Failure
from conformance.cli.results_path import results_path

EXAMPLES = """\b
Examples:
  tmf671 verify tmf671-report/results.json
  tmf671 verify tmf671-report/Example-TMF671-v4.1.0-Certification.docx
  tmf671 verify certification.json --public-key company.pub.pem

\b
Exit codes: 0 nothing is wrong, 1 something was altered or does not belong,
2 usage error. A line without ✓ or ✗ tells what could not be compared.
"""

_MARKS: Mapping[bool | None, str] = {True: "✓", False: "✗", None: "\u2013"}


@click.command(epilog=EXAMPLES)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--public-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The Ed25519 public key (PEM) by which the signatures have to be made.",
)
def verify(path: Path, public_key: Path | None) -> None:
    """Recompute the digests of PATH and of what belongs to it.

    PATH is a certification document, the HTML report, results.json, the folder that holds one, or
    certification.json.
    """
    from reports.signing import SigningError, load_public_key  # noqa: PLC0415
    from reports.storage import ResultsError  # noqa: PLC0415
    from reports.verification import VerificationError  # noqa: PLC0415
    from reports.verification import verify as findings_of  # noqa: PLC0415

    try:
        known = None if public_key is None else load_public_key(public_key)
        findings = findings_of(results_path(path), known)
    except (SigningError, VerificationError, ResultsError) as problem:
        raise Failure(str(problem)) from None
    for finding in findings:
        click.echo(f"{_MARKS[finding.holds]} {finding.text}")
    sys.exit(1 if any(finding.holds is False for finding in findings) else 0)
