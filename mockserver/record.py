"""One stored promotion, kept as the JSON that clients get.

Parsed objects would take four times the memory of the text, and the garbage collector would visit
each of them. So a record has the text, and beside it the first-level values that filters and sorts
ask for most.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from mockserver.conditional import entity_tag, last_modified
from mockserver.json_text import read_json, write_json

Promotion = dict[str, Any]

NESTED: Final = object()
"""Stands in `Record.top` for an object or an array."""

ABSENT: Final = object()
"""What to pass as default to `Record.top.get`, since None is a value."""

_BEFORE_ROOT = b'{"id":,"href":"'
_REPEATED = ("lifecycleStatus", "promotionType", "@type", "@baseType")
_is_segment = re.compile(r"[A-Za-z0-9._~-]+", re.ASCII).fullmatch


@dataclass(frozen=True, slots=True)
class Record:
    """A stored promotion, without href, which depends on how the client reaches the server.

    Args:
        id: the promotion's id.
        body: the promotion as JSON, id first, then an href below the API root.
        root_at: where in the body the API root belongs.
        top: its first-level attributes, where `NESTED` stands for objects and arrays.
        etag: the strong entity tag, quotes included.
        modified: the value of Last-Modified; None without a lastUpdate.
        seeded: it was there when the mock started.

    """

    id: str
    body: bytes
    root_at: int
    top: Mapping[str, Any]
    etag: str
    modified: str | None
    seeded: bool

    @property
    def promotion(self) -> Promotion:
        """The promotion, a new object each time."""
        promotion: Promotion = read_json(self.body)
        del promotion["href"]
        return promotion

    @property
    def validators(self) -> dict[str, str]:
        """The headers ETag and, if it is known, Last-Modified."""
        if self.modified is None:
            return {"ETag": self.etag}
        return {"ETag": self.etag, "Last-Modified": self.modified}

    def shown(self, root: bytes) -> bytes:
        """Return the JSON that clients see.

        Args:
            root: the API root, from `root_text`.

        """
        body, at = self.body, self.root_at
        return b"".join((body[:at], root, body[at:]))


def record_of(promotion: Mapping[str, Any], *, seeded: bool) -> Record:
    """Return the record of a promotion, which has an id, a text, and no href."""
    promotion_id: str = promotion["id"]
    body = write_json({"id": promotion_id, "href": href_of(promotion_id, ""), **promotion})
    root_at = len(_BEFORE_ROOT) + len(write_json(promotion_id))
    top = {
        name: NESTED if isinstance(value, dict | list) else value
        for name, value in promotion.items()
    }
    for name in _REPEATED:
        value = top.get(name)
        if isinstance(value, str):
            top[name] = _one_copy(value)
    changed = promotion.get("lastUpdate")
    modified = last_modified(changed) if isinstance(changed, str) else None
    return Record(promotion_id, body, root_at, top, entity_tag(body), modified, seeded)


def href_of(promotion_id: str, root: str) -> str:
    """Return the address of a promotion below the API root."""
    segment = promotion_id if _is_segment(promotion_id) else quote(promotion_id, safe="")
    return f"{root}/promotion/{segment}"


@lru_cache(maxsize=64)
def root_text(root: str) -> bytes:
    """Return an API root as it stands within a text of JSON."""
    return write_json(root)[1:-1]


@lru_cache(maxsize=1024)
def _one_copy(text: str) -> str:
    """Return the first text that equals `text`, so that thousands of records share it."""
    return text
