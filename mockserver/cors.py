"""Cross-origin requests from browsers, for origins that a mock is told (Fetch, "CORS protocol").

The control API stays out of it: a page from elsewhere may use the mock, not steer it.
"""

import re
from collections.abc import Awaitable, Callable

from aiohttp import web

ANY = "*"
_CONTROL = re.compile(r"(?:/t/[^/]+)?/_mock(?:/|$)")
_LIFETIME = "600"
_METHODS = "GET, HEAD, POST, PATCH, DELETE, OPTIONS"
_EXPOSED = (
    "Accept-Patch, Allow, Content-Range, ETag, Last-Modified, Link, Location, Retry-After,"
    " X-Result-Count, X-Total-Count"
)

Signal = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def allowing(origins: tuple[str, ...]) -> Signal:
    """Return what adds the headers of the CORS protocol to every response.

    Args:
        origins: origins such as `https://crm.example:8443`, or `*` for all of them.

    """

    async def allow(request: web.Request, response: web.StreamResponse) -> None:
        if _CONTROL.match(request.path):
            return
        if ANY not in origins:
            response.headers["Vary"] = _with(response.headers.get("Vary"), "Origin")
        origin = request.headers.get("Origin")
        if origin is None or not (ANY in origins or origin in origins):
            return
        response.headers["Access-Control-Allow-Origin"] = ANY if ANY in origins else origin
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = response.headers.get(
                "Allow", _METHODS
            )
            wanted = request.headers.get("Access-Control-Request-Headers", ANY)
            response.headers["Access-Control-Allow-Headers"] = wanted if wanted.isascii() else ANY
            response.headers["Access-Control-Max-Age"] = _LIFETIME
        else:
            response.headers["Access-Control-Expose-Headers"] = _EXPOSED

    return allow


def _with(vary: str | None, name: str) -> str:
    return name if not vary else f"{vary}, {name}"
