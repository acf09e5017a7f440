"""An aiohttp server that nobody can tie down: bounded connections, sizes and patience."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from typing import Any, cast

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

_MOST_CONNECTIONS = 256
_PATIENCE = 15.0
"""Seconds that a new connection has for a whole request, and a kept one from its first byte on."""

_ROUNDS = 0.05
"""Seconds in which the loop gets to what closing a connection leaves to it."""

_LOG = logging.getLogger("tmf671.listener")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False
"""What a stranger sends wrong is no message for the user's terminal."""


class BoundedServer(web.Server):
    """Cuts off connections beyond a number, and those that take too long over a request.

    `seen` counts all connections, of whatever kind.
    """

    def __init__(self, handler: Any, *, patience: float = _PATIENCE) -> None:
        super().__init__(handler, access_log=None, logger=_LOG, lingering_time=0)
        self.patience = patience
        self.seen = 0
        self.open: set[asyncio.BaseTransport] = set()

    def __call__(self) -> RequestHandler:
        """Return the protocol of a new connection."""
        return _Connection(self, loop=asyncio.get_running_loop(), **self._kwargs)

    async def listen(self, listening: socket.socket, tls: ssl.SSLContext | None) -> asyncio.Server:
        """Serve on a bound socket; a handshake has no more time than a request."""
        loop = asyncio.get_running_loop()
        patience = None if tls is None else self.patience
        return await loop.create_server(
            self, sock=listening, ssl=tls, ssl_handshake_timeout=patience
        )

    async def end(self) -> None:
        """Answer what is being answered for a second, then cut off every connection."""
        await self.shutdown(1)
        for transport in tuple(self.open):
            cast("asyncio.Transport", transport).abort()
        await asyncio.sleep(_ROUNDS)


class _Connection(RequestHandler):
    """A connection with a clock that runs while a request is awaited or incomplete."""

    def __init__(self, server: BoundedServer, **options: Any) -> None:
        super().__init__(server, **options)
        self._server = server
        self._cut_off: asyncio.TimerHandle | None = None
        self._own: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._server.seen += 1
        self._server.open.add(transport)
        self._own = transport
        if len(self._server.connections) > _MOST_CONNECTIONS:
            self.force_close()
            return
        self._start_clock()

    def data_received(self, data: bytes) -> None:
        self._start_clock()
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        self.at_rest()
        if self._own is not None:
            self._server.open.discard(self._own)
        super().connection_lost(exc)

    def at_rest(self) -> None:
        """Stop the clock: the request is there as a whole."""
        if self._cut_off is not None:
            self._cut_off.cancel()
            self._cut_off = None

    def _start_clock(self) -> None:
        if self._cut_off is None:
            loop = asyncio.get_running_loop()
            self._cut_off = loop.call_later(self._server.patience, self.force_close)


async def whole_body(request: web.BaseRequest) -> bytes | None:
    """Return the request's body, None when it is larger than a mebibyte.

    It is on the connection's clock until then.
    """
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        return None
    finally:
        if isinstance(request.protocol, _Connection):
            request.protocol.at_rest()
