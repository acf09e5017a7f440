"""Serving the application on a socket until told to stop."""

import asyncio
import gc
import importlib
import importlib.util
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from mockserver.protocol import Protocol
from mockserver.settings import Settings

_BACKLOG = 128
_LONGEST_LINE = 1 << 16
_SHUTDOWN_SECONDS = 1.0


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes any free one.

    Raises:
        OSError: the port is in use, or the host is none of this machine.

    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the event loop of uvloop, an extra, if it is there; None for asyncio's."""
    if importlib.util.find_spec("uvloop") is None:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop]
    factory = importlib.import_module("uvloop").new_event_loop
    return factory


def settle() -> None:
    """Tell the garbage collector of a process that serves that what is there now will stay.

    It would go through all modules and all promotions again and again while new ones come, which
    costs a POST as much as everything else in it.
    """
    gc.collect()
    gc.freeze()


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """Return how to speak TLS, 1.2 at least, by the certificates of the settings; None without any.

    Raises:
        OSError: a file cannot be read, or is not what it should be (`ssl.SSLError`).

    """
    if settings.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings.tls_cert, settings.tls_key, password=_no_password)
    if settings.tls_client_ca is not None:
        context.load_verify_locations(settings.tls_client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _no_password() -> str:
    """Return a password that opens no key, so that nobody is asked for one on the terminal."""
    return ""


async def serve(
    app: web.Application,
    listening: socket.socket,
    stop: asyncio.Event,
    ready: Callable[[], None],
    tls: ssl.SSLContext | None = None,
) -> None:
    """Serve `app` on `listening`, call `ready` when it does, and stop cleanly on `stop`.

    Args:
        app: the application.
        listening: a listening socket.
        stop: ends it.
        ready: is called once it serves.
        tls: how to speak TLS; None speaks plain HTTP.

    """
    runner = web.AppRunner(app, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    loop, manager = asyncio.get_running_loop(), runner.server
    assert manager is not None

    options: dict[str, Any] = {
        "access_log": None,
        "auto_decompress": False,  # read_body does it, within the bound of --max-body
        "max_line_size": _LONGEST_LINE,
        "max_field_size": _LONGEST_LINE,
    }

    def protocol() -> Protocol:
        return Protocol(manager, loop=loop, **options)

    try:
        accepting = await loop.create_server(protocol, sock=listening, ssl=tls, backlog=_BACKLOG)
        try:
            ready()
            await stop.wait()
        finally:
            accepting.close()
    finally:
        await runner.cleanup()


@contextmanager
def on_signal(stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop`, which must be safe to call from a signal handler, on SIGINT and SIGTERM.

    Within the block no signal interrupts anything, however many of them come.
    """
    before = {
        number: signal.signal(number, lambda *_: stop())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
