"""Conditional requests (RFC 9110 §13)."""

import hashlib
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any

from mockserver.clock import parse_timestamp
from mockserver.errors import ProblemError
from mockserver.json_text import write_json


def validators(promotion: Mapping[str, Any]) -> dict[str, str]:
    """Return the ETag (strong, of the stored content) and Last-Modified of a promotion."""
    digest = hashlib.blake2b(write_json(promotion), digest_size=12).hexdigest()
    headers = {"ETag": f'"{digest}"'}
    changed = parse_timestamp(promotion.get("lastUpdate"))
    if changed is not None:
        headers["Last-Modified"] = format_datetime(changed, usegmt=True)
    return headers


def check_if_match(condition: str | None, etag: str) -> None:
    """Check the If-Match header of a change.

    Raises:
        ProblemError: 412, the promotion is no longer the one that the client knows.

    """
    if condition is not None and not _lists(condition, etag, weak=False):
        raise ProblemError(412, f"If-Match is {condition:.200}, the promotion has {etag}")


def is_known(condition: str | None, etag: str) -> bool:
    """Tell whether the If-None-Match header says that the client has this representation."""
    return condition is not None and _lists(condition, etag, weak=True)


def _lists(condition: str, etag: str, *, weak: bool) -> bool:
    tags = [tag.strip() for tag in condition.split(",")]
    if weak:
        tags = [tag.removeprefix("W/") for tag in tags]
    return "*" in tags or etag in tags
