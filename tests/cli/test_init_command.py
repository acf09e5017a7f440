"""The file that `tmf671 init` writes holds every option, and each line of it works."""

import re
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner

from conformance.cli.check import check
from conformance.cli.configuration import DEVIATIONS
from conformance.cli.init import init
from conformance.cli.main import tmf671
from conformance.deviations import read_deviations

TEMPLATE = resources.files("conformance.cli").joinpath("config.toml").read_text("utf-8")
SWITCHED_OFF = re.compile(r"^#(?=[\w\[])", re.MULTILINE)
BLOCKS = [block for block in TEMPLATE.split("\n\n") if SWITCHED_OFF.search(block)]
VARIABLES = (
    "CRM_TOKEN",
    "CRM_PASSWORD",
    "CRM_KEY",
    "STAGING_TOKEN",
    "PRODUCTION_TOKEN",
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".secrets").mkdir()
    for name in ("crm-client", "gateway-token"):
        (tmp_path / ".secrets" / name).write_text("s3cret\n")
    for name in VARIABLES:
        monkeypatch.setenv(name, "s3cret")
    return tmp_path


def parsed(text, *arguments):
    file = Path("made.toml")
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return check.make_context("check", ["--config", "made.toml", *arguments])


def switched_on(text):
    return SWITCHED_OFF.sub("", text)


def test_the_file_is_written_once_for_the_owner_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(init, [], catch_exceptions=False)
    assert done.exit_code == 0
    assert done.output.startswith("written: tmf671.toml")
    written = tmp_path / "tmf671.toml"
    assert written.stat().st_mode & 0o777 == 0o600
    assert tomllib.loads(written.read_text()) == {}
    written.write_text("mine")
    again = CliRunner().invoke(init, [])
    assert again.exit_code == 2
    assert "is there already" in again.output
    assert written.read_text() == "mine"
    written.chmod(0o644)
    forced = CliRunner().invoke(init, ["--force"])
    assert forced.exit_code == 0
    assert written.read_text() == TEMPLATE
    assert written.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_one_line(tmp_path):
    done = CliRunner().invoke(init, [str(tmp_path / "none" / "x.toml")])
    assert done.exit_code == 2
    assert "cannot be written: No such file or directory" in done.output


def test_init_is_a_command_of_tmf671(tmp_path):
    assert "init" in tmf671.list_commands(None)
    done = subprocess.run(
        [sys.executable, "-c", "from conformance.cli import main; main()", "init", "a.toml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.toml").exists()


def test_every_option_of_check_stands_in_the_file():
    names = {
        next((name for name in option.opts if name.startswith("--")), option.name).lstrip("-")
        for option in check.params
    } - {"config", "target", "help"}
    top = tomllib.loads(switched_on(TEMPLATE).partition("\n[target]\n")[0])
    assert names - set(top) == set()


@pytest.mark.parametrize("block", BLOCKS)
def test_each_setting_works_when_it_is_switched_on(home, block):
    text = switched_on(block)
    picked = re.search(r"^\[+targets\.(\w+)", text, re.MULTILINE)
    context = parsed(text, *(["--target", picked[1]] if picked else []))
    where, declared = context.meta.get(DEVIATIONS, ("", []))
    assert len(read_deviations(declared, where)) == text.count("deviation]]")


def test_all_settings_work_together(home):
    context = parsed(switched_on(TEMPLATE), "--target", "production")
    assert context.params["rate"] == 2
    assert context.params["read_only"] is True
    assert context.params["oauth_client_secret"] == "s3cret"


def test_the_defaults_in_the_file_are_those_of_the_options(home):
    values = tomllib.loads(switched_on(TEMPLATE).partition("\n[header]\n")[0])
    defaults = {parameter.name: parameter.default for parameter in check.params}
    untouched = parsed("").params
    for name in ("timeout", "retries", "max-wait", "level", "out", "lang", "parallel", "profile"):
        option = name.replace("-", "_")
        assert str(values[name]) == str(defaults[option]) == str(untouched[option]), name
    assert tuple(values["format"]) == untouched["formats"]
    flags = {name for name, value in values.items() if value is False}
    assert flags >= {"insecure", "strict", "read-only", "no-events", "json", "quiet", "no-color"}
