"""The edge between HTTP and the handlers: request to call, answer to response."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from aiohttp import web

from mockserver.answering import answer_at_once, answer_call
from mockserver.behaviour import HEADERS
from mockserver.content_coding import code_body, read_body
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.faults import Harm, malformed
from mockserver.json_text import write_json
from mockserver.media_types import JSON_UTF8
from mockserver.origin import origin
from mockserver.quick_read import quick_read
from mockserver.routes import PROMOTION_BY_ID, UNKNOWN, Resource
from mockserver.slices import in_turn
from mockserver.tenant import Tenant

Endpoint = Callable[[Tenant, str, web.Request], Awaitable[web.StreamResponse]]
"""Answers a request to a tenant; the text is the tenant's path prefix, "" for the default one."""


def api_endpoint(resource: Resource | None, base_path: str, turn: asyncio.Lock) -> Endpoint:
    """Return the endpoint of one resource of the API, or of every path that is none.

    Args:
        resource: the resource.
        base_path: what precedes its path.
        turn: what all long work of the server shares, see `mockserver.slices.in_turn`.

    """
    by_id = resource is not None and resource.path == PROMOTION_BY_ID

    async def handle(tenant: Tenant, prefix: str, request: web.Request) -> web.StreamResponse:
        at, began = time.time(), time.perf_counter()
        quick = quick_read(tenant, request, prefix + base_path) if by_id else None
        if quick is not None:
            _note(tenant, at, began, (request.method, request.raw_path, ""), request, b"", quick)
            code_body(quick, request.headers)
            return quick
        call = call_of(tenant, resource, prefix + base_path, request)
        plan = None if tenant.faults is None else tenant.faults.plan(call.operation)
        if plan is not None:
            await asyncio.sleep(plan.delay)
        try:
            if request.can_read_body:
                call.body = await read_body(request)
            if plan is not None and plan.refusal is not None:
                answer = plan.refusal
            elif tenant.behaviour.conduct is None:
                given = answer_call(tenant, resource, call)
                answer = given if isinstance(given, Answer) else await in_turn(given, turn)
            else:
                work = partial(answer_at_once, tenant, resource, call)
                answer = await tenant.behaviour.conduct(tenant, call, work)
        except ProblemError as problem:
            answer = tenant.behaviour.answer(call, problem.answer())
        except (web.HTTPException, web.RequestPayloadError) as problem:
            answer = tenant.behaviour.answer(call, unreadable(request, problem))
        response = response_of(answer, tenant.behaviour.headers)
        fault = "" if plan is None else plan.name
        asked = (call.method, call.path, call.query)
        _note(tenant, at, began, asked, request, call.body, response, fault)
        if plan is not None and plan.harm is not None:
            return await _harmed(request, response, plan.harm)
        code_body(response, request.headers)
        return response

    return handle


def _note(
    tenant: Tenant,
    at: float,
    began: float,
    asked: tuple[str, str, str],
    request: web.Request,
    body: bytes,
    response: web.Response,
    fault: str = "",
) -> None:
    """Note an exchange in the journal, before a coding or a fault changes the response."""
    if tenant.journal.on:
        tenant.journal.record(
            at,
            asked,
            (request.headers, body),
            (response.status, response.headers, _body(response)),
            time.perf_counter() - began,
            fault,
        )


def call_of(tenant: Tenant, resource: Resource | None, root: str, request: web.Request) -> Call:
    """Return the call that a request is, still without its body.

    Args:
        tenant: whom it is to.
        resource: what it is to; None for a path that is nothing.
        root: the path of the API root.
        request: the request.

    """
    method = request.method
    operations = {} if resource is None else resource.operations
    operation = operations.get("GET" if method == "HEAD" else method)
    path, _, query = request.raw_path.partition("?")
    here = origin(request, trust_forwarded=tenant.settings.trust_forwarded)
    return Call(
        operation=UNKNOWN if operation is None else operation.operation_id,
        method=method,
        path=path,
        query=query.partition("#")[0],
        origin=here,
        root=here + root,
        headers=request.headers,
        resource_id=request.match_info.get("id", ""),
    )


def unreadable(
    request: web.Request, problem: web.HTTPException | web.RequestPayloadError
) -> Answer:
    """Return the refusal of a body that is too large or not what its headers say."""
    if isinstance(problem, web.HTTPException):
        return ProblemError(problem.status, problem.text or problem.reason).answer()
    request.content.feed_eof()
    reason = " ".join(str(problem).split())
    return ProblemError(
        400, f"the body cannot be read: {reason}", headers={"Connection": "close"}
    ).answer()


def response_of(answer: Answer, extra: Mapping[str, str] = HEADERS) -> web.Response:
    """Return the response that carries an answer, with extra headers where it has none of these."""
    if answer.body is None:
        return web.Response(status=answer.status, headers={**extra, **answer.headers})
    body = answer.body if isinstance(answer.body, bytes) else write_json(answer.body)
    headers = {"Content-Type": JSON_UTF8, **extra, **answer.headers}
    return web.Response(status=answer.status, body=body, headers=headers)


def _body(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else None
    return body if isinstance(body, bytes) else b""


async def _harmed(request: web.Request, response: web.Response, harm: Harm) -> web.Response:
    """Do to a response what the fault says; the connection ends with a half-sent or dropped one."""
    body = _body(response)
    if harm == "malformedJson":
        return web.Response(status=response.status, headers=response.headers, body=malformed(body))
    if harm == "halfSent" and body and request.method != "HEAD":
        begun = web.StreamResponse(status=response.status, headers=response.headers)
        begun.content_length = len(body)
        await begun.prepare(request)
        await begun.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
