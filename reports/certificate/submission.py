"""Everything that a certification document is made from, gathered from the disk."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from reports import storage
from reports.certificate import config as configuration
from reports.certificate import figure as figures
from reports.certificate.links import dead_because, is_remote
from reports.formats import report_name

if TYPE_CHECKING:
    from pathlib import Path

    from reports.certificate.config import Config
    from reports.certificate.figure import Figure
    from reports.results import Results

REPORT_PATTERN = "*-HTMLReport.html"
_MADE_FROM = re.compile(rb'<meta name="tmf671-results-sha256" content="([0-9a-f]{64})"\s*/?>')
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class ReportFile:
    """The HTML report; `made_from` is the SHA-256 of the results.json that it names, if any."""

    path: Path
    digest: str
    made_from: str | None


@dataclass(frozen=True)
class Submission:
    """A run and what its company says of it.

    `figure` and `report` are None when there is none that can be used; the `_problem` then says
    why, and is None when none was named. `date` is None when the one of the file cannot be used.
    `target_digest` is the SHA-256 of the file that a relative `report.url` leads to.
    """

    config: Config
    results: Results
    results_path: Path
    results_digest: str
    report: ReportFile | None
    report_problem: str | None
    target_digest: str | None
    figure: Figure | None
    figure_problem: str | None
    date: dt.date | None
    today: dt.date
    folder: Path

    @property
    def link(self) -> str:
        """The address of the report in the document: `report.url`, or the way to the file."""
        url = self.config.report.url
        if url is not None and not configuration.PLACEHOLDER.search(url):
            return url
        return "" if self.report is None else quote(relative_path(self.report.path, self.folder))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in lower-case hexadecimal; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def relative_path(path: Path, folder: Path) -> str:
    """Return the way from `folder` to the file at `path`, with `/` on every system."""
    return os.path.relpath(path.resolve(), folder.resolve()).replace(os.sep, "/")


def results_digest_in(report: bytes) -> str | None:
    """Return the SHA-256 of the results.json that an HTML report says it was made from."""
    match = _MADE_FROM.search(report)
    return match[1].decode() if match else None


def gather(
    results_path: Path,
    config_path: Path,
    *,
    folder: Path,
    report: Path | None = None,
    today: dt.date | None = None,
) -> Submission:
    """Read what a document in `folder` needs; `report` None is the one beside results.json.

    Raises ConfigError and ResultsError for a TOML or results file that cannot be read. What is
    wrong with report, figure and date is told in the Submission, so that all of it can be listed.
    """
    config = configuration.read(config_path)
    results = storage.read(results_path)
    found, report_problem = _report(results, results_path, report)
    figure, figure_problem = _figure(config, config_path)
    return Submission(
        config=config,
        results=results,
        results_path=results_path,
        results_digest=sha256_of(results_path),
        report=found,
        report_problem=report_problem,
        target_digest=_target_digest(config.report.url, folder),
        figure=figure,
        figure_problem=figure_problem,
        date=_date(config, results),
        today=today or dt.datetime.now(dt.UTC).date(),
        folder=folder,
    )


def _report(
    results: Results, results_path: Path, named: Path | None
) -> tuple[ReportFile | None, str | None]:
    path = named or _report_beside(results, results_path)
    if path is None:
        way_out = f"make one with `tmf671 report {results_path}`, or name it with --report"
        return None, f"there is not exactly one HTML report beside {results_path}: {way_out}"
    try:
        content = path.read_bytes()
    except OSError as problem:
        return None, f"the report {path} cannot be read ({problem.strerror}): mend --report"
    digest = hashlib.sha256(content).hexdigest()
    return ReportFile(path, digest, results_digest_in(content)), None


def _report_beside(results: Results, results_path: Path) -> Path | None:
    company = results.options.get("company")
    name = report_name(results.target.api_version, company if isinstance(company, str) else None)
    beside = results_path.parent
    if (beside / name).is_file():
        return beside / name
    others = sorted(beside.glob(REPORT_PATTERN))
    return others[0] if len(others) == 1 else None


def _figure(config: Config, config_path: Path) -> tuple[Figure | None, str | None]:
    named = config.architecture.figure
    if not named or configuration.PLACEHOLDER.search(named):
        return None, None
    try:
        return figures.read(config_path.parent / named), None
    except figures.FigureError as problem:
        return None, str(problem)


def _target_digest(url: str | None, folder: Path) -> str | None:
    if url is None or dead_because(url) is not None or is_remote(url):
        return None
    try:
        return sha256_of(folder / unquote(url))
    except (OSError, ValueError):
        return None


def _date(config: Config, results: Results) -> dt.date | None:
    if config.date is None:
        return dt.datetime.fromisoformat(results.ended).date()
    if isinstance(config.date, dt.date) and not isinstance(config.date, dt.datetime):
        day: dt.date = config.date
        return day
    if isinstance(config.date, str) and _ISO_DATE.fullmatch(config.date):
        try:
            return dt.date.fromisoformat(config.date)
        except ValueError:
            return None
    return None
