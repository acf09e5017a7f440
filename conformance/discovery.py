"""Which optional operations the target offers, found out before the first check.

PATCH and DELETE are not mandatory for TMF671 (conformance profiles, S), the hub does not occur
in the v4 profiles at all. An operation counts as not offered when a promotion that exists (made
for this) answers 405, 501, 404 or 403 to it; the hub when POST /hub does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from conformance.client import Answer
from conformance.target import Target, identity_of

NOT_OFFERED = frozenset({403, 404, 405, 501})


@dataclass(frozen=True)
class Capabilities:
    """What the target offers; None is "not known", as in a read-only run."""

    create: bool | None
    patch: bool | None
    delete: bool | None
    hub: bool | None

    def known(self) -> dict[str, bool]:
        """Return what is known, for results.json."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: offered for name, offered in found.items() if offered is not None}


UNKNOWN = Capabilities(create=None, patch=None, delete=None, hub=None)


def discover(target: Target, callback: Callable[[], str] | None) -> Capabilities:
    """Probe the target. Raises TransportError when it cannot be reached.

    A read-only run only asks for the list. `callback` gives the address for a trial
    subscription, None when events are switched off.
    """
    target.list((("limit", "1"),))
    if target.settings.read_only:
        return UNKNOWN
    created = target.create(target.promotion("probe"))
    identity = identity_of(created) if created.succeeded else None
    patch = delete = None
    if identity is not None:
        patch = offered(target.patch(identity, {"lifecycleStatus": target.another_status}))
        delete = offered(target.delete(identity))
    return Capabilities(
        create=created.status not in NOT_OFFERED,
        patch=patch,
        delete=delete,
        hub=None if callback is None else _hub(target, callback()),
    )


def offered(answer: Answer) -> bool:
    """Tell whether an answer shows that the operation exists for this client."""
    return answer.status not in NOT_OFFERED


def _hub(target: Target, callback: str) -> bool:
    answer = target.subscribe(callback)
    identity = identity_of(answer) if answer.succeeded else None
    if identity is not None:
        target.unsubscribe(identity)
    return offered(answer)
