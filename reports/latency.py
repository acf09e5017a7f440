"""How long the target took, by operation: seen in passing, no measurement and no verdict."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.results import Exchange, Results

EDGES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
"""Where one bucket of the histogram ends and the next begins, in milliseconds."""
_RESOURCES = ("promotion", "hub")
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Bucket:
    """Durations from `low` (inclusive) to `high` milliseconds, None for no end; `count` of them."""

    low: int
    high: int | None
    count: int


@dataclass(frozen=True)
class Operation:
    """The answers to one operation; `path` is a template, None for paths the API does not have.

    `p95` is the nearest rank. `unanswered` requests have no duration.
    """

    method: str
    path: str | None
    count: int
    unanswered: int
    median: float
    p95: float
    maximum: float
    buckets: tuple[Bucket, ...]


def operations(results: Results) -> tuple[Operation, ...]:
    """Return the operations that were answered, in the order of paths and methods.

    All histograms have the same buckets: those between the fastest and the slowest answer.
    """
    groups: dict[tuple[str, str | None], list[Exchange]] = {}
    for exchange in results.exchanges:
        if exchange.direction == "sent":
            path = path_template(exchange.request.url, results.target.url)
            groups.setdefault((exchange.request.method, path), []).append(exchange)
    answered = {key: _durations(group) for key, group in groups.items()}
    places = [bisect_right(EDGES, time) for times in answered.values() for time in times]
    shown = range(min(places, default=0), max(places, default=-1) + 1)
    return tuple(
        _operation(key, answered[key], len(groups[key]), shown)
        for key in sorted(groups, key=_order)
        if answered[key]
    )


def path_template(url: str, root: str) -> str | None:
    """Return the path below `root` with its id as a template; None when the API has no such path.

    >>> path_template("http://h/v4/promotion/42?fields=name", "http://h/v4")
    '/promotion/{id}'
    """
    try:
        path, base = urlsplit(url).path, urlsplit(root).path.rstrip("/")
    except ValueError:
        return None
    if not path.startswith(f"{base}/"):
        return None
    match path[len(base) + 1 :].rstrip("/").split("/"):
        case [resource] if resource in _RESOURCES:
            return f"/{resource}"
        case [resource, _] if resource in _RESOURCES:
            return f"/{resource}/{{id}}"
        case _:
            return None


def _durations(exchanges: Iterable[Exchange]) -> list[float]:
    return sorted(exchange.duration_ms for exchange in exchanges if exchange.response)


def _operation(
    key: tuple[str, str | None], times: Sequence[float], sent: int, shown: range
) -> Operation:
    method, path = key
    return Operation(
        method=method,
        path=path,
        count=len(times),
        unanswered=sent - len(times),
        median=median(times),
        p95=times[math.ceil(0.95 * len(times)) - 1],
        maximum=times[-1],
        buckets=tuple(_bucket(place, times) for place in shown),
    )


def _bucket(place: int, times: Sequence[float]) -> Bucket:
    low = EDGES[place - 1] if place else 0
    high = EDGES[place] if place < len(EDGES) else None
    return Bucket(low, high, sum(bisect_right(EDGES, time) == place for time in times))


def _order(key: tuple[str, str | None]) -> tuple[int, str, int, str]:
    method, path = key
    resource = len(_RESOURCES) if path is None else _RESOURCES.index(path.split("/")[1])
    known = _METHODS.index(method) if method in _METHODS else len(_METHODS)
    return resource, path or "", known, method
