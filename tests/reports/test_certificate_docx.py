import datetime as dt
import zipfile

import docx
import pytest
from certificate_case import REPORT, Case, sha256, with_outcome
from docx.oxml.ns import qn

from reports.results import KnownDeviation

FAILED = {"verdict": "not-conformant", "verdict_reason": "1 of 8 mandatory checks failed"}


@pytest.fixture(scope="module")
def made(tmp_path_factory, passed_results):
    case = Case(tmp_path_factory.mktemp("docx"), passed_results)
    case.make("docx")
    return case


@pytest.fixture(scope="module")
def word(made):
    return docx.Document(str(made.document("docx")))


@pytest.fixture(scope="module")
def draft(tmp_path_factory, passed_results):
    failed = with_outcome(passed_results, "TMF671-CREATE-201", "failed", **FAILED)
    case = Case(tmp_path_factory.mktemp("draft"), failed)
    case.make("docx", draft=True, form='[company]\nname = "China Telecom"')
    return docx.Document(str(case.document("docx", draft=True)))


def rows(word, number):
    return [[cell.text for cell in row.cells] for row in word.tables[number].rows]


def section(word, title):
    """The texts of the paragraphs between a heading and the next."""
    texts, inside = [], False
    for paragraph in word.paragraphs:
        if paragraph.style.name == "Heading 1":
            inside = paragraph.text == title
        elif inside and paragraph.text:
            texts.append(paragraph.text)
    return texts


def test_the_title_and_the_four_sections_have_words_own_styles(word):
    styled = [(p.style.name, p.text) for p in word.paragraphs]
    assert ("Title", "TM Forum Open APIs Conformance Certification") in styled
    assert [text for style, text in styled if style == "Heading 1"] == [
        "1. What Product or Solution does your API support?",
        "2. Overview of Certified API",
        "3. Architectural View",
        "4. Test Results",
    ]


def test_the_head_has_the_lines_of_the_form(word):
    assert rows(word, 0) == [
        ["Company Name", "China Telecom"],
        ["Product Name and Release Version", "Promotion Center CRM 3.2.1"],
        ["TM Forum Open API Name and Release Version", "TMF671 Promotion Management API, V4.1.0"],
        ["Date", "2026-03-02"],
        ["Contact", "Wang Min, wang@example.com"],
        ["Signed by", "Li Na, Head of CRM"],
    ]


def test_a_box_on_the_first_page_and_in_section_4_says_that_tm_forum_did_not_issue_it(word):
    words = (
        "Prepared by the company itself\n"
        "China Telecom prepared this document with tmf671 0.1.0, an independent test harness. It "
        "is not a certificate of TM Forum, TM Forum has neither issued nor endorsed it, and its "
        "results are not those of TM Forum's official conformance test kit."
    )
    assert [table.cell(0, 0).text for table in word.tables].count(words) == 2
    body = list(word.element.body)
    headings = [p for p in word.paragraphs if p.style.name == "Heading 1"]
    fourth = next(p._p for p in headings if p.text == "4. Test Results")
    boxes = [body.index(table._tbl) for table in word.tables if table.cell(0, 0).text == words]
    assert boxes[0] < body.index(fourth) < boxes[1] == body.index(fourth) + 1


def test_section_1_has_the_paragraphs_and_the_list_of_the_form(word):
    title = "1. What Product or Solution does your API support?"
    assert section(word, title) == [
        "The Promotion Center keeps promotions.",
        "Channels read them by the API.",
        "Billing listens.",
    ]
    bullets = [p.text for p in word.paragraphs if p.style.name == "List Bullet"]
    assert bullets[:2] == ["Channels read them by the API.", "Billing listens."]


def test_section_2_tells_number_name_release_and_purpose_of_the_api(word):
    assert rows(word, 2) == [
        ["Number", "TMF671"],
        ["Name", "Promotion Management"],
        ["Release version", "V4.1.0"],
        ["Design guidelines", "TMF630 REST API Design Guidelines"],
        ["Optional parts offered", "create, patch, delete"],
    ]
    texts = section(word, "2. Overview of Certified API")
    assert texts[0].startswith("TMF671 Promotion Management is the TM Forum Open API by which")
    assert texts[-1].startswith("Release 4.1.0 lets a promotion carry attachments")


def test_section_3_has_the_figure_with_caption_and_alternative_text(made, word):
    assert section(word, "3. Architectural View") == [
        "Channels come through one gateway.",
        "Figure 1. Channels and the CRM",
    ]
    (shape,) = word.inline_shapes
    assert shape._inline.docPr.get("descr") == "Channels and the CRM"
    assert (shape.width.mm, shape.height.mm) == (160, 80)
    with zipfile.ZipFile(made.document("docx")) as package:
        assert package.read("word/media/image1.png") == (made.folder / "figure.png").read_bytes()


