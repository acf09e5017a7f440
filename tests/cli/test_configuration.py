"""The configuration file: what is read, what goes over what, what is refused."""

import os
from pathlib import Path

import click
import pytest

from conformance.cli.check import check
from conformance.cli.configuration import DEVIATIONS, TARGET
from conformance.cli.errors import Failure


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("TMF671_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def read(text, *arguments, command=check, mode=0o600):
    """Parse the command line with a file of this text; return the context."""
    file = Path("tmf671.toml")
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return command.make_context(
        command.name, ["--config", "tmf671.toml", *arguments], auto_envvar_prefix="TMF671"
    )


def refused(text, *arguments):
    """Return the one line with which the file is refused."""
    with pytest.raises(Failure) as problem:
        read(text, *arguments)
    assert problem.value.exit_code == 2
    return problem.value.message


def test_an_option_stands_at_the_top_or_in_the_table_of_its_command():
    for text in ("timeout = 7\n", "[check]\ntimeout = 7\n", "timeout = 3\n[check]\ntimeout = 7\n"):
        assert read(text).params["timeout"] == 7


def test_a_flag_goes_before_a_variable_before_the_file(monkeypatch):
    monkeypatch.setenv("TMF671_TIMEOUT", "8")
    assert read("timeout = 7\n").params["timeout"] == 8
    assert read("timeout = 7\n", "--timeout", "9").params["timeout"] == 9


PROFILES = """
url = "https://one.example.com/v4"
timeout = 7
[header]
X-Tenant = "blue"
[target]
payload = {name = "summer"}
[[deviation]]
check = "TMF671-CREATE-201"
reason = "x"
until = 2099-01-01
[targets.staging]
url = "https://two.example.com/v4"
[targets.production]
rate = 2
header = ["X-Tenant: red"]
deviation = []
[targets.production.target]
payload = {name = "winter"}
"""


def test_a_profile_goes_over_the_rest_of_the_file():
    staging = read(PROFILES, "--target", "staging")
    assert staging.params["url"] == "https://two.example.com/v4"
    assert staging.params["timeout"] == 7
    assert staging.params["header"] == ("X-Tenant: blue",)
    assert staging.meta[TARGET] == {"payload": {"name": "summer"}}
    assert len(staging.meta[DEVIATIONS][1]) == 1
    production = read(PROFILES, "--target", "production")
    assert production.params["url"] == "https://one.example.com/v4"
    assert production.params["rate"] == 2
    assert production.params["header"] == ("X-Tenant: red",)
    assert production.meta[TARGET] == {"payload": {"name": "winter"}}
    assert production.meta[DEVIATIONS][1] == []


def test_without_a_target_no_profile_counts():
    assert read(PROFILES).params["url"] == "https://one.example.com/v4"
    assert read(PROFILES).params["rate"] is None


def test_the_order_of_the_two_options_does_not_matter():
    assert read(PROFILES, "--target=staging").params["url"] == "https://two.example.com/v4"
    early = check.make_context("check", ["--target", "staging", "--config", "tmf671.toml"])
    assert early.params["url"] == "https://two.example.com/v4"


def test_an_environment_variable_picks_the_profile(monkeypatch):
    monkeypatch.setenv("TMF671_TARGET", "staging")
    assert read(PROFILES).params["url"] == "https://two.example.com/v4"


def test_a_profile_needs_a_file():
    with pytest.raises(Failure, match="--target picks a table of the file of --config"):
        check.make_context("check", ["--target", "staging"])


def test_a_file_in_the_current_folder_is_not_read_by_itself():
    read("timeout = 7\n")
    assert check.make_context("check", []).params["timeout"] == 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("read-onyl = true", "unknown setting 'read-onyl'; did you mean read-only?"),
        ("[targets.a]\nrate = 1\nulr = 'x'", "unknown setting 'targets.a.ulr'; did you mean url?"),
        ("[check]\nbaerer = 'x'", "unknown setting 'check.baerer'; did you mean bearer?"),
        ("[target]\npaylod = {}", "unknown setting 'target.paylod'; did you mean payload?"),
        ("[targets.a.target]\nx = 1\n", "unknown setting 'targets.a.target.x'"),
        ("[target]\nzz = 1", "there are payload, payloads, attributes"),
        ("config = 'other.toml'", "unknown setting 'config'"),
        ("targets = 3", "[targets] must be a table"),
        ("[targets]\na = 3", "[targets.a] must be a table"),
        ("target = 'staging'", "[target] must be a table"),
        ("check = 3", "[check] must be a table"),
    ],
)
def test_a_name_that_nothing_has_is_refused_with_the_closest(text, words):
    message = refused(text)
    assert message.startswith("tmf671.toml: ")
    assert words in message
    assert "\n" not in message


