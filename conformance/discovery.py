"""Which optional operations the target offers, found out before the first check.

PATCH and DELETE are not mandatory for TMF671 (conformance profiles, S), the hub does not occur
in the v4 profiles at all. An operation counts as not offered when a promotion that exists (made
for this) answers 405, 501, 404 or 403 to it; the hub when POST /hub does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from conformance.client import Answer
from conformance.first_answer import may_be_empty, refusal
from conformance.target import Target, hub_path, identity_of, promotion_path


class NotThisApi(Exception):  # noqa: N818  (it names what was found)
    """What was found at the URL cannot be judged as TMF671; the text says what it is."""


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
    """Probe the target.

    Raises TransportError when it cannot be reached, NotThisApi when what answers is no list of
    promotions that could be judged: a login page, a redirect, a fault, another API. Then nothing
    was written, but for one trial create where a list that is not found may be an empty one.

    A read-only run only asks for the list. `callback` gives the address for a trial
    subscription, None when events are switched off.
    """
    first = target.list((("limit", "1"),))
    if first.status == 400:
        first = target.list()
    strange = refusal(first, target.client.secrets)
    if strange is not None and (target.settings.read_only or not may_be_empty(first)):
        raise NotThisApi(strange)
    if target.settings.read_only:
        return UNKNOWN
    created = target.create(target.promotion("probe"))
    if strange is not None and not created.succeeded:
        raise NotThisApi(strange)
    identity = identity_of(created) if created.succeeded else None
    patch = delete = None
    if identity is not None and target.ledger.owns(promotion_path(identity)):
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
    if identity is not None and target.ledger.owns(hub_path(identity)):
        target.unsubscribe(identity)
    return offered(answer)
