# ruff: noqa: INP001, T201  a script of its own, and printing is what it does
"""Write the tables and plots of a run: python bench/write_up.py [bench/results/DATE.json].

Replaces what stands between the marks of the mock in docs/performance.md, and the plots in
docs/images; the prose around it is written by hand.
"""

import json
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from plots import log_plot

_ROOT = Path(__file__).parent.parent
_PAGE = _ROOT / "docs" / "performance.md"
_IMAGES = _ROOT / "docs" / "images"
_BEGIN, _END = "<!-- mock: written by bench/write_up.py -->", "<!-- mock: end -->"
_LATENCIES = {
    "get_ms": "GET by id",
    "page_ms": "first page of 20",
    "late_page_ms": "page of 20 at 3/4",
    "indexed_ms": "indexed filter",
    "scan_ms": "filter by scan",
    "sort_ms": "sort all",
}


def main() -> None:
    """Write the part of the page and its plots."""
    results = _ROOT / "bench" / "results"
    newest = max(file for file in results.glob("20*-*-*.json") if file.stem.count("-") == 2)
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else newest
    found = json.loads(file.read_text())
    parts = [_machine(found["machine"], file)]
    for name, write in (("http", _http), ("scans", _scans), ("scale", _scale), ("events", _events)):
        if name in found:
            parts.append(write(found[name]))
    page = _PAGE.read_text()
    before, rest = page.split(_BEGIN)
    after = rest.split(_END)[1]
    _PAGE.write_text("\n".join([before + _BEGIN, "", *parts, _END + after]))
    print(f"{_PAGE} is written from {file}")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _machine(machine: dict[str, Any], file: Path) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return (
        f"Run of {machine['at']}: {machine['processor']}, {machine['cores']} cores, load"
        f" {machine['load_at_start']:.1f} at its start; Python {machine['python']}, wrk"
        f" {machine['wrk']}; event loop of {machine['loop']}; {packages}."
        f" All numbers: `bench/results/{file.name}`.\n"
    )


def _http(http: dict[str, Any]) -> str:
    limits = {"GET by id": 0.80, "POST": 0.35, "PATCH": 0.35, "list of 20": 0.40}
    rows = []
    for case, sides in http["rates"].items():
        ratios = http["ratios"][case]
        goal = f"≥ {limits[case]:.2f}" if case in limits else ""
        rows.append(
            [
                case,
                f"{statistics.median(sides['mock']):,.0f}",
                f"{statistics.median(sides['bare aiohttp']):,.0f}",
                f"{ratios['bare aiohttp']:.2f}",
                goal,
            ]
        )
    reads = http["rates"]["GET by id"]
    others = [
        [name, f"{statistics.median(reads[name]):,.0f}", f"{ratio:.1f}"]
        for name, ratio in http["ratios"]["GET by id"].items()
    ]
    indexed = {name: statistics.median(sides["mock"]) for name, sides in http["rates"].items()}
    by_index = ", ".join(
        f"`{name}` {indexed['GET by id'] / indexed[name]:.1f}" for name in indexed if "=" in name
    )
    return (
        f"### Requests a second, {http['promotions']:,} promotions, 16 connections\n\n"
        + _table(["", "mock", "bare aiohttp", "ratio", "goal"], rows)
        + "\nGET by id beside others (the mock over them):\n\n"
        + _table(["", "requests/s", "ratio"], others)
        + f"\nHow many times a GET by id a filter with an index costs: {by_index} (goal: ≤ 3).\n"
    )


def _scans(scans: dict[str, Any]) -> str:
    ratios = scans["ratios"]
    return f"### Filters without an index, {scans['promotions']:,} promotions\n\n" + _table(
        ["", "median", "goal"],
        [
            ["equality by scan, over HTTP", f"{statistics.median(scans['scan_ms']):.1f} ms", ""],
            [
                "the list comprehension over the same dicts",
                f"{statistics.median(scans['comprehension_ms']):.1f} ms",
                "",
            ],
            ["ratio", f"{ratios['scan over comprehension']:.2f}", "≤ 3"],
            [
                "p99 of GET by id, idle",
                f"{statistics.median(scans['idle_p99_ms']):.2f} ms",
                "",
            ],
            [
                "p99 of GET by id beside scans without a pause",
                f"{statistics.median(scans['busy_p99_ms']):.2f} ms",
                "",
            ],
            ["ratio", f"{ratios['p99 beside scans over idle']:.1f}", "≤ 5"],
        ],
    )


def _scale(rows: list[dict[str, Any]]) -> str:
    lines = {
        name: [(row["promotions"], row[key]) for row in rows] for key, name in _LATENCIES.items()
    }
    memory = [(row["promotions"], row["bytes_each"] * row["promotions"] / 2**20) for row in rows]
    _IMAGES.mkdir(exist_ok=True)
    plots = {
        "mock-latency.svg": log_plot("Latency by size of the catalogue", "promotions", "ms", lines),
        "mock-memory.svg": log_plot(
            "Memory by size of the catalogue", "promotions", "MiB", {"promotions": memory}
        ),
    }
    for name, plot in plots.items():
        (_IMAGES / name).write_text(plot)
    table = _table(
        ["promotions", "bytes each", *(f"{name}, ms" for name in _LATENCIES.values())],
        [
            [
                f"{row['promotions']:,}",
                f"{row['bytes_each']:,.0f}",
                *(f"{row[key]:.2f}" for key in _LATENCIES),
            ]
            for row in rows
        ],
    )
    return (
        "### Growth\n\n![latency](images/mock-latency.svg)\n\n![memory](images/mock-memory.svg)\n\n"
        + table
    )


def _events(events: dict[str, Any]) -> str:
    return (
        f"### Events\n\n{events['subscribers']} subscribers, {events['offered_per_s']:,} creates a"
        f" second on offer, {events['created']:,} created ({events['created_per_s']:,.0f} a"
        f" second): {events['lost']} events lost, {events['subscribers_out_of_order']} subscribers"
        f" with events out of order, {events['deliveries_per_s']:,.0f} deliveries a second. A bare"
        f" aiohttp client with nothing else to do posts {events['bare_client_per_s']:,.0f} a second"
        f" to the same subscribers; ratio {events['ratio']:.2f}.\n"
    )


if __name__ == "__main__":
    main()
