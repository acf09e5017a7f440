"""The guide from first contact to certificate, tried word for word: docs/production.md."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.cli.main import tmf671

PAGE = (Path(__file__).parents[2] / "docs" / "production.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|toml)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]


class Desk:
    """A folder, a shell in it, and the mock that stands in for the CRM."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.exports = []
        self.mock = None
        commands = str(Path(sys.executable).parent)
        clean = {name: value for name, value in os.environ.items() if "TMF671" not in name}
        self.surroundings = {**clean, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}

    def start_mock(self, options):
        self.stop_mock()
        self.mock = subprocess.Popen(
            [sys.executable, "-m", "mockserver", "--port", str(self.port), *options.split()],
            cwd=self.folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert " mock at " in self.mock.stderr.readline()

    def stop_mock(self):
        if self.mock is not None:
            self.mock.terminate()
            self.mock.wait(timeout=10)
            self.mock.stderr.close()
            self.mock = None

    def write(self, block):
        head, _, text = block.partition("\n")
        name, _, where = head.removeprefix("# ").partition(", ")
        with (self.folder / name).open("a" if where == "at the end" else "w") as file:
            file.write("\n" + text.replace(":8671", f":{self.port}"))

    def type(self, line):
        """Run a line; return what it printed. Its exit code must be the one in the comment."""
        command, _, comment = line.partition("  # ")
        expected = int(comment.removeprefix("exits ") or 0)
        done = subprocess.run(
            ["sh", "-c", "\n".join([*self.exports, command])],
            cwd=self.folder,
            env=self.surroundings,
            capture_output=True,
            text=True,
            timeout=180,
        )
        said = done.stdout + done.stderr
        assert done.returncode == expected, f"{command}\n{said}"
        assert "Traceback" not in said
        assert "s3cret-token" not in said
        return said


@pytest.mark.slow
def test_the_guide_works_from_its_first_line_to_its_last(tmp_path):
    desk, said = Desk(tmp_path), {}
    try:
        for kind, block in BLOCKS:
            if kind == "toml":
                desk.write(block)
                continue
            for line in block.splitlines():
                if line.startswith("tmf671 mock"):
                    desk.start_mock(line.removeprefix("tmf671 mock"))
                elif line.startswith("export "):
                    desk.exports.append(line)
                else:
                    said.setdefault(line, []).append(desk.type(line))
    finally:
        desk.stop_mock()
    counted = (tmp_path / "would-be-sent.txt").read_text()
    assert re.search(r"^\d+ requests, \d+ reads, \d+ creates", counted, re.MULTILINE)
    runs = said["tmf671 check --config tmf671.toml --target staging"]
    (promised,) = re.findall(r"`(Conformant: [^`]+)`", PAGE)
    assert promised in runs[0]
    assert "Conformant: all" in runs[1]
    (stale,) = said["tmf671 check --config tmf671.toml --target staging  # exits 1"]
    assert "the check passes, remove the deviation" in stale
    (read_only,) = [text for line, (text, *_) in said.items() if "--read-only" in line]
    assert "[scope: read-only]" in read_only
    cleaned = [texts[0] for line, texts in said.items() if line.startswith("tmf671 cleanup")]
    assert "nothing is left" in cleaned[-1]
    assert (tmp_path / "tmf671-report" / "certification.json").exists()
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"s3cret-token" not in path.read_bytes(), path


def test_every_command_and_option_of_the_guide_exists():
    used = [line for line in LINES if line.startswith("tmf671 ")]
    assert len(used) > 12
    for line in used:
        for part in re.findall(r"tmf671 [^&;]*", line.partition("  # ")[0]):
            name = part.split()[1]
            command = tmf671.get_command(None, name)
            assert command is not None, name
            known = {option for parameter in command.params for option in parameter.opts}
            assert set(re.findall(r"--[a-z-]+", part)) <= known, part
