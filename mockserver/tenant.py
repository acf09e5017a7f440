"""One isolated mock: its settings, its behaviour, its catalogue and its subscriptions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import specs
from mockserver.behaviour import Behaviour, conforming
from mockserver.clock import Clock
from mockserver.defects import DEFECTS
from mockserver.delivery import Publisher
from mockserver.errors import ProblemError
from mockserver.events import Event
from mockserver.faults import Faults
from mockserver.history import History
from mockserver.journal import Journal
from mockserver.protection import protected_attributes
from mockserver.seeds.catalogue import catalogue
from mockserver.settings import Settings
from mockserver.snapshot import read_snapshot
from mockserver.store import Promotion, PromotionStore, Record
from mockserver.tokens import Guard, guard_of
from mockserver.variants import VARIANTS


class DataError(ValueError):
    """Promotions to start with that cannot be used; the message is one line for the user."""


@dataclass(slots=True)
class Tenant:
    """What the handlers work on.

    Args:
        settings: what it was told when it started.
        behaviour: how it behaves, with the defects and variants that are on.
        description: the API description of its version.
        publisher: its subscriptions.
        schema: the JSON Schema of a promotion.
        journal: its last exchanges.
        start: the promotions that it started with.
        clock: its time.
        guard: checks bearer tokens; None where the API is open.
        store: its promotions.
        history: what happened to them.
        faults: the faults that are on; None if none is.
        defects: the names of the defects that are on.
        variants: the names of the variants that are on.
        new_id: gives the ids of new promotions; None leaves that to the behaviour.

    """

    settings: Settings
    behaviour: Behaviour
    description: specs.ApiDescription
    publisher: Publisher
    schema: Mapping[str, Any]
    journal: Journal
    start: Sequence[Record]
    clock: Clock = field(default_factory=Clock)
    guard: Guard | None = None
    store: PromotionStore = field(default_factory=PromotionStore)
    history: History = field(default_factory=History)
    faults: Faults | None = None
    defects: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    new_id: Callable[[], str] | None = None

    @property
    def protected(self) -> frozenset[str]:
        """The attributes that a PATCH cannot change."""
        return protected_attributes(self.settings.api_version)

    def publish(
        self, before: Promotion | None, after: Promotion | None, body: bytes | None = None
    ) -> None:
        """Publish the events of a change, given as to `History.record`, and keep the change."""
        self.history.record(before, after, body)
        if self.publisher.subscribers:
            for event in self.behaviour.changes(before, after):
                self.announce(event)

    def announce(self, event: Event) -> None:
        """Publish one event."""
        self.publisher.publish(
            event,
            matches=self.behaviour.matches_event,
            address=self.behaviour.address,
            delay=self.behaviour.event_delay,
        )

    def behave(
        self,
        *,
        defects: tuple[str, ...] | None = None,
        variants: tuple[str, ...] | None = None,
    ) -> None:
        """Switch to these defects, and to these variants; None leaves them as they are.

        Raises:
            KeyError: there is none with such a name; nothing has changed then.

        """
        defects = self.defects if defects is None else defects
        variants = self.variants if variants is None else variants
        behaviour = behaviour_of(self.settings, defects, variants)
        if self.new_id is not None:
            behaviour = replace(behaviour, new_id=self.new_id)
        self.behaviour, self.defects, self.variants = behaviour, defects, variants

    def make_ids(self, new_id: Callable[[], str] | None) -> None:
        """Take the ids of new promotions from here; None leaves them to the behaviour."""
        self.new_id = new_id
        self.behave()

    def reset(self) -> None:
        """Go back to the state after the start: nothing remains of what clients did."""
        for subscriber in self.publisher.subscribers:
            self.publisher.unsubscribe(subscriber.subscription.id)
        self.clock.release()
        self.store.replace_all(self.start)
        self.history.clear()
        self.journal.clear()
        self.faults = self.new_id = None
        self.behave(defects=self.settings.defects, variants=self.settings.variants)


def open_tenant(settings: Settings) -> Tenant:
    """Return a mock with the promotions that the settings ask for.

    Raises:
        KeyError: a defect or a variant that the settings name does not exist.
        DataError: a promotion of `settings.data` is not valid, or two share an id.
        specs.SpecError: there is no such API version.

    """
    description = _description(settings.api_version)
    clock = Clock()
    return _tenant(
        settings, description, _promotions(settings, description), clock, guard_of(settings, clock)
    )


def sibling(tenant: Tenant) -> Tenant:
    """Return another mock that starts as this one did, without a file to save to.

    The two share nothing but the guard.
    """
    settings = replace(tenant.settings, save_to=None)
    return _tenant(settings, tenant.description, tenant.start, Clock(), tenant.guard)


def behaviour_of(settings: Settings, defects: Sequence[str], variants: Sequence[str]) -> Behaviour:
    """Return the behaviour of the settings with these variants and, over them, these defects.

    Raises:
        KeyError: there is none with such a name.

    """
    behaviour = conforming(settings)
    for variant in variants:
        behaviour = VARIANTS[variant].install(behaviour)
    for defect in defects:
        behaviour = DEFECTS[defect].install(behaviour)
    return behaviour


@cache
def _description(api_version: str) -> specs.ApiDescription:
    """Return the description by which a mock checks what it is sent, URIs included."""
    return replace(specs.load(api_version), formats=("date-time", "uri"))


def _tenant(
    settings: Settings,
    description: specs.ApiDescription,
    start: Sequence[Record],
    clock: Clock,
    guard: Guard | None,
) -> Tenant:
    tenant = Tenant(
        settings=settings,
        behaviour=behaviour_of(settings, settings.defects, settings.variants),
        description=description,
        publisher=Publisher(settings),
        schema=description.schema("Promotion"),
        journal=Journal(settings.journal),
        start=start,
        clock=clock,
        guard=guard,
        defects=settings.defects,
        variants=settings.variants,
    )
    tenant.store.replace_all(start)
    return tenant


def _promotions(settings: Settings, description: specs.ApiDescription) -> list[Record]:
    store = PromotionStore()
    if settings.seed is not None:
        for promotion in catalogue(settings.seed, settings.count, settings.api_version):
            store.put(promotion, seeded=True)
    try:
        given = read_snapshot(settings.data, description)
    except ProblemError as problem:
        raise DataError(problem.message) from None
    for number, record in enumerate(given, start=1):
        if record.id in store:
            raise DataError(f"promotion {number}: the id {record.id!a} occurs twice")
    return [*store, *given]
