"""What schemathesis sends goes through the suite's own client.

So it has the same credentials, TLS, proxy, rate, limits and patience as everything else, stands in
the ledger, and only what the run created is changed or deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter

from conformance.client import Answer
from conformance.ledger import ForeignWrite
from conformance.outcomes import RunEnded, SwitchedOff, TransportError
from conformance.target import Target, promotion_path

_OURS = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "transfer-encoding",
        "user-agent",
    }
)
"""Headers that the client sets itself."""
_PROBE = "X-Schemathesis-Probe"
_CASE = "X-Schemathesis-TestCaseId"
_SILENT = 3
"""Requests in a row without an answer after which no more are sent."""


class ThroughClient(BaseAdapter):
    """An adapter of requests that sends by a target's client.

    `ended` is why nothing is sent any more, None while it is; `exchanges` gives the number of the
    exchange of a case.
    """

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target
        self.ended: BaseException | None = None
        self.exchanges: dict[str, int] = {}

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002
        timeout: object = None,  # noqa: ARG002
        verify: object = True,  # noqa: ARG002
        cert: object = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        """Return the answer. Raises requests.RequestException when there is none."""
        if self.ended is not None:
            raise requests.ConnectionError(str(self.ended))
        if _PROBE in request.headers:
            raise requests.exceptions.InvalidHeader("malformed requests are not sent to a target")
        try:
            answer = self._answer(request)
        except (RunEnded, SwitchedOff, ForeignWrite) as problem:
            self.ended = problem
            raise requests.ConnectionError(str(problem)) from None
        except TransportError as problem:
            if self._target.client.silent >= _SILENT:
                self.ended = problem
            raise requests.ConnectionError(str(problem)) from None
        self.exchanges[str(request.headers.get(_CASE))] = answer.exchange.n
        return _response(request, answer)

    def close(self) -> None:
        """Do nothing: the connections are the client's."""

    def _answer(self, request: requests.PreparedRequest) -> Answer:
        target, method, url = self._target, request.method or "", request.url or ""
        body = request.body.encode() if isinstance(request.body, str) else request.body
        if not isinstance(body, bytes | None):
            raise TransportError("a body that is a stream is not sent")
        headers = {
            str(name): value if isinstance(value, str) else value.decode("latin-1")
            for name, value in request.headers.items()
            if str(name).lower() not in _OURS
        }
        path = urlsplit(url).path.removeprefix(urlsplit(target.client.root).path)
        if method == "POST" and path == "/promotion":
            return target.create_raw(content=body, query=urlsplit(url).query, headers=headers)
        if method in {"PATCH", "DELETE"}:
            # A path as it is written may differ in its escapes from one in the ledger.
            path = promotion_path(unquote(path.removeprefix("/promotion/")))
            target.ledger.guard(path)
        answer = target.client.send(method, url, content=body, headers=headers)
        if method == "DELETE" and answer.succeeded:
            target.ledger.remove(path)
        return answer


def session_through(adapter: ThroughClient) -> requests.Session:
    """Return a session that sends by the adapter and takes nothing from the surroundings."""
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    made: Any = requests.Response()
    made.request = request
    made.url = request.url
    made.status_code = answer.status
    made.reason = ""
    made.headers.update(answer.headers)
    made.raw = urllib3.HTTPResponse(
        body=BytesIO(answer.content),
        headers=answer.headers,
        status=answer.status,
        version=11,
        preload_content=False,
        decode_content=False,
    )
    made._content = answer.content  # noqa: SLF001  (there is no public way to give it)
    made._content_consumed = True  # noqa: SLF001
    response: requests.Response = made
    return response
