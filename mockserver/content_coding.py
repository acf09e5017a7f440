"""Content codings of requests and answers (RFC 9110 §8.4, §12.5.3)."""

import gzip
import zlib
from collections.abc import Mapping

from aiohttp import web

from mockserver.conditional import coded_tag, tag_as_named
from mockserver.errors import ProblemError

ACCEPTED = ("gzip", "deflate")
SMALLEST = 1400
"""The smallest body that is worth a coding, bytes: less fits into one packet anyway."""

_LEVEL = 6
_VARY = "Accept-Encoding"


async def read_body(request: web.Request) -> bytes:
    """Return the body of a request without its coding, at most `client_max_size` bytes long.

    Raises:
        ProblemError: 415 with Accept-Encoding, it has a coding that is not undone here (RFC 7694
            §3); 400, it is not in the coding that it claims; 413, it is too large.
        web.HTTPException: 413, it is too large as it comes.

    """
    named = request.headers.get("Content-Encoding")
    coding = (named or "").strip().lower()
    if coding in {"", "identity"}:
        return await request.read()
    if coding not in ACCEPTED:
        raise ProblemError(
            415,
            f"Content-Encoding is {named!a:.100}; accepted: {', '.join(ACCEPTED)}",
            headers={"Accept-Encoding": ", ".join(ACCEPTED)},
        )
    return decoded(await request.read(), coding, request.client_max_size)


def decoded(body: bytes, coding: str, limit: int) -> bytes:
    """Return what a body in a coding of `ACCEPTED` holds; no more than `limit` is ever unpacked.

    A deflate body may lack the zlib header, which some clients leave out (RFC 9110 §8.4.1.2).

    Raises:
        ProblemError: 400, the body is not in this coding, cut off or followed by something; 413, it
            holds more than `limit` bytes.

    """
    formats = (zlib.MAX_WBITS | 16,) if coding == "gzip" else (zlib.MAX_WBITS, -zlib.MAX_WBITS)
    for window in formats:
        unpacking = zlib.decompressobj(window)
        try:
            unpacked = unpacking.decompress(body, limit + 1)
        except zlib.error:
            continue
        if len(unpacked) > limit:
            raise ProblemError(413, f"the body holds more than {limit} bytes")
        if unpacking.eof and not unpacking.unused_data:
            return unpacked
    raise ProblemError(400, f"the body is not in the coding {coding}", code="malformedBody")


def code_body(response: web.Response, asked: Mapping[str, str]) -> None:
    """Put the body of a response that is not sent yet into the coding that the client prefers.

    The response then has Content-Encoding, and its strong ETag becomes that of this coding. Vary
    says in any case that the answer depends on Accept-Encoding. A 304 names the tag that the
    client named.

    Args:
        response: the response.
        asked: the headers of the request.

    """
    body, headers = response.body, response.headers
    if response.status == 304 and "ETag" in headers:
        headers["ETag"] = tag_as_named(asked.get("If-None-Match", ""), headers["ETag"])
    if response.prepared or not isinstance(body, bytes) or len(body) < SMALLEST:
        return
    headers["Vary"] = f"{headers['Vary']}, {_VARY}" if "Vary" in headers else _VARY
    accept_encoding = asked.get("Accept-Encoding")
    coding = None if accept_encoding is None else preferred_coding(accept_encoding)
    if coding is None:
        return
    response.body = encoded(body, coding)
    headers["Content-Encoding"] = coding
    if "ETag" in headers:
        headers["ETag"] = coded_tag(headers["ETag"], coding)


def preferred_coding(accept_encoding: str) -> str | None:
    """Return the coding that the client likes best, gzip before deflate; None for plain text.

    An Accept-Encoding that excludes even the plain text gets the plain text all the same.
    """
    wanted: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameter = part.partition(";")
        wanted[name.strip()] = _quality(parameter)
    others = wanted.get("*", 0.0)
    best = max(ACCEPTED, key=lambda coding: wanted.get(coding, others))
    quality = wanted.get(best, others)
    return best if quality > 0 and quality >= wanted.get("identity", 0.0) else None


def encoded(body: bytes, coding: str) -> bytes:
    """Return the body in a coding of `ACCEPTED`; the same bytes give the same bytes."""
    if coding == "gzip":
        return gzip.compress(body, _LEVEL, mtime=0)
    return zlib.compress(body, _LEVEL)


def _quality(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
