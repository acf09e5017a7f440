"""The text of the certification document: the sections of the form, filled in; pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.certificate.api_overview import default_text
from reports.certificate.blocks import (
    Bullets,
    Facts,
    Link,
    Notice,
    Paragraph,
    Picture,
    Section,
    Table,
    blocks_of,
)
from reports.certificate.config import PLACEHOLDER
from reports.results import LEVELS, OUTCOMES
from reports.storage import FILE_NAME

if TYPE_CHECKING:
    from reports.certificate.blocks import Block
    from reports.certificate.refusals import Refusal
    from reports.certificate.submission import Submission
    from reports.results import Scope, Verdict

TITLE = "TM Forum Open APIs Conformance Certification"
WATERMARK = "DRAFT \u2013 not for submission"
RESULTS_DIGEST = "SHA-256 of results.json"
REPORT_DIGEST = "SHA-256 of the HTML report"
_ALWAYS_COUNTED = ("passed", "failed")
_VERDICTS: dict[Verdict, str] = {
    "conformant": "Conformant",
    "not-conformant": "Not conformant",
    "inconclusive": "Inconclusive",
}
_SCOPES: dict[Scope, str] = {
    "full": "Full suite",
    "read-only": "Read-only: nothing was created or changed",
    "subset": "Subset: a selection of the checks",
}


@dataclass(frozen=True)
class Document:
    """The document apart from its format.

    `head` are the lines above the sections, `draft` is None in a document that may be handed in,
    `results_digest` and `report_digest` are SHA-256 in lower-case hexadecimal.
    """

    title: str
    company: str
    product: str
    subject: str
    keywords: tuple[str, ...]
    date: dt.date
    head: tuple[tuple[str, str], ...]
    notice: Notice
    draft: Notice | None
    sections: tuple[Section, ...]
    results_digest: str
    report_digest: str
    tool: str

    @property
    def running_title(self) -> str:
        """Company and product, for the top of each page."""
        return f"{self.company} \u2013 {self.product}"

    @property
    def running_notice(self) -> str:
        """Who made the document and who did not, for the foot of each page."""
        return f"Prepared by {self.company} with {self.tool}; not a certificate of TM Forum"


def compose(
    submission: Submission, tool: str, open_points: tuple[Refusal, ...] | None = None
) -> Document:
    """Return the document; `open_points` make it a draft that lists them, None hands it in.

    What is missing in a draft is marked where it belongs. The submission has to be free of form
    errors: its report and date are there.
    """
    assert submission.report is not None
    assert submission.date is not None
    config, version = submission.config, submission.results.target.api_version
    company = _filled(config.company.name, "company name")
    product_name = _filled(config.product.name, "product name")
    product = f"{product_name} {_filled(config.product.release, 'product release')}"
    api = f"{config.api.name}, V{version}"
    notice = _notice(company, tool)
    return Document(
        title=TITLE,
        company=company,
        product=product,
        subject=f"{api}: conformance of {product}",
        keywords=("TMF671", f"v{version}", "conformance", company, product),
        date=submission.date,
        head=(
            ("Company Name", company),
            ("Product Name and Release Version", product),
            ("TM Forum Open API Name and Release Version", api),
            ("Date", submission.date.isoformat()),
            *_people(submission),
        ),
        notice=notice,
        draft=None if open_points is None else _draft(open_points),
        sections=(
            Section(1, "What Product or Solution does your API support?", _product(submission)),
            Section(2, "Overview of Certified API", _api(submission)),
            Section(3, "Architectural View", _architecture(submission)),
            Section(4, "Test Results", (notice, *_test_results(submission))),
        ),
        results_digest=submission.results_digest,
        report_digest=submission.report.digest,
        tool=tool,
    )


def _filled(text: str, what: str) -> str:
    """Return the text as one line, or a mark that it is missing."""
    if not text.strip() or PLACEHOLDER.search(text):
        return f"[to be supplied: {what}]"
    return " ".join(text.split())


def _text_blocks(text: str, what: str) -> tuple[Block, ...]:
    if not text.strip() or PLACEHOLDER.search(text):
        return (Paragraph(f"[to be supplied: {what}]"),)
    return blocks_of(text)


def _notice(company: str, tool: str) -> Notice:
    return Notice(
        "Prepared by the company itself",
        f"{company} prepared this document with {tool}, an independent test harness. It is not a "
        "certificate of TM Forum, TM Forum has neither issued nor endorsed it, and its results are "
        "not those of TM Forum's official conformance test kit.",
    )


def _draft(open_points: tuple[Refusal, ...]) -> Notice:
    if not open_points:
        return Notice(WATERMARK, "Made as a draft; nothing stands in the way of the document.")
    return Notice(
        WATERMARK,
        "Before this document can be handed in:",
        tuple(str(point) for point in open_points),
    )


def _people(submission: Submission) -> tuple[tuple[str, str], ...]:
    contact, signer = submission.config.contact, submission.config.signer
    lines = {
        "Contact": (contact.name, contact.email),
        "Signed by": (signer.name, signer.role),
    }
    return tuple(
        (label, ", ".join(_filled(part, label.lower()) for part in parts if part))
        for label, parts in lines.items()
        if any(parts)
    )


def _product(submission: Submission) -> tuple[Block, ...]:
    return _text_blocks(submission.config.product.text, "what the product does")


def _api(submission: Submission) -> tuple[Block, ...]:
    results = submission.results
    version = results.target.api_version
    capabilities = results.target.capabilities
    offered = [name for name, found in capabilities.items() if found]
    return (
        Facts(
            "The certified API",
            (
                ("Number", "TMF671"),
                ("Name", "Promotion Management"),
                ("Release version", f"V{version}"),
                ("Design guidelines", "TMF630 REST API Design Guidelines"),
                (
                    "Optional parts offered",
                    ", ".join(offered) or ("none" if capabilities else "not tested"),
                ),
            ),
        ),
        *_text_blocks(submission.config.api.text.strip() or default_text(version), "overview"),
    )


def _architecture(submission: Submission) -> tuple[Block, ...]:
    part = submission.config.architecture
    caption = _filled(part.caption, "caption of the figure")
    figure: Block = (
        Paragraph("[to be supplied: architecture figure]")
        if submission.figure is None
        else Picture(submission.figure, f"Figure 1. {caption}", caption)
    )
    return (*(_text_blocks(part.text, "how the parts work together") if part.text else ()), figure)


def _test_results(submission: Submission) -> tuple[Block, ...]:
    results, report = submission.results, submission.report
    assert report is not None
    reason = results.verdict_reason.rstrip(".")
    deviations = [
        f"{one.check} until {one.until}: {one.reason}"
        for one in results.deviations
        if one.state == "used"
    ]
    return (
        Paragraph(f"{_VERDICTS[results.verdict]}: {reason}."),
        Link("HTML test report", report.path.name, submission.link),
        _counts(submission),
        Facts(
            "The run",
            (
                ("Verdict", _VERDICTS[results.verdict]),
                ("Scope", _SCOPES[results.scope]),
                ("Version tested", f"TMF671 V{results.target.api_version}"),
                ("Target", results.target.url),
                ("Started", _instant(results.started)),
                ("Ended", _instant(results.ended)),
                ("Tool", f"{results.tool.name} {results.tool.version}"),
                ("Seed", str(results.seed)),
                ("Known deviations", _listed(deviations)),
                ("Adaptations", _listed(results.options.get("adaptations"))),
            ),
        ),
        *((Bullets(results.notes),) if results.notes else ()),
        Facts(
            "Digests",
            (
                (RESULTS_DIGEST, submission.results_digest),
                (REPORT_DIGEST, report.digest),
            ),
        ),
        Paragraph(
            f'The command "tmf671 verify" with the name of this file shows whether the report, '
            f"{FILE_NAME} and this document belong together and are unaltered."
        ),
    )


def _instant(instant: str) -> str:
    """Return an RFC 3339 instant so that it can be read in one way only."""
    return f"{dt.datetime.fromisoformat(instant):%Y-%m-%d %H:%M:%S} UTC"


def _listed(values: object) -> str:
    """Return what the run recorded as a list in one line, "none" for nothing."""
    texts = [str(value) for value in values] if isinstance(values, (list, tuple)) else []
    return "; ".join(texts) or "none"


def _counts(submission: Submission) -> Table:
    checks = submission.results.checks
    counted = [
        outcome
        for outcome in OUTCOMES
        if outcome in _ALWAYS_COUNTED or any(check.outcome == outcome for check in checks)
    ]
    rows = []
    for name, levels in (*((level.upper(), (level,)) for level in LEVELS), ("Total", LEVELS)):
        outcomes = [check.outcome for check in checks if check.level in levels]
        counts = [str(outcomes.count(outcome)) for outcome in counted]
        rows.append((name, *counts, str(len(outcomes))))
    return Table(
        "Table 1. Checks by level and outcome",
        ("Level", *(outcome.replace("-", " ").capitalize() for outcome in counted), "Total"),
        tuple(rows),
    )
