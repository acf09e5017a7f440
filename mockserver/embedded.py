"""A running mock inside this process, for tests and for `tmf671 check` without a URL."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from mockserver.app import make_app, normal_base_path
from mockserver.serving import listen, serve
from mockserver.settings import Settings


@contextmanager
def running_mock(settings: Settings | None = None) -> Iterator[str]:
    """Run a mock on a free port of 127.0.0.1 and give its API root, without a final slash.

    Raises:
        KeyError: a defect or a variant that the settings name does not exist.
        DataError: a promotion to start with is not valid.
        OSError: no port is free.

    """
    settings = settings or Settings()
    app = make_app(settings)
    listening = listen("127.0.0.1", 0)
    root = f"http://127.0.0.1:{listening.getsockname()[1]}{normal_base_path(settings.base_path)}"
    loop = asyncio.new_event_loop()
    stop, started = asyncio.Event(), Future[None]()

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(serve(app, listening, stop, lambda: started.set_result(None)))
        except BaseException as problem:
            if started.done():
                raise
            started.set_exception(problem)

    thread = threading.Thread(target=run, name="tmf671-mock", daemon=True)
    thread.start()
    started.result()
    try:
        yield root
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
