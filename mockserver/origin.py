"""By which scheme and authority a client reached the server."""

import re
from functools import lru_cache

from aiohttp import web

_HOST = re.compile(r"(?:[A-Za-z0-9._\-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)


def origin(request: web.Request, *, trust_forwarded: bool) -> str:
    """Return `scheme://host:port` from the Host header, or from the socket without a usable one.

    Args:
        request: the request.
        trust_forwarded: let the first values of X-Forwarded-Proto and X-Forwarded-Host decide.

    """
    scheme = request.scheme
    host = request.headers.get("Host", "")
    if trust_forwarded:
        forwarded = _first(request, "X-Forwarded-Proto").lower()
        scheme = forwarded if forwarded in {"http", "https"} else scheme
        host = _first(request, "X-Forwarded-Host") or host
    if not _is_host(host):
        host = _socket_address(request)
    return f"{scheme}://{host}"


@lru_cache(maxsize=256)
def _is_host(text: str) -> bool:
    return _HOST.fullmatch(text) is not None


def _first(request: web.Request, name: str) -> str:
    return request.headers.get(name, "").partition(",")[0].strip()


def _socket_address(request: web.Request) -> str:
    transport = request.transport
    address = transport.get_extra_info("sockname") if transport is not None else None
    if not isinstance(address, tuple):
        return "localhost"
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
