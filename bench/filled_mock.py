# ruff: noqa: INP001  a script of its own
"""A mock with many promotions: python bench/filled_mock.py PORT COUNT.

The promotions of the seeded catalogue, repeated with names and descriptions of their own, because
generating a million of them would take an hour. `tmf671 mock` serves in the same way. Says
"ready KIB_BEFORE KIB_AFTER", the memory of the process before and after it took them in.
"""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loops import loop_factory

from mockserver.app import TENANTS, make_app
from mockserver.seeds.catalogue import catalogue
from mockserver.serving import listen, serve, settle
from mockserver.settings import Settings

_TEMPLATES = 500


def resident_kib() -> int:
    """Return the memory of this process, KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS:")))


def promotions(count: int) -> Iterator[dict[str, Any]]:
    """Give so many promotions, no two with the same id, name or description."""
    templates = catalogue(1, min(count, _TEMPLATES), "4.1.0")
    for number in range(count):
        template = templates[number % len(templates)]
        yield {
            **template,
            "id": f"{number:08x}-0000-4000-8000-000000000000",
            "name": f"{template['name']} {number}",
            "description": f"{template['description']} No. {number}",
        }


async def run(port: int, count: int) -> None:
    """Fill a mock and serve it until the process ends."""
    app = make_app(Settings())
    store = app[TENANTS].default.store
    next(promotions(1))  # what the generator needs is no memory of the promotions
    before = resident_kib()
    for promotion in promotions(count):
        store.put(promotion)
    settle()
    said = f"ready {before} {resident_kib()}"
    listening = listen("127.0.0.1", port)
    await serve(app, listening, asyncio.Event(), lambda: print(said, flush=True))  # noqa: T201


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as loop:
        loop.run(run(int(sys.argv[1]), int(sys.argv[2])))
