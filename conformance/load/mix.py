"""What the users of a CRM do, and how many of them do it.

There are three kinds of users, each with activities of its own; the weights of the activities say
how large the share of a kind is, and how often it does which of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

ACTIVITIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Reader": ("browse", "search", "retrieve"),
        "Editor": ("create", "patch", "delete"),
        "Subscriber": ("events",),
    }
)
"""What each kind of user does."""

DEFAULT_MIX: Mapping[str, int] = MappingProxyType(
    {
        "browse": 30,
        "search": 20,
        "retrieve": 30,
        "create": 6,
        "patch": 8,
        "delete": 5,
        "events": 1,
    }
)
WRITING = frozenset({"create", "patch", "delete", "events"})
"""Activities that change something in the target."""


def without(mix: Mapping[str, int], absent: Collection[str]) -> dict[str, int]:
    """Return the mix in which the activities `absent` have no weight."""
    return {name: 0 if name in absent else weight for name, weight in mix.items()}


def users_by_kind(mix: Mapping[str, int], users: int) -> dict[str, int]:
    """Share out `users` among the kinds by weight (largest remainder), at least one a kind.

    With fewer users than kinds the heavier ones get them. Kinds without weight get none.

    >>> users_by_kind({"browse": 80, "create": 19, "events": 1}, 10)
    {'Reader': 7, 'Editor': 2, 'Subscriber': 1}
    """
    weights = {
        kind: sum(mix.get(activity, 0) for activity in activities)
        for kind, activities in ACTIVITIES.items()
    }
    working = [kind for kind, weight in weights.items() if weight]
    present = sorted(working, key=lambda kind: -weights[kind])[:users]
    total = sum(weights[kind] for kind in present)
    spare = users - len(present)
    exact = {kind: spare * weights[kind] / total for kind in present}
    counts = {kind: 1 + int(exact[kind]) for kind in present}
    by_remainder = sorted(present, key=lambda kind: int(exact[kind]) - exact[kind])
    for kind in by_remainder[: users - sum(counts.values())]:
        counts[kind] += 1
    return {kind: counts[kind] for kind in ACTIVITIES if kind in counts}
