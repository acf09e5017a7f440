# ruff: noqa: INP001, S603, S607  a script of its own that starts wrk
"""One measurement by wrk."""

import re
import subprocess
import tempfile
from dataclasses import dataclass

_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True)
class Measured:
    """What wrk saw: requests per second, and the median and 99th percentile in ms."""

    rps: float
    p50: float
    p99: float


def wrk(url: str, *, seconds: int, connections: int = 16, script: str = "") -> Measured:
    """Load a server and return what it did.

    Args:
        url: the address.
        seconds: how long.
        connections: how many at once, each waiting for its answer.
        script: Lua that makes the requests; "" for GET of the address.

    Raises:
        SystemExit: an answer was no success, so the figure would be of something else.

    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", file.name, url],
            capture_output=True,
            text=True,
            check=True,
        )
    said = done.stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"{url}: {said}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert rate is not None
    return Measured(float(rate[1]), _percentile(said, 50), _percentile(said, 99))


def _percentile(said: str, which: int) -> float:
    found = re.search(rf"{which}%\s+([\d.]+)(us|ms|s|m)", said)
    assert found is not None
    return float(found[1]) * _UNITS[found[2]]
