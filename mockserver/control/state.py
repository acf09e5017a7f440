"""What a mock is at the moment, and the way back to its start."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from mockserver.clock import timestamp
from mockserver.exchange import Answer, Call
from mockserver.tenant import Tenant
from mockserver.tenants import Tenants


def get_state(tenants: Tenants, tenant: Tenant, call: Call) -> Answer:
    """GET /_mock/state: everything at a glance."""
    return Answer(
        200,
        {
            "apiVersion": tenant.settings.api_version,
            "root": call.root,
            "promotions": len(tenant.store),
            "subscriptions": len(tenant.publisher.subscribers),
            "defects": list(tenant.defects),
            "variants": list(tenant.variants),
            "faults": {} if tenant.faults is None else tenant.faults.configuration,
            "clock": told_time(tenant),
            "tenants": tenants.names,
            "tool": tool_version(),
        },
    )


def reset(tenant: Tenant, _call: Call) -> Answer:
    """POST /_mock/reset: 204, and everything is as it was after the start."""
    tenant.reset()
    return Answer(204)


def told_time(tenant: Tenant) -> dict[str, Any]:
    """Return what the tenant's clock says, and whether it stands."""
    clock = tenant.clock
    return {"frozen": clock.frozen is not None, "now": timestamp(clock.present())}


def tool_version() -> str:
    """Return the version of the installed package."""
    try:
        return version("tmf671")
    except PackageNotFoundError:
        return "0+source"
