"""The request journal: at rest, and as it grows."""

import asyncio
from urllib.parse import parse_qsl

from aiohttp import web

from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.json_text import write_json
from mockserver.tenant import Tenant

_KEEP_ALIVE_SECONDS = 15.0


def get_journal(tenant: Tenant, call: Call) -> Answer:
    """GET /_mock/journal?limit=N: the last exchanges, newest last."""
    limit = _limit(call.query)
    return Answer(200, [exchange.shown() for exchange in tenant.journal.last(limit)])


def delete_journal(tenant: Tenant, _call: Call) -> Answer:
    """DELETE /_mock/journal: 204, all exchanges are forgotten."""
    tenant.journal.clear()
    return Answer(204)


async def stream_journal(tenant: Tenant, request: web.Request) -> web.StreamResponse:
    """GET /_mock/journal/stream: server-sent events, one exchange each (HTML Standard §9.2)."""
    stream = web.StreamResponse(
        headers={"Content-Type": "text/event-stream;charset=utf-8", "Cache-Control": "no-store"}
    )
    follower = tenant.journal.follow()
    try:
        await stream.prepare(request)
        await stream.write(b": the exchanges from now on\n\n")
        while True:
            try:
                exchange = await asyncio.wait_for(follower.get(), _KEEP_ALIVE_SECONDS)
            except TimeoutError:
                await stream.write(b": still here\n\n")
                continue
            if exchange is None:
                break
            await stream.write(b"data: " + write_json(exchange.shown()) + b"\n\n")
    except ConnectionError:
        pass  # whoever followed has gone
    finally:
        tenant.journal.leave(follower)
    return stream


def _limit(query: str) -> int | None:
    given = dict(parse_qsl(query, keep_blank_values=True)).get("limit")
    if given is None:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise ProblemError(400, f"limit must be a whole number, not {given!a:.80}", "invalidQuery")
    return int(given)
