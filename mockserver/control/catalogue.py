"""The catalogue as a whole: snapshot, seed, save, and the history of one promotion."""

from typing import Any

from mockserver.behaviour import represent
from mockserver.control.description import sent
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.seeds.catalogue import catalogue
from mockserver.snapshot import read_snapshot, write_snapshot
from mockserver.tenant import Tenant

_COUNT = 25


def get_snapshot(tenant: Tenant, call: Call) -> Answer:
    """GET /_mock/snapshot: all promotions, whatever defects and variants are on."""
    return Answer(200, [represent(record.promotion, call.root) for record in tenant.store])


def put_snapshot(tenant: Tenant, call: Call) -> Answer:
    """PUT /_mock/snapshot: these promotions and no others, or 400 and nothing has changed."""
    promotions: list[dict[str, Any]] = sent(call, "Snapshot")
    tenant.store.replace_all(read_snapshot(promotions, tenant.description))
    tenant.history.clear()
    return Answer(204)


def post_seed(tenant: Tenant, call: Call) -> Answer:
    """POST /_mock/seed: generated promotions besides those that are there."""
    asked = sent(call, "Seed")
    version = tenant.settings.api_version
    for promotion in catalogue(asked.get("seed", 0), asked.get("count", _COUNT), version):
        tenant.store.put(promotion, seeded=True)
    return Answer(200, {"promotions": len(tenant.store)})


def post_save(tenant: Tenant, _call: Call) -> Answer:
    """POST /_mock/save: the catalogue is written to the file that `--save` names."""
    path = tenant.settings.save_to
    if path is None:
        raise ProblemError(409, "this mock has no file to save to; start it with --data and --save")
    try:
        write_snapshot(tenant.store, path)
    except OSError as problem:
        raise ProblemError(500, f"{path.name} cannot be written: {problem.strerror}") from None
    return Answer(200, {"file": path.name, "promotions": len(tenant.store)})


def get_history(tenant: Tenant, call: Call) -> Answer:
    """GET /_mock/promotions/{id}/history: oldest change first."""
    changes = tenant.history.of(call.resource_id)
    if not changes and call.resource_id not in tenant.store:
        raise ProblemError(404, f"nothing is known of a promotion with the id {call.resource_id!a}")
    return Answer(200, [change.shown() for change in changes])
