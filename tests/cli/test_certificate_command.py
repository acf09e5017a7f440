"""The commands certificate and verify, over a real run of the mock and the example's own form."""

import json
import shutil
import sys
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from conformance import run
from conformance.cli.certificate import certificate
from conformance.cli.verify import verify
from mockserver.embedded import running_mock
from mockserver.settings import Settings
from reports.folder import write_report_folder

EXAMPLE = Path(__file__).parents[2] / "examples" / "china-telecom"
FORM = str(EXAMPLE / "certification.toml")
STEM = "China-Telecom-(中国电信)-TMF671-v4.1.0-Certification"


@pytest.fixture(scope="session")
def conformant_report(tmp_path_factory):
    """The report of a full run over the embedded mock, which conforms."""
    with running_mock(Settings(seed=7)) as url:
        results = run(url, seed=7, fuzz=0, event_timeout=1.5)
    assert (results.verdict, results.scope) == ("conformant", "full")
    folder = tmp_path_factory.mktemp("run") / "tmf671-report"
    write_report_folder(results, folder, "China Telecom")
    return folder


@pytest.fixture
def report(conformant_report, tmp_path):
    return shutil.copytree(conformant_report, tmp_path / "tmf671-report")


def call(command, *arguments, **environment):
    done = CliRunner(env=environment).invoke(command, [str(one) for one in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


def test_the_example_makes_a_document_that_verifies(report):
    done = call(certificate, report, "--config", FORM)
    assert done.output.splitlines() == [
        f"written: {report / f'{STEM}.docx'}",
        f"written: {report / f'{STEM}.html'}",
        f"written: {report / 'certification.json'}",
    ]
    assert done.exit_code == 0
    checked = call(verify, report / f"{STEM}.docx")
    lines = checked.output.splitlines()
    assert checked.exit_code == 0
    assert sum(line.startswith("✓ ") for line in lines) == 10
    assert [line for line in lines if not line.startswith("✓ ")] == [
        "\u2013 results.json is not signed",
        "\u2013 certification.json is not signed",
    ]


def test_the_examples_document_has_every_section_and_value(report):
    call(certificate, report, "--config", FORM, "--format", "docx")
    word = docx.Document(str(report / f"{STEM}.docx"))
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert headings == [
        "1. What Product or Solution does your API support?",
        "2. Overview of Certified API",
        "3. Architectural View",
        "4. Test Results",
    ]
    cells = {row.cells[0].text: row.cells[-1].text for t in word.tables for row in t.rows}
    assert cells["Company Name"] == "China Telecom (中国电信)"
    assert cells["Product Name and Release Version"] == "Promotion Center CRM 3.2.1"
    assert cells["Scope"] == "Full suite"
    assert cells["Verdict"] == "Conformant"
    results = json.loads((report / "results.json").read_text())
    assert cells["Target"] == results["target"]["url"]
    assert cells["Date"] == results["ended"][:10]
    assert cells["Total"] == str(results["summary"]["total"])
    text = "\n".join(p.text for p in word.paragraphs)
    assert "The API is offered by the Promotion Center" in text
    assert "Channels reach the API through one HTTPS address." in text
    assert "Figure 1. Where the Promotion Management API is in the CRM" in text
    assert f"Conformant: {results['verdict_reason']}." in text


def test_the_examples_figure_is_what_its_source_draws(monkeypatch):
    monkeypatch.syspath_prepend(EXAMPLE)
    import draw_architecture

    assert (EXAMPLE / "architecture.svg").read_text(encoding="utf-8") == draw_architecture.drawing()


def test_the_examples_readme_names_every_file_of_it():
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    names = {path.name for path in EXAMPLE.iterdir() if path.suffix in {".toml", ".svg", ".py"}}
    assert names == {"certification.toml", "architecture.svg", "draw_architecture.py"}
    assert all(name in text for name in names)


def test_the_results_file_may_be_named_in_place_of_its_folder(report, tmp_path):
    out = tmp_path / "out"
    done = call(certificate, report / "results.json", "-c", FORM, "-o", out, "--format", "html")
    assert done.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == [f"{STEM}.html", "certification.json"]


def test_each_refusal_is_a_line_and_nothing_is_written(report, tmp_path):
    form = tmp_path / "form.toml"
    form.write_text('[company]\nname = "ACME"\n[api]\nversion = "V4.0.0"\n[report]\nurl = "#"\n')
    before = sorted(report.iterdir())
    done = call(certificate, report, "-c", form)
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        (
            'refused: api.version is V4.0.0, but 4.1.0 was tested: write version = "4.1.0", '
            "or test with --api-version 4.0.0"
        ),
        (
            'refused: report.url "#" leads nowhere: '
            "leave report.url out to link the file beside the document, or give its address"
        ),
        "refused: product.name is missing: write the product's name",
        (
            "refused: product.release is missing: write the release that was tested, "
            'e.g. release = "8.2"'
        ),
        "refused: product.text is missing: answer what product or solution the API supports",
        "refused: architecture.figure is missing: name a PNG, JPEG or SVG file",
    ]
    assert sorted(report.iterdir()) == before


def test_a_draft_is_named_as_one(report, tmp_path):
    form = tmp_path / "form.toml"
    form.write_text('[company]\nname = "ACME"\n')
    done = call(certificate, report, "-c", form, "--draft", "--format", "html")
    assert done.exit_code == 0
    assert (report / "ACME-TMF671-v4.1.0-Certification-DRAFT.html").exists()


def test_init_writes_a_form_that_is_refused_until_it_is_filled_in(report, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call(certificate, "--init").output == "to be filled in: certification.toml\n"
    assert call(certificate, "--init", "mine.toml").output == "to be filled in: mine.toml\n"
    again = call(certificate, "--init")
    assert again.exit_code == 2
    assert again.stderr == "Error: certification.toml exists already: name another file\n"
    done = call(certificate, report, "-c", "certification.toml")
    assert done.exit_code == 2
    assert "refused: product.release still holds <<product release>>" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "RESULTS and --config are needed; `tmf671 certificate --init` writes the file"),
        (["gone", "-c", FORM], "gone does not exist"),
        (["gone", "-c", "gone.toml"], "cannot read gone.toml: No such file or directory"),
        (
            ["gone", "-c", FORM, "--sign", "k"],
            "the key k cannot be read: No such file or directory",
        ),
    ],
)
def test_an_error_is_one_line(arguments, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(certificate, *arguments)
    assert done.stderr == f"Error: {told}\n"
    assert done.exit_code == 2


def test_a_folder_that_is_no_report_and_an_unknown_format_are_refused(tmp_path):
    done = call(certificate, tmp_path, "-c", FORM)
    assert (
        done.stderr == f"Error: {tmp_path} is a folder without results.json: it is not a report\n"
    )
    done = call(certificate, tmp_path, "-c", FORM, "--format", "docx,odt")
    assert done.exit_code == 2
    assert "'odt' is none of docx, pdf, html" in done.stderr


def test_pdf_without_weasyprint_is_refused_before_anything_is_written(report, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    before = sorted(report.iterdir())
    done = call(certificate, report, "-c", FORM, "--format", "docx,pdf")
    assert done.exit_code == 2
    assert done.stderr == (
        "Error: PDF needs WeasyPrint: pip install 'tmf671[pdf]', or leave pdf out of --format\n"
    )
    assert sorted(report.iterdir()) == before


def test_a_folder_that_cannot_be_written_to_is_one_line(report, tmp_path):
    (tmp_path / "file").write_text("")
    done = call(certificate, report, "-c", FORM, "--out", tmp_path / "file" / "out")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"Error: cannot write to {tmp_path / 'file' / 'out'} (")
    assert done.stderr.count("\n") == 1


def test_verify_ends_with_1_for_what_was_altered(report):
    call(certificate, report, "-c", FORM)
    with (report / "results.json").open("ab") as file:
        file.write(b"\n")
    done = call(verify, report / "certification.json")
    assert done.exit_code == 1
    assert done.output.startswith("✗ results.json was altered or replaced after ")


def test_verify_ends_with_2_for_what_is_not_there(tmp_path):
    done = call(verify, tmp_path / "gone.docx")
    assert done.exit_code == 2
    assert done.stderr == f"Error: {tmp_path / 'gone.docx'} is not a file\n"


def test_signed_documents_are_verified_by_the_companys_key(report, tmp_path):
    pytest.importorskip("cryptography", reason="the extra sign is not installed")
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    for name in ("own", "other"):
        key = Ed25519PrivateKey.generate()
        (tmp_path / f"{name}.pem").write_bytes(
            key.private_bytes(
                pem.Encoding.PEM,
                pem.PrivateFormat.PKCS8,
                pem.BestAvailableEncryption(b"secret"),
            )
        )
        (tmp_path / f"{name}.pub.pem").write_bytes(
            key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
        )
    arguments = (report, "-c", FORM, "--format", "html", "--sign", tmp_path / "own.pem")
    closed = call(certificate, *arguments, TMF671_SIGN_PASSPHRASE=None)
    assert closed.exit_code == 2
    assert "is encrypted: put its passphrase into TMF671_SIGN_PASSPHRASE" in closed.stderr
    done = call(certificate, *arguments, TMF671_SIGN_PASSPHRASE="secret")
    assert [Path(line).name for line in done.output.splitlines()[1:]] == [
        "certification.json",
        "results.json.sig",
        "certification.json.sig",
    ]
    path = report / f"{STEM}.html"
    assert call(verify, path).output.count("(not compared with a known key)") == 2
    known = call(verify, path, "--public-key", tmp_path / "own.pub.pem")
    assert (known.exit_code, known.output.count("which is the known one")) == (0, 2)
    other = call(verify, path, "--public-key", tmp_path / "other.pub.pem")
    assert (other.exit_code, other.output.count("✗ ")) == (1, 2)
