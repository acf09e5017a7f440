"""What is written down of an exchange: masked, and of reasonable size."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import requests

from conformance.masking import MASK, masked_header, masked_text, without_password
from reports.results import Header, Request, Response

_KEPT = 1024 * 1024
"""Bytes of a body that are kept."""
_MARGIN = 4096
"""Bytes beyond them in which the rest of a secret is looked for."""
_LONGEST_REASON = 200
_ORDINARY_HEADER = 256
_LONGEST_HEADER = 8192
"""Characters of a header that are kept; one that is longer than usual takes from the room."""
_INNOCENT = frozenset({"content-type", "content-length", "date", "retry-after"})
"""Headers of a token endpoint's answer that are shown."""

Room = Callable[[int], int]
"""Asked for so many bytes, gives how many may be kept (conformance.recorder)."""


def shown_url(url: str, secrets: Iterable[str]) -> str:
    """Return a URL without its password and other secrets."""
    return masked_text(without_password(url), secrets)


def request_of(
    prepared: requests.PreparedRequest,
    body: bytes | None,
    secrets: frozenset[str],
    *,
    confidential: bool = False,
) -> Request:
    """Return the record of a request; a confidential one shows no body."""
    return Request(
        method=prepared.method or "",
        url=shown_url(prepared.url or "", secrets),
        headers=headers_of(prepared.headers.items(), secrets),
        body=None if body is None else MASK if confidential else text_of(body, secrets),
        bytes=len(body or b""),
    )


def response_of(
    response: requests.Response,
    data: bytes,
    secrets: frozenset[str],
    room: Room,
    *,
    truncated: bool,
    confidential: bool = False,
) -> Response:
    """Return the record of an answer with the body `data`; a confidential one shows no body."""
    kept = room(min(len(data), _KEPT))
    headers = headers_of(response.headers.items(), secrets)
    if confidential:
        headers = tuple(
            header if header.name.lower() in _INNOCENT else Header(header.name, MASK)
            for header in headers
        )
    return Response(
        status=response.status_code,
        reason=masked_text(response.reason or "", secrets)[:_LONGEST_REASON],
        headers=tuple(Header(header.name, _fitting(header.value, room)) for header in headers),
        body=MASK if confidential else text_of(data[: kept + _MARGIN], secrets)[:kept],
        bytes=len(data),
        truncated=truncated or len(data) > kept,
    )


def headers_of(
    pairs: Iterable[tuple[object, object]], secrets: Iterable[str]
) -> tuple[Header, ...]:
    """Return headers without the credentials in them."""
    return tuple(
        Header(str(name), masked_header(str(name), str(value), secrets)) for name, value in pairs
    )


def text_of(data: bytes, secrets: Iterable[str]) -> str:
    """Return a body as text without the secrets in it."""
    return masked_text(data.decode("utf-8", "replace"), secrets)


def _fitting(value: str, room: Room) -> str:
    if len(value) <= _ORDINARY_HEADER:
        return value
    kept = room(min(len(value), _LONGEST_HEADER))
    return value if kept == len(value) else value[:kept] + " …"
