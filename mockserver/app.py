"""The mock as an aiohttp application: the edge between HTTP and the handlers."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.json_text import write_json
from mockserver.media_types import JSON_UTF8, check_accept
from mockserver.origin import origin
from mockserver.query.errors import QueryError
from mockserver.routes import UNKNOWN, Resource, dispatch, resources
from mockserver.settings import Settings
from mockserver.tenant import Tenant, open_tenant

_logger = logging.getLogger(__name__)

TENANT: web.AppKey[Tenant] = web.AppKey("tenant", Tenant)

_Handler = Callable[[web.Request], Awaitable[web.Response]]


def make_app(settings: Settings | None = None) -> web.Application:
    """Return an application that serves one mock below `settings.base_path`.

    Raises:
        KeyError: a defect or a variant that the settings name does not exist.
        DataError: a promotion to start with is not valid.

    """
    tenant = open_tenant(settings or Settings())
    base_path = normal_base_path(tenant.settings.base_path)
    app = web.Application(client_max_size=tenant.settings.max_body)
    app[TENANT] = tenant
    for resource in resources(tenant.settings.api_version):
        app.router.add_route("*", base_path + resource.path, _endpoint(tenant, base_path, resource))
    app.router.add_route("*", "/{path:.*}", _endpoint(tenant, base_path, None))
    app.cleanup_ctx.append(_deliveries)
    return app


def normal_base_path(base_path: str) -> str:
    """Return the base path with a slash before and none behind; "" for the root."""
    stripped = base_path.strip("/")
    return f"/{stripped}" if stripped else ""


async def _deliveries(app: web.Application) -> AsyncIterator[None]:
    await app[TENANT].publisher.start()
    yield
    await app[TENANT].publisher.stop()


def _endpoint(tenant: Tenant, base_path: str, resource: Resource | None) -> _Handler:
    """Return the handler of one resource, or of every path that is none."""
    operations = {} if resource is None else resource.operations
    trust_forwarded = tenant.settings.trust_forwarded

    async def handle(request: web.Request) -> web.Response:
        method = request.method
        operation = operations.get("GET" if method == "HEAD" else method)
        path, _, query = request.raw_path.partition("?")
        here = origin(request, trust_forwarded=trust_forwarded)
        call = Call(
            operation=UNKNOWN if operation is None else operation.operation_id,
            method=method,
            path=path,
            query=query.partition("#")[0],
            origin=here,
            root=here + base_path,
            headers=request.headers,
            resource_id=request.match_info.get("id", ""),
        )
        try:
            if request.can_read_body:
                call = replace(call, body=await request.read())
            return _response(answer_call(tenant, resource, call))
        except web.HTTPException as problem:
            answer = ProblemError(problem.status, problem.text or problem.reason).answer()
        except web.RequestPayloadError as problem:
            request.content.feed_eof()
            answer = _unreadable(problem).answer()
        return _response(tenant.behaviour.answer(call, answer))

    return handle


def _unreadable(problem: web.RequestPayloadError) -> ProblemError:
    reason = " ".join(str(problem).split())
    return ProblemError(400, f"the body cannot be read: {reason}", headers={"Connection": "close"})


def answer_call(tenant: Tenant, resource: Resource | None, call: Call) -> Answer:
    """Answer a call to a resource, or to None; whatever goes wrong has the TMF error body."""
    return tenant.behaviour.answer(call, _conforming_answer(tenant, resource, call))


def _conforming_answer(tenant: Tenant, resource: Resource | None, call: Call) -> Answer:
    if resource is None:
        return ProblemError(404, f"nothing is at {call.path:.200}").answer()
    try:
        check_accept(call.headers.get("Accept"))
        return dispatch(tenant, resource, call)
    except ProblemError as problem:
        return problem.answer()
    except QueryError as problem:
        return ProblemError(400, str(problem), code="invalidQuery").answer()
    except Exception:
        _logger.exception("%s %s failed", call.method, call.path)
        return ProblemError(500, "the mock failed; its log tells why").answer()


def _response(answer: Answer) -> web.Response:
    if answer.body is None:
        return web.Response(status=answer.status, headers=answer.headers)
    body = answer.body if isinstance(answer.body, bytes) else write_json(answer.body)
    headers = {"Content-Type": JSON_UTF8, **answer.headers}
    return web.Response(status=answer.status, body=body, headers=headers)
