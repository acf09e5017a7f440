"""The digests that a document itself names, read back from DOCX, HTML and PDF."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.certificate.content import REPORT_DIGEST, RESULTS_DIGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_META = re.compile(rb'<meta name="(tmf671-[a-z0-9-]+)" content="([^"]*)"\s*/?>')
_HEX = re.compile(r"[0-9a-f]{64}")
_HEAD_BYTES = 1 << 16
_BROKEN_DOCX = (zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, OSError)


class ReadbackError(Exception):
    """A document is broken or of no known kind; the text is one line."""


class ReaderMissingError(Exception):
    """The package that reads this kind of document is not installed; the text is one line."""


@dataclass(frozen=True)
class Named:
    """What a document names: SHA-256 of results.json and of the HTML report, None for neither.

    `certification` is false for the HTML report, which names the results alone.
    """

    results: str | None
    report: str | None
    certification: bool = True


def read(path: Path) -> Named:
    """Return the digests that the document at `path` names.

    Raises ReadbackError for a file that is no DOCX, HTML or PDF or is broken, ReaderMissingError
    for a PDF when pypdf (of the extra `pdf`) is missing.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ReadbackError(f"{path} is neither .docx, .html nor .pdf")
    return reader(path)


def _docx(path: Path) -> Named:
    import docx  # noqa: PLC0415
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415

    try:
        document = docx.Document(str(path))
        cells = [row.cells for table in document.tables for row in table.rows]
    except (*_BROKEN_DOCX, PackageNotFoundError):
        raise ReadbackError(f"{path} is not a readable DOCX file") from None
    rows = {pair[0].text: pair[1].text for pair in cells if len(pair) == 2}
    return Named(_digest(rows.get(RESULTS_DIGEST)), _digest(rows.get(REPORT_DIGEST)))


def _html(path: Path) -> Named:
    try:
        with path.open("rb") as file:
            found = dict(_META.findall(file.read(_HEAD_BYTES)))
    except OSError as problem:
        raise ReadbackError(f"{path} cannot be read: {problem.strerror}") from None
    return Named(
        _digest(found.get(b"tmf671-results-sha256", b"").decode("ascii", "replace")),
        _digest(found.get(b"tmf671-report-sha256", b"").decode("ascii", "replace")),
        certification=b"tmf671-document" in found,
    )


def _pdf(path: Path) -> Named:
    try:
        import pypdf  # noqa: PLC0415
        from pypdf.errors import PyPdfError  # noqa: PLC0415
    except ImportError:
        raise ReaderMissingError("reading a PDF needs pypdf: pip install 'tmf671[pdf]'") from None
    try:
        with pypdf.PdfReader(path) as reader:
            found = {name: str(value) for name, value in (reader.metadata or {}).items()}
    except (PyPdfError, OSError, ValueError):
        raise ReadbackError(f"{path} is not a readable PDF file") from None
    return Named(
        _digest(found.get("/tmf671resultssha256")), _digest(found.get("/tmf671reportsha256"))
    )


def _digest(text: str | None) -> str | None:
    return text if text is not None and _HEX.fullmatch(text) else None


_READERS: Mapping[str, Callable[[Path], Named]] = {".docx": _docx, ".html": _html, ".pdf": _pdf}
