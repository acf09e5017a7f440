"""`tmf671 report` as a user runs it: documents made again from one results.json."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.embedded import running_mock
from mockserver.settings import Settings

TMF671 = str(Path(sys.executable).parent / "tmf671")


def tmf671(*arguments, cwd):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TMF671_")}
    return subprocess.run(
        [TMF671, *map(str, arguments)], cwd=cwd, capture_output=True, timeout=60, env=environment
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The report folder of a quick run."""
    place = tmp_path_factory.mktemp("run")
    with running_mock(Settings(seed=3)) as url:
        done = tmf671(
            *("check", url, "--select", "create", "--fuzz", "0", "--no-events", "--seed", "1"),
            *("--company", "ACME", "--quiet"),
            cwd=place,
        )
    assert done.returncode == 0, done.stderr
    return place / "tmf671-report"


def names(path):
    return sorted(entry.name for entry in path.iterdir())


def test_the_page_and_junit_are_made_unless_told_otherwise(run, tmp_path):
    done = tmf671("report", run, cwd=tmp_path)
    page = tmp_path / "tmf671-report" / "ACME-TMF671-v4.1.0-HTMLReport.html"
    assert done.stdout.decode() == f"report: {page}\n"
    assert names(page.parent) == [page.name, "junit.xml", "results.json"]


def test_formats_are_joined_by_commas_or_repeated(run, tmp_path):
    done = tmf671(
        *("report", run / "results.json", "--out", "again"),
        *("--format", "markdown, CSV", "--format", "har", "--format", "json"),
        cwd=tmp_path,
    )
    assert done.stdout.decode() == f"report: {tmp_path / 'again'}\n"
    assert names(tmp_path / "again") == [
        "checks.csv",
        "exchanges.har",
        "results.json",
        "summary.md",
    ]


def test_the_results_are_carried_over_byte_for_byte(run, tmp_path):
    tmf671("report", run, "--out", "again", cwd=tmp_path)
    results = (run / "results.json").read_bytes()
    assert (tmp_path / "again" / "results.json").read_bytes() == results


@pytest.mark.parametrize("way", [("--stdout",), ("--out", "-"), ("-o", "-")])
def test_one_document_can_be_printed_and_nothing_is_written(run, tmp_path, way):
    done = tmf671("report", run, "--format", "markdown", *way, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.decode().startswith("### ✅ Conformant: ")
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("html", b"<!DOCTYPE html>"),
        ("junit", b"<?xml "),
        ("csv", b"\xef\xbb\xbfcheck,"),
        ("har", b"{"),
        ("json", b"{"),
    ],
)
def test_every_format_can_be_printed(run, tmp_path, name, beginning):
    done = tmf671("report", run, "--format", name, "--stdout", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(beginning)


def test_a_printed_page_names_the_digest_of_the_file_it_is_made_from(run, tmp_path):
    value = json.loads((run / "results.json").read_bytes())
    copy = tmp_path / "compact.json"
    copy.write_text(json.dumps(value), "utf-8")
    digest = subprocess.run(["sha256sum", copy], capture_output=True, text=True).stdout.split()[0]
    done = tmf671("report", copy, "--format", "html", "--stdout", cwd=tmp_path)
    assert digest in done.stdout.decode()


def test_the_interface_of_the_page_can_be_chinese(run, tmp_path):
    done = tmf671("report", run, "--format", "html", "--stdout", "--lang", "zh", cwd=tmp_path)
    assert '<html lang="zh' in done.stdout.decode()


def test_errors_are_one_line_and_exit_2(run, tmp_path):
    for arguments, words in (
        (("nothing.json",), "nothing.json does not exist"),
        ((tmp_path,), "is a folder without results.json"),
        ((run, "--format", "pdf"), "'pdf' is not a format; there are html, junit, markdown"),
        ((run, "--stdout"), "--stdout prints one document"),
        ((run, "--format", "har,csv", "--stdout"), "--stdout prints one document"),
        ((run, "--lang", "fr"), "--lang"),
    ):
        done = tmf671("report", *arguments, cwd=tmp_path)
        assert done.returncode == 2, arguments
        assert done.stdout == b""
        assert done.stderr.startswith(b"Error: ")
        assert words in done.stderr.decode()
        assert done.stderr.count(b"\n") == 1
