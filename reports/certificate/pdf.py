"""The document as PDF, made by WeasyPrint from the HTML; needs the extra `pdf`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.certificate import html

if TYPE_CHECKING:
    from reports.certificate.content import Document


class PdfError(Exception):
    """PDF cannot be made or read here; the text is one line with the way out."""


def check_available() -> None:
    """Raise PdfError when WeasyPrint or the system's libraries that it needs are missing."""
    try:
        import weasyprint  # noqa: F401, PLC0415
    except ImportError:
        raise PdfError(
            "PDF needs WeasyPrint: pip install 'tmf671[pdf]', or leave pdf out of --format"
        ) from None
    except OSError:
        raise PdfError(
            "PDF needs the Pango libraries of the system (Debian: apt install libpango-1.0-0 "
            "libpangoft2-1.0-0 libharfbuzz-subset0), or leave pdf out of --format"
        ) from None


def render(document: Document) -> bytes:
    """Return the PDF file, tagged for screen readers, with bookmarks and the digests as metadata.

    Nothing is fetched. Raises PdfError when WeasyPrint is missing.
    """
    check_available()
    import weasyprint  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    page = weasyprint.HTML(
        string=html.render(document), url_fetcher=URLFetcher(allowed_protocols={"data"})
    )
    made: bytes = page.write_pdf(custom_metadata=True, pdf_tags=True)
    return made
