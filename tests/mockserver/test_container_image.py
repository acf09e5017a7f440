"""The Dockerfile, without a container engine: its lint, and its steps as plain commands."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def instructions():
    """Return (instruction, rest) of each line of the Dockerfile, in order."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


def of(name):
    return [rest for instruction, rest in instructions() if instruction == name]


def test_the_image_runs_the_mock_as_a_user_without_rights():
    assert [image.split()[0] for image in of("FROM")] == ["python:3.13-slim"] * 2
    assert of("USER") == ["10671:10671"]
    assert of("EXPOSE") == ["8671"]
    assert json.loads(of("ENTRYPOINT")[0]) == ["tmf671"]
    assert json.loads(of("CMD")[0]) == ["mock", "--host", "0.0.0.0"]
    assert len(of("HEALTHCHECK")) == 1


def test_what_is_copied_is_there_and_not_ignored():
    sources = [name for rest in of("COPY") if "--from" not in rest for name in rest.split()[:-1]]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert [line.removeprefix("!") for line in ignored if line.startswith("!")] == sources
    assert "*" in ignored
    for name in sources:
        assert (ROOT / name).exists(), name


def test_hadolint_has_nothing_to_say():
    hadolint = shutil.which("hadolint") or shutil.which(
        "hadolint", path=Path(sys.executable).parent
    )
    if hadolint is None:
        pytest.skip("hadolint is not installed")
    ran = subprocess.run(
        [hadolint, str(ROOT / "Dockerfile")], capture_output=True, text=True, timeout=60
    )
    assert (ran.returncode, ran.stdout) == (0, "")


@pytest.mark.slow
def test_the_steps_of_the_image_work_as_plain_commands(tmp_path):
    source, target = tmp_path / "src", tmp_path / "opt"
    source.mkdir()
    for rest in of("COPY"):
        if "--from" in rest:
            continue
        *names, destination = rest.split()
        for name in names:
            if (ROOT / name).is_dir():
                shutil.copytree(
                    ROOT / name,
                    source / destination,
                    ignore=shutil.ignore_patterns("__pycache__", "*.pyc"),
                )
            else:
                shutil.copy(ROOT / name, source / destination)
    (step,) = of("RUN")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["sh", "-c", step.replace("/opt/tmf671", str(target))],
        check=True,
        cwd=source,
        env={**os.environ, "PATH": path},
        timeout=900,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {
        "PATH": f"{target}/bin{os.pathsep}{os.environ['PATH']}",
        "TMF671_MOCK_PORT": port,
    }
    command = json.loads(of("ENTRYPOINT")[0]) + json.loads(of("CMD")[0])
    command[command.index("0.0.0.0")] = "127.0.0.1"
    check = json.loads(of("HEALTHCHECK")[0].partition("CMD ")[2])
    running = subprocess.Popen(
        [shutil.which(command[0], path=environment["PATH"]), *command[1:]],
        env=environment,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert f"127.0.0.1:{port}" in running.stderr.readline()
        python = shutil.which(check[0], path=environment["PATH"])
        healthy = subprocess.run([python, *check[1:]], env=environment, timeout=10)
        assert healthy.returncode == 0
        began = time.monotonic()
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=10) == 0
        assert time.monotonic() - began < 5
        unhealthy = subprocess.run(
            [python, *check[1:]], env=environment, timeout=10, capture_output=True
        )
        assert unhealthy.returncode != 0
    finally:
        running.kill()
        running.wait()
        running.stderr.close()
