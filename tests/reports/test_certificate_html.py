import re

import pytest
from certificate_case import FORM, REPORT, Case, sha256

HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def made(tmp_path_factory, passed_results):
    case = Case(tmp_path_factory.mktemp("html"), passed_results)
    case.make("html")
    return case


@pytest.fixture(scope="module")
def page(made):
    return made.document("html").read_text(encoding="utf-8")


def meta(page, name):
    return re.search(f'<meta name="{name}" content="([^"]*)">', page)[1]


def test_the_page_has_title_head_and_the_four_sections(page):
    assert "<h1>TM Forum Open APIs Conformance Certification</h1>" in page
    assert re.findall(r'<h2 id="(section-\d)">([^<]*)</h2>', page) == [
        ("section-1", "1. What Product or Solution does your API support?"),
        ("section-2", "2. Overview of Certified API"),
        ("section-3", "3. Architectural View"),
        ("section-4", "4. Test Results"),
    ]
    for label, value in (
        ("Company Name", "China Telecom"),
        ("Product Name and Release Version", "Promotion Center CRM 3.2.1"),
        ("TM Forum Open API Name and Release Version", "TMF671 Promotion Management API, V4.1.0"),
        ("Date", "2026-03-02"),
        ("Target", "http://crm.example.net:8080/tmf-api/promotionManagement/v4"),
    ):
        assert f'<tr><th scope="row">{label}</th><td>{value}</td></tr>' in page


def test_the_page_says_twice_that_tm_forum_did_not_issue_it(page):
    assert page.count("It is not a certificate of TM Forum") == 2
    assert page.index("It is not a certificate of TM Forum") < page.index('id="section-1"')
    assert page.rindex("It is not a certificate of TM Forum") > page.index('id="section-4"')


def test_the_page_names_the_digests_for_people_and_for_programs(made, page):
    results, report = sha256(made.results), sha256(made.report / REPORT)
    assert (meta(page, "tmf671-results-sha256"), meta(page, "tmf671-report-sha256")) == (
        results,
        report,
    )
    row = '<tr><th scope="row">SHA-256 of results.json</th><td class="digest">{}</td></tr>'
    assert row.format(results) in page
    assert row.replace("results.json", "the HTML report").format(report) in page


def test_the_page_links_the_report_and_loads_nothing(page):
    assert f'HTML test report: <a href="{REPORT}">{REPORT}</a>' in page
    assert re.findall(r"<(?:link|script|iframe|object)\b", page) == []
    assert all(source.startswith("data:image/png;base64,") for source in sources(page))
    assert len(sources(page)) == 1
    assert "default-src 'none'; img-src data:; style-src 'sha256-" in page


def sources(page):
    return re.findall(r'src="([^"]*)"', page)


def test_a_final_page_bears_no_mark(page):
    assert "DRAFT" not in page
    assert meta(page, "tmf671-document") == "certification"


def test_a_draft_bears_a_watermark(tmp_path, passed_results):
    case = Case(tmp_path, passed_results)
    case.make("html", draft=True)
    page = case.document("html", draft=True).read_text(encoding="utf-8")
    mark = '<div class="watermark" aria-hidden="true">DRAFT \u2013 not for submission</div>'
    assert mark in page
    assert "Made as a draft; nothing stands in the way of the document." in page
    assert meta(page, "tmf671-document") == "certification-draft"


def test_text_of_the_form_stays_text(tmp_path, passed_results):
    case = Case(tmp_path, passed_results)
    case.make("html", form=FORM.replace("China Telecom", HOSTILE).replace("Channels", HOSTILE))
    (path,) = case.report.glob("*-Certification.html")
    page = path.read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img src=x" not in page
    assert page.count("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;") > 5


def test_an_svg_figure_is_an_image_in_which_nothing_runs(tmp_path, passed_results):
    case = Case(tmp_path, passed_results)
    (tmp_path / "figure.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10">'
        "<script>alert(1)</script><rect width='20' height='10'/></svg>"
    )
    case.make("html", form=FORM.replace("figure.png", "figure.svg"))
    page = case.document("html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert sources(page)[0].startswith("data:image/svg+xml;base64,")


def test_another_folder_gets_a_link_that_leads_back_to_the_report(tmp_path, passed_results):
    case = Case(tmp_path, passed_results)
    case.make("html", folder=tmp_path / "hand in" / "today")
    page = (tmp_path / "hand in" / "today" / case.document("html").name).read_text()
    assert f'<a href="../../report/{REPORT}">{REPORT}</a>' in page
