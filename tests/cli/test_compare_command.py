"""`tmf671 compare` as a user runs it: two outputs, a page, an exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.embedded import running_mock
from mockserver.settings import Settings

TMF671 = str(Path(sys.executable).parent / "tmf671")


def tmf671(*arguments, cwd, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TMF671_", "NO_"))}
    return subprocess.run(
        [TMF671, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment | variables,
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Report folders: a clean run, and one whose target has lost Location."""
    place = tmp_path_factory.mktemp("runs")
    for name, defects in (("good", ()), ("bad", ("create-without-location",))):
        with running_mock(Settings(seed=3, defects=defects)) as url:
            done = tmf671(
                *("check", url, "--select", "create", "--fuzz", "0", "--no-events"),
                *("--seed", "1", "--out", place / name, "--quiet"),
                cwd=place,
            )
        assert done.returncode == (1 if defects else 0), done.stderr
    return place


def test_a_regression_exits_1_and_is_told(runs, tmp_path):
    done = tmf671("compare", runs / "good", runs / "bad", cwd=tmp_path)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[-1].startswith("Regression: 1 check broke, the verdict went from conformant to ")
    assert "Broken (1): the outcome became worse" in lines
    assert "  TMF671-CREATE-LOCATION ✓ passed → ✕ failed" in lines
    assert "      POST /promotion: the answer has no Location header" in lines
    assert "page: tmf671-compare.html" in lines
    assert done.stderr == ""
    assert "\x1b" not in done.stdout


def test_a_fixed_check_exits_0(runs, tmp_path):
    done = tmf671("compare", runs / "bad", runs / "good", "--quiet", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("No regression: 1 fixed")
    assert done.stdout.count("\n") == 1


def test_side_by_side_exits_0_and_is_a_matrix(runs, tmp_path):
    three = [runs / name for name in ("good", "bad", "bad")]
    labels = ("--label", "Ours", "--label", "Vendor A", "--label", "Vendor B")
    done = tmf671("compare", *three, *labels, cwd=tmp_path)
    assert done.returncode == 0
    (row,) = [line for line in done.stdout.splitlines() if "CREATE-LOCATION" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "CREATE-LOCATION",
        "✓ passed",
        "✕ failed",
        "✕ failed",
    ]
    two = tmf671("compare", runs / "good", runs / "bad", "--side-by-side", "-q", cwd=tmp_path)
    assert two.returncode == 0
    assert two.stdout.endswith("differ between 2 runs\n")


def test_json_alone_is_on_stdout(runs, tmp_path):
    results = (runs / "good" / "results.json", runs / "bad" / "results.json")
    done = tmf671("compare", *results, "--json", cwd=tmp_path)
    assert done.returncode == 1
    value = json.loads(done.stdout)
    assert value["mode"] == "successive"
    assert value["changes"]["broken"] == ["TMF671-CREATE-LOCATION"]


def test_the_page_links_to_the_reports_from_where_it_lies(runs):
    (runs / "deep er").mkdir()
    done = tmf671("compare", "good", "bad", "--out", "deep er/page.html", cwd=runs)
    assert done.returncode == 1
    page = (runs / "deep er" / "page.html").read_text("utf-8")
    assert '<a href="../bad/TMF671-v4.1.0-HTMLReport.html#TMF671-CREATE-LOCATION">' in page


def test_strict_counts_what_is_no_longer_judged(runs, tmp_path):
    value = json.loads((runs / "good" / "results.json").read_text("utf-8"))
    for check in value["checks"]:
        if check["id"] == "TMF671-CREATE-201":
            check["outcome"] = "skipped"
    later = tmp_path / "later.json"
    later.write_text(json.dumps(value), "utf-8")
    assert tmf671("compare", runs / "good", later, cwd=tmp_path).returncode == 0
    strict = tmf671("compare", runs / "good", later, "--strict", "-q", cwd=tmp_path)
    assert strict.returncode == 1
    assert strict.stdout == "Regression: 1 check no longer judged\n"


def test_errors_are_one_line_and_exit_2(runs, tmp_path):
    (tmp_path / "none.json").write_text("{}")
    newer = json.loads((runs / "good" / "results.json").read_text("utf-8")) | {"schema": 2}
    (tmp_path / "newer.json").write_text(json.dumps(newer))
    good = runs / "good"
    for arguments, words in (
        ((), "compare needs two runs at least"),
        ((good,), "compare needs two runs at least"),
        ((good, "missing.json"), "missing.json does not exist"),
        ((good, tmp_path), "is a folder without results.json"),
        ((good, "none.json"), "does not fit the results schema"),
        ((good, "newer.json"), "is of results version 2"),
        ((good, good, "--out", "results.json"), "let --out end in .html"),
        ((good, good, "--out", "no/such/page.html"), "cannot write no/such/page.html"),
        ((good, good, *("--label", "x") * 3), "3 labels for 2 runs"),
    ):
        done = tmf671("compare", *arguments, cwd=tmp_path)
        assert done.returncode == 2, arguments
        assert done.stdout == ""
        assert done.stderr.startswith("Error: ")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
