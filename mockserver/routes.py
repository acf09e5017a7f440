"""Which operation answers which path and method."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mockserver.creation import create_promotion, create_promotions
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.hub import create_hub, delete_hub
from mockserver.listener import event_types, receive_event
from mockserver.listing import list_promotions
from mockserver.promotions import delete_promotion, patch_promotion, retrieve_promotion
from mockserver.slices import Slices
from mockserver.tenant import Tenant

Handler = Callable[[Tenant, Call], Answer | Slices[Answer]]

UNKNOWN = "unknown"
PROMOTION_BY_ID = "/promotion/{id}"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation under its operationId."""

    operation_id: str
    handler: Handler


@dataclass(frozen=True, slots=True)
class Resource:
    """A path below the API root, `{id}` standing for one segment, and its methods."""

    path: str
    operations: Mapping[str, Operation]

    def allowed(self, unsupported: Mapping[str, int]) -> str:
        """Return the value of Allow, without what answers 405."""
        methods = [
            method
            for method, operation in self.operations.items()
            if unsupported.get(operation.operation_id) != 405
        ]
        if "GET" in methods:
            methods.insert(methods.index("GET") + 1, "HEAD")
        return ", ".join([*methods, "OPTIONS"])


def resources(api_version: str) -> tuple[Resource, ...]:
    """Return the resources of an API version."""
    return (
        Resource(
            "/promotion",
            {
                "GET": Operation("listPromotion", list_promotions),
                "POST": Operation("createPromotion", create_promotion),
                "PATCH": Operation("createPromotions", create_promotions),
            },
        ),
        Resource(
            PROMOTION_BY_ID,
            {
                "GET": Operation("retrievePromotion", retrieve_promotion),
                "PATCH": Operation("patchPromotion", patch_promotion),
                "DELETE": Operation("deletePromotion", delete_promotion),
            },
        ),
        Resource("/hub", {"POST": Operation("registerListener", create_hub)}),
        Resource("/hub/{id}", {"DELETE": Operation("unregisterListener", delete_hub)}),
        *(
            Resource(
                f"/listener/{event_type[:1].lower()}{event_type[1:]}",
                {"POST": Operation(f"listenTo{event_type}", receive_event)},
            )
            for event_type in event_types(api_version)
        ),
    )


def dispatch(tenant: Tenant, resource: Resource, call: Call) -> Answer | Slices[Answer]:
    """Answer a call to a resource; HEAD is GET, and OPTIONS tells what is allowed.

    Raises:
        ProblemError: 405 with Allow, or whatever the behaviour or the operation refuses with.

    """
    unsupported = tenant.behaviour.unsupported
    if call.method == "OPTIONS":
        return Answer(204, headers={"Allow": resource.allowed(unsupported)})
    operation = resource.operations.get("GET" if call.method == "HEAD" else call.method)
    status = 405 if operation is None else unsupported.get(operation.operation_id)
    if operation is None or status is not None:
        allow = {"Allow": resource.allowed(unsupported)} if status == 405 else {}
        refused = f"{call.method} is not offered on {call.path}"
        raise ProblemError(status or 405, refused, headers=allow)
    return operation.handler(tenant, call)
