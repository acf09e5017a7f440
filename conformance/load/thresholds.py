"""From the counts of a run to its figures, and from these to the exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from conformance.load.measures import Measures
from reports.load_histogram import added, percentile_ms
from reports.load_page import REQUESTS, rate_text, share_text
from reports.load_results import Figures, Slot, Tally, Threshold, Verdict
from reports.overview import latency_text

EXIT_CODES: dict[Verdict, int] = {"met": 0, "no-thresholds": 0, "not-met": 1}


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the run must keep to; None is no limit.

    Latencies are in seconds, `errors` is a share between 0 and 1, `rate` requests a second.
    """

    p95: float | None = None
    p99: float | None = None
    errors: float | None = None
    rate: float | None = None


def counted_span(duration: float, ramp_up: float, slot: float) -> tuple[float, float]:
    """Return from when to when a run counts, in seconds: whole slots after the ramp-up.

    When less than a third of the run would be left, the whole run counts.
    """
    begin = -(-ramp_up // slot) * slot
    end = max(duration // slot * slot, 0.0)
    if end - begin < duration / 3 or end <= begin:
        return 0.0, duration
    return begin, end


def figures(tallies: Iterable[Tally], seconds: float) -> Figures:
    """Return the figures of what was counted in `seconds`."""
    counted = list(tallies)
    histogram = added(tally.latencies for tally in counted)
    requests = sum(tally.requests for tally in counted)
    highest = max((tally.max_ms for tally in counted), default=0.0)

    def within(share: float) -> float | None:
        found = percentile_ms(histogram, share)
        return None if found is None else min(found, highest)

    return Figures(
        requests=requests,
        failed=sum(tally.failed for tally in counted),
        rate=requests / seconds if seconds > 0 else 0.0,
        p50=within(0.50),
        p95=within(0.95),
        p99=within(0.99),
        maximum=highest if histogram else None,
    )


def all_figures(slots: Sequence[Slot], begin: float, end: float) -> dict[str, Figures]:
    """Return the figures of each operation between two times, in the order of the report.

    Under "" stand those of all together.
    """
    within = [slot.operations for slot in slots if begin <= slot.start < end]
    found = {
        name: figures((one[name] for one in within if name in one), end - begin)
        for name in REQUESTS
        if any(name in slot.operations for slot in slots)
    }
    return {"": figures((t for one in within for t in one.values()), end - begin), **found}


def judged(limits: Limits, total: Figures, measures: Measures) -> tuple[Threshold, ...]:
    """Compare the figures with the limits; the share of errors is that of the whole run."""
    found = []
    for name, limit, value in (("p95", limits.p95, total.p95), ("p99", limits.p99, total.p99)):
        if limit is not None:
            found.append(
                Threshold(
                    name=name,
                    asked=f"at most {latency_text(limit * 1000)}",
                    found="no answer" if value is None else latency_text(value),
                    met=value is not None and value <= limit * 1000,
                )
            )
    if limits.errors is not None:
        everything = [t for operations in measures.slots.values() for t in operations.values()]
        failed, requests = (
            sum(getattr(tally, field) for tally in everything) for field in ("failed", "requests")
        )
        found.append(
            Threshold(
                name="errors",
                asked=f"at most {limits.errors * 100:g} %",
                found=f"{share_text(failed, requests)} ({failed:,} of {requests:,})",
                met=failed <= limits.errors * requests,
            )
        )
    if limits.rate is not None:
        found.append(
            Threshold(
                name="rate",
                asked=f"at least {rate_text(limits.rate)} requests/s",
                found=f"{rate_text(total.rate)} requests/s",
                met=total.rate >= limits.rate,
            )
        )
    return tuple(found)


def verdict(thresholds: Sequence[Threshold]) -> Verdict:
    """Return what the thresholds say together."""
    if not thresholds:
        return "no-thresholds"
    return "met" if all(one.met for one in thresholds) else "not-met"
