"""Where subscribers of a load run receive events: answered at once, and only counted."""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import Self

from aiohttp import web

from conformance.reception import Reception, base_url, bound

_MAX_BODY = 1024 * 1024


class Callbacks:
    """An HTTP server in a thread of its own, while the block lasts.

    `base` is the address that the target reaches it by; without `public_url` the one that it
    listens at. It answers 201 to a POST on any path (TMF671 Swagger, listeners). Raises
    ReceptionError when it cannot listen as asked.
    """

    def __init__(self, reception: Reception, target_url: str, public_url: str | None) -> None:
        self._tls = reception.tls()
        self._socket = bound(reception, target_url, public_url)
        self.base = base_url(reception, self._socket, target_url, public_url)
        self.received = 0
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self._thread.daemon = True
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        app = web.Application(client_max_size=_MAX_BODY)
        app.router.add_post("/{path:.*}", self._receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.SockSite(runner, self._socket, ssl_context=self._tls).start()
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        await request.read()
        self.received += 1
        return web.Response(status=201)
