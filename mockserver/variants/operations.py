"""Variants of what is offered, and how far it goes."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from mockserver.alterations import (
    Install,
    conducting,
    refusing_new,
    replacing,
    rewriting_all,
)
from mockserver.behaviour import Behaviour, Surroundings, address_below
from mockserver.defects.delivery import twice
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.media_types import JSON, MERGE_PATCH
from mockserver.store import Promotion
from mockserver.variants.variant import Variant

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def _refusing(**statuses: int) -> Install:
    """Return a variant that refuses operations, beside those that are refused already."""

    def install(behaviour: Behaviour) -> Behaviour:
        return replace(behaviour, unsupported={**behaviour.unsupported, **statuses})

    return install


def _merge_patch_only(behaviour: Behaviour) -> Behaviour:
    narrow = replace(behaviour, patch_types=(MERGE_PATCH, JSON))
    return _refusing(createPromotions=405)(narrow)


def _ignoring(*names: str) -> Install:
    """Return a variant whose merge patch skips these attributes instead of refusing them."""

    def install(behaviour: Behaviour) -> Behaviour:
        def merge(target: Any, patch: Any) -> Any:
            kept = {name: value for name, value in patch.items() if name not in names}
            return behaviour.merge(target, kept)

        return replace(behaviour, merge=merge)

    return install


def _strict_about_attributes(behaviour: Behaviour) -> Behaviour:
    def validate(promotion: Promotion, validator: "Validator") -> None:
        schema: Any = validator.schema
        known = {"id", "href", *schema["$defs"]["Promotion_Create"]["properties"]}
        if strange := sorted(promotion.keys() - known):
            raise ProblemError(400, f"{strange[0]} is unknown", code="invalidBody")
        behaviour.validate(promotion, validator)

    return replace(behaviour, validate=validate)


def _no_json_path(call: Call, answer: Answer) -> Answer:
    if "filter" not in parse_qs(call.query, keep_blank_values=True):
        return answer
    return ProblemError(501, "filter is not offered").answer()


async def _one_listener(tenant: Surroundings, call: Call, work: Callable[[], Answer]) -> Answer:
    if tenant.publisher.subscribers:
        refusal = ProblemError(409, "this hub serves one listener").answer()
        return tenant.behaviour.answer(call, refusal)
    return work()


def _late_below(behaviour: Behaviour) -> Behaviour:
    return replace(behaviour, address=address_below, event_delay=1.0)


OPERATIONS = (
    Variant(
        "no-patch-no-delete",
        "PATCH and DELETE of promotions answer 405",
        _refusing(patchPromotion=405, deletePromotion=405),
    ),
    Variant(
        "patch-delete-501",
        "PATCH and DELETE of promotions answer 501",
        _refusing(patchPromotion=501, deletePromotion=501),
    ),
    Variant(
        "merge-patch-only",
        "PATCH takes merge patches only, and the collection takes none",
        _merge_patch_only,
    ),
    Variant(
        "identity-patch-ignored",
        "PATCH skips id and href instead of refusing them",
        _ignoring("id", "href"),
    ),
    Variant("pattern-patch-ignored", "PATCH skips pattern", _ignoring("pattern")),
    Variant(
        "client-id-refused",
        "an id that the client supplies is refused",
        refusing_new(lambda sent: "id" in sent, 400, "id is given by the server"),
    ),
    Variant(
        "unknown-attributes-refused",
        "an attribute that TMF671 does not know is refused",
        _strict_about_attributes,
    ),
    Variant("page-max-10", "a list has at most ten items", replacing(page_max=10)),
    Variant(
        "newest-first",
        "lists begin with the newest promotion",
        replacing(order=lambda records: tuple(reversed(records))),
    ),
    Variant("no-json-path", "filter answers 501", rewriting_all(_no_json_path)),
    Variant(
        "no-hub",
        "/hub answers 404",
        _refusing(registerListener=404, unregisterListener=404),
    ),
    Variant(
        "single-listener",
        "the hub takes one subscription and answers 409 to more",
        conducting("registerListener", conduct=_one_listener),
    ),
    Variant("late-events", "events come one second late and below the callback", _late_below),
    Variant("repeated-events", "every event comes two times", twice),
)
