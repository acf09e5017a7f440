"""Conditional requests (RFC 9110 §13) and the validators that they need."""

import hashlib
import re
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any

from mockserver.clock import parse_timestamp
from mockserver.errors import ProblemError
from mockserver.json_text import write_json

_CODED = re.compile(r'-(?:gzip|deflate)"$')


def validators(promotion: Mapping[str, Any]) -> dict[str, str]:
    """Return the ETag (strong, of the stored content) and Last-Modified of a promotion."""
    headers = {"ETag": entity_tag(write_json(promotion))}
    changed = parse_timestamp(promotion.get("lastUpdate"))
    if changed is not None:
        headers["Last-Modified"] = format_datetime(changed, usegmt=True)
    return headers


def entity_tag(content: bytes) -> str:
    """Return a strong entity tag of this content, quotes included."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def collection_tag(*parts: str) -> str:
    """Return a strong entity tag of a list that these parts determine."""
    return entity_tag("\n".join(parts).encode("utf-8", "surrogateescape"))


def coded_tag(etag: str, coding: str) -> str:
    """Return the entity tag of a representation in a content coding: another strong one.

    RFC 9110 §8.8.3.3 wants the encoded representation to have a tag of its own. Conditions accept
    either, since whoever read the encoded one read the same promotion.
    """
    return f'{etag[:-1]}-{coding}"'


def tag_as_named(condition: str, etag: str) -> str:
    """Return `etag` in the coding in which the condition names it, so that caches recognise it."""
    for tag in condition.split(","):
        named = tag.strip().removeprefix("W/")
        if named != etag and _CODED.sub('"', named) == etag:
            return named
    return etag


def check_if_match(condition: str | None, etag: str) -> None:
    """Check the If-Match header of a change.

    Raises:
        ProblemError: 412, the promotion is no longer the one that the client knows.

    """
    if condition is not None and not _lists(condition, etag, weak=False):
        raise ProblemError(412, f"If-Match is {condition!a:.200}, the promotion has {etag}")


def require_if_match(condition: str | None, etag: str) -> None:
    """Check the If-Match header of a change that must have one.

    Raises:
        ProblemError: 428, there is none (RFC 6585 §3); 412, it names another state.

    """
    if condition is None:
        raise ProblemError(428, "If-Match must name the ETag of the promotion, or be *")
    check_if_match(condition, etag)


def is_known(condition: str | None, etag: str) -> bool:
    """Tell whether the If-None-Match header says that the client has this representation."""
    return condition is not None and _lists(condition, etag, weak=True)


def _lists(condition: str, etag: str, *, weak: bool) -> bool:
    tags = [_CODED.sub('"', tag.strip()) for tag in condition.split(",")]
    if weak:
        tags = [tag.removeprefix("W/") for tag in tags]
    return "*" in tags or etag in tags
