"""Faults, defects and variants, on and off while the mock runs."""

from collections.abc import Mapping
from typing import Any

from mockserver.control.description import json_body, sent, validator
from mockserver.defects import DEFECTS
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.faults import Faults, check_faults
from mockserver.routes import resources
from mockserver.tenant import Tenant
from mockserver.validation import check
from mockserver.variants import VARIANTS


def get_faults(tenant: Tenant, _call: Call) -> Answer:
    """GET /_mock/faults: the configuration, {} if no fault is on."""
    return Answer(200, {} if tenant.faults is None else tenant.faults.configuration)


def put_faults(tenant: Tenant, call: Call) -> Answer:
    """PUT /_mock/faults: these faults and no others; {} puts all off."""
    switch_faults(tenant, json_body(call))
    return get_faults(tenant, call)


def switch_faults(tenant: Tenant, configuration: Mapping[str, Any]) -> None:
    """Switch these faults on and all others off.

    Raises:
        ProblemError: 400, the configuration makes no sense; the message names the part.

    """
    check(configuration, validator("Faults"))
    operations = [
        operation.operation_id
        for resource in resources(tenant.settings.api_version)
        for operation in resource.operations.values()
    ]
    check_faults(configuration, operations)
    tenant.faults = Faults(configuration) if configuration else None


def delete_faults(tenant: Tenant, _call: Call) -> Answer:
    """DELETE /_mock/faults: 204, all are off."""
    tenant.faults = None
    return Answer(204)


def get_defects(tenant: Tenant, _call: Call) -> Answer:
    """GET /_mock/defects: those that are on, and all there are."""
    known = [
        {"name": defect.name, "text": defect.text, "requirements": list(defect.requirements)}
        for defect in DEFECTS.values()
    ]
    return Answer(200, {"active": list(tenant.defects), "known": known})


def put_defects(tenant: Tenant, call: Call) -> Answer:
    """PUT /_mock/defects: these are on, all others off."""
    tenant.behave(defects=_named(sent(call, "Active"), DEFECTS, "defect"))
    return get_defects(tenant, call)


def get_variants(tenant: Tenant, _call: Call) -> Answer:
    """GET /_mock/variants: those that are on, and all there are."""
    known = [{"name": variant.name, "text": variant.text} for variant in VARIANTS.values()]
    return Answer(200, {"active": list(tenant.variants), "known": known})


def put_variants(tenant: Tenant, call: Call) -> Answer:
    """PUT /_mock/variants: these are on, all others off."""
    tenant.behave(variants=_named(sent(call, "Active"), VARIANTS, "variant"))
    return get_variants(tenant, call)


def _named(body: Mapping[str, Any], known: Mapping[str, object], kind: str) -> tuple[str, ...]:
    for number, name in enumerate(body["active"]):
        if name not in known:
            raise ProblemError(
                400, f"active[{number}]: no {kind} is called {name!a:.80}", code="invalidBody"
            )
    return tuple(body["active"])
