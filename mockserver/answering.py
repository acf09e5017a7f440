"""From a call to its answer: whatever goes wrong on the way has the TMF error body."""

import logging
from collections.abc import Callable

from mockserver.clock import told_by
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.media_types import check_accept
from mockserver.query.errors import QueryError
from mockserver.routes import Resource, dispatch
from mockserver.tenant import Tenant

_logger = logging.getLogger(__name__)

Work = Callable[[Tenant, Resource | None, Call], Answer]


def answer_call(tenant: Tenant, resource: Resource | None, call: Call) -> Answer:
    """Answer a call to a resource of the API, or to None, as the tenant behaves and by its time."""
    return tenant.behaviour.answer(call, answered(_api_answer, tenant, resource, call))


def answered(work: Work, tenant: Tenant, resource: Resource | None, call: Call) -> Answer:
    """Return what `work` gives by the tenant's time, or the error that it ends with."""
    try:
        if tenant.clock.altered:
            with told_by(tenant.clock):
                return work(tenant, resource, call)
        return work(tenant, resource, call)
    except ProblemError as problem:
        return problem.answer()
    except QueryError as problem:
        return ProblemError(400, str(problem), code="invalidQuery").answer()
    except Exception:
        _logger.exception("%s %s failed", call.method, call.path)
        return ProblemError(500, "the mock failed; its log tells why").answer()


def _api_answer(tenant: Tenant, resource: Resource | None, call: Call) -> Answer:
    if resource is None:
        raise ProblemError(404, f"nothing is at {call.path:.200}")
    if tenant.guard is not None and call.method != "OPTIONS":
        tenant.guard.check(call)
    check_accept(call.headers.get("Accept"))
    return dispatch(tenant, resource, call)
