# ruff: noqa: INP001  part of a script
"""The event loop that both sides of a comparison use."""

import asyncio
import os
from collections.abc import Callable

from mockserver.serving import fastest_loop

VARIABLE = "BENCH_LOOP"
"""The environment variable that says which one: asyncio or uvloop."""


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the event loop, None for that of asyncio, which is the default."""
    return fastest_loop() if os.environ.get(VARIABLE) == "uvloop" else None
