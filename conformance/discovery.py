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

_WAY_OUT = {
    401: "the credentials given with --header were not accepted, or none were given",
    403: "the credentials given with --header do not allow it",
    404: "is this the API root, the part before /promotion?",
}


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
    promotions that could be judged: a login page, a redirect, a fault, a page.

    A read-only run only asks for the list. `callback` gives the address for a trial
    subscription, None when events are switched off.
    """
    first = target.list((("limit", "1"),))
    refusal = _refusal(first)
    if target.settings.read_only:
        if refusal is not None:
            raise NotThisApi(refusal)
        return UNKNOWN
    if refusal is not None and first.status != 404:
        raise NotThisApi(refusal)
    created = target.create(target.promotion("probe"))
    if refusal is not None and not created.succeeded:
        raise NotThisApi(refusal)
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


def _refusal(answer: Answer) -> str | None:
    """Return why the first answer, to GET /promotion, leaves nothing to judge; else None."""
    media = (answer.header("Content-Type") or "").partition(";")[0]
    if answer.status in {301, 302, 303, 307, 308}:
        found = f"it redirects to {answer.header('Location')}"
    elif not answer.succeeded:
        found = f"it was answered {answer.status}"
        if hint := _WAY_OUT.get(answer.status):
            found += f": {hint}"
    elif media in {"text/html", "application/xhtml+xml"}:
        found = "it was answered with a page (text/html), not with JSON"
    else:
        return None
    return f"{answer.asked} does not lead to promotions: {found}"


def _hub(target: Target, callback: str) -> bool:
    answer = target.subscribe(callback)
    identity = identity_of(answer) if answer.succeeded else None
    if identity is not None:
        target.unsubscribe(identity)
    return offered(answer)
