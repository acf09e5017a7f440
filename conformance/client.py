"""The recording HTTP client.

A thin layer over requests: nothing is retried, no redirect is followed, no proxy or .netrc is
picked up from the surroundings, and every exchange is recorded, answered or not.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import requests
from urllib3.exceptions import HTTPError as Urllib3Error

from conformance.curl import curl_line
from conformance.masking import masked_header, masked_text, secrets_of
from conformance.outcomes import TransportError
from conformance.recorder import Recorder
from reports.results import Exchange, Header, Request, Response

Query = tuple[tuple[str, str], ...]
_CHUNK = 65536
_KEPT = 1024 * 1024
"""Bytes of a body that are kept in the record."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, headers by lower-case name, the body's bytes, the record.

    Repeated headers are joined by ", " (RFC 9110 §5.3). `asked` names the request in messages:
    its method, and its path below the API root.
    """

    asked: str
    status: int
    headers: dict[str, str]
    content: bytes
    exchange: Exchange

    def json(self) -> Any:
        """Return the body as JSON. Raises ValueError when it is not, or is nested too deep."""
        try:
            return json.loads(self.content.decode("utf-8"))
        except RecursionError:
            raise ValueError("the body is nested too deep to be read") from None

    def header(self, name: str) -> str | None:
        """Return a header's value without regard to the case of its name."""
        return self.headers.get(name.lower())

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300


