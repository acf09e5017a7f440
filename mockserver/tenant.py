"""One isolated mock: its settings, its behaviour, its catalogue and its subscriptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import specs
from mockserver import ids
from mockserver.behaviour import Behaviour, conforming
from mockserver.defects import DEFECTS
from mockserver.delivery import Publisher
from mockserver.errors import ProblemError
from mockserver.protection import protected_attributes
from mockserver.seeds.catalogue import catalogue
from mockserver.settings import Settings
from mockserver.store import Promotion, PromotionStore
from mockserver.variants import VARIANTS


class DataError(ValueError):
    """Promotions to start with that cannot be used; the message is one line for the user."""


@dataclass(slots=True)
class Tenant:
    """What the handlers work on."""

    settings: Settings
    behaviour: Behaviour
    description: specs.ApiDescription
    publisher: Publisher
    schema: Mapping[str, Any]
    store: PromotionStore = field(default_factory=PromotionStore)

    @property
    def protected(self) -> frozenset[str]:
        """The attributes that a PATCH cannot change."""
        return protected_attributes(self.settings.api_version)

    def publish(self, before: Promotion | None, after: Promotion | None) -> None:
        """Publish the events of a change, given by its representations."""
        for event in self.behaviour.changes(before, after):
            self.publisher.publish(
                event,
                matches=self.behaviour.matches_event,
                address=self.behaviour.address,
                delay=self.behaviour.event_delay,
            )


def open_tenant(settings: Settings) -> Tenant:
    """Return a mock with the promotions that the settings ask for.

    Raises:
        KeyError: a defect or a variant that the settings name does not exist.
        DataError: a promotion of `settings.data` is not valid, or two share an id.
        specs.SpecError: there is no such API version.

    """
    behaviour = conforming(settings)
    for variant in settings.variants:
        behaviour = VARIANTS[variant].install(behaviour)
    for defect in settings.defects:
        behaviour = DEFECTS[defect].install(behaviour)
    description = specs.load(settings.api_version)
    tenant = Tenant(
        settings, behaviour, description, Publisher(settings), description.schema("Promotion")
    )
    if settings.seed is not None:
        for promotion in catalogue(settings.seed, settings.count, settings.api_version):
            tenant.store.put(promotion, seeded=True)
    for number, given in enumerate(settings.data, start=1):
        _load(tenant, number, given)
    return tenant


def _load(tenant: Tenant, number: int, given: Mapping[str, Any]) -> None:
    """Store the promotion that stands at `number` in the data."""
    conforms = Behaviour()
    promotion = {"id": ids.new_uuid(), **given}
    promotion.pop("href", None)
    promotion.setdefault("lastUpdate", conforms.touch(None))
    try:
        ids.check_client_id(promotion["id"])
        conforms.validate(promotion, tenant.description.validator("Promotion_Create"))
    except ProblemError as problem:
        raise DataError(f"promotion {number}: {problem.message}") from None
    if promotion["id"] in tenant.store:
        raise DataError(f"promotion {number}: the id {promotion['id']!a} occurs twice")
    tenant.store.put(promotion, seeded=True)
