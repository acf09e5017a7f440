"""Deleting what a load run created, with several requests at a time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from conformance.client import Client
from conformance.outcomes import TransportError
from conformance.target import identities_of, promotion_path

GONE = frozenset({404, 410})
AT_ONCE = 8
_LOST_IN_A_ROW = 3
"""After so many requests without an answer a thread gives up: the target is gone."""


@dataclass
class Cleaned:
    """What was created and deleted, and what is `left`, or may be."""

    created: int = 0
    deleted: int = 0
    left: list[str] = field(default_factory=list)


def clean(paths: Iterable[str], connect: Callable[[], Client], cleaned: Cleaned) -> None:
    """Delete what is at `paths` and add to `cleaned`; an interrupt ends it and tells what is left.

    `connect` gives a client of its own to each thread.
    """
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    everything = list(paths)
    for path in everything:
        waiting.put(path)
    done: set[str] = set()
    stopped = threading.Event()
    threads = [
        threading.Thread(target=_delete, args=(waiting, connect, done, stopped), daemon=True)
        for _ in range(min(AT_ONCE, len(everything)))
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.5)
    except KeyboardInterrupt:
        stopped.set()
    cleaned.deleted += len(done)
    cleaned.left += [path for path in everything if path not in done]


def find_unanswered(names: Iterable[str], client: Client, cleaned: Cleaned) -> list[str]:
    """Return the paths of promotions with these names: those whose create was not answered.

    A name is unique to one create, and one that is answered must equal it, so that nobody else's
    promotion is taken for the run's own. A name that cannot be looked for is told as left.
    """
    paths = []
    for name in names:
        try:
            answer = client.send("GET", "/promotion", query=(("name", name),))
            items = answer.json() if answer.succeeded else None
        except (TransportError, ValueError):
            items = None
        if not isinstance(items, list):
            cleaned.left.append(f"perhaps a promotion named {name}")
            continue
        if any(isinstance(item, dict) and item.get("name") == name for item in items):
            cleaned.created += 1
            paths += [promotion_path(identity) for identity in identities_of(answer)[:1]]
    return paths


def _delete(
    waiting: queue.SimpleQueue[str],
    connect: Callable[[], Client],
    done: set[str],
    stopped: threading.Event,
) -> None:
    client = connect()
    lost = 0
    try:
        while lost < _LOST_IN_A_ROW and not stopped.is_set():
            try:
                path = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                answer = client.send("DELETE", path)
            except TransportError:
                lost += 1
                continue
            lost = 0
            if answer.succeeded or answer.status in GONE:
                done.add(path)
    finally:
        client.close()
