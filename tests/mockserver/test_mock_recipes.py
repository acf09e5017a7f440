"""The commands of docs/mock.md do what the page says."""

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "mock.md").read_text()
SECTIONS = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
MOCK = "tmf671 mock"


def commands(section):
    """Return the commands of the shell blocks of a section, each in one piece."""
    lines = "".join(re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL))
    pieces, quoted = [], False
    for line in lines.splitlines():
        if pieces and (pieces[-1].endswith("\\") or quoted):
            pieces[-1] = f"{pieces[-1]}\n{line}"
        elif line.strip():
            pieces.append(line)
        else:
            continue
        quoted = pieces[-1].count("'") % 2 == 1
    return pieces


class Mocks:
    """The mock that the last `tmf671 mock` line started."""

    def __init__(self, folder):
        self.folder = folder
        self.port = 0
        self.running = None

    def start(self, options):
        self.stop()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = options.replace("--host 0.0.0.0", "--host 127.0.0.1").split()
        self.running = subprocess.Popen(
            [sys.executable, "-m", "mockserver", "--port", str(self.port), *options],
            cwd=self.folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert " mock at " in self.running.stderr.readline()

    def stop(self):
        if self.running is not None:
            self.running.terminate()
            self.running.wait(timeout=10)
            self.running.stderr.close()

    def run(self, script, command):
        """Run a command after the assignments of `script`; return its exit code and its output."""
        here = "\n".join([*script, command]).replace(":8671", f":{self.port}")
        ran = subprocess.run(
            ["sh", "-c", here], cwd=self.folder, capture_output=True, text=True, timeout=30
        )
        return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("title", "section"), SECTIONS, ids=[title for title, _ in SECTIONS])
def test_the_commands_of_a_recipe_work(title, section, tmp_path):
    if shutil.which("curl") is None or shutil.which("openssl") is None:
        pytest.skip("curl or openssl is not installed")
    mocks, script = Mocks(tmp_path), []
    try:
        if "curl" in section:
            mocks.start("--seed 25")
        for command in commands(section):
            bare, _, comment = command.partition("  # ")
            if command.startswith(MOCK):
                mocks.start(command.removeprefix(MOCK))
            elif command.startswith("curl") and comment == "follows":
                assert mocks.run(script, bare)[0] == 28, command
            elif command.startswith("curl"):
                code, status, said = mocks.run(
                    script,
                    bare.replace("curl", "curl -sS -o answer -w '%{http_code}'", 1)
                    if "--output" not in bare
                    else bare.replace("curl", "curl -sS -w '%{http_code}'", 1),
                )
                assert code == 0, (command, said)
                assert re.fullmatch(comment or "20[014]", status), (command, status)
            elif command.startswith("docker"):
                assert " tmf671" in command
            else:
                assert mocks.run([], command)[0] == 0, command
                script += [command] if re.match(r"[A-Z]+=", command) else []
    finally:
        mocks.stop()


@pytest.mark.slow
def test_the_pytest_recipe_works(tmp_path):
    (recipe,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    file = tmp_path / "test_recipe.py"
    file.write_text(recipe)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout


def test_every_option_in_the_recipes_exists():
    from mockserver.cli import mock

    known = {name for option in mock.params for name in option.opts}
    lines = [line for line in PAGE.splitlines() if MOCK in line or line.startswith("    mock")]
    used = {name for line in lines for name in re.findall(r"--[a-z-]+", line)}
    assert used >= {"--seed", "--data", "--save", "--defect", "--variant", "--admin-token"}
    assert used <= known | {"--help"}
