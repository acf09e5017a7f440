"""Conditional requests (RFC 9110 §13) and the validators that they need."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from mockserver.clock import parse_timestamp
from mockserver.errors import ProblemError

_MILLISECONDS = re.compile(r".{19}\.\d{3}Z", re.ASCII)
_CODED = re.compile(r'-(?:gzip|deflate)"$')


def last_modified(last_update: str) -> str | None:
    """Return the value of Last-Modified for a lastUpdate; None if it is no date-time."""
    if _MILLISECONDS.fullmatch(last_update):
        return _http_date(f"{last_update[:19]}Z")  # all of one second share their date
    return _http_date(last_update)


@lru_cache(maxsize=4096)
def _http_date(moment: str) -> str | None:
    found = parse_timestamp(moment)
    return None if found is None else format_datetime(found, usegmt=True)


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


def check_unmodified(headers: Mapping[str, str], modified: str | None) -> None:
    """Check the If-Unmodified-Since header of a request, which If-Match overrides (§13.1.4).

    Args:
        headers: those of the request.
        modified: the value of Last-Modified; without one the condition has no meaning.

    Raises:
        ProblemError: 412, the promotion has changed since.

    """
    condition = headers.get("If-Unmodified-Since")
    if condition is None or "If-Match" in headers:
        return
    since, changed = _moment(condition), _moment(modified)
    if since is not None and changed is not None and changed > since:
        raise ProblemError(
            412, f"If-Unmodified-Since is {condition!a:.200}, the promotion changed on {modified}"
        )


def is_unchanged(headers: Mapping[str, str], validators: Mapping[str, str]) -> bool:
    """Tell whether the client of a GET has this representation (§13.2.2).

    If-None-Match decides; only without it does If-Modified-Since.
    """
    if "If-None-Match" in headers:
        return is_known(headers["If-None-Match"], validators["ETag"])
    since = _moment(headers.get("If-Modified-Since"))
    changed = None if since is None else _moment(validators.get("Last-Modified"))
    return since is not None and changed is not None and changed <= since


def _moment(date: str | None) -> datetime | None:
    """Return the moment of an HTTP date (RFC 9110 §5.6.7), None for what is none."""
    try:
        moment = None if date is None else parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def is_known(condition: str | None, etag: str) -> bool:
    """Tell whether the If-None-Match header says that the client has this representation."""
    return condition is not None and _lists(condition, etag, weak=True)


def _lists(condition: str, etag: str, *, weak: bool) -> bool:
    tags = [_CODED.sub('"', tag.strip()) for tag in condition.split(",")]
    if weak:
        tags = [tag.removeprefix("W/") for tag in tags]
    return "*" in tags or etag in tags
