# ruff: noqa: INP001, T201  a script of its own, and printing is what it does
"""Does the mock hold out? A mixed load for minutes, and what must be true during and after it.

    python bench/soak.py [--minutes 10] [--requests 1000000] [--connections 16] [--drivers 1]

The mock runs as a process of its own. One request in a hundred is malformed, subscribers come, go,
hang and fail. The load goes on until the minutes are over and so many requests are sent. Then:
no answer was 5xx or another surprise; memory did not grow after the warm-up; every promotion is
what a model kept by the drivers says; SIGTERM under load ends the mock within 5 s. Exits 1 when
one of these does not hold; speed decides nothing. Raw numbers go to bench/results/DATE-soak.json.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.metadata
import json
import multiprocessing
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
from soak_driver import drive
from soak_subscribers import Subscribers

SEEDED = 200
WARM_UP = 0.25
"""The share of the run after which memory must not grow any more."""
LONGEST_STOP = 5.0
_GROWTH_ALLOWED = 0.05
_KIB_ALLOWED = 4096
_PAGE = 500


@dataclass
class Driving:
    """A driver process and the way to it."""

    process: multiprocessing.process.BaseProcess
    control: Connection
    requests: int = 0
    account: dict[str, Any] = field(default_factory=dict)
    model: dict[str, dict[str, Any]] = field(default_factory=dict)

    def listen(self) -> bool:
        """Take what it has sent; return whether the accounts are among it."""
        while self.control.poll():
            kind, *rest = self.control.recv()
            if kind == "account":
                self.account, self.model = rest
                self.requests = self.account["requests"]
                return True
            self.requests = rest[0]
        return False

    async def rest(self) -> None:
        """Let it end its load and wait for the accounts."""
        self.control.send("rest")
        await asyncio.to_thread(self._wait_for_account)

    def _wait_for_account(self) -> None:
        while not self.listen():
            self.control.poll(1)


@dataclass(frozen=True)
class Row:
    """Something that must hold, and what was found."""

    name: str
    found: str
    holds: bool


def growth_kib(samples: list[tuple[float, int]]) -> float:
    """Return how much the line fitted to (seconds, KiB) rises over the samples."""
    slope, _ = statistics.linear_regression([at for at, _ in samples], [kib for _, kib in samples])
    return slope * (samples[-1][0] - samples[0][0])


def memory_row(samples: list[tuple[float, int]]) -> Row:
    """Judge the memory after the warm-up by the slope of the line fitted to it."""
    warm = [one for one in samples if one[0] >= WARM_UP * samples[-1][0]]
    base = warm[0][1]
    grown = growth_kib(warm)
    allowed = max(_KIB_ALLOWED, _GROWTH_ALLOWED * base)
    minutes = (warm[-1][0] - warm[0][0]) / 60
    return Row(
        "memory",
        f"{samples[0][1] / 1024:.1f} MiB at first, {base / 1024:.1f} warm, "
        f"{warm[-1][1] / 1024:.1f} at the end; fitted {grown / 1024:+.2f} MiB in {minutes:.1f} min "
        f"(allowed {allowed / 1024:.1f})",
        grown <= allowed,
    )


async def everything(root: str) -> dict[str, dict[str, Any]]:
    """Return every promotion by its id, page by page."""
    found: dict[str, dict[str, Any]] = {}
    async with aiohttp.ClientSession() as session:
        while True:
            query = {"offset": str(len(found)), "limit": str(_PAGE)}
            async with session.get(f"{root}/promotion", params=query) as answer:
                page = await answer.json()
            found |= {one["id"]: one for one in page}
            if len(page) < _PAGE:
                return found


def state_row(found: dict[str, Any], expected: dict[str, Any]) -> Row:
    """Compare what is there with the model."""
    missing, strange = expected.keys() - found.keys(), found.keys() - expected.keys()
    differing = [one for one in found.keys() & expected.keys() if found[one] != expected[one]]
    return Row(
        "state",
        f"{len(found):,} promotions compared: {len(missing)} missing, {len(strange)} too many, "
        f"{len(differing)} different",
        not (missing or strange or differing),
    )


def answers_rows(drivers: list[Driving], subscribers: Subscribers) -> list[Row]:
    """Judge the answers of the whole load."""
    statuses: Counter[int] = Counter()
    surprises: Counter[str] = Counter(subscribers.surprises)
    for driver in drivers:
        statuses.update(driver.account["statuses"])
        surprises.update(driver.account["surprises"])
    malformed = sum(driver.account["malformed"] for driver in drivers)
    requests = sum(driver.requests for driver in drivers)
    faults = sum(count for status, count in statuses.items() if status >= 500)
    told = "; ".join(f"{count} × {what}" for what, count in surprises.most_common(5))  # noqa: RUF001
    return [
        Row("5xx", f"{faults}; by status {dict(sorted(statuses.items()))}", faults == 0),
        Row("malformed", f"{malformed:,} ({malformed / requests:.2%}) sent", malformed > 0),
        Row("surprises", told or "none", not surprises),
    ]


def resident_kib(pid: int) -> int:
    """Return the resident memory of a process (Linux)."""
    fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def start_mock() -> tuple[subprocess.Popen[bytes], str]:
    """Start the mock on a free port; return its process and its API root."""
    command = [sys.executable, "-m", "mockserver", "--port", "0", "--seed", "1"]
    with tempfile.TemporaryFile() as said:
        # What it warns of, events that nobody takes, is part of the plan.
        process = subprocess.Popen([*command, "--count", str(SEEDED)], stderr=said)  # noqa: S603
        patience = time.monotonic() + 30
        text = ""
        while time.monotonic() < patience and process.poll() is None:
            text = os.pread(said.fileno(), 1 << 16, 0).decode("utf-8", "replace")
            if found := re.search(r"http://\S+", text):
                return process, found[0]
            time.sleep(0.05)
    process.kill()
    sys.exit(f"the mock did not start: {text}")


def start_drivers(root: str, count: int, connections: int) -> list[Driving]:
    """Start the drivers, at rest."""
    context = multiprocessing.get_context("spawn")
    made = []
    for number in range(count):
        ours, theirs = context.Pipe()
        process = context.Process(
            target=drive, args=(root, connections // count or 1, number, theirs), daemon=True
        )
        process.start()
        made.append(Driving(process, ours))
    return made


async def load(
    mock: subprocess.Popen[bytes], drivers: list[Driving], minutes: float, requests: int
) -> list[tuple[float, int]]:
    """Let the drivers send; return the mock's memory, a sample (seconds, KiB) a second."""
    began = time.monotonic()
    samples: list[tuple[float, int]] = []
    for driver in drivers:
        driver.control.send("load")
    while mock.poll() is None:
        await asyncio.sleep(1)
        for driver in drivers:
            driver.listen()
        elapsed, sent = time.monotonic() - began, sum(one.requests for one in drivers)
        with contextlib.suppress(OSError, IndexError):
            samples.append((elapsed, resident_kib(mock.pid)))
        if int(elapsed) % 30 == 0:
            print(
                f"  {elapsed:5.0f} s  {sent:>9,} requests  {sent / elapsed:7,.0f}/s  "
                f"{samples[-1][1] / 1024:6.1f} MiB",
                flush=True,
            )
        if elapsed >= 60 * minutes and sent >= requests:
            break
    await asyncio.gather(*(driver.rest() for driver in drivers))
    return samples


