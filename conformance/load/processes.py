"""The processes that make the load: one alone, or a master with workers."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from conformance.load.counts import journal_path

Role = Literal["alone", "master", "worker"]
_GRACE = 30.0
"""Seconds beyond the longest pause of users after which a process that does not end is killed."""


@dataclass(frozen=True)
class Formation:
    """Who takes part. `workers` are local processes, but for a master those that it waits for.

    `host` and `port` are where the master listens; port 0 takes a free one.
    """

    role: Role = "alone"
    workers: int = 0
    host: str = "127.0.0.1"
    port: int = 0


def is_installed() -> bool:
    """Tell whether Locust is there, without importing it."""
    return importlib.util.find_spec("locust") is not None


class Processes:
    """The generators of a run, whose plan stands in `folder`; killed when the block ends.

    `leader` names the one that leaves counts, None when the master is elsewhere.
    """

    def __init__(self, folder: Path, formation: Formation) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        alone = formation.role == "alone" and formation.workers < 2
        self.leader = None if formation.role == "worker" else "local" if alone else "master"
        self._formation = formation

    def __enter__(self) -> Self:
        asked = self._formation
        port = asked.port or _free_port(asked.host)
        where = (asked.host, str(port))
        if self.leader == "local":
            self._start("local", "local")
        elif self.leader == "master":
            self._start("master", "master", *where, str(asked.workers))
        if asked.role == "worker" or (asked.role == "alone" and self.leader == "master"):
            for number in range(max(1, asked.workers)):
                self._start("worker", f"worker-{number}", *where)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._running.values():
            if process.poll() is None:
                process.kill()
            process.wait()

    @property
    def journals(self) -> list[Path]:
        """Where the generators write down what they create."""
        return [journal_path(self._folder, name) for name in self._running]

    @property
    def ended(self) -> bool:
        """Whether all ended, or the leader, without whom nothing is counted."""
        first = self._running.get(self.leader or "")
        if first is not None:
            return first.poll() is not None
        return all(process.poll() is not None for process in self._running.values())

    def stop(self) -> None:
        """Ask them to end: the leader, who tells the others, or all when it is elsewhere."""
        for name, process in self._running.items():
            if process.poll() is None and self.leader in {None, name}:
                process.terminate()

    def wait(self, seconds: float = _GRACE) -> None:
        """Wait for the end of all, so many seconds at most."""
        patience = time.monotonic() + seconds
        for process in self._running.values():
            try:
                process.wait(max(0.0, patience - time.monotonic()))
            except subprocess.TimeoutExpired:
                return

    def last_words(self) -> str:
        """Return the last line that a generator wrote about what went wrong, "" for none."""
        for name in self._running:
            lines = self._log(name).read_text("utf-8", "replace").split("\n")
            if said := [line.strip() for line in lines if line.strip()]:
                return said[-1]
        return ""

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _start(self, role: str, name: str, *rest: str) -> None:
        command = [sys.executable, "-m", "conformance.load.generator"]
        with self._log(name).open("wb") as log:
            # A session of its own: Ctrl-C reaches us alone, and we end the others in good order.
            self._running[name] = subprocess.Popen(  # noqa: S603
                [*command, role, str(self._folder), name, *rest],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                start_new_session=True,
            )


def _environment() -> dict[str, str]:
    """Return the environment without settings meant for somebody else's Locust."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LOCUST_")}


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
