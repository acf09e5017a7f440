"""From a call to its answer: whatever goes wrong on the way has the TMF error body."""

import logging
from collections.abc import Callable

from mockserver.clock import told_by
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.media_types import check_accept
from mockserver.query.errors import QueryError
from mockserver.routes import Resource, dispatch
from mockserver.slices import Slices, at_once, begun
from mockserver.tenant import Tenant

_logger = logging.getLogger(__name__)

Work = Callable[[Tenant, Resource | None, Call], Answer | Slices[Answer]]


def answer_call(tenant: Tenant, resource: Resource | None, call: Call) -> Answer | Slices[Answer]:
    """Answer a call to a resource of the API, or to None, as the tenant behaves and by its time.

    An answer that is more than a moment's work comes in slices.
    """
    given = _begun(_api_answer, tenant, resource, call)
    if isinstance(given, Answer):
        return tenant.behaviour.answer(call, given)
    return _continued(tenant, call, given)


def answer_at_once(tenant: Tenant, resource: Resource | None, call: Call) -> Answer:
    """Answer a call as `answer_call` does, however long it takes."""
    given = answer_call(tenant, resource, call)
    return given if isinstance(given, Answer) else at_once(given)


def answered(work: Work, tenant: Tenant, resource: Resource | None, call: Call) -> Answer:
    """Return what `work` gives by the tenant's time, or the error that it ends with."""
    given = _begun(work, tenant, resource, call)
    return given if isinstance(given, Answer) else at_once(given)


def _begun(
    work: Work, tenant: Tenant, resource: Resource | None, call: Call
) -> Answer | Slices[Answer]:
    try:
        if tenant.clock.altered:
            with told_by(tenant.clock):
                given = work(tenant, resource, call)
        else:
            given = work(tenant, resource, call)
        return given if isinstance(given, Answer) else begun(given)
    except Exception as problem:  # noqa: BLE001 -- the answer tells, or the log
        return _refusal(call, problem)


def _continued(tenant: Tenant, call: Call, slices: Slices[Answer]) -> Slices[Answer]:
    try:
        given = yield from slices
    except Exception as problem:  # noqa: BLE001 -- as above
        given = _refusal(call, problem)
    return tenant.behaviour.answer(call, given)


def _refusal(call: Call, problem: Exception) -> Answer:
    """Return the error that tells of a problem, which the log tells of if it is the mock's own."""
    match problem:
        case ProblemError():
            return problem.answer()
        case QueryError():
            return ProblemError(400, str(problem), code="invalidQuery").answer()
        case _:
            _logger.error("%s %s failed", call.method, call.path, exc_info=problem)
            return ProblemError(500, "the mock failed; its log tells why").answer()


def _api_answer(tenant: Tenant, resource: Resource | None, call: Call) -> Answer | Slices[Answer]:
    if resource is None:
        raise ProblemError(404, f"nothing is at {call.path:.200}")
    if tenant.guard is not None and call.method != "OPTIONS":
        tenant.guard.check(call)
    check_accept(call.headers.get("Accept"))
    return dispatch(tenant, resource, call)
