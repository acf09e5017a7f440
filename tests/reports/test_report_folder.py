import errno
import hashlib
from pathlib import Path

import pytest

from reports import folder, html, replacement, storage
from reports.folder import ReportError, check_writable, write_report_folder
from reports.formats import FORMATS, report_name


def names(path):
    return sorted(entry.name for entry in path.iterdir())


@pytest.mark.parametrize(
    ("company", "name"),
    [
        (None, "TMF671-v4.1.0-HTMLReport.html"),
        ("", "TMF671-v4.1.0-HTMLReport.html"),
        ("China Telecom", "China-Telecom-TMF671-v4.1.0-HTMLReport.html"),
        ("中国电信", "中国电信-TMF671-v4.1.0-HTMLReport.html"),
        ("../../etc/x", "etc-x-TMF671-v4.1.0-HTMLReport.html"),
        ('A/B\\C:D*"<>|?\n', "A-B-C-D-TMF671-v4.1.0-HTMLReport.html"),
        ("...", "TMF671-v4.1.0-HTMLReport.html"),
    ],
)
def test_the_report_is_named_like_those_of_the_certification(company, name):
    assert report_name("4.1.0", company) == name


def test_a_very_long_company_name_still_makes_a_file_name(results, tmp_path):
    written = write_report_folder(results, tmp_path / "out", "电" * 400)
    assert written.is_file()


def test_the_folder_holds_results_page_and_junit(results, tmp_path):
    out = tmp_path / "deep" / "report"
    page = write_report_folder(results, out, "China Telecom")
    assert page == out / "China-Telecom-TMF671-v4.1.0-HTMLReport.html"
    assert names(out) == [
        "China-Telecom-TMF671-v4.1.0-HTMLReport.html",
        "junit.xml",
        "results.json",
    ]
    assert storage.read(out / "results.json") == results
    assert names(out.parent) == ["report"]


def test_what_holds_data_of_the_target_is_for_its_owner_alone(results, tmp_path):
    write_report_folder(results, tmp_path / "out", formats=FORMATS)
    files = list((tmp_path / "out").iterdir())
    assert len(files) == 6
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_an_earlier_report_is_replaced_as_a_whole(results, tmp_path):
    out = tmp_path / "report"
    write_report_folder(results, out, "Old Company")
    write_report_folder(results, out, None)
    assert names(out) == ["TMF671-v4.1.0-HTMLReport.html", "junit.xml", "results.json"]
    assert names(tmp_path) == ["report"]


def test_files_that_others_put_into_the_folder_are_kept(results, tmp_path):
    out = tmp_path / "report"
    write_report_folder(results, out)
    (out / "notes.md").write_text("ask the vendor")
    (out / "figures").mkdir()
    (out / "figures" / "view.svg").write_text("<svg/>")
    write_report_folder(results, out)
    assert (out / "notes.md").read_text() == "ask the vendor"
    assert (out / "figures" / "view.svg").read_text() == "<svg/>"


def test_every_format_can_be_asked_for(results, tmp_path):
    out = tmp_path / "report"
    write_report_folder(results, out, "ACME", formats=FORMATS)
    assert names(out) == [
        "ACME-TMF671-v4.1.0-HTMLReport.html",
        "checks.csv",
        "exchanges.har",
        "junit.xml",
        "results.json",
        "summary.md",
    ]
    assert "`ACME-TMF671-v4.1.0-HTMLReport.html`" in (out / "summary.md").read_text("utf-8")
    assert (out / "checks.csv").read_bytes().startswith(b"\xef\xbb\xbfcheck,")


def test_without_the_page_the_folder_is_what_to_open(results, tmp_path):
    out = tmp_path / "report"
    assert write_report_folder(results, out, formats=["csv"]) == out
    assert names(out) == ["checks.csv", "results.json"]


def test_documents_of_the_same_run_stay_when_others_are_added(results, tmp_path):
    out = tmp_path / "report"
    write_report_folder(results, out, "ACME")
    write_report_folder(results, out, "ACME", formats=["har"])
    assert names(out) == [
        "ACME-TMF671-v4.1.0-HTMLReport.html",
        "exchanges.har",
        "junit.xml",
        "results.json",
    ]


def test_documents_of_another_run_go(results, passed_results, tmp_path):
    out = tmp_path / "report"
    write_report_folder(results, out, "ACME", formats=FORMATS)
    write_report_folder(passed_results, out, "ACME", formats=["csv"])
    assert names(out) == ["checks.csv", "results.json"]


