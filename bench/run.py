# ruff: noqa: INP001, T201  a script of its own, and printing is what it does
"""Benchmarks of the mock: python bench/run.py [--quick] [--only http,scans] [--loop uvloop].

Needs wrk; compares with other mock servers where bench/rivals.sh has installed them. Raw numbers go
to bench/results/DATE.json; `python bench/write_up.py` makes docs/performance.md of them.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mock_events
import mock_http
import mock_scale
import mock_scans
from loops import VARIABLE

RESULTS = Path(__file__).parent / "results"
_PARTS = ("http", "scans", "scale", "events")
_PACKAGES = ("tmf671", "aiohttp", "msgspec", "jsonschema-rs", "uvloop", "multidict", "yarl")


def main() -> None:
    """Run the benchmarks that are asked for and write their numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small and short: does it run?")
    parser.add_argument("--only", default=",".join(_PARTS), help="parts, separated by commas")
    parser.add_argument("--loop", choices=("asyncio", "uvloop"), default="asyncio")
    asked = parser.parse_args()
    os.environ[VARIABLE] = asked.loop
    parts, quick = asked.only.split(","), asked.quick
    rounds, seconds, many = (2, 1, 2000) if quick else (7, 3, 100_000)
    found: dict[str, Any] = {"machine": {**machine(), "loop": asked.loop}, "quick": quick}
    if "http" in parts:
        found["http"] = mock_http.measure(many, rounds, seconds, print)
    if "scans" in parts:
        found["scans"] = mock_scans.measure(many, rounds, seconds)
        print(found["scans"]["ratios"])
    if "scale" in parts:
        counts = [1000, 10_000] if quick else [1000, 10_000, 100_000, 1_000_000]
        found["scale"] = mock_scale.measure(counts, print)
    if "events" in parts:
        found["events"] = mock_events.measure(2000, 1.0 if quick else 3.0)
        print(found["events"])
    RESULTS.mkdir(exist_ok=True)
    kind = ("-uvloop" if asked.loop == "uvloop" else "") + ("-quick" if quick else "")
    file = RESULTS / f"{datetime.now(UTC):%Y-%m-%d}{kind}.json"
    kept = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**kept, **found}, indent=1) + "\n")
    print(f"written to {file}")


def machine() -> dict[str, Any]:
    """Return what the numbers depend on: the machine, how busy it is, and the versions."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "absent"
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    said = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False)  # noqa: S607
    return {
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}",
        "cores": os.cpu_count(),
        "processor": model[0] if model else platform.machine(),
        "load_at_start": os.getloadavg()[0],
        "python": platform.python_version(),
        "kernel": platform.release(),
        "wrk": said.stdout.split()[1] if len(said.stdout.split()) > 1 else "",
        "packages": versions,
    }


if __name__ == "__main__":
    main()
