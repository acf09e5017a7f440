"""Latencies as counts in buckets whose edges grow by 2 %, so that any number of them takes no room.

A percentile read from them is at most 1 % off; histograms of several processes add up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

_GROWTH = math.log(1.02)
_LEAST_MS = 0.01

Histogram = Mapping[int, int]
"""How many latencies fell into each bucket."""


def bucket(latency_ms: float) -> int:
    """Return the bucket of a latency in milliseconds; all below 0.01 ms share one."""
    return round(math.log(max(latency_ms, _LEAST_MS)) / _GROWTH)


def middle_ms(number: int) -> float:
    """Return the latency in the middle of a bucket, in milliseconds."""
    return math.exp(number * _GROWTH)


def added(histograms: Iterable[Histogram]) -> dict[int, int]:
    """Return the sum of histograms."""
    total: dict[int, int] = {}
    for histogram in histograms:
        for number, count in histogram.items():
            total[number] = total.get(number, 0) + count
    return total


def percentile_ms(histogram: Histogram, share: float) -> float | None:
    """Return the latency that `share` of all do not exceed (nearest rank), None when there is none.

    >>> round(percentile_ms({bucket(10): 98, bucket(500): 2}, 0.99))
    498
    """
    total = sum(histogram.values())
    rank = max(1, math.ceil(share * total))
    seen = 0
    for number in sorted(histogram):
        seen += histogram[number]
        if seen >= rank:
            return middle_ms(number)
    return None
