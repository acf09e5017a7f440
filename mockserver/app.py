"""The mock as an aiohttp application."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from functools import partial

from aiohttp import web

from mockserver.console import add_console
from mockserver.content_coding import read_body
from mockserver.control.api import (
    ROOT,
    STREAM,
    control_endpoint,
    control_resources,
    stream_endpoint,
)
from mockserver.cors import allowing
from mockserver.endpoint import Endpoint, api_endpoint, call_of, response_of, unreadable
from mockserver.errors import ProblemError
from mockserver.routes import PROMOTION_BY_ID, resources
from mockserver.settings import Settings
from mockserver.tenant import Tenant, open_tenant
from mockserver.tenants import PREFIX, Tenants
from mockserver.tokens import Guard

TENANTS: web.AppKey[Tenants] = web.AppKey("tenants", Tenants)
TOKEN_PATH = "/oauth/token"  # noqa: S105 -- a path

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(settings: Settings | None = None) -> web.Application:
    """Return an application that serves one mock below `settings.base_path`, and its tenants.

    Raises:
        KeyError: a defect or a variant that the settings name does not exist.
        DataError: a promotion to start with is not valid.

    """
    tenants = Tenants(open_tenant(settings or Settings()))
    guard = tenants.default.guard
    base_path = normal_base_path(tenants.default.settings.base_path)
    app = web.Application(client_max_size=tenants.default.settings.max_body)
    app[TENANTS] = tenants
    turn = asyncio.Lock()
    for plain, endpoint in _endpoints(tenants, base_path, turn):
        path = plain.replace("{id}", "{id:[^/]+}")  # by default braces would match no id
        app.router.add_route("*", path, _of_default(tenants, endpoint))
        app.router.add_route("*", f"{PREFIX}/{{tenant}}{path}", _of_named(tenants, endpoint))
    if guard is not None:
        app.router.add_route("*", TOKEN_PATH, _of_default(tenants, _token_endpoint(guard)))
    nothing = api_endpoint(None, base_path, turn)
    add_console(app, tenants.default, base_path, _of_default(tenants, nothing))
    app.router.add_route("*", "/{path:.*}", _of_default(tenants, nothing))
    app.cleanup_ctx.append(_deliveries)
    app.on_shutdown.append(_end_streams)
    if tenants.default.settings.cors:
        app.on_response_prepare.append(allowing(tenants.default.settings.cors))
    return app


def normal_base_path(base_path: str) -> str:
    """Return the base path with a slash before and none behind; "" for the root."""
    stripped = base_path.strip("/")
    return f"/{stripped}" if stripped else ""


def _endpoints(
    tenants: Tenants, base_path: str, turn: asyncio.Lock
) -> Iterator[tuple[str, Endpoint]]:
    """Give each path that every tenant has, with its endpoint."""
    offered = resources(tenants.default.settings.api_version)
    # The router tries routes with a common beginning in turn: the one that is asked most is first.
    for resource in sorted(offered, key=lambda resource: resource.path != PROMOTION_BY_ID):
        yield base_path + resource.path, api_endpoint(resource, base_path, turn)
    yield ROOT + STREAM, stream_endpoint(base_path)
    for resource in control_resources(tenants):
        yield ROOT + resource.path, control_endpoint(resource, base_path)
    yield ROOT + "/{path:.*}", control_endpoint(None, base_path)


def _of_default(tenants: Tenants, endpoint: Endpoint) -> _Handler:
    return partial(endpoint, tenants.default, "")


def _of_named(tenants: Tenants, endpoint: Endpoint) -> _Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        name = request.match_info["tenant"]
        try:
            tenant = await tenants.of(name)
        except ProblemError as problem:
            return response_of(problem.answer())
        return await endpoint(tenant, f"{PREFIX}/{name}", request)

    return handle


def _token_endpoint(guard: Guard) -> Endpoint:
    async def handle(tenant: Tenant, prefix: str, request: web.Request) -> web.StreamResponse:
        call = call_of(tenant, None, prefix, request)
        try:
            call = replace(call, body=await read_body(request))
        except (web.HTTPException, web.RequestPayloadError) as problem:
            return response_of(unreadable(request, problem))
        except ProblemError as problem:
            return response_of(problem.answer())
        return response_of(guard.issue(call))

    return handle


async def _deliveries(app: web.Application) -> AsyncIterator[None]:
    await app[TENANTS].start()
    yield
    await app[TENANTS].stop()


async def _end_streams(app: web.Application) -> None:
    app[TENANTS].close_journals()
