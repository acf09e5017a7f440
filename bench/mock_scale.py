# ruff: noqa: INP001  part of a script
"""Latency and memory of the mock from a thousand promotions to a million."""

import http.client
import statistics
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from filled_mock import promotions
from servers import Server, mock

_REPEATED = 200
_SCANS = 7


def measure(counts: list[int], said: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return for each size the memory of a promotion, bytes, and the median latencies, ms."""
    found = []
    for count in counts:
        with mock(count) as ours:
            before, after = map(int, ours.said[1:3])
            offset = count * 3 // 4
            row = {
                "promotions": count,
                "bytes_each": (after - before) * 1024 / count,
                "get_ms": _latency(ours, f"/{next(promotions(1))['id']}", _REPEATED),
                "page_ms": _latency(ours, "?limit=20", _REPEATED),
                "late_page_ms": _latency(ours, f"?limit=20&offset={offset}", _REPEATED),
                "indexed_ms": _latency(ours, "?limit=20&lifecycleStatus=release", _REPEATED),
                "scan_ms": _latency(ours, "?description=nothing", _SCANS),
                "sort_ms": _latency(ours, "?limit=20&sort=-name", 1),
            }
        found.append(row)
        said(", ".join(f"{name} {figure:.4g}" for name, figure in row.items()))
    return found


def _latency(server: Server, path: str, repeated: int) -> float:
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=600)
    taken = []
    for _ in range(repeated):
        began = time.perf_counter()
        connection.request("GET", parts.path + path)
        answer = connection.getresponse()
        answer.read()
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status == 200
    connection.close()
    return statistics.median(taken)
