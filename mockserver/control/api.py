"""Which handler answers which path of the control API, and under which conditions."""

from dataclasses import replace
from functools import partial

from aiohttp import web

from mockserver.answering import answered
from mockserver.content_coding import read_body
from mockserver.control.access import check_access
from mockserver.control.catalogue import (
    get_history,
    get_snapshot,
    post_save,
    post_seed,
    put_snapshot,
)
from mockserver.control.clock_and_ids import get_clock, put_clock, put_ids
from mockserver.control.description import get_description
from mockserver.control.exchanges import delete_journal, get_journal, stream_journal
from mockserver.control.hub import get_subscriptions, post_information_required
from mockserver.control.misbehaviour import (
    delete_faults,
    get_defects,
    get_faults,
    get_variants,
    put_defects,
    put_faults,
    put_variants,
)
from mockserver.control.state import get_state, reset
from mockserver.endpoint import Endpoint, call_of, response_of, unreadable
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.routes import Operation, Resource, dispatch
from mockserver.slices import Slices
from mockserver.tenant import Tenant
from mockserver.tenants import Tenants

ROOT = "/_mock"
STREAM = "/journal/stream"

_LARGEST_SNAPSHOT = 1 << 28


def control_resources(tenants: Tenants) -> tuple[Resource, ...]:
    """Return the resources of the control API, their paths below `ROOT`."""
    return (
        Resource("/state", {"GET": Operation("getState", partial(get_state, tenants))}),
        Resource("/reset", {"POST": Operation("reset", reset)}),
        Resource(
            "/snapshot",
            {
                "GET": Operation("getSnapshot", get_snapshot),
                "PUT": Operation("putSnapshot", put_snapshot),
            },
        ),
        Resource("/seed", {"POST": Operation("seed", post_seed)}),
        Resource("/save", {"POST": Operation("save", post_save)}),
        Resource("/promotions/{id}/history", {"GET": Operation("getHistory", get_history)}),
        Resource(
            "/journal",
            {
                "GET": Operation("getJournal", get_journal),
                "DELETE": Operation("clearJournal", delete_journal),
            },
        ),
        Resource("/subscriptions", {"GET": Operation("getSubscriptions", get_subscriptions)}),
        Resource(
            "/events/information-required",
            {"POST": Operation("sendInformationRequired", post_information_required)},
        ),
        Resource(
            "/faults",
            {
                "GET": Operation("getFaults", get_faults),
                "PUT": Operation("putFaults", put_faults),
                "DELETE": Operation("deleteFaults", delete_faults),
            },
        ),
        Resource(
            "/defects",
            {
                "GET": Operation("getDefects", get_defects),
                "PUT": Operation("putDefects", put_defects),
            },
        ),
        Resource(
            "/variants",
            {
                "GET": Operation("getVariants", get_variants),
                "PUT": Operation("putVariants", put_variants),
            },
        ),
        Resource(
            "/clock",
            {"GET": Operation("getClock", get_clock), "PUT": Operation("putClock", put_clock)},
        ),
        Resource("/ids", {"PUT": Operation("putIds", put_ids)}),
        Resource("/openapi.json", {"GET": Operation("getDescription", get_description)}),
    )


def control_endpoint(resource: Resource | None, base_path: str) -> Endpoint:
    """Return the endpoint of one resource of the control API, or of every path that is none.

    Neither faults nor defects concern it, and the journal does not show it.
    """

    async def handle(tenant: Tenant, prefix: str, request: web.Request) -> web.StreamResponse:
        call = call_of(tenant, resource, prefix + base_path, request)
        roomy = request.clone(client_max_size=_LARGEST_SNAPSHOT)
        try:
            check_access(tenant.settings, call)
            if roomy.can_read_body:
                call = replace(call, body=await read_body(roomy))
        except ProblemError as problem:
            return response_of(problem.answer())
        except (web.HTTPException, web.RequestPayloadError) as problem:
            return response_of(unreadable(request, problem))
        return response_of(answered(_controlled, tenant, resource, call))

    return handle


def stream_endpoint(base_path: str) -> Endpoint:
    """Return the endpoint of the journal's stream."""

    async def handle(tenant: Tenant, prefix: str, request: web.Request) -> web.StreamResponse:
        call = call_of(tenant, None, prefix + base_path, request)
        try:
            check_access(tenant.settings, call)
        except ProblemError as problem:
            return response_of(problem.answer())
        if call.method != "GET":
            refused = f"{call.method} is not offered on {call.path}"
            return response_of(ProblemError(405, refused, headers={"Allow": "GET"}).answer())
        return await stream_journal(tenant, request)

    return handle


def _controlled(tenant: Tenant, resource: Resource | None, call: Call) -> Answer | Slices[Answer]:
    if resource is None:
        raise ProblemError(404, f"nothing is at {call.path:.200}; see {ROOT}/openapi.json")
    return dispatch(tenant, resource, call)
