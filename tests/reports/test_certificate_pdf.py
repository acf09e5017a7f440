import sys

import msgspec
import pytest
from certificate_case import FORM, REPORT, Case, sha256

from reports.verification import verify

pypdf = pytest.importorskip("pypdf", reason="the extra pdf is not installed")
weasyprint = pytest.importorskip("weasyprint", reason="the extra pdf is not installed")

LONG = "\n\n".join(["A paragraph that takes up room. " * 20] * 20)


def pages(path):
    with pypdf.PdfReader(path) as reader:
        return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.fixture(scope="module")
def made(tmp_path_factory, passed_results):
    case = Case(tmp_path_factory.mktemp("pdf"), passed_results)
    case.make("pdf")
    return case


def test_all_sections_and_values_are_in_the_text(made):
    text = " ".join(pages(made.document("pdf")))
    for words in (
        "TM Forum Open APIs Conformance Certification",
        "Company Name China Telecom",
        "Promotion Center CRM 3.2.1",
        "TMF671 Promotion Management API, V4.1.0",
        "Date 2026-03-02",
        "1. What Product or Solution does your API support?",
        "Channels read them by the API.",
        "2. Overview of Certified API",
        "3. Architectural View",
        "Figure 1. Channels and the CRM",
        "4. Test Results",
        "Conformant: All 8 mandatory checks passed.",
        "It is not a certificate of TM Forum",
        "Total 10 0 10",
    ):
        assert words in text
    joined = text.replace(" ", "")
    assert sha256(made.results) in joined
    assert sha256(made.report / REPORT) in joined


def test_each_page_has_its_number_and_says_who_made_it(made):
    found = pages(made.document("pdf"))
    assert len(found) > 1
    for number, text in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in text
        assert "Prepared by China Telecom with tmf671 0.1.0; not a certificate of TM Forum" in text
        assert "China Telecom \u2013 Promotion Center CRM 3.2.1" in text


def test_the_metadata_names_the_digests_and_the_sections_are_bookmarks(made):
    with pypdf.PdfReader(made.document("pdf")) as reader:
        metadata = reader.metadata
        assert metadata.title == (
            "TM Forum Open APIs Conformance Certification \u2013 Promotion Center CRM 3.2.1"
        )
        assert metadata.author == "China Telecom"
        assert metadata["/tmf671resultssha256"] == sha256(made.results)
        assert metadata["/tmf671reportsha256"] == sha256(made.report / REPORT)
        (title,) = [entry for entry in reader.outline if not isinstance(entry, list)]
        assert title.title == "TM Forum Open APIs Conformance Certification"
        assert [entry.title for entry in reader.outline[1]][3] == "4. Test Results"


def test_the_link_to_the_report_stays_relative(made):
    with pypdf.PdfReader(made.document("pdf")) as reader:
        annotations = [a.get_object() for page in reader.pages for a in page.get("/Annots", [])]
    targets = [a["/A"]["/URI"] for a in annotations if "/A" in a]
    assert targets == [REPORT]


def test_a_draft_bears_its_mark_on_each_page(tmp_path, passed_results):
    case = Case(tmp_path, passed_results)
    form = FORM.replace("Channels come through one gateway.", "x").replace(
        "The Promotion Center keeps promotions.", LONG
    )
    case.make("pdf", draft=True, form=form)
    found = pages(case.document("pdf", draft=True))
    assert len(found) > 4
    assert all("DRAFT \u2013 not for submission" in text for text in found)


def test_an_svg_figure_and_chinese_words_are_drawn(tmp_path, passed_results):
    case = Case(tmp_path, passed_results)
    (tmp_path / "figure.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">'
        '<text x="10" y="50">Gateway of the CRM</text></svg>'
    )
    form = FORM.replace("figure.png", "figure.svg").replace("Li Na", "李娜")
    case.make("pdf", form=form)
    text = " ".join(pages(case.document("pdf")))
    assert "Gateway of the CRM" in text
    assert "Signed by 李娜, Head of CRM" in text


def test_without_weasyprint_the_extra_is_named(monkeypatch):
    from reports.certificate.pdf import PdfError, check_available

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfError) as problem:
        check_available()
    assert str(problem.value) == (
        "PDF needs WeasyPrint: pip install 'tmf671[pdf]', or leave pdf out of --format"
    )


def test_without_the_systems_libraries_debians_packages_are_named(monkeypatch, tmp_path):
    from reports.certificate.pdf import PdfError, check_available

    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library')")
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PdfError) as problem:
        check_available()
    assert str(problem.value) == (
        "PDF needs the Pango libraries of the system (Debian: apt install libpango-1.0-0 "
        "libpangoft2-1.0-0 libharfbuzz-subset0), or leave pdf out of --format"
    )


def test_whatever_a_target_sent_every_format_can_be_made_and_verified(tmp_path, hostile_results):
    first, *others = hostile_results.requirements
    requirements = (msgspec.structs.replace(first, outcome="failed"), *others)
    case = Case(
        tmp_path,
        msgspec.structs.replace(
            hostile_results, scope="subset", requirements=requirements, options={}
        ),
    )
    report = next(case.report.glob("*-HTMLReport.html"))
    case.make("docx", "pdf", "html", draft=True, report=report)
    findings = verify(case.document("docx", draft=True))
    assert [finding.text for finding in findings if finding.holds is False] == []
    page = case.document("html", draft=True).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=" in page
