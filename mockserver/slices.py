"""Long work in slices, so that other requests need not wait for its end.

Work is a generator that pauses between two slices and returns its result. Whoever drives it lets
the event loop run in each pause.
"""

import asyncio
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TypeVar

from mockserver.blocks import SIZE

SECONDS = 0.0002
"""How long work goes on before it pauses."""

_Result = TypeVar("_Result")
_Piece = TypeVar("_Piece")
_Item = TypeVar("_Item")

Slices = Generator[None, None, _Result]


def parts(items: Sequence[_Item], size: int = SIZE) -> Iterator[Sequence[_Item]]:
    """Give the items in pieces of `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))


def paced(
    pieces: Iterable[_Piece], work: Callable[[_Piece], Iterable[_Item]]
) -> Slices[list[_Item]]:
    """Return what `work` gives for all pieces, with pauses between them where they are due."""
    result: list[_Item] = []
    due = time.perf_counter() + SECONDS
    for piece in pieces:
        result += work(piece)
        if time.perf_counter() > due:
            yield
            due = time.perf_counter() + SECONDS
    return result


def begun(slices: Slices[_Result]) -> _Result | Slices[_Result]:
    """Return the result of work that needs no pause, else the work after its first slice."""
    try:
        next(slices)
    except StopIteration as end:
        result: _Result = end.value
        return result
    return slices


def at_once(slices: Slices[_Result]) -> _Result:
    """Return the result of work without a pause."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: _Result = end.value
            return result


async def in_turn(slices: Slices[_Result], turn: asyncio.Lock) -> _Result:
    """Return the result of work, other tasks having their chance between any two slices.

    Args:
        slices: the work.
        turn: what all such work shares, so that however much of it there is, only one slice comes
            between two looks at the network.

    """
    while True:
        async with turn:
            try:
                next(slices)
            except StopIteration as end:
                result: _Result = end.value
                return result
        await asyncio.sleep(0)
