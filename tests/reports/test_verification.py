import json
import shutil
import sys
import zipfile

import docx
import msgspec
import pytest
from certificate_case import FORM, REPORT, STEM, Case, sha256

from reports.verification import VerificationError, verify

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def source(tmp_path_factory, passed_results):
    case = Case(tmp_path_factory.mktemp("verified"), passed_results)
    case.make("docx", "html", "pdf")
    return case


@pytest.fixture
def folder(source, tmp_path):
    """A fresh copy of the report folder with three documents and their manifest."""
    return shutil.copytree(source.report, tmp_path / "report")


def wrong(path, known=None):
    return [finding.text for finding in verify(path, known) if finding.holds is False]


def right(path):
    return [finding.text for finding in verify(path) if finding.holds]


def append(path, content=b" "):
    path.write_bytes(path.read_bytes() + content)


def made(folder):
    return json.loads((folder / "certification.json").read_text())["made"]


def altered(folder, name, before):
    return (
        f"{name} was altered or replaced after {made(folder)}: "
        f"SHA-256 is {sha256(folder / name)[:12]}…, was {before[:12]}…"
    )


@pytest.mark.parametrize(
    "name",
    [
        "certification.json",
        "results.json",
        REPORT,
        *(f"{STEM}.{k}" for k in ("docx", "html", "pdf")),
    ],
)
def test_unaltered_files_belong_together_whichever_is_named(folder, name):
    assert wrong(folder / name) == []
    lines = right(folder / name)
    since = f"unaltered since {made(folder)}"
    results, report = (sha256(folder / one)[:12] for one in ("results.json", REPORT))
    assert lines[:4] == [
        f"results.json is {since} (SHA-256 {results}…)",
        (
            "results.json fits its schema; verdict (conformant), scope (full), counts and "
            "requirements follow from its 10 checks"
        ),
        f"{REPORT} is {since} (SHA-256 {report}…)",
        f"{REPORT} was made from this results.json (SHA-256 {results}…)",
    ]
    for kind in ("docx", "html", "pdf"):
        assert f"{STEM}.{kind} names this results.json (SHA-256 {results}…)" in lines
        assert f"{STEM}.{kind} names this HTML report (SHA-256 {report}…)" in lines
    assert len(lines) == 13


@pytest.mark.parametrize("kind", ["docx", "html", "pdf"])
def test_an_altered_document_is_named(folder, kind):
    path = folder / f"{STEM}.{kind}"
    before = sha256(path)
    append(path)
    assert wrong(folder / "results.json") == [altered(folder, path.name, before)]


def test_an_altered_report_is_named(folder):
    before = sha256(folder / REPORT)
    append(folder / REPORT)
    told = wrong(folder / "certification.json")
    assert told[0] == altered(folder, REPORT, before)
    after = sha256(folder / REPORT)[:12]
    assert told[1:] == [
        f"{STEM}.{kind} names another HTML report: SHA-256 {before[:12]}…, not {after}…"
        for kind in ("docx", "html", "pdf")
    ]


def test_altered_results_are_named(folder):
    before = sha256(folder / "results.json")
    append(folder / "results.json", b"\n")
    after = sha256(folder / "results.json")[:12]
    told = wrong(folder / f"{STEM}.docx")
    assert told[0] == altered(folder, "results.json", before)
    assert told[1] == (
        f"{REPORT} was made from another results.json: SHA-256 {before[:12]}…, not {after}…"
    )
    assert len(told) == 5


def test_a_verdict_that_was_edited_is_found_without_any_manifest(folder):
    (folder / "certification.json").unlink()
    path = folder / "results.json"
    value = json.loads(path.read_text())
    value["checks"][0]["outcome"] = "failed"
    path.write_text(json.dumps(value))
    told = wrong(path)
    assert "results.json: the verdict is conformant, its checks make it not-conformant" in told
    assert "results.json: the summary counts 0 failed, there are 1" in told


def test_results_that_are_broken_are_named(folder):
    (folder / "results.json").write_text("{")
    assert any("results.json is not JSON" in text for text in wrong(folder / "certification.json"))


