"""The checks run by pytest's own command line."""

import json
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from mockserver.embedded import running_mock
from mockserver.settings import Settings


def checks(*arguments, cwd):
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--pyargs",
            "conformance.checks",
            "-p",
            "no:cacheprovider",
            "--tmf671-fuzz",
            "0",
            *arguments,
        ],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=90,
    )


@pytest.fixture(scope="module")
def mock_url():
    with running_mock(Settings(seed=3)) as url:
        yield url


def test_pytest_html_shows_level_requirement_and_wire_log(tmp_path, mock_url):
    done = checks(
        "--tmf671-url",
        mock_url,
        "-k",
        "CREATE-LOCATION",
        "--html",
        "log.html",
        "--junitxml",
        "junit.xml",
        "--self-contained-html",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "log.html").read_text(encoding="utf-8")
    for words in ("TMF671-CREATE-LOCATION", "R-G40-LOCATION", "must", "wire log", "POST http://"):
        assert words in page
    assert len(ET.parse(tmp_path / "junit.xml").findall(".//testcase")) == 1


def test_markers_and_workers_select_and_spread(tmp_path, mock_url):
    done = checks(
        "--tmf671-url",
        mock_url,
        "-m",
        "must",
        "-n",
        "2",
        "-k",
        "TMF671-DELETE or TMF671-HUB",
        "--tmf671-out",
        "report",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((tmp_path / "report/results.json").read_text(encoding="utf-8"))
    ran = [check for check in results["checks"] if check["outcome"] == "passed"]
    assert {check["level"] for check in ran} == {"must"}
    assert {check["section"] for check in ran} == {"delete", "hub"}
    assert results["cleanup"]["created"] == results["cleanup"]["deleted"] > 0


def test_a_failed_must_fails_and_a_failed_should_is_an_expected_failure(tmp_path):
    with running_mock(Settings(defects=("create-without-location", "no-etag"))) as url:
        done = checks("--tmf671-url", url, "-k", "create or retrieve", "-rxf", cwd=tmp_path)
    assert done.returncode == 1
    assert "1 failed" in done.stdout.splitlines()[-1]
    assert "1 xfailed" in done.stdout.splitlines()[-1]
    assert "the answer has no Location header" in done.stdout
    assert "Traceback" not in done.stdout


def test_without_a_target_the_way_out_is_told(tmp_path):
    done = checks(cwd=tmp_path)
    assert done.returncode == 4
    assert done.stderr.strip() == "ERROR: the checks need a target: give --tmf671-url URL"


def test_an_unreachable_target_ends_the_session_with_its_cause(tmp_path):
    done = checks("--tmf671-url", "http://127.0.0.1:9/v4", cwd=tmp_path)
    assert done.returncode == 3
    assert "nothing listens there" in done.stdout


def test_tests_of_a_project_run_beside_the_plugin(tmp_path):
    (tmp_path / "test_own.py").write_text("def test_own():\n    assert True is not False\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "1 passed" in done.stdout


def test_a_test_of_a_project_may_call_the_suite(tmp_path, mock_url):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:randomly\n")
    (tmp_path / "conftest.py").write_text("collect_ignore_glob = ['*nothing*']\n")
    (tmp_path / "test_crm.py").write_text(
        "from conformance import run\n\n"
        "def test_the_crm_conforms():\n"
        f"    results = run({mock_url!r}, select=['delete', 'create'], events=False)\n"
        "    assert results.verdict == 'conformant', results.verdict_reason\n"
        "    assert results.scope == 'subset'\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "1 passed" in done.stdout, done.stdout
