"""Defects that only show when clients are many, or quick."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mockserver.alterations import Install, conducting
from mockserver.behaviour import Behaviour, Surroundings
from mockserver.defects.defect import may, must, should
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.store import Promotion, PromotionStore, Record

_CREATE = "createPromotion"
_PATCH = "patchPromotion"
_TRANSACTION_SECONDS = 0.03
_QUOTA = 20


def _overlapping_create_lost(behaviour: Behaviour) -> Behaviour:
    under_way = 0
    crowded = False

    def write(store: PromotionStore, replaced: Record | None, promotion: Promotion) -> Record:
        if crowded and replaced is None:
            return PromotionStore().put(promotion)
        return behaviour.write(store, replaced, promotion)

    async def conduct(_tenant: Surroundings, _call: Call, work: Callable[[], Answer]) -> Answer:
        nonlocal under_way, crowded
        others = under_way
        under_way += 1
        try:
            await asyncio.sleep(_TRANSACTION_SECONDS)
            crowded = others > 0
            return work()
        finally:
            under_way -= 1
            crowded = False

    return _conducted(replace(behaviour, write=write), _CREATE, conduct)


def _overlapping_patch_lost(behaviour: Behaviour) -> Behaviour:
    read: Promotion | None = None

    def merge(target: Any, patch: Any) -> Any:
        return behaviour.merge(target if read is None else {**read, "href": target["href"]}, patch)

    async def conduct(tenant: Surroundings, call: Call, work: Callable[[], Answer]) -> Answer:
        nonlocal read
        record = tenant.store.get(call.resource_id)
        await asyncio.sleep(_TRANSACTION_SECONDS)
        read = None if record is None else record.promotion
        try:
            return work()
        finally:
            read = None

    return _conducted(replace(behaviour, merge=merge), _PATCH, conduct)


def _conducted(behaviour: Behaviour, operation: str, conduct: Any) -> Behaviour:
    install: Install = conducting(operation, conduct=conduct)
    return install(behaviour)


def _quota(behaviour: Behaviour) -> Behaviour:
    last: Any = None
    repeated = 0

    def answer(call: Call, given: Answer) -> Answer:
        nonlocal last, repeated
        given = behaviour.answer(call, given)
        asked = (call.method, call.path, call.query)
        repeated = repeated + 1 if asked == last else 1
        last = asked
        if call.method == "GET" and repeated >= _QUOTA:
            return ProblemError(429, "too many requests").answer()
        return given

    return replace(behaviour, answer=answer)


CONCURRENCY = (
    must(
        "R-G40-LISTED",
        "concurrent-create-lost",
        "of promotions that are created at the same time only the first is stored",
        _overlapping_create_lost,
    ),
    should(
        "R-W02-CONCURRENT-WRITES",
        "concurrent-patch-lost",
        "of two PATCHes at the same time the second undoes the first",
        _overlapping_patch_lost,
    ),
    may(
        "R-G10-RATE-LIMIT",
        "limit-without-retry-after",
        "the twentieth of equal GETs in a row answers 429 without saying when to come back",
        _quota,
    ),
)
