# ruff: noqa: INP001  a module of the script beside it
"""Subscribers of the soak: they come and go, and not all of them are well."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import deque

import aiohttp

KINDS = ("take", "hang", "take", "fail", "take", "drop", "slow")
"""In this order they come: those that answer at once, never, with 500, by closing, late."""
_LIVE = 6
"""How many there are at a time; the oldest one goes before the next comes."""
_EVERY = 1.0
_QUERIES = ("", "eventType=PromotionCreateEvent", "eventType=PromotionDeleteEvent&fields=eventId")


class Subscribers:
    """A server for callbacks on loopback, and the coming and going of subscriptions."""

    def __init__(self) -> None:
        self.received = 0
        self.subscriptions = 0
        self.surprises: list[str] = []
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def close(self) -> None:
        """Close every connection, also those that hang."""
        assert self._server is not None
        self._server.close()
        for writer in self._open:
            writer.close()

    async def come_and_go(self, root: str, until: asyncio.Event) -> None:
        """Subscribe and unsubscribe, a subscription a second; remove all at the end."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        live: deque[str] = deque()
        async with aiohttp.ClientSession() as session:
            for kind, query in zip(itertools.cycle(KINDS), itertools.cycle(_QUERIES), strict=False):
                if until.is_set():
                    break
                if len(live) >= _LIVE:
                    await self._unsubscribe(session, root, live.popleft())
                body = {"callback": f"http://127.0.0.1:{port}/{kind}"}
                if query:
                    body["query"] = query
                async with session.post(f"{root}/hub", json=body) as answer:
                    if answer.status == 201:
                        live.append((await answer.json())["id"])
                        self.subscriptions += 1
                    else:
                        self.surprises.append(f"POST /hub: answered {answer.status}")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(until.wait(), _EVERY)
            for identity in live:
                await self._unsubscribe(session, root, identity)

    async def _unsubscribe(self, session: aiohttp.ClientSession, root: str, identity: str) -> None:
        async with session.delete(f"{root}/hub/{identity}") as answer:
            if answer.status != 204:
                self.surprises.append(f"DELETE /hub: answered {answer.status}")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._answer(reader, writer):
                pass
        self._open.discard(writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Take one event; return whether the connection goes on."""
        head = await reader.readuntil(b"\r\n\r\n")
        kind = head.split(b" ", 2)[1].strip(b"/")
        at = head.lower().find(b"\r\ncontent-length:")
        await reader.readexactly(int(head[at + 17 :].partition(b"\r\n")[0]))
        self.received += 1
        if kind == b"hang":
            await reader.read()
            return False
        if kind == b"drop":
            return False
        if kind == b"slow":
            await asyncio.sleep(0.3)
        status = b"500 Internal Server Error" if kind == b"fail" else b"204 No Content"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
        return True
