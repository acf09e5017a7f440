"""The last exchanges of a mock, for those who want to see what their client really sends."""

import asyncio
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple

from mockserver.clock import timestamp

MAX_BODY = 16 * 1024
"""Bytes of a body that are kept."""

_SECRET = {"authorization", "cookie", "proxy-authorization", "set-cookie"}
_WAITING = 1000


class Exchange(NamedTuple):
    """One request and what became of it.

    Args:
        n: its number, from 1.
        at: when it arrived, seconds since 1970 by the real clock.
        method: the method.
        path: the raw path.
        query: the raw query string.
        status: the status of the answer.
        seconds: how long it took.
        request_headers: as they came.
        request_body: its first `MAX_BODY` bytes.
        response_headers: as they went.
        response_body: its first `MAX_BODY` bytes, as they were before a fault harmed them.
        fault: the fault that was committed, or "".

    """

    n: int
    at: float
    method: str
    path: str
    query: str
    status: int
    seconds: float
    request_headers: Mapping[str, str]
    request_body: bytes
    response_headers: Mapping[str, str]
    response_body: bytes
    fault: str

    def shown(self) -> dict[str, Any]:
        """Return the exchange as JSON: names in camel case, bodies as text, secrets masked."""
        shown = {
            "n": self.n,
            "at": timestamp(datetime.fromtimestamp(self.at, UTC)),
            "method": self.method,
            "path": _sendable(self.path),
            "query": _sendable(self.query),
            "status": self.status,
            "durationMs": round(self.seconds * 1000, 3),
            "requestHeaders": _headers(self.request_headers),
            "requestBody": _text(self.request_body),
            "responseHeaders": _headers(self.response_headers),
            "responseBody": _text(self.response_body),
        }
        return {**shown, "fault": self.fault} if self.fault else shown


_Entry = tuple[
    int,
    float,
    tuple[str, str, str],
    tuple[Mapping[str, str], bytes],
    tuple[int, Mapping[str, str], bytes],
    float,
    str,
]


class Journal:
    """A ring of the last `size` exchanges, and those who follow it."""

    def __init__(self, size: int) -> None:
        self._entries: deque[_Entry] = deque(maxlen=size)
        self._numbers = count(1)
        self._followers: set[asyncio.Queue[Exchange | None]] = set()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def on(self) -> bool:
        """Whether exchanges are kept at all."""
        return self._entries.maxlen != 0

    def record(
        self,
        at: float,
        asked: tuple[str, str, str],
        request: tuple[Mapping[str, str], bytes],
        response: tuple[int, Mapping[str, str], bytes],
        seconds: float,
        fault: str = "",
    ) -> None:
        """Keep one exchange; the oldest gives way. What it looks like is left for `last`.

        Args:
            at: when it arrived, seconds since 1970.
            asked: method, path and query.
            request: headers and body.
            response: status, headers and body.
            seconds: how long it took.
            fault: the fault that was committed.

        """
        if len(request[1]) > MAX_BODY:
            request = (request[0], request[1][:MAX_BODY])
        if len(response[2]) > MAX_BODY:
            response = (*response[:2], response[2][:MAX_BODY])
        entry = (next(self._numbers), at, asked, request, response, seconds, fault)
        self._entries.append(entry)
        for follower in self._followers:
            if follower.qsize() < _WAITING:
                follower.put_nowait(_exchange(entry))

    def last(self, limit: int | None = None) -> list[Exchange]:
        """Return the last `limit` exchanges, or all that are kept, newest last."""
        entries = list(self._entries)
        wanted = entries if limit is None else entries[len(entries) - min(limit, len(self)) :]
        return [_exchange(entry) for entry in wanted]

    def clear(self) -> None:
        """Forget all exchanges; the numbers go on."""
        self._entries.clear()

    def follow(self) -> asyncio.Queue[Exchange | None]:
        """Return a queue of the exchanges from now on; None is the end.

        One who does not keep up misses exchanges rather than filling the memory.
        """
        follower: asyncio.Queue[Exchange | None] = asyncio.Queue()
        self._followers.add(follower)
        return follower

    def leave(self, follower: asyncio.Queue[Exchange | None]) -> None:
        """End a queue that `follow` gave."""
        self._followers.discard(follower)

    def close(self) -> None:
        """Tell all who follow that nothing more comes."""
        for follower in self._followers:
            follower.put_nowait(None)


def _exchange(entry: _Entry) -> Exchange:
    number, at, asked, request, response, seconds, fault = entry
    status, headers, body = response
    return Exchange(number, at, *asked, status, seconds, *request, headers, body, fault)


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        _sendable(name): "***" if name.lower() in _SECRET else _sendable(value)
        for name, value in headers.items()
    }


def _text(body: bytes) -> str | None:
    return body.decode("utf-8", "replace") if body else None


def _sendable(text: str) -> str:
    """Return text whose bytes outside of UTF-8, if it has any, are replaced."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