def test_the_signature_of_another_run_goes_with_its_results(results, passed_results, tmp_path):
    write_report_folder(results, tmp_path / "out")
    (tmp_path / "out" / "results.json.sig").write_text("{}")
    write_report_folder(results, tmp_path / "out", formats=("csv",))
    assert (tmp_path / "out" / "results.json.sig").exists()
    write_report_folder(passed_results, tmp_path / "out")
    assert not (tmp_path / "out" / "results.json.sig").exists()


def test_the_page_belongs_to_the_results_beside_it_and_speaks_the_language(results, tmp_path):
    page = write_report_folder(results, tmp_path / "report", lang="zh").read_text("utf-8")
    digest = hashlib.sha256((tmp_path / "report" / "results.json").read_bytes()).hexdigest()
    assert digest in page
    assert '<html lang="zh' in page


def test_an_empty_folder_is_taken(results, tmp_path):
    out = tmp_path / "report"
    out.mkdir()
    check_writable(out)
    assert write_report_folder(results, out).is_file()


@pytest.mark.parametrize("call", [check_writable, lambda out: write_report_folder(None, out)])
def test_a_folder_of_something_else_is_refused(tmp_path, call):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ReportError, match="not an earlier report"):
        call(tmp_path)
    assert names(tmp_path) == ["thesis.tex"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "report").write_text("")
    with pytest.raises(ReportError, match=r"report is a file, not a folder: .*--out"):
        check_writable(tmp_path / "report")


def test_a_file_above_the_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="file is a file, not a folder"):
        check_writable(tmp_path / "file" / "deep" / "report")


def test_the_current_folder_is_refused(tmp_path, monkeypatch):
    (tmp_path / "results.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReportError, match="current folder"):
        check_writable(Path())


def test_the_check_beforehand_leaves_nothing_behind(tmp_path):
    check_writable(tmp_path / "not" / "yet" / "there")
    assert names(tmp_path) == []


def test_an_unwritable_place_is_told_with_its_cause(tmp_path, monkeypatch):
    def refuse(path, *args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ReportError, match=r"\(Permission denied\): choose another folder"):
        check_writable(tmp_path / "report")


def test_a_full_disk_is_told_before_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "_free_bytes", lambda _: 4096)
    with pytest.raises(ReportError, match="is full: make room, or choose another folder"):
        check_writable(tmp_path / "report")


def test_a_disk_that_fills_up_while_writing_leaves_the_old_report(results, tmp_path, monkeypatch):
    out = tmp_path / "report"
    write_report_folder(results, out, "Old")

    def full(path, content, mode):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "write_atomically", full)
    with pytest.raises(ReportError, match="No space left on device"):
        write_report_folder(results, out, "New")
    assert (out / "Old-TMF671-v4.1.0-HTMLReport.html").is_file()
    assert names(tmp_path) == ["report"]


def test_an_interruption_while_rendering_leaves_the_old_report(results, tmp_path, monkeypatch):
    out = tmp_path / "report"
    write_report_folder(results, out, "Old")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(html, "render", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_report_folder(results, out, "New")
    assert (out / "Old-TMF671-v4.1.0-HTMLReport.html").is_file()
    assert names(tmp_path) == ["report"]


@pytest.mark.parametrize("in_one_step", [True, False])
def test_folders_are_exchanged_with_and_without_help_of_the_system(
    tmp_path, monkeypatch, in_one_step
):
    fresh, place = tmp_path / "fresh", tmp_path / "place"
    for path in (fresh, place):
        path.mkdir()
        (path / path.name).write_text("")
    if not in_one_step:
        monkeypatch.setattr(replacement, "_swap", lambda *_: False)
    replacement.replace_folder(fresh, place)
    assert names(place) == ["fresh"]
    assert names(fresh) == ["place"]


def test_an_interrupted_second_rename_brings_the_old_folder_back(tmp_path, monkeypatch):
    fresh, place = tmp_path / "fresh", tmp_path / "place"
    for path in (fresh, place):
        path.mkdir()
        (path / path.name).write_text("")
    rename = Path.rename

    def interrupted(path, target):
        if path == fresh:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(replacement, "_swap", lambda *_: False)
    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replacement.replace_folder(fresh, place)
    assert names(place) == ["place"]
    assert names(fresh) == ["fresh"]
