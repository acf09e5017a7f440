"""What a certification document must not be made with; pure functions of a Submission.

The form errors are those which forms that were handed in have shown: another version in the text or
in the report's name than was tested, no release of the product, a figure that is not there, a link
that leads nowhere, a date that can be read in two ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from reports.certificate.config import PLACEHOLDER
from reports.certificate.links import dead_because, is_remote
from reports.certificate.versions import other_versions
from reports.consistency import contradictions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.certificate.submission import Submission

_VERSION_IN_NAME = re.compile(r"-v(\d+(?:\.\d+)*)-")
_API_NUMBER = re.compile(r"TMF[\s-]?(\d{3})", re.IGNORECASE)
_SAYS_NOTHING = frozenset({"tbd", "tba", "todo", "n/a", "na", "xxx", "?", "-", "none"})
_DAY = timedelta(days=1)  # the document's place can be a day before or behind UTC
_REQUIRED = {
    "company.name": "write the name of the company that hands the form in",
    "product.name": "write the product's name",
    "product.release": 'write the release that was tested, e.g. release = "8.2"',
    "product.text": "answer what product or solution the API supports",
    "architecture.figure": "name a PNG, JPEG or SVG file",
}


@dataclass(frozen=True)
class Refusal:
    """A cause and a way out, each a clause without a full stop."""

    cause: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.cause}: {self.way_out}"


def form_errors(submission: Submission) -> tuple[Refusal, ...]:
    """Return what is wrong with form, report or results; a draft is refused for it as well."""
    return (
        *_contradictions(submission),
        *_claims(submission),
        *_subject(submission),
        *_texts(submission),
        *_report_names(submission),
        *_report(submission),
        *_link(submission),
        *_figure(submission),
        *_date(submission),
    )


def gaps(submission: Submission) -> tuple[Refusal, ...]:
    """Return what has not been filled in yet; a draft marks it."""
    texts = dict(submission.config.texts())
    found = []
    for name, text in texts.items():
        if match := PLACEHOLDER.search(text):
            placeholder = " ".join(match[0].split())
            found.append(Refusal(f"{name} still holds {placeholder}", "replace it by your own"))
        elif name in _REQUIRED and text.strip().lower() in {"", *_SAYS_NOTHING}:
            found.append(Refusal(f"{name} is missing", _REQUIRED[name]))
    return tuple(found)


def run_state(submission: Submission) -> tuple[Refusal, ...]:
    """Return why the run is no basis of a certification; a draft tells it."""
    results = submission.results
    found = []
    if results.verdict != "conformant":
        found.append(
            Refusal(
                f"the verdict is {results.verdict} ({results.verdict_reason})",
                "mend what the report shows and run `tmf671 check` again",
            )
        )
    if results.scope != "full":
        found.append(
            Refusal(
                f"the scope of the run is {results.scope}, not full",
                "run `tmf671 check` without --read-only, --select, --no-events and --level must",
            )
        )
    if deviations := results.summary["known-deviation"]:
        checks = "check breaks its rule" if deviations == 1 else "checks break their rules"
        found.append(
            Refusal(
                f"{deviations} {checks} as a known deviation",
                "mend the product, or ask for an exemption where the form is handed in",
            )
        )
    found += [
        Refusal(
            f"the declared deviation of {one.check} is out of date ({one.state})",
            "take it out of the configuration and run `tmf671 check` again",
        )
        for one in results.deviations
        if one.state in {"expired", "stale"}
    ]
    return tuple(found)


def _contradictions(submission: Submission) -> Iterator[Refusal]:
    for text in contradictions(submission.results):
        yield Refusal(
            f"{submission.results_path.name} contradicts itself ({text})",
            "run `tmf671 check` again",
        )


def _claims(submission: Submission) -> Iterator[Refusal]:
    tested, api = submission.results.target.api_version, submission.config.api
    claimed = api.version.strip().lstrip("vV")
    if claimed and claimed != tested and not PLACEHOLDER.search(claimed):
        yield Refusal(
            f"api.version is {api.version}, but {tested} was tested",
            f'write version = "{tested}", or test with --api-version {claimed}',
        )
    for number in _API_NUMBER.findall(api.name):
        if number != "671":
            yield Refusal(f"api.name is {api.name}, but TMF671 was tested", "mend api.name")


def _subject(submission: Submission) -> Iterator[Refusal]:
    """The run may name whose product it was of; then the form is about no other."""
    options, config = submission.results.options, submission.config
    company, product = (_plain(str(options.get(name) or "")) for name in ("company", "product"))
    named = "" if PLACEHOLDER.search(config.company.name) else _plain(config.company.name)
    if company and named and company not in named and named not in company:
        yield Refusal(
            f"company.name is {config.company.name}, but the run was made for {options['company']}",
            "mend company.name, or run `tmf671 check` again with --company",
        )
    for name, text in (("name", config.product.name), ("release", config.product.release)):
        if product and _plain(text) not in product and not PLACEHOLDER.search(text):
            yield Refusal(
                f"product.{name} is {text}, but the run was of {options['product']}",
                f"mend product.{name}, or run `tmf671 check` again with --product",
            )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _texts(submission: Submission) -> Iterator[Refusal]:
    tested, config = submission.results.target.api_version, submission.config
    for name, text in config.texts():
        if name in {"api.version", "report.url", "product.release"}:
            continue
        for version in other_versions(text, tested, config.product.release):
            yield Refusal(
                f"{name} names {version}, but {tested} was tested",
                "name the version that was tested and no other",
            )


def _report_names(submission: Submission) -> Iterator[Refusal]:
    tested = submission.results.target.api_version
    names = {"report.url": submission.config.report.url or ""}
    if submission.report is not None:
        names["the report's name"] = submission.report.path.name
    for where, name in names.items():
        for version in _VERSION_IN_NAME.findall(name):
            if version != tested:
                yield Refusal(
                    f"{where} is {name}, but {tested} was tested",
                    "link the report of this run under a name with its version",
                )


def _report(submission: Submission) -> Iterator[Refusal]:
    report = submission.report
    if report is None:
        cause, _, way_out = (submission.report_problem or "").rpartition(": ")
        yield Refusal(cause, way_out)
    elif report.made_from is None:
        yield Refusal(
            f"the report {report.path.name} does not say which results it was made from",
            f"make it again with `tmf671 report {submission.results_path}`",
        )
    elif report.made_from != submission.results_digest:
        yield Refusal(
            f"the report {report.path.name} was not made from this {submission.results_path.name}",
            f"make it again with `tmf671 report {submission.results_path}`",
        )


def _link(submission: Submission) -> Iterator[Refusal]:
    url = submission.config.report.url
    if url is None or PLACEHOLDER.search(url):
        return
    way_out = "leave report.url out to link the file beside the document, or give its address"
    if reason := dead_because(url):
        yield Refusal(f'report.url "{url}" {reason}', way_out)
    elif not is_remote(url) and submission.target_digest is None:
        yield Refusal(f'report.url "{url}" leads to no file beside the document', way_out)
    elif (
        not is_remote(url)
        and submission.report is not None
        and submission.target_digest != submission.report.digest
    ):
        yield Refusal(f'report.url "{url}" leads to another report than that of this run', way_out)


def _figure(submission: Submission) -> Iterator[Refusal]:
    if submission.figure_problem is not None:
        cause, _, way_out = submission.figure_problem.rpartition(": ")
        yield Refusal(f"the figure {cause}", way_out)


def _date(submission: Submission) -> Iterator[Refusal]:
    day = submission.date
    if day is None:
        yield Refusal(
            f"date {submission.config.date} can be read in more than one way or is none",
            "write it as year-month-day, e.g. date = 2026-06-17",
        )
    elif day < datetime.fromisoformat(submission.results.ended).date() - _DAY:
        yield Refusal(
            f"date {day} is before the run of {submission.results.ended[:10]}",
            "leave date out for the day of the run, or write the day on which the form is made",
        )
    elif day > submission.today + _DAY:
        yield Refusal(
            f"date {day} is in the future",
            "leave date out for the day of the run, or write the day on which the form is made",
        )