def test_an_unknown_profile_is_refused_with_the_closest():
    assert "there is no [targets.stagin]; did you mean staging?" in refused(
        PROFILES, "--target", "stagin"
    )
    assert "there are staging, production" in refused(PROFILES, "--target", "xyz")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("timeout = 'long'", "timeout must be a number"),
        ("timeout = true", "timeout must be a number"),
        ("timeout = 0", "timeout: 0"),
        ("retries = 1.5", "retries must be a whole number"),
        ("read-only = 'yes'", "read-only must be true or false"),
        ("url = 3", "url must be a text in quotes"),
        ("level = 'most'", "level: 'most' is not one of 'must', 'should', 'may'"),
        ("select = [1]", "select must be a text in quotes, or a list of them"),
        ("format = ['pdf']", "format: 'pdf' is not a format"),
        ("bearer = ['a']", "bearer must be a text in quotes"),
        ("header = 3", "header must be a table of names and texts, or a list"),
        ("[header]\nA = 1", "header must be a table of names and texts"),
        ("[targets.a]\ntimeout = '7'", "targets.a.timeout must be a number"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_name(text, words):
    message = refused(text, *(["--target", "a"] if "targets" in text else []))
    assert message.startswith("tmf671.toml: ")
    assert words in message


def test_one_text_stands_for_a_list_of_one():
    assert read("select = 'delete'").params["select"] == ("delete",)
    assert read("format = 'html,junit'").params["formats"] == ("html", "junit")
    assert read("header = 'A: b'").params["header"] == ("A: b",)


def test_a_variable_stands_in_any_text(monkeypatch):
    monkeypatch.setenv("CRM_HOST", "crm.example.com")
    monkeypatch.setenv("CRM_SECONDS", "7")
    context = read(
        "url = 'https://${CRM_HOST}/v4'\ntimeout = '${CRM_SECONDS}'\n"
        "[target.payload]\nname = 'at ${CRM_HOST}'\n"
    )
    assert context.params["url"] == "https://crm.example.com/v4"
    assert context.params["timeout"] == 7
    assert context.meta[TARGET] == {"payload": {"name": "at crm.example.com"}}


def test_a_missing_variable_is_named_with_its_place():
    assert refused("company = '${CRM_NAME}'") == (
        "tmf671.toml: company: the environment variable CRM_NAME is not set"
    )
    with pytest.raises(click.BadParameter, match="CRM_TOKEN is not set"):
        read("bearer = '${CRM_TOKEN}'")


def test_a_profile_that_is_not_picked_needs_no_variable():
    text = "[targets.a]\nurl = '${A}'\n[targets.b]\nurl = 'http://b.example.com'\n"
    assert read(text, "--target", "b").params["url"] == "http://b.example.com"


def test_a_secret_is_resolved_once(monkeypatch, tmp_path):
    monkeypatch.setenv("CRM_TOKEN", "${NOT_A_REFERENCE}")
    (tmp_path / "key").write_text("X-Key: file:x\n")
    context = read("bearer = '${CRM_TOKEN}'\napi-key = 'file:key'\n")
    assert context.params["bearer"] == "${NOT_A_REFERENCE}"
    assert context.params["api_key"] == "X-Key: file:x"


@pytest.mark.parametrize(
    "text",
    [
        "bearer = 'abc123'",
        "basic = 'a:b'",
        "[targets.b]\napi-key = 'K: abc123'",
        "[header]\nAuthorization = 'Bearer abc123'",
        "proxy = 'http://a:abc123@proxy.example.com'",
    ],
)
def test_a_secret_that_others_can_read_is_warned_of(capsys, text):
    read(text, mode=0o640)
    warning = capsys.readouterr().err
    assert warning.startswith("warning: tmf671.toml holds a secret")
    assert len(warning.splitlines()) == 1
    assert "abc123" not in warning
    read(text, mode=0o600)
    assert capsys.readouterr().err == ""


def test_a_reference_to_a_secret_needs_no_warning(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("CRM_TOKEN", "x")
    (tmp_path / "token").write_text("x")
    read(
        "bearer = '${CRM_TOKEN}'\n[header]\nX-Token = 'file:token'\nX-Tenant = 'blue'\n", mode=0o644
    )
    assert capsys.readouterr().err == ""


def test_another_command_takes_what_it_knows_from_the_same_file():
    @click.command(name="cleanup")
    @click.pass_context
    def cleanup(context, **options):
        raise AssertionError

    of_check = {parameter.name: parameter for parameter in check.params}
    cleanup.params = [of_check[name] for name in ("url", "config", "target", "timeout", "rate")]
    text = (
        "seed = 1\ntimeout = 7\n[check]\nrate = 2\n[cleanup]\ntimeout = 8\n[targets.a]\nrate = 3\n"
    )
    assert read(text, command=cleanup).params == {"url": None, "timeout": 8, "rate": 2}
    assert read(text, "--target", "a", command=cleanup).params["rate"] == 3
    assert read(text).params["timeout"] == 7
    with pytest.raises(Failure, match="did you mean seed"):
        read("sede = 1", command=cleanup)
