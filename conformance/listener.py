"""The listener that receives the target's events.

The published paths for events are contradictory: the Swagger posts below `/listener`, TMF630
Part 1 R14.5.0 §8 to the callback itself. So a channel accepts POSTs on its URL and anywhere
below it, and answers 201 (TMF671 Swagger) or the status that a check asks for.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from conformance.curl import curl_line
from conformance.masking import masked_header, masked_text
from conformance.recorder import Recorder
from reports.results import Exchange, Header, Request, Response

_MAX_BODY = 1024 * 1024
_MAX_EVENTS = 10_000


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
    """One callback address with the events that came to it."""

    url: str
    status: int
    _events: list[Event] = field(default_factory=list)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def events(self) -> tuple[Event, ...]:
        """The events so far, in the order of arrival."""
        with self._arrived:
            return tuple(self._events)

    def add(self, event: Event) -> None:
        """Keep an event and wake those who wait."""
        with self._arrived:
            if len(self._events) < _MAX_EVENTS:
                self._events.append(event)
            self._arrived.notify_all()

    def wait_for(self, predicate: Callable[[Event], bool], timeout: float) -> Event | None:
        """Return the first event that fulfils `predicate`, waiting up to `timeout` seconds."""
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
                    return None
                self._arrived.wait(remaining)


class Listener:
    """An HTTP server on a free port, in a thread of its own.

    `public_url` is what the target is told when it reaches the listener by another address (a
    tunnel); else the address of this machine that faces the target is used.
    """

    def __init__(
        self,
        recorder: Recorder,
        target_url: str,
        *,
        public_url: str | None = None,
        masked: Sequence[str] = (),
    ) -> None:
        self._recorder = recorder
        self._masked = tuple(masked)
        self._channels: dict[str, Channel] = {}
        self._loop = asyncio.new_event_loop()
        host = _facing(target_url) if public_url is None else "0.0.0.0"  # noqa: S104
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        self._socket.bind((host, urlsplit(public_url).port or 0 if public_url else 0))
        self.port: int = self._socket.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        self._base = (public_url or f"http://{shown}:{self.port}").rstrip("/")
        self._runner: web.AppRunner | None = None
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.wait(10)

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
        self._loop.run_until_complete(self._start())
        started.set()
        self._loop.run_forever()
        if self._runner is not None:
            self._loop.run_until_complete(self._runner.cleanup())
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application(client_max_size=_MAX_BODY)
        app.router.add_route("*", "/{path:.*}", self._receive)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket).start()

    async def _receive(self, request: web.Request) -> web.Response:
        prefix = urlsplit(self._base).path.strip("/")
        path = request.match_info["path"].removeprefix(prefix).lstrip("/")
        token, _, rest = path.partition("/")
        channel = self._channels.get(token)
        if channel is None:
            return web.Response(status=404)
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        started = time.perf_counter()
        content = await request.read()
        exchange = self._record(request, content, channel.status, started)
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            body = None
        channel.add(
            Event(
                path=rest,
                content_type=request.content_type,
                body=body if isinstance(body, dict) else None,
                at=time.monotonic(),
                exchange=exchange,
            )
        )
        return web.Response(status=channel.status)

    def _record(
        self, request: web.Request, content: bytes, status: int, started: float
    ) -> Exchange:
        text = masked_text(content.decode("utf-8", "replace"), self._masked)
        headers = tuple(
            Header(str(name), masked_header(name, value, self._masked))
            for name, value in request.headers.items()
        )
        url = str(request.url)
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


def _facing(target_url: str) -> str:
    """Return the address of this machine from which packets to the target leave."""
    parts = urlsplit(target_url)
    host = parts.hostname or "127.0.0.1"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(address)
            return str(probe.getsockname()[0])
    except OSError:
        return "127.0.0.1"
