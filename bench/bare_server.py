# ruff: noqa: INP001  a script of its own
"""The limit of this stack: aiohttp handlers that return bytes which are ready.

python bench/bare_server.py PORT FILE, where FILE is a JSON array of representations
"""

import asyncio
import json
import sys
from pathlib import Path

from aiohttp import web
from loops import loop_factory

_JSON = {"Content-Type": "application/json;charset=utf-8"}
_PAGE = 20


async def serve(port: int, promotions: list[object]) -> None:
    """Answer GET, POST and PATCH of a promotion, and GET of a list, until the process ends."""
    one = json.dumps(promotions[0], ensure_ascii=False, separators=(",", ":")).encode()
    page = json.dumps(promotions[:_PAGE], ensure_ascii=False, separators=(",", ":")).encode()

    async def get(_request: web.Request) -> web.Response:
        return web.Response(body=one, headers=_JSON)

    async def dumped(_request: web.Request) -> web.Response:
        return web.Response(body=json.dumps(promotions[0]).encode(), headers=_JSON)

    async def get_page(_request: web.Request) -> web.Response:
        return web.Response(body=page, headers=_JSON)

    async def write(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=one, headers=_JSON)

    app = web.Application()
    app.router.add_get("/promotion/{id}", get)
    app.router.add_get("/dumps/{id}", dumped)
    app.router.add_get("/promotion", get_page)
    app.router.add_post("/promotion", write)
    app.router.add_patch("/promotion/{id}", write)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as loop:
        loop.run(serve(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())))