def test_section_4_has_verdict_link_counts_run_and_digests(made, word):
    texts = section(word, "4. Test Results")
    assert texts[:3] == [
        "Conformant: All 8 mandatory checks passed.",
        f"HTML test report: {REPORT}",
        "Table 1. Checks by level and outcome",
    ]
    links = {r.target_ref for r in word.part.rels.values() if r.reltype.endswith("/hyperlink")}
    assert links == {REPORT}
    assert rows(word, 4) == [
        ["Level", "Passed", "Failed", "Total"],
        ["MUST", "8", "0", "8"],
        ["SHOULD", "1", "0", "1"],
        ["MAY", "1", "0", "1"],
        ["Total", "10", "0", "10"],
    ]
    assert rows(word, 5) == [
        ["Verdict", "Conformant"],
        ["Scope", "Full suite"],
        ["Version tested", "TMF671 V4.1.0"],
        ["Target", "http://crm.example.net:8080/tmf-api/promotionManagement/v4"],
        ["Started", "2026-03-02 09:15:00 UTC"],
        ["Ended", "2026-03-02 09:15:12 UTC"],
        ["Tool", "tmf671 0.1.0"],
        ["Seed", "671"],
        ["Known deviations", "none"],
        ["Adaptations", "none"],
    ]
    assert rows(word, 6) == [
        ["SHA-256 of results.json", sha256(made.results)],
        ["SHA-256 of the HTML report", sha256(made.report / REPORT)],
    ]


def test_a_table_of_contents_leads_to_the_sections(word):
    fields = [e.text.split()[0] for e in word.element.body.iter(qn("w:instrText"))]
    assert fields == ["TOC"]
    anchors = [e.get(qn("w:anchor")) for e in word.element.body.iter(qn("w:hyperlink"))]
    bookmarks = {e.get(qn("w:name")) for e in word.element.body.iter(qn("w:bookmarkStart"))}
    assert [anchor for anchor in anchors if anchor] == [f"section-{n}" for n in range(1, 5)]
    assert bookmarks == {"section-1", "section-2", "section-3", "section-4"}


def test_each_page_has_company_and_product_above_and_its_number_below(word):
    (part,) = word.sections
    assert [p.text for p in part.header.paragraphs] == [
        "China Telecom \u2013 Promotion Center CRM 3.2.1"
    ]
    assert part.footer.paragraphs[0].text == (
        "Prepared by China Telecom with tmf671 0.1.0; not a certificate of TM Forum\tPage 1 of 1"
    )
    fields = [e.text.strip() for e in part.footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_properties_are_filled_in(word):
    properties = word.core_properties
    assert properties.title == "TM Forum Open APIs Conformance Certification"
    assert properties.author == "China Telecom"
    assert properties.subject == (
        "TMF671 Promotion Management API, V4.1.0: conformance of Promotion Center CRM 3.2.1"
    )
    assert properties.keywords == (
        "TMF671, v4.1.0, conformance, China Telecom, Promotion Center CRM 3.2.1"
    )
    assert properties.created == dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    assert properties.content_status == "Final"


def test_a_final_document_bears_no_mark(made):
    with zipfile.ZipFile(made.document("docx")) as package:
        assert not any(b"DRAFT" in package.read(name) for name in package.namelist())


def test_a_draft_bears_a_watermark_and_the_word_on_each_page(draft):
    header = draft.sections[0].header
    assert [p.text for p in header.paragraphs][1] == "DRAFT \u2013 not for submission"
    marks = header._element.iter("{urn:schemas-microsoft-com:vml}textpath")
    assert "DRAFT \u2013 not for submission" in [mark.get("string") for mark in marks]
    assert draft.core_properties.content_status == "Draft"


def test_a_draft_lists_what_is_open_and_marks_what_is_missing(draft):
    box = draft.tables[0].cell(0, 0).text.splitlines()
    assert box == [
        "DRAFT \u2013 not for submission",
        "Before this document can be handed in:",
        "product.name is missing: write the product's name",
        'product.release is missing: write the release that was tested, e.g. release = "8.2"',
        "product.text is missing: answer what product or solution the API supports",
        "architecture.figure is missing: name a PNG, JPEG or SVG file",
        (
            "the verdict is not-conformant (1 of 8 mandatory checks failed): "
            "mend what the report shows and run `tmf671 check` again"
        ),
    ]
    assert rows(draft, 1)[1] == [
        "Product Name and Release Version",
        "[to be supplied: product name] [to be supplied: product release]",
    ]
    assert section(draft, "3. Architectural View") == ["[to be supplied: architecture figure]"]
    assert "Not conformant: 1 of 8 mandatory checks failed." in section(draft, "4. Test Results")


def test_section_4_tells_known_deviations_adaptations_and_notes_of_the_run(
    tmp_path, passed_results
):
    deviating = with_outcome(
        passed_results,
        "TMF671-RETRIEVE-200",
        "known-deviation",
        options={"adaptations": ["id is sent", "name is upper case"]},
        deviations=(
            KnownDeviation(
                check="TMF671-RETRIEVE-200",
                reason="the gateway answers 203",
                until="2026-06-30",
                state="used",
            ),
            KnownDeviation(check="TMF671-HUB-201", reason="x", until="2026-06-30", state="stale"),
        ),
        notes=("The target's clock is 3 s ahead.",),
    )
    case = Case(tmp_path, deviating)
    case.make("docx", draft=True)
    word = docx.Document(str(case.document("docx", draft=True)))
    run = dict(rows(word, 6))
    assert run["Known deviations"] == (
        "TMF671-RETRIEVE-200 until 2026-06-30: the gateway answers 203"
    )
    assert run["Adaptations"] == "id is sent; name is upper case"
    assert "The target's clock is 3 s ahead." in section(word, "4. Test Results")


def test_characters_that_xml_does_not_allow_are_left_out(tmp_path, passed_results):
    case = Case(tmp_path, passed_results)
    case.make("docx", form='[company]\nname = "A\\u0001B & <C> 中国电信"', draft=True)
    (path,) = case.report.glob("*.docx")
    assert rows(docx.Document(str(path)), 1)[0] == ["Company Name", "AB & <C> 中国电信"]
