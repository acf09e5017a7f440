"""A load run as one self-contained HTML page, without any script."""

from __future__ import annotations

import base64
import hashlib
import math
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import load_chart
from reports.load_chart import Chart
from reports.load_histogram import added, percentile_ms
from reports.load_results import LoadResults, Slot
from reports.overview import duration_text, latency_text
from reports.wellformed import visible_text

REQUESTS = {
    "list": "GET /promotion",
    "search": "GET /promotion?…",
    "retrieve": "GET /promotion/{id}",
    "create": "POST /promotion",
    "patch": "PATCH /promotion/{id}",
    "delete": "DELETE /promotion/{id}",
    "subscribe": "POST /hub",
    "unsubscribe": "DELETE /hub/{id}",
}
"""The operations in the order of the tables, and what each sends."""
_CAUSES_SHOWN = 20
_ROLLED_UP_POINTS = 150


def render(results: LoadResults) -> str:
    """Return the page. A content security policy lets only its own style in, and no script."""
    style = _asset("base.css") + _asset("load.css")
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "duration": lambda seconds: duration_text(seconds * 1000),
        "latency": lambda value: "–" if value is None else latency_text(value),  # noqa: RUF001
        "rate": rate_text,
        "share": share_text,
        "count": lambda value: f"{value:,}",
    }
    text = environment.get_template("load.html.j2").render(
        results=results,
        headline=headline(results),
        operations=[name for name in REQUESTS if name in results.operations],
        statuses=_statuses(results),
        failures=results.failures[:_CAUSES_SHOWN],
        more_failures=len(results.failures[_CAUSES_SHOWN:]),
        mix=_mix(results),
        throughput=throughput(results),
        latency=latency(results),
        REQUESTS=REQUESTS,
        WIDTH=load_chart.WIDTH,
        HEIGHT=load_chart.HEIGHT,
        style=Markup(style),  # noqa: S704
        style_digest=_digest(style),
    )
    return visible_text(text)


def headline(results: LoadResults) -> str:
    """Return the run in one line: what was not met, else what was measured."""
    total = results.total
    measured = f"{rate_text(total.rate)} requests a second"
    if total.p95 is not None:
        measured += f", 95 % within {latency_text(total.p95)}"
    measured += f", {share_text(total.failed, total.requests)} failed"
    if results.verdict == "no-thresholds":
        return measured
    if results.verdict == "met":
        return f"Thresholds met: {measured}"
    missed = (f"{one.name} {one.found}, asked {one.asked}" for one in results.thresholds)
    return "Thresholds not met: " + "; ".join(
        text for text, one in zip(missed, results.thresholds, strict=True) if not one.met
    )


def throughput(results: LoadResults) -> Chart:
    """Return answered and failed requests a second over time."""
    slots = _rolled_up(results)
    length = _length(results)
    return load_chart.chart(
        {
            "all": [_count(slot, "requests") / length for slot in slots],
            "failed": [_count(slot, "failed") / length for slot in slots],
        },
        slot=length,
        seconds=_seconds(results),
        counted_from=results.counted_from,
    )


def latency(results: LoadResults) -> Chart:
    """Return p50, p95 and p99 of the answers' latency over time, in milliseconds."""
    histograms = [
        added(tally.latencies for tally in slot.operations.values()) for slot in _rolled_up(results)
    ]
    return load_chart.chart(
        {
            f"p{round(share * 100)}": [percentile_ms(histogram, share) for histogram in histograms]
            for share in (0.99, 0.95, 0.5)
        },
        slot=_length(results),
        seconds=_seconds(results),
        counted_from=results.counted_from,
    )


def rate_text(rate: float) -> str:
    """Return a rate with the digits it deserves.

    >>> rate_text(1234.5), rate_text(3.456)
    ('1,234', '3.46')
    """
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}"


def share_text(part: int, whole: int) -> str:
    """Return a share in per cent; one that is not nothing never reads as 0.

    >>> share_text(0, 10), share_text(1, 100_000)
    ('0 %', '<0.01 %')
    """
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 0.01:
        return "<0.01 %"
    return f"{share:.2f} %" if 0 < share < 10 else f"{share:.0f} %"


def _seconds(results: LoadResults) -> float:
    return max(results.duration, results.slot_length)


def _factor(results: LoadResults) -> int:
    return max(1, math.ceil(len(results.slots) / _ROLLED_UP_POINTS))


def _length(results: LoadResults) -> float:
    return results.slot_length * _factor(results)


def _rolled_up(results: LoadResults) -> list[Slot]:
    """Return slots that lie within the run, neighbours joined so that a curve can be read.

    The last one is left out when it was not whole, for its rate would be wrong.
    """
    factor = _factor(results)
    whole = int((results.duration + 0.05) / _length(results)) or 1
    groups = [results.slots[at : at + factor] for at in range(0, len(results.slots), factor)]
    return [_joined(group) for group in groups[:whole]]


def _joined(group: tuple[Slot, ...]) -> Slot:
    if len(group) == 1:
        return group[0]
    tallies = {
        f"{number} {name}": tally
        for number, slot in enumerate(group)
        for name, tally in slot.operations.items()
    }
    return Slot(start=group[0].start, users=group[-1].users, operations=tallies)


def _count(slot: Slot, field: str) -> int:
    return sum(getattr(tally, field) for tally in slot.operations.values())


def _statuses(results: LoadResults) -> dict[str, dict[str, int]]:
    """Return the counts by status, then by operation; no answer last."""
    codes = sorted(
        {code for found in results.statuses.values() for code in found},
        key=lambda code: (code == "0", code),
    )
    return {
        code: {name: results.statuses.get(name, {}).get(code, 0) for name in results.operations}
        for code in codes
    }


def _mix(results: LoadResults) -> str:
    mix: Any = results.options.get("mix", {})
    return ", ".join(f"{name} {weight}" for name, weight in mix.items())


def _asset(name: str) -> str:
    return resources.files("reports").joinpath("templates", name).read_text("utf-8")


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