class Client:
    """Sends requests below one API root and records them.

    `timeout` is in seconds, for the connection and for each read; `total` bounds a whole
    exchange once its headers are there; an answer over `max_body` bytes is no answer.
    `silent` counts the requests in a row that got none.
    """

    def __init__(
        self,
        root: str,
        recorder: Recorder,
        *,
        headers: dict[str, str] | None = None,
        timeout: float = 10.0,
        total: float = 60.0,
        max_body: int = 16 * 1024 * 1024,
    ) -> None:
        self.root = root.rstrip("/")
        self.recorder = recorder
        self.secrets = secrets_of(headers or {}, root)
        self._timeout = timeout
        self._total = total
        self._max_body = max_body
        self.silent = 0
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.headers.update({"User-Agent": "tmf671", "Accept-Encoding": "gzip, deflate"})
        self._headers = {"Accept": "application/json", **(headers or {})}

    def close(self) -> None:
        """Close the kept-alive connections."""
        self._session.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        query: str | Query = (),
        json_body: Any = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send one request and return its answer, whatever the status.

        `path` is below the API root, or a whole URL. `query` is either pairs, which are
        percent-encoded here, or text sent as it is. `json_body` is sent as application/json
        unless `headers` say otherwise; `content` is sent as it is.
        Raises TransportError when no complete answer comes.
        """
        url = path if path.startswith(("http://", "https://")) else self.root + path
        text = query if isinstance(query, str) else encoded(query)
        if text:
            url += ("&" if "?" in url else "?") + text
        sent_headers = dict(self._headers)
        body = content
        if json_body is not None:
            body = json.dumps(json_body, ensure_ascii=False).encode("utf-8", "surrogatepass")
            sent_headers["Content-Type"] = "application/json"
        sent_headers |= headers or {}
        return self._exchange(method, url, sent_headers, body)

    def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None
    ) -> Answer:
        started, clock = datetime.now(UTC), time.perf_counter()
        prepared = self._session.prepare_request(
            requests.Request(method, url, headers=headers, data=body)
        )
        prepared.url = url
        response: requests.Response | None = None
        data, error, truncated = b"", None, False
        try:
            response = self._session.send(
                prepared, stream=True, allow_redirects=False, timeout=self._timeout
            )
            data, truncated = self._read(response, clock + self._total)
            if truncated:
                error = f"the answer is larger than {self._max_body:,} bytes"
        except (requests.RequestException, Urllib3Error, OSError, UnicodeError) as problem:
            error = _one_line(problem)
        finally:
            if response is not None:
                response.close()
        elapsed = (time.perf_counter() - clock) * 1000
        exchange = self._record(
            prepared,
            body,
            response if error is None or truncated else None,
            data,
            truncated,
            started,
            elapsed,
            error,
        )
        self.silent = 0 if error is None else self.silent + 1
        if response is None or error is not None:
            raise TransportError(f"{method} {exchange.request.url}: {error}")
        shown = exchange.request.url.removeprefix(masked_text(self.root, self.secrets))
        return Answer(
            f"{method} {shown}",
            response.status_code,
            {name.lower(): value for name, value in response.headers.items()},
            data,
            exchange,
        )

    def _read(self, response: requests.Response, deadline: float) -> tuple[bytes, bool]:
        pieces, size = [], 0
        while piece := response.raw.read1(_CHUNK, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self._max_body:
                return b"".join(pieces)[: self._max_body], True
            if time.perf_counter() > deadline:
                raise TimeoutError(f"the answer was not complete after {self._total:g} s")
        return b"".join(pieces), False

    def _record(
        self,
        prepared: requests.PreparedRequest,
        body: bytes | None,
        response: requests.Response | None,
        data: bytes,
        truncated: bool,
        started: datetime,
        elapsed: float,
        error: str | None,
    ) -> Exchange:
        request = Request(
            method=prepared.method or "",
            url=masked_text(prepared.url or "", self.secrets),
            headers=self._recorded(prepared.headers.items()),
            body=None if body is None else self._text(body),
            bytes=len(body or b""),
        )
        answer = None
        if response is not None:
            answer = Response(
                status=response.status_code,
                reason=response.reason or "",
                headers=self._recorded(response.headers.items()),
                body=self._text(data[:_KEPT]),
                bytes=len(data),
                truncated=truncated or len(data) > _KEPT,
            )
        curl = curl_line(request.method, request.url, request.headers, request.body)
        return self.recorder.record(
            lambda number, check: Exchange(
                n=number,
                at=started.isoformat().replace("+00:00", "Z"),
                check=check,
                request=request,
                response=answer,
                duration_ms=round(elapsed, 3),
                curl=curl,
                error=None if error is None else masked_text(error, self.secrets),
            )
        )

    def _recorded(self, headers: Any) -> tuple[Header, ...]:
        return tuple(
            Header(str(name), masked_header(str(name), str(value), self.secrets))
            for name, value in headers
        )

    def _text(self, data: bytes) -> str:
        return masked_text(data.decode("utf-8", "replace"), self.secrets)


def encoded(query: Query) -> str:
    """Return the pairs as a query string, everything but unreserved characters encoded.

    Names keep `.`, values keep nothing but letters, digits, `-`, `.`, `_` and `~` (RFC 3986 §2.3),
    so that a comma, plus or semicolon inside a value reaches the server as data. A comma that
    separates alternatives belongs into a query given as text.
    """
    return "&".join(f"{quote(name, safe='@')}={quote(value, safe='')}" for name, value in query)


_WORDS = (
    ("Connection refused", "connection refused (nothing listens there)"),
    ("Name or service not known", "the host name is not known"),
    ("Failed to resolve", "the host name is not known"),
    ("timed out", "timed out"),
    ("RemoteDisconnected", "the connection was closed without an answer"),
    ("ConnectionResetError", "the connection was reset"),
    ("IncompleteRead", "the answer broke off before its end"),
    ("InvalidChunkLength", "the answer broke off before its end"),
    ("BadStatusLine", "what was answered is not HTTP"),
    ("CERTIFICATE_VERIFY_FAILED", "the certificate of the target is not trusted"),
    ("WRONG_VERSION_NUMBER", "the target does not speak TLS there"),
    ("failed to decode it", "the answer is not what its Content-Encoding says"),
)


def _one_line(problem: Exception) -> str:
    """Return the cause in words; an unknown one with the name of its exception."""
    text = " ".join(repr(problem).split())
    for sign, words in _WORDS:
        if sign in text:
            return words
    return f"{type(problem).__name__}: {' '.join(str(problem).split())}"
