"""What happened to each promotion, as far back as there is room."""

from collections import OrderedDict, deque
from typing import Any, Literal, NamedTuple

from mockserver import clock
from mockserver.store import Promotion

MAX_PROMOTIONS = 1000
"""Promotions whose changes are kept; those that rested longest give way."""

MAX_CHANGES = 50
"""Changes that are kept of one promotion; the oldest give way."""

Kind = Literal["created", "patched", "deleted"]


class Change(NamedTuple):
    """One change: when, what it was, and the representation after it (before, if deleted)."""

    at: str
    change: Kind
    promotion: Promotion

    def shown(self) -> dict[str, Any]:
        """Return the change as JSON."""
        return self._asdict()


class History:
    """The changes of promotions by id, oldest first."""

    def __init__(self) -> None:
        self._changes: OrderedDict[str, deque[Change]] = OrderedDict()

    def record(self, before: Promotion | None, after: Promotion | None) -> None:
        """Keep a change, given by the representations before and after; None is absence."""
        promotion = before if after is None else after
        if promotion is None:
            return
        kind: Kind = "created" if before is None else "deleted" if after is None else "patched"
        promotion_id = str(promotion.get("id"))
        changes = self._changes.setdefault(promotion_id, deque(maxlen=MAX_CHANGES))
        changes.append(Change(clock.now(), kind, promotion))
        self._changes.move_to_end(promotion_id)
        if len(self._changes) > MAX_PROMOTIONS:
            self._changes.popitem(last=False)

    def of(self, promotion_id: str) -> list[Change]:
        """Return the changes of a promotion, none if nothing is known."""
        return list(self._changes.get(promotion_id, ()))

    def clear(self) -> None:
        """Forget everything."""
        self._changes.clear()
