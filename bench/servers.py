# ruff: noqa: INP001, S603  a script of its own that starts the servers it compares
"""The servers of a benchmark, each as a process of its own on a free port of this machine."""

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BASE_PATH = "/tmf-api/promotionManagement/v4"
_START_SECONDS = 900.0


@dataclass
class Server:
    """A running server.

    Args:
        name: what tables call it.
        url: where its promotions are, without a final slash.
        process: the process.
        said: the words of its first line, if it says one.

    """

    name: str
    url: str
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def mock(count: int) -> Iterator[Server]:
    """Run the mock with so many promotions."""
    port = free_port()
    command = [sys.executable, str(HERE / "filled_mock.py"), str(port), str(count)]
    with _running("mock", port, f"{BASE_PATH}/promotion", command, says=True) as server:
        yield server


@contextlib.contextmanager
def bare(promotions: list[Any], folder: Path) -> Iterator[Server]:
    """Run the bare aiohttp handlers that return these promotions."""
    port, file = free_port(), folder / "promotions.json"
    file.write_text(json.dumps(promotions))
    command = [sys.executable, str(HERE / "bare_server.py"), str(port), str(file)]
    with _running("bare aiohttp", port, "/promotion", command) as server:
        yield server


def rivals(promotions: list[Any], folder: Path) -> list[Any]:
    """Return the context managers of the other mock servers that are installed.

    Args:
        promotions: what they serve, the first one where they serve only one.
        folder: takes their configuration.

    """
    binaries = HERE / ".rivals" / "node_modules" / ".bin"
    found: list[Any] = []
    description = _description(promotions[0], folder)
    for name, binary, path, arguments in (
        ("Prism", "prism", "/promotion", ["mock", "--port", "{port}", "-v", "silent", description]),
        (
            "json-server",
            "json-server",
            "/promotion",
            ["--port", "{port}", _table(promotions, folder)],
        ),
        (
            "Mockoon",
            "mockoon-cli",
            "/promotion",
            [
                "start",
                "--port",
                "{port}",
                "-d",
                _environment(promotions, folder),
                "--disable-log-to-file",
            ],
        ),
    ):
        if not (binaries / binary).exists():
            continue
        port = free_port()
        filled = [argument.replace("{port}", str(port)) for argument in arguments]
        found.append(_running(name, port, path, [str(binaries / binary), *filled]))
    return found


def _description(promotion: Any, folder: Path) -> str:
    """Write a description of GET of a promotion and return its path, for Prism to serve."""
    answer = {
        "description": "a promotion",
        "content": {"application/json": {"schema": {"type": "object"}, "example": promotion}},
    }
    identified = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Promotion", "version": "4.1.0"},
        "paths": {
            "/promotion/{id}": {"get": {"parameters": [identified], "responses": {"200": answer}}}
        },
    }
    file = folder / "prism.json"
    file.write_text(json.dumps(document))
    return str(file)


def _table(promotions: list[Any], folder: Path) -> str:
    file = folder / "db.json"
    file.write_text(json.dumps({"promotion": promotions}))
    return str(file)


def _environment(promotions: list[Any], folder: Path) -> str:
    """Write the environment of Mockoon: one route that answers with one promotion."""
    response = {
        "uuid": "r1",
        "statusCode": 200,
        "label": "",
        "default": True,
        "bodyType": "INLINE",
        "body": json.dumps(promotions[0]),
        "rules": [],
        "rulesOperator": "OR",
        "latency": 0,
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "disableTemplating": True,
        "fallbackTo404": False,
        "filePath": "",
        "databucketID": "",
        "sendFileAsBody": False,
        "crudKey": "id",
        "callbacks": [],
    }
    route = {
        "uuid": "route1",
        "type": "http",
        "method": "get",
        "endpoint": "promotion/:id",
        "documentation": "",
        "responses": [response],
        "responseMode": None,
        "streamingMode": None,
        "streamingInterval": 0,
    }
    document = {
        "uuid": "e1",
        "lastMigration": 33,
        "name": "promotions",
        "port": 3000,
        "hostname": "",
        "endpointPrefix": "",
        "latency": 0,
        "folders": [],
        "routes": [route],
        "rootChildren": [{"type": "route", "uuid": "route1"}],
        "proxyMode": False,
        "cors": False,
        "headers": [],
        "data": [],
        "callbacks": [],
    }
    file = folder / "mockoon.json"
    file.write_text(json.dumps(document))
    return str(file)


@contextlib.contextmanager
def _running(
    name: str, port: int, path: str, command: list[str], *, says: bool = False
) -> Iterator[Server]:
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE if says else subprocess.DEVNULL,
        text=True,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert not says or process.stdout is not None
        said = process.stdout.readline().split() if says and process.stdout else []
        _wait_for(port, process)
        yield Server(name, f"http://127.0.0.1:{port}{path}", process, said)
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit(f"{process.args!r} does not listen")