@pytest.mark.parametrize("name", ["results.json", REPORT, f"{STEM}.html"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert f"{name} is missing" in wrong(folder / "certification.json")


def test_a_document_edited_in_word_names_the_results_still_but_is_not_what_was_bound(folder):
    path = folder / f"{STEM}.docx"
    before = sha256(path)
    word = docx.Document(str(path))
    word.add_paragraph("TM Forum certified this.")
    word.save(str(path))
    assert wrong(path) == [altered(folder, path.name, before)]


def test_a_digest_edited_in_a_document_is_found_without_any_manifest(folder):
    (folder / "certification.json").unlink()
    path = folder / f"{STEM}.docx"
    word = docx.Document(str(path))
    word.tables[6].rows[0].cells[1].text = "0" * 64
    word.save(str(path))
    results = sha256(folder / "results.json")[:12]
    assert wrong(path) == [
        f"{path.name} names another results.json: SHA-256 000000000000…, not {results}…"
    ]


def test_a_document_without_digests_does_not_say_where_it_belongs(folder):
    path = folder / "own.docx"
    docx.Document().save(str(path))
    assert wrong(path) == [
        "own.docx is not among the files that certification.json binds",
        "own.docx does not say which results.json it belongs to",
        "own.docx does not say which HTML report it belongs to",
    ]


def test_without_a_manifest_it_is_told_what_is_not_covered(folder):
    (folder / "certification.json").unlink()
    findings = verify(folder / f"{STEM}.html")
    assert [finding.holds for finding in findings] == [True, True, True, True, None, None]
    assert findings[4].text == (
        f"certification.json is not beside {STEM}.html: "
        "what a document says apart from its digests is not covered"
    )


def test_a_broken_document_is_named(folder):
    path = folder / f"{STEM}.docx"
    path.write_bytes(path.read_bytes()[:1000])
    assert f"{path} is not a readable DOCX file" in wrong(path)
    pdf = folder / f"{STEM}.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    assert f"{pdf} is not a readable PDF file" in wrong(path)


def test_a_docx_with_broken_xml_is_named(folder, tmp_path):
    path = folder / f"{STEM}.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "new", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:100] if name == "word/document.xml" else content)
    shutil.move(tmp_path / "new", path)
    assert f"{path} is not a readable DOCX file" in wrong(path)


def test_without_pypdf_a_pdf_is_held_against_the_manifest_alone(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    (line,) = [f for f in verify(folder / f"{STEM}.pdf") if "pypdf" in f.text]
    assert line.holds is None
    assert line.text == (
        f"what {STEM}.pdf names was not compared: "
        "reading a PDF needs pypdf: pip install 'tmf671[pdf]'"
    )
    assert wrong(folder / f"{STEM}.pdf") == []


def test_a_later_run_in_the_same_folder_no_longer_matches(source, tmp_path, passed_results):
    case = Case(tmp_path, passed_results)
    case.make("docx")
    before = sha256(case.results)
    from reports.folder import write_report_folder

    again = msgspec.structs.replace(passed_results, seed=2)
    write_report_folder(again, case.report, "China Telecom")
    assert case.document("docx").exists()
    told = wrong(case.document("docx"))
    assert told[0] == altered(case.report, "results.json", before)
    assert any(f"{STEM}.docx names another results.json" in text for text in told)


def test_results_that_the_manifest_beside_them_does_not_bind_stand_alone(folder):
    path = folder / "other.json"
    shutil.copy(folder / "results.json", path)
    assert wrong(path) == []
    assert not any("unaltered since" in text for text in right(path))


def test_files_of_several_folders_may_be_handed_over_in_one(tmp_path, passed_results):
    case = Case(tmp_path, passed_results)
    out = tmp_path / "documents of 中国电信"
    case.make("html", folder=out)
    manifest = json.loads((out / "certification.json").read_text(encoding="utf-8"))
    assert manifest["results"]["name"] == "../report/results.json"
    assert manifest["documents"][0]["name"] == f"{STEM}.html"
    assert wrong(out / "certification.json") == []
    handed = tmp_path / "handed"
    shutil.copytree(out, handed)
    for name in ("results.json", REPORT):
        shutil.copy(case.report / name, handed)
    shutil.rmtree(case.report)
    assert wrong(handed / "certification.json") == []
    append(handed / REPORT)
    assert wrong(handed / "certification.json") != []


def test_documents_of_two_calls_are_bound_together(tmp_path, passed_results):
    case = Case(tmp_path, passed_results)
    case.make("docx")
    case.make("html")
    names = [
        one["name"]
        for one in json.loads((case.report / "certification.json").read_text())["documents"]
    ]
    assert names == [f"{STEM}.docx", f"{STEM}.html"]
    append(case.document("docx"))
    case.make("html")
    names = [
        one["name"]
        for one in json.loads((case.report / "certification.json").read_text())["documents"]
    ]
    assert names == [f"{STEM}.html"]


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": 2}'])
def test_a_broken_manifest_is_named(folder, text):
    (folder / "certification.json").write_text(text)
    (told,) = wrong(folder / f"{STEM}.docx")
    assert told.startswith(
        f"{folder / 'certification.json'} is not a manifest of a certification: "
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gone.docx", "PATH is not a file"),
        (
            "junit.xml",
            (
                "PATH is neither a document (.docx, .html, .pdf) nor results.json "
                "nor certification.json"
            ),
        ),
    ],
)
def test_what_cannot_be_verified_is_refused(folder, name, told):
    with pytest.raises(VerificationError) as problem:
        verify(folder / name)
    assert str(problem.value).replace(str(folder / name), "PATH") == told


@pytest.fixture
def key():
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    return ed25519.Ed25519PrivateKey.from_private_bytes(KEY)


def test_signatures_of_results_and_manifest_are_judged(tmp_path, passed_results, key):
    case = Case(tmp_path, passed_results)
    case.make("html", key=key)
    lines = right(case.document("html"))[-2:]
    assert [line.split(" at ")[0].split(" the key ")[0] for line in lines] == [
        "results.json.sig: signed by",
        "certification.json.sig: signed by",
    ]
    assert wrong(case.results, key.public_key()) == []
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    told = wrong(case.results, stranger)
    assert len(told) == 2
    assert all("not by the known SHA256:" in text for text in told)


def test_an_altered_manifest_no_longer_has_its_signature(tmp_path, passed_results, key):
    case = Case(tmp_path, passed_results)
    case.make("html", key=key)
    append(case.report / "certification.json")
    assert wrong(case.results) == [
        "certification.json.sig: signs another certification.json than this one"
    ]


def test_a_key_that_nothing_is_signed_by_is_told(folder, key):
    assert wrong(folder / "results.json", key.public_key()) == [
        "a key was given, but nothing is signed"
    ]


def test_an_unsigned_manifest_takes_the_place_of_a_signed_one(tmp_path, passed_results, key):
    case = Case(tmp_path, passed_results)
    case.make("html", key=key)
    case.make("html", form=FORM.replace("Li Na", "Li Ming"))
    assert not (case.report / "certification.json.sig").exists()
    assert wrong(case.document("html")) == []
