# ruff: noqa: INP001  part of a script
"""Events: ten subscribers, two thousand creates a second on offer, and what arrives."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from servers import mock

_SUBSCRIBERS = 10
_CREATORS = 8
_LONGEST_DRAIN = 120.0
_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class Arrived:
    """What came, by the path of the subscriber: creator and number of each promotion, in order."""

    numbers: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many events came."""
        return sum(map(len, self.numbers.values()))


class _Taking(asyncio.Protocol):
    """Takes events as cheaply as Python can, so that the sender is what is measured."""

    def __init__(self, arrived: Arrived) -> None:
        self._arrived = arrived
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while True:
            head, separator, rest = self._received.partition(b"\r\n\r\n")
            if not separator:
                return
            length = int(head.lower().partition(b"content-length:")[2].split()[0])
            if len(rest) < length:
                return
            body, self._received = rest[:length], rest[length:]
            path = head.split()[1].decode()
            creator, _, number = (
                body.partition(b'"name":"No. ')[2].partition(b'"')[0].partition(b".")
            )
            self._arrived.numbers.setdefault(path, []).append((int(creator), int(number)))
            self._transport.write(_ANSWER)


def measure(per_second: int, seconds: float) -> dict[str, Any]:
    """Return creates and deliveries a second, what was lost or out of order, and the bare limit."""
    with mock(1) as ours:
        return asyncio.run(_measured(ours.url, per_second, seconds))


async def _measured(url: str, per_second: int, seconds: float) -> dict[str, Any]:
    arrived, loop = Arrived(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Taking(arrived), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    callbacks = [f"http://127.0.0.1:{port}/{number}" for number in range(_SUBSCRIBERS)]
    async with aiohttp.ClientSession() as session:
        hub = f"{url.removesuffix('/promotion')}/hub"
        for callback in callbacks:
            async with session.post(hub, json={"callback": callback}) as answer:
                assert answer.status == 201
        began = time.perf_counter()
        creators = [
            _create(session, url, creator, per_second / _CREATORS, seconds)
            for creator in range(_CREATORS)
        ]
        counts = await asyncio.gather(*creators)
        created = sum(counts)
        creating = time.perf_counter() - began
        while arrived.total < created * _SUBSCRIBERS:
            if time.perf_counter() - began > _LONGEST_DRAIN:
                break
            await asyncio.sleep(0.01)
        delivering = time.perf_counter() - began
    came = [list(numbers) for numbers in arrived.numbers.values()]
    limit = await _bare(callbacks, 500)
    server.close()
    return {
        "subscribers": _SUBSCRIBERS,
        "offered_per_s": per_second,
        "created": created,
        "created_per_s": created / creating,
        "lost": created * _SUBSCRIBERS - sum(map(len, came)),
        "subscribers_out_of_order": sum(not _in_order(numbers, counts) for numbers in came),
        "deliveries_per_s": created * _SUBSCRIBERS / delivering,
        "bare_client_per_s": limit,
        "ratio": created * _SUBSCRIBERS / delivering / limit,
    }


def _in_order(numbers: list[tuple[int, int]], counts: list[int]) -> bool:
    """Tell whether the promotions of each creator came once, in the order of their creation."""
    return all(
        [number for who, number in numbers if who == creator] == list(range(count))
        for creator, count in enumerate(counts)
    )


async def _create(
    session: aiohttp.ClientSession, url: str, creator: int, per_second: float, seconds: float
) -> int:
    """Create promotions one after the other, at most so many a second; return how many."""
    began, number = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < seconds:
        if number >= passed * per_second:
            await asyncio.sleep(0.0005)
            continue
        body = {"name": f"No. {creator}.{number}", "description": "x" * 400, "validFor": {}}
        async with session.post(url, json=body) as answer:
            assert answer.status == 201, await answer.text()
        number += 1
    return number


async def _bare(callbacks: list[str], each: int) -> float:
    """Return the deliveries a second of ten aiohttp clients with nothing else to do."""
    body = json.dumps(
        {"event": {"promotion": {"name": "No. 0.0", "description": "x" * 800}}},
        separators=(",", ":"),
    )
    headers = {"Content-Type": "application/json;charset=utf-8"}

    async def post(session: aiohttp.ClientSession, callback: str) -> None:
        for _ in range(each):
            async with session.post(callback, data=body.encode(), headers=headers) as answer:
                await answer.read()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        began = time.perf_counter()
        await asyncio.gather(*(post(session, callback) for callback in callbacks))
        return len(callbacks) * each / (time.perf_counter() - began)
