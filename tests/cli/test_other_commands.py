import json
import subprocess
import sys
from pathlib import Path

import pytest

TMF671 = str(Path(sys.executable).parent / "tmf671")


def tmf671(*arguments):
    return subprocess.run([TMF671, *arguments], capture_output=True, text=True, timeout=60)


def test_the_version_is_told():
    done = tmf671("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("tmf671, version ")


@pytest.mark.parametrize("command", ["check", "mock", "list", "explain", "report", "completion"])
def test_each_command_has_help_with_examples(command):
    done = tmf671(command, "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout


def test_checks_are_listed():
    rows = json.loads(tmf671("list", "--json").stdout)
    assert len(rows) > 100
    assert {"id", "level", "requirements", "title"} <= rows[0].keys()
    assert "TMF671-CREATE-LOCATION" in tmf671("list").stdout


def test_requirements_are_listed_with_their_checks():
    rows = {row["id"]: row for row in json.loads(tmf671("list", "--coverage", "--json").stdout)}
    assert rows["R-G40-LOCATION"]["checks"] == ["TMF671-CREATE-LOCATION"]
    assert all(row["checks"] or row["not_tested_because"] for row in rows.values())


def test_a_check_is_explained():
    text = tmf671("explain", "tmf671-create-location").stdout
    for words in ("Location", "R-G40-LOCATION (must", "Source:", "create-without-location"):
        assert words in text


def test_a_requirement_is_explained():
    text = tmf671("explain", "R-G40-LOCATION").stdout
    assert "Checks: TMF671-CREATE-LOCATION" in text


def test_an_unknown_name_is_one_line_with_a_suggestion():
    done = tmf671("explain", "TMF671-CREATE-LOCATON")
    assert done.returncode == 2
    assert (
        done.stderr
        == "Error: nothing is called TMF671-CREATE-LOCATON; close to it: "
        + (done.stderr.split("close to it: ")[1])
    )
    assert "TMF671-CREATE-LOCATION" in done.stderr


def test_completion_is_a_script_the_shell_can_read():
    done = tmf671("completion", "bash")
    assert subprocess.run(["bash", "-n"], input=done.stdout, text=True).returncode == 0
    assert "_TMF671_COMPLETE" in done.stdout
