"""HTTP/1.1 as aiohttp speaks it, but with the TMF error body for what is no HTTP."""

import http

from aiohttp import web

from mockserver.behaviour import HEADERS
from mockserver.errors import ProblemError
from mockserver.json_text import write_json
from mockserver.media_types import JSON_UTF8


class Protocol(web.RequestHandler):
    """One connection."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the answer to a request that aiohttp could not read, and close the connection.

        Raises:
            ConnectionError: part of another answer has been sent already.

        """
        plain = super().handle_error(request, status, exc, message)
        lines = (message or http.HTTPStatus(status).phrase).splitlines()
        problem = ProblemError(status, f"this is no HTTP request: {lines[0]!a:.200}").answer()
        response = web.Response(
            status=plain.status,
            body=write_json(problem.body),
            headers={"Content-Type": JSON_UTF8, **HEADERS},
        )
        response.force_close()
        return response
