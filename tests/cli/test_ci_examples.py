"""The CI examples, run as the plain commands that they contain."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mockserver.embedded import running_mock
from mockserver.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "examples" / "ci"
INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")


def loaded(name):
    return yaml.safe_load((EXAMPLES / name).read_text("utf-8"))


def bash(script, cwd, **variables):
    """Run a script as both CI systems do: stop at the first command that fails."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TMF671_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{clean['PATH']}"
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=cwd,
        env=clean | {"PATH": path} | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def target():
    """What the job's environment says of the target: a mock, of which little is tested."""
    with running_mock(Settings(seed=3)) as url:
        yield {"TMF671_URL": url, "TMF671_SELECT": "create", "TMF671_FUZZ": "0"}


def act(action, cwd, inputs, variables):
    """Carry out the steps of a composite action; gives its outcome as the runner does."""
    given = {name: spec.get("default", "") for name, spec in action["inputs"].items()} | inputs
    failed = False
    for step in action["runs"]["steps"]:
        if "run" not in step or "pip install" in step["run"]:
            continue
        if failed and step.get("if") != "always()":
            continue
        own = {
            name: INPUT.sub(lambda match: given[match[1]], value)
            for name, value in step.get("env", {}).items()
        }
        assert step["shell"] == "bash"
        failed |= bash(step["run"], cwd, **variables | own).returncode != 0
    return not failed


def test_the_github_action_judges_and_writes_the_summary(target, tmp_path):
    summary = tmp_path / "summary"
    variables = target | {"GITHUB_STEP_SUMMARY": str(summary)}
    inputs = {"url": target["TMF671_URL"]}
    assert act(loaded("github/action.yml"), tmp_path, inputs, variables)
    assert summary.read_text("utf-8").startswith("### ✅ Conformant: all ")
    assert (tmp_path / "tmf671-report" / "junit.xml").is_file()


def test_the_github_action_fails_with_the_target_and_still_writes_the_summary(tmp_path):
    summary = tmp_path / "summary"
    with running_mock(Settings(seed=3, defects=("create-without-location",))) as url:
        variables = {
            "TMF671_SELECT": "create",
            "TMF671_FUZZ": "0",
            "GITHUB_STEP_SUMMARY": str(summary),
        }
        assert not act(loaded("github/action.yml"), tmp_path, {"url": url}, variables)
    assert "**TMF671-CREATE-LOCATION**" in summary.read_text("utf-8")


def test_the_github_action_reads_the_configuration_of_the_repository(target, tmp_path):
    (tmp_path / "tmf671.toml").write_text('company = "ACME"\n')
    inputs = {"url": target["TMF671_URL"], "config": "tmf671.toml", "api-version": "4.0.0"}
    variables = target | {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    act(loaded("github/action.yml"), tmp_path, inputs, variables)
    assert (tmp_path / "tmf671-report" / "ACME-TMF671-v4.0.0-HTMLReport.html").is_file()


def test_the_github_action_without_a_report_has_no_summary(tmp_path):
    (tmp_path / "tmf671.toml").write_text("no-such-option = 1\n")
    variables = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    assert not act(loaded("github/action.yml"), tmp_path, {"config": "tmf671.toml"}, variables)
    assert [path.name for path in tmp_path.iterdir()] == ["tmf671.toml"]


def test_no_input_of_the_github_action_is_put_into_a_command():
    """An expression in a script is code of whoever may set the input."""
    for step in loaded("github/action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_github_workflow_sets_only_inputs_that_the_action_has():
    steps = loaded("github/workflow.yml")["jobs"]["conformance"]["steps"]
    (step,) = [step for step in steps if step["uses"] == "./.github/actions/tmf671"]
    assert step["with"].keys() <= loaded("github/action.yml")["inputs"].keys()


def test_the_release_to_install_is_one_word_for_pip(tmp_path):
    (step,) = [
        step
        for step in loaded("github/action.yml")["runs"]["steps"]
        if "pip install" in step.get("run", "")
    ]
    command = step["run"].replace("python3 -m pip", "printf '%s\\n'")
    assert bash(command, tmp_path, VERSION="0.1.0").stdout == "install\ntmf671==0.1.0\n"
    assert bash(command, tmp_path, VERSION="").stdout == "install\ntmf671\n"


def test_the_gitlab_job_judges_and_leaves_its_artifacts(target, tmp_path):
    job = loaded("gitlab/tmf671.gitlab-ci.yml")["tmf671"]
    install, *script = job["script"]
    assert install == "python3 -m pip install tmf671"
    variables = target | job["variables"]
    assert bash("\n".join(script), tmp_path, **variables).returncode == 0
    assert bash("\n".join(job["after_script"]), tmp_path, **variables).returncode == 0
    assert (tmp_path / job["artifacts"]["reports"]["junit"]).is_file()
    (folder,) = job["artifacts"]["paths"]
    assert sorted(path.name for path in (tmp_path / folder).iterdir()) == [
        "TMF671-v4.1.0-HTMLReport.html",
        "checks.csv",
        "junit.xml",
        "results.json",
        "summary.md",
    ]


def test_the_gitlab_job_fails_with_the_target(tmp_path):
    job = loaded("gitlab/tmf671.gitlab-ci.yml")["tmf671"]
    with running_mock(Settings(seed=3, defects=("create-without-location",))) as url:
        done = bash(
            "\n".join(job["script"][1:]),
            tmp_path,
            TMF671_URL=url,
            TMF671_SELECT="create",
            TMF671_FUZZ="0",
        )
    assert done.returncode == 1
    assert "Not conformant: 1 of " in done.stdout


def test_the_gitlab_job_ends_quietly_when_there_is_nothing_to_summarize(tmp_path):
    job = loaded("gitlab/tmf671.gitlab-ci.yml")["tmf671"]
    done = bash("\n".join(job["after_script"]), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
