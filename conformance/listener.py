"""The listener that receives the target's events.

The published paths for events are contradictory: the Swagger posts below `/listener`, TMF630
Part 1 R14.5.0 §8 to the callback itself. So a channel accepts POSTs on its URL and anywhere
below it, and answers 201 (TMF671 Swagger) or the status that a check asks for.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from conformance.bounded_server import BoundedServer, whole_body
from conformance.curl import curl_line
from conformance.outcomes import TransportError
from conformance.reception import Reception, base_url, bound
from conformance.recorder import Recorder
from conformance.transcript import headers_of, shown_url, text_of
from reports.results import Exchange, Request, Response

_MAX_EVENTS = 1000
"""Events of one callback that are kept, and recorded."""
_ROOM = 8 * 1024 * 1024
"""Bytes of events that are kept in all."""

RECOGNISED_BY = "TMF671-Listener"
"""By this header of a refused GET the suite recognises its own listener."""


@dataclass(frozen=True)
class Event:
    """One event as received; `body` is None when it is not a JSON object."""

    path: str
    content_type: str
    body: dict[str, Any] | None
    at: float
    exchange: Exchange

    @property
    def event_type(self) -> str:
        """The body's eventType, or what the listener path names."""
        named = (self.body or {}).get("eventType")
        return named if isinstance(named, str) else self.path.rstrip("/").rsplit("/", 1)[-1]

    @property
    def promotion(self) -> dict[str, Any]:
        """The promotion in the body's event, empty when there is none."""
        event = (self.body or {}).get("event")
        promotion = event.get("promotion") if isinstance(event, dict) else None
        return promotion if isinstance(promotion, dict) else {}


@dataclass
class Channel:
    """One callback address with the events that came to it.

    `lost` counts events that were not kept, because they were too many or too large.
    """

    url: str
    status: int
    lost: int = 0
    _events: list[Event] = field(default_factory=list)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def events(self) -> tuple[Event, ...]:
        """The events so far, in the order of arrival."""
        with self._arrived:
            return tuple(self._events)

    @property
    def is_full(self) -> bool:
        """Whether no more events are kept."""
        return len(self._events) >= _MAX_EVENTS

    def add(self, event: Event) -> None:
        """Keep an event and wake those who wait."""
        with self._arrived:
            self._events.append(event)
            self._arrived.notify_all()

    def wait_for(self, predicate: Callable[[Event], bool], timeout: float) -> Event | None:
        """Return the first event that fulfils `predicate`, waiting up to `timeout` seconds.

        Raises TransportError instead of None when events were lost, since it may be among them.
        """
        deadline = time.monotonic() + timeout
        seen = 0
        with self._arrived:
            while True:
                for event in self._events[seen:]:
                    if predicate(event):
                        return event
                seen = len(self._events)
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    break
                self._arrived.wait(remaining)
        if self.lost:
            raise TransportError(
                f"{self.lost} events at the callback were too many or too large to be kept: "
                "whether the one that was waited for is among them is not known"
            )
        return None


class Listener:
    """An HTTP server in a thread of its own, on a free port unless `reception` says which.

    `public_url` is what the target is told when it reaches the listener by another address (a
    tunnel); else the address of this machine that faces the target is used. Raises ReceptionError
    when it cannot be opened.
    """

    def __init__(
        self,
        recorder: Recorder,
        target_url: str,
        *,
        public_url: str | None = None,
        reception: Reception | None = None,
        masked: Callable[[], Iterable[str]] = frozenset,
        patience: float | None = None,
    ) -> None:
        self._recorder = recorder
        self._masked = masked
        self._channels: dict[str, Channel] = {}
        self._room = _ROOM
        self._patience = {} if patience is None else {"patience": patience}
        reception = reception or Reception()
        self._tls = reception.tls()
        self._socket = bound(reception, target_url, public_url)
        self.port: int = self._socket.getsockname()[1]
        self._base = base_url(reception, self._socket, target_url, public_url)
        self._server: BoundedServer | None = None
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.wait(10)

    @property
    def connections(self) -> int:
        """How many connections were made to it so far, whatever came over them."""
        return 0 if self._server is None else self._server.seen

    def channel(self, status: int = 201) -> Channel:
        """Open a callback address nobody can guess; events there are answered `status`."""
        token = secrets.token_urlsafe(12)
        channel = Channel(f"{self._base}/{token}", status)
        self._channels[token] = channel
        return channel

    def close(self) -> None:
        """Stop listening."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server, serving = self._loop.run_until_complete(self._start())
        started.set()
        self._loop.run_forever()
        serving.close()
        self._loop.run_until_complete(server.end())
        self._loop.close()

    async def _start(self) -> tuple[BoundedServer, asyncio.Server]:
        self._server = server = BoundedServer(self._receive, **self._patience)
        return server, await server.listen(self._socket, self._tls)

    async def _receive(self, request: web.BaseRequest) -> web.Response:
        prefix = urlsplit(self._base).path.strip("/")
        path = request.path.lstrip("/").removeprefix(prefix).lstrip("/")
        token, _, rest = path.partition("/")
        channel = self._channels.get(token)
        if channel is None:
            return web.Response(status=404)
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST", RECOGNISED_BY: token})
        started = time.perf_counter()
        content = await whole_body(request)
        if content is None:
            channel.lost += 1
            return web.Response(status=413)
        if channel.is_full or len(content) > self._room:
            channel.lost += 1
        else:
            self._room -= len(content)
            exchange = self._record(request, content, channel.status, started)
            channel.add(
                Event(
                    path=rest,
                    content_type=request.content_type,
                    body=_object(content),
                    at=time.monotonic(),
                    exchange=exchange,
                )
            )
        return web.Response(status=channel.status)

    def _record(
        self, request: web.BaseRequest, content: bytes, status: int, started: float
    ) -> Exchange:
        masked = frozenset(self._masked())
        text = text_of(content, masked)
        headers = headers_of(request.headers.items(), masked)
        url = shown_url(str(request.url), masked)
        return self._recorder.record(
            lambda number, check: Exchange(
                n=number,
                at=datetime.now(UTC).isoformat().replace("+00:00", "Z"),
                check=check,
                request=Request(
                    method=request.method, url=url, headers=headers, body=text, bytes=len(content)
                ),
                response=Response(status=status, reason="", headers=(), body=None, bytes=0),
                duration_ms=round((time.perf_counter() - started) * 1000, 3),
                curl=curl_line(request.method, url, headers, text),
                direction="received",
            )
        )


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
