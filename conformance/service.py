"""Answers that say nothing about conformance when the target gives them to everything.

One refused request is a finding. A list that could be read before and is refused in the same way
means that the target serves this client no longer; then there is nothing more to judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_OUT_OF_SERVICE = "the target is out of service since then"
_REDIRECTED = "the target redirects everything since then: has a login expired?"

NO_LONGER_SERVED: Mapping[int, str] = MappingProxyType(
    {
        401: "the target accepts the credentials no longer",
        403: "the target refuses everything since then: has it locked us out?",
        **dict.fromkeys((301, 302, 303, 307, 308), _REDIRECTED),
        **dict.fromkeys((502, 503, 504), _OUT_OF_SERVICE),
    }
)
"""What it means, by the status that everything is answered with."""


def served_no_longer(status: int, listed: int) -> str | None:
    """Return what it means that a request and then the list were answered so; None for nothing.

    >>> served_no_longer(401, 401)
    'the target accepts the credentials no longer (401)'
    """
    words = NO_LONGER_SERVED.get(listed)
    return None if words is None or words != NO_LONGER_SERVED.get(status) else f"{words} ({listed})"
