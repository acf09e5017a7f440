"""The shortest way to what is asked most: GET of a promotion, and nothing special about it.

It leads to the same answer as `mockserver.promotions.retrieve_promotion` does by way of a call, a
resource and an operation, which cost more than the answer itself.
"""

from aiohttp import web

from mockserver.media_types import JSON, JSON_UTF8
from mockserver.origin import origin
from mockserver.record import root_text
from mockserver.tenant import Tenant

_TAKING_JSON = {None, "*/*", JSON}


def quick_read(tenant: Tenant, request: web.Request, path_of_root: str) -> web.Response | None:
    """Return the answer to a plain GET of a stored promotion; None for whatever takes more care.

    Args:
        tenant: whom the request is to.
        request: it is to a promotion by its id.
        path_of_root: the path of the API root.

    """
    behaviour, headers = tenant.behaviour, request.headers
    if (
        request.method != "GET"
        or not behaviour.shows_stored
        or behaviour.unsupported
        or tenant.faults is not None
        or tenant.guard is not None
        or "?" in request.raw_path
        or request.can_read_body
        or headers.get("Accept") not in _TAKING_JSON
        or "If-None-Match" in headers
        or "If-Match" in headers
        or "If-Modified-Since" in headers
        or "If-Unmodified-Since" in headers
    ):
        return None
    record = tenant.store.get(request.match_info["id"])
    if record is None:
        return None
    root = origin(request, trust_forwarded=tenant.settings.trust_forwarded) + path_of_root
    return web.Response(
        body=record.shown(root_text(root)),
        headers={"Content-Type": JSON_UTF8, **behaviour.headers, **record.validators},
    )
