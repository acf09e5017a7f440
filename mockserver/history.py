"""What happened to each promotion, as far back as there is room."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from mockserver import clock
from mockserver.backlog import Backlog
from mockserver.json_text import write_json
from mockserver.store import Promotion

MAX_CHANGES = 5000
"""Changes that are kept of all promotions together; the oldest give way."""

MAX_BYTES = 16 << 20
"""Bytes of JSON that they may have together."""

Kind = Literal["created", "patched", "deleted"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a promotion.

    Args:
        promotion_id: whose.
        at: when, by the mock's clock, in UTC.
        change: what it was.
        body: the representation after it, before it if the promotion was deleted, as JSON.

    """

    promotion_id: str
    at: datetime
    change: Kind
    body: bytes

    def shown(self) -> dict[str, Any]:
        """Return the change as JSON."""
        at = clock.timestamp(self.at)
        return {"at": at, "change": self.change, "promotion": json.loads(self.body)}


class History:
    """The changes of promotions, oldest first."""

    def __init__(self) -> None:
        self.clear()

    def record(
        self, before: Promotion | None, after: Promotion | None, body: bytes | None = None
    ) -> None:
        """Keep a change.

        Args:
            before: the representation before it; None is absence.
            after: the representation after it; None is absence.
            body: what of the two is kept, as JSON, if the caller has it already.

        """
        promotion = before if after is None else after
        if promotion is None:
            return
        kind: Kind = "created" if before is None else "deleted" if after is None else "patched"
        promotion_id = str(promotion.get("id"))
        body = write_json(promotion) if body is None else body
        self._changes.put(Change(promotion_id, clock.present(), kind, body))

    def of(self, promotion_id: str) -> list[Change]:
        """Return the changes of a promotion, none if nothing is known."""
        return [change for change in self._changes if change.promotion_id == promotion_id]

    def clear(self) -> None:
        """Forget everything."""
        self._changes: Backlog[Change] = Backlog(MAX_CHANGES, MAX_BYTES)
