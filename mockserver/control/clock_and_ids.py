"""Time and ids, so that a client's test can know them beforehand."""

from dataclasses import replace

from mockserver import ids
from mockserver.clock import parse_timestamp
from mockserver.control.description import sent
from mockserver.control.state import told_time
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.tenant import Tenant


def get_clock(tenant: Tenant, _call: Call) -> Answer:
    """GET /_mock/clock: the time that the mock tells."""
    return Answer(200, told_time(tenant))


def put_clock(tenant: Tenant, call: Call) -> Answer:
    """PUT /_mock/clock: stop the clock, let it run by the real time again, advance it."""
    asked = sent(call, "ClockChange")
    clock = replace(tenant.clock)
    if "frozen" in asked:
        clock.release()
        clock.frozen = parse_timestamp(asked["frozen"])
    if asked.get("frozen") is not None and clock.frozen is None:
        raise ProblemError(400, "frozen is no moment of the years 2 to 9998", code="invalidBody")
    try:
        clock.advance(asked.get("advanceSeconds", 0))
    except OverflowError:
        raise ProblemError(
            400, "the clock can only tell the years 2 to 9998", code="invalidBody"
        ) from None
    tenant.clock.frozen, tenant.clock.ahead = clock.frozen, clock.ahead
    return Answer(200, told_time(tenant))


def put_ids(tenant: Tenant, call: Call) -> Answer:
    """PUT /_mock/ids: the next ids, or numbered ones; {} leaves ids to the mock again."""
    asked = sent(call, "Ids")
    if "next" in asked and ("prefix" in asked or "start" in asked):
        raise ProblemError(400, "next and prefix exclude each other", code="invalidBody")
    for promotion_id in asked.get("next", ()):
        ids.check_client_id(promotion_id)
    if "next" in asked:
        tenant.make_ids(ids.fixed_ids(asked["next"], tenant.store, ids.new_uuid))
    elif asked:
        prefix = asked.get("prefix", "")
        ids.check_client_id(f"{prefix}1")
        tenant.make_ids(ids.numbered_ids(prefix, asked.get("start", 1), tenant.store))
    else:
        tenant.make_ids(None)
    return Answer(204)
