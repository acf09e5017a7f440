"""Subscriptions and what became of their events, and the event that no request causes."""

from mockserver.control.description import sent
from mockserver.errors import ProblemError
from mockserver.events import INFORMATION_REQUIRED, information_required
from mockserver.exchange import Answer, Call
from mockserver.tenant import Tenant


def get_subscriptions(tenant: Tenant, _call: Call) -> Answer:
    """GET /_mock/subscriptions: each with its last deliveries and what could not be delivered."""
    return Answer(200, tenant.publisher.report())


def post_information_required(tenant: Tenant, call: Call) -> Answer:
    """POST /_mock/events/information-required: the event goes to all whose query it matches."""
    asked = sent(call, "InformationRequired")
    version = tenant.settings.api_version
    if version != "4.0.0":
        raise ProblemError(409, f"v{version} has no {INFORMATION_REQUIRED}, only v4.0.0 has")
    record = tenant.store.get(asked["id"])
    if record is None:
        raise ProblemError(404, f"there is no promotion with the id {asked['id']!a}")
    shown = tenant.behaviour.represent(record.promotion, call.root)
    event = information_required(shown, asked.get("fieldPath"))
    tenant.announce(event)
    return Answer(200, event)
