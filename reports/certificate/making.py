"""From a submission to the files: refuse, render all, then write all with their manifest."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Literal

from reports import signing
from reports.certificate import html, manifest, pdf
from reports.certificate.content import compose
from reports.certificate.manifest import FileDigest, Manifest
from reports.certificate.refusals import form_errors, gaps, run_state
from reports.certificate.submission import relative_path
from reports.formats import report_name
from reports.storage import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from reports.certificate.content import Document
    from reports.certificate.refusals import Refusal
    from reports.certificate.submission import Submission

DocumentFormat = Literal["docx", "pdf", "html"]
FORMATS: tuple[DocumentFormat, ...] = ("docx", "pdf", "html")
DEFAULT_FORMATS: tuple[DocumentFormat, ...] = ("docx", "html")


class RefusedError(Exception):
    """The document must not be made; `refusals` say why, all of them."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(str(refusal) for refusal in refusals))
        self.refusals = tuple(refusals)


class WritingError(Exception):
    """The disk refuses the documents; the text is one line."""


def make(
    submission: Submission,
    formats: Sequence[DocumentFormat],
    tool: str,
    *,
    draft: bool = False,
    key: Ed25519PrivateKey | None = None,
) -> list[Path]:
    """Make the documents in the submission's folder and return the paths of what was written.

    certification.json binds them to results.json and the report; with `key` both JSON files are
    signed. Nothing is written before every document is made. Raises RefusedError, PdfError and
    WritingError.
    """
    errors, open_points = form_errors(submission), (*gaps(submission), *run_state(submission))
    if errors or (open_points and not draft):
        raise RefusedError(errors if draft else (*errors, *open_points))
    document = compose(submission, tool, open_points if draft else None)
    contents = {
        submission.folder / document_name(submission, kind, draft=draft): _render(document, kind)
        for kind in dict.fromkeys(formats)
    }
    binding = _manifest(submission, contents, tool)
    try:
        submission.folder.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            write_atomically(path, content)
        return [*contents, *_write_manifest(submission, binding, key)]
    except OSError as problem:
        raise WritingError(
            f"cannot write to {submission.folder} ({problem.strerror}): choose another with --out"
        ) from None


def document_name(submission: Submission, kind: DocumentFormat, *, draft: bool = False) -> str:
    """Return a document's file name, in the pattern of the report's: a draft is named as one."""
    company = submission.config.company.name
    stem = report_name(submission.results.target.api_version, company)
    mark = "-DRAFT" if draft else ""
    return f"{stem.removesuffix('HTMLReport.html')}Certification{mark}.{kind}"


def _render(document: Document, kind: DocumentFormat) -> bytes:
    match kind:
        case "docx":
            from reports.certificate import docx  # noqa: PLC0415

            return docx.render(document)
        case "html":
            return html.render(document).encode()
        case "pdf":
            return pdf.render(document)


def _manifest(submission: Submission, contents: dict[Path, bytes], tool: str) -> Manifest:
    """Bind the new documents; those of the same run and report that are still whole stay bound."""
    assert submission.report is not None
    folder = submission.folder
    results = FileDigest(relative_path(submission.results_path, folder), submission.results_digest)
    report = FileDigest(relative_path(submission.report.path, folder), submission.report.digest)
    documents = tuple(
        FileDigest(path.name, hashlib.sha256(content).hexdigest())
        for path, content in contents.items()
    )
    return Manifest(
        results=results,
        report=report,
        documents=(
            *_kept(submission, results, report, {one.name for one in documents}),
            *documents,
        ),
        made=dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        tool=tool,
    )


def _kept(
    submission: Submission, results: FileDigest, report: FileDigest, replaced: set[str]
) -> tuple[FileDigest, ...]:
    try:
        earlier = manifest.read(submission.folder / manifest.FILE_NAME)
    except manifest.ManifestError:
        return ()
    if (earlier.results, earlier.report) != (results, report):
        return ()
    return tuple(
        document
        for document in earlier.documents
        if document.name not in replaced
        and manifest.digest_of(submission.folder, document.name) == document.sha256
    )


def _write_manifest(
    submission: Submission, binding: Manifest, key: Ed25519PrivateKey | None
) -> list[Path]:
    path = submission.folder / manifest.FILE_NAME
    write_atomically(path, manifest.encode(binding))
    if key is None:
        signing.signature_path(path).unlink(missing_ok=True)
        return [path]
    return [path, *(signing.sign_file(one, key) for one in (submission.results_path, path))]
