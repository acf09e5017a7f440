"""A running mock inside this process, for tests and for `tmf671 check` without a URL."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from mockserver.app import TENANTS, make_app, normal_base_path
from mockserver.serving import listen, serve, tls_context
from mockserver.settings import Settings
from mockserver.tenant import Tenant

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class EmbeddedMock:
    """A mock that runs in a thread of its own.

    Args:
        root: the API root, without a final slash.
        tenant: the mock itself; only `run` may touch it.
        loop: the event loop of its thread.

    """

    root: str
    tenant: Tenant
    loop: asyncio.AbstractEventLoop

    def run(self, work: Callable[[], _Result]) -> _Result:
        """Run `work` between two requests, in the mock's own thread, and return its result."""
        result: Future[_Result] = Future()

        def call() -> None:
            try:
                result.set_result(work())
            except BaseException as problem:  # noqa: BLE001 -- it is raised where it belongs
                result.set_exception(problem)

        self.loop.call_soon_threadsafe(call)
        return result.result()


@contextmanager
def running_mock(settings: Settings | None = None) -> Iterator[str]:
    """Run a mock on a free port of 127.0.0.1 and give its API root, without a final slash.

    Raises:
        KeyError: a defect or a variant that the settings name does not exist.
        DataError: a promotion to start with is not valid.
        OSError: no port is free, or a certificate cannot be used.

    """
    with embedded_mock(settings) as mock:
        yield mock.root


@contextmanager
def embedded_mock(settings: Settings | None = None) -> Iterator[EmbeddedMock]:
    """Run a mock as `running_mock` does, and give access to its inside.

    Raises:
        KeyError, DataError, OSError: as `running_mock`.

    """
    settings = settings or Settings()
    app = make_app(settings)
    tls = tls_context(settings)
    listening = listen("127.0.0.1", 0)
    address = f"127.0.0.1:{listening.getsockname()[1]}"
    scheme = "http" if tls is None else "https"
    root = f"{scheme}://{address}{normal_base_path(settings.base_path)}"
    loop = asyncio.new_event_loop()
    stop, started = asyncio.Event(), Future[None]()

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(serve(app, listening, stop, lambda: started.set_result(None), tls))
        except BaseException as problem:
            if started.done():
                raise
            started.set_exception(problem)

    thread = threading.Thread(target=run, name="tmf671-mock", daemon=True)
    thread.start()
    started.result()
    try:
        yield EmbeddedMock(root, app[TENANTS].default, loop)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
