# ruff: noqa: INP001  part of a script
"""Requests per second of the mock beside the limit of its stack and beside other mock servers.

All servers run at once and are measured in turn, a few seconds each, in several rounds; what counts
is the median over the rounds of the ratio within one round, since this survives a noisy machine.
"""

import json
import statistics
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from servers import Server, bare, mock, rivals
from wrk import wrk

from mockserver.seeds.catalogue import catalogue

_IDS = 1000
_JSON = "application/json"
_MERGE_PATCH = "application/merge-patch+json"

Rates = dict[str, list[float]]


def measure(count: int, rounds: int, seconds: int, said: Callable[[str], None]) -> dict[str, Any]:
    """Return requests per second by case and server, one figure a round, and the ratios.

    Args:
        count: promotions in the mock.
        rounds: how often everything is measured.
        seconds: of each measurement.
        said: is told what has been measured.

    """
    promotions = _representations()
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        ours = running.enter_context(mock(count))
        limit = running.enter_context(bare(promotions, folder))
        others = [running.enter_context(rival) for rival in rivals(promotions, folder)]
        cases = _cases(ours, limit, promotions)
        cases["GET by id"].update(_reads(others, promotions))
        for sides in cases.values():  # what happens only once has happened
            for url, script in sides.values():
                wrk(url, seconds=1, script=script)
        rates: dict[str, Rates] = {case: {} for case in cases}
        for number in range(rounds):
            for case, sides in cases.items():
                for name, (url, script) in sides.items():
                    rate = wrk(url, seconds=seconds, script=script).rps
                    rates[case].setdefault(name, []).append(rate)
            said(f"round {number + 1} of {rounds}: {_shown(rates)}")
    return {
        "promotions": count,
        "rates": rates,
        "ratios": {case: _ratios(sides) for case, sides in rates.items()},
    }


def _ratios(sides: Rates) -> dict[str, float]:
    """Return how many times as fast as each other side the mock is, median over the rounds."""
    return {
        name: statistics.median(
            ours / theirs for ours, theirs in zip(sides["mock"], rates, strict=True)
        )
        for name, rates in sides.items()
        if name != "mock"
    }


def _shown(rates: dict[str, Rates]) -> str:
    return ", ".join(
        f"{case} {_ratios(sides)['bare aiohttp']:.2f}" for case, sides in rates.items()
    )


def _representations() -> list[dict[str, Any]]:
    root = "http://127.0.0.1:8671/tmf-api/promotionManagement/v4"
    return [
        {"id": promotion["id"], "href": f"{root}/promotion/{promotion['id']}", **promotion}
        for promotion in catalogue(1, 1000, "4.1.0")
    ]


def _cases(
    ours: Server, limit: Server, promotions: list[dict[str, Any]]
) -> dict[str, dict[str, tuple[str, str]]]:
    """Return address and script by case and server; reads by id go round a thousand ids."""
    kept = {"id", "href", "lastUpdate"}
    sent = json.dumps({k: v for k, v in promotions[0].items() if k not in kept})
    get, create, patch = _get_script(ours), _write("POST", _JSON, sent), _patch_script(ours)
    one, page = (f"{limit.url}/x", ""), (limit.url, "")
    name = f"{promotions[0]['name']}%200".replace(" ", "%20").replace("%%", "%25%")
    return {
        "GET by id": {
            "mock": (ours.url, get),
            "bare aiohttp": one,
            "json.dumps": (limit.url.replace("/promotion", "/dumps/x"), ""),
        },
        "POST": {"mock": (ours.url, create), "bare aiohttp": (limit.url, create)},
        "PATCH": {
            "mock": (ours.url, patch),
            "bare aiohttp": (
                f"{limit.url}/x",
                _write("PATCH", _MERGE_PATCH, '{"description":"x"}'),
            ),
        },
        "list of 20": {"mock": (f"{ours.url}?limit=20", ""), "bare aiohttp": page},
        "name=": {"mock": (f"{ours.url}?limit=20&name={name}", ""), "bare aiohttp": one},
        "id=": {"mock": (f"{ours.url}?id={_id(0)}", ""), "bare aiohttp": one},
        "lifecycleStatus=": {
            "mock": (f"{ours.url}?limit=1&lifecycleStatus=release", ""),
            "bare aiohttp": one,
        },
        "promotionType=": {
            "mock": (f"{ours.url}?limit=1&promotionType=Discount", ""),
            "bare aiohttp": one,
        },
    }


def _reads(others: list[Server], promotions: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    return {other.name: (f"{other.url}/{promotions[0]['id']}", "") for other in others}


def _id(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def _get_script(ours: Server) -> str:
    path = "/" + ours.url.split("/", 3)[3]
    return f"""local n = 0
request = function()
  n = (n + 1) % {_IDS}
  return wrk.format("GET", string.format("{path}/%08x-0000-4000-8000-000000000000", n))
end
"""


def _patch_script(ours: Server) -> str:
    path = "/" + ours.url.split("/", 3)[3]
    return f"""local n = 0
wrk.headers["Content-Type"] = "{_MERGE_PATCH}"
request = function()
  n = n + 1
  local path = string.format("{path}/%08x-0000-4000-8000-000000000000", n % {_IDS})
  return wrk.format("PATCH", path, nil, '{{"description":"version ' .. n .. '"}}')
end
"""


def _write(method: str, media_type: str, body: str) -> str:
    return f"""wrk.method = "{method}"
wrk.headers["Content-Type"] = "{media_type}"
wrk.body = [[{body}]]
"""