async def stop_under_load(mock: subprocess.Popen[bytes], drivers: list[Driving]) -> Row:
    """Send SIGTERM in the middle of a load and measure how long the mock takes to end."""
    for driver in drivers:
        driver.control.send("load")
    await asyncio.sleep(2)
    for driver in drivers:
        driver.control.send("end")
    await asyncio.sleep(0.2)
    began = time.monotonic()
    mock.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        await asyncio.to_thread(mock.wait, 4 * LONGEST_STOP)
    took, code = time.monotonic() - began, mock.poll()
    mock.kill()
    before = sum(_faults(driver) for driver in drivers)
    await asyncio.gather(*(driver.rest() for driver in drivers))
    faults = sum(_faults(driver) for driver in drivers) - before
    return Row(
        "stop",
        f"{took:.2f} s after SIGTERM under load, exit code {code}, {faults} answers of 5xx",
        code == 0 and took <= LONGEST_STOP and faults == 0,
    )


def _faults(driver: Driving) -> int:
    return sum(n for status, n in driver.account["statuses"].items() if int(status) >= 500)


async def soak(asked: argparse.Namespace) -> int:
    """Run it all; return the exit code."""
    started = datetime.now(UTC)
    mock, root = start_mock()
    drivers = start_drivers(root, asked.drivers, asked.connections)
    subscribers = Subscribers()
    until = asyncio.Event()
    try:
        seeded = await everything(root)
        await subscribers.start()
        churn = asyncio.create_task(subscribers.come_and_go(root, until))
        samples = await load(mock, drivers, asked.minutes, asked.requests)
        until.set()
        await churn
        model = dict(seeded)
        for driver in drivers:
            model |= driver.model
        sent, seconds = sum(driver.requests for driver in drivers), samples[-1][0]
        rows = [
            Row(
                "requests",
                f"{sent:,} in {seconds / 60:.1f} min, {sent / seconds:,.0f}/s; "
                f"{subscribers.subscriptions} subscriptions, {subscribers.received:,} events",
                sent >= asked.requests,
            ),
            *answers_rows(drivers, subscribers),
            memory_row(samples),
            state_row(await everything(root), model),
            await stop_under_load(mock, drivers),
        ]
    finally:
        mock.kill()
        for driver in drivers:
            driver.process.terminate()
        await subscribers.close()
    for row in rows:
        print(f"{'ok  ' if row.holds else 'FAIL'}  {row.name:10} {row.found}")
    _write(asked, started, rows, samples, [driver.account for driver in drivers])
    return 0 if all(row.holds for row in rows) else 1


def _write(
    asked: argparse.Namespace,
    started: datetime,
    rows: list[Row],
    samples: list[tuple[float, int]],
    accounts: list[dict[str, Any]],
) -> None:
    versions = {name: importlib.metadata.version(name) for name in ("tmf671", "aiohttp")}
    result = {
        "started": started.isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": versions,
        "asked": {name: str(value) for name, value in vars(asked).items() if name != "out"},
        "rows": [vars(row) for row in rows],
        "accounts_with_the_stop": accounts,
        "memory_kib": [[round(at, 1), kib] for at, kib in samples],
    }
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--drivers", type=int, default=1)
    name = f"{datetime.now(UTC):%Y-%m-%d}-soak.json"
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / name)
    sys.exit(asyncio.run(soak(parser.parse_args())))


if __name__ == "__main__":
    main()
