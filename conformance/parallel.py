"""Requests at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from conformance.client import Answer


def together(requests: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Send all requests at once and return their answers in the order given.

    Raises TransportError when one of them gets no answer.
    """
    with ThreadPoolExecutor(max_workers=len(requests)) as pool:
        return list(pool.map(lambda request: request(), requests))
