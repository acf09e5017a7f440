"""The recording HTTP client.

A thin layer over requests: no redirect is followed, so that credentials stay with the target, and
no .netrc is picked up from the surroundings. Every exchange is recorded, answered or not, and so
is each repetition of one.
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

from conformance.authorization import Authorization
from conformance.connection import Connection
from conformance.curl import curl_line
from conformance.deadline import Deadline
from conformance.masking import masked_text, secrets_of
from conformance.outcomes import ConnectionLost, RunEnded, SwitchedOff, TransportError
from conformance.pacing import Pacer
from conformance.recorder import Recorder
from conformance.service import NO_LONGER_SERVED, served_no_longer
from conformance.session import (
    environment_secrets,
    in_words,
    is_connection_error,
    origin_of,
    proxies_for,
    session_for,
)
from conformance.size import too_large
from conformance.transcript import request_of, response_of, shown_url
from reports.results import Exchange, Request, Response

Query = tuple[tuple[str, str], ...]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110 §9.2.1): what a read-only run sends, and what is sent again
after a connection error."""
_CHUNK = 65536
_FIRST_RETRY = 0.2


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

    `timeout` is in seconds, for each read; the other bounds are the connection's. An answer over
    `max_body` bytes is no answer. `silent` counts the requests in a row that got none, `accepted`
    is whether any succeeded, `secrets` are the values to mask.
    """

    def __init__(
        self,
        root: str,
        recorder: Recorder,
        *,
        headers: dict[str, str] | None = None,
        timeout: float = 10.0,
        connection: Connection | None = None,
        max_body: int = 16 * 1024 * 1024,
        read_only: bool = False,
    ) -> None:
        self.root = root.rstrip("/")
        self.recorder = recorder
        self.connection = connection or Connection()
        self.pacer = Pacer(self.connection)
        self.authorization = Authorization(self.connection, self._post_form)
        self._given_secrets = secrets_of(headers or {}, root) | environment_secrets()
        self._timeout = timeout
        self._max_body = max_body
        self._read_only = read_only
        self.silent = 0
        self.accepted = False
        self._drops_connections = False
        self._session = session_for(self.connection)
        self._headers = headers or {}

    @property
    def secrets(self) -> frozenset[str]:
        """What must not be shown: the credentials given, and the tokens fetched so far."""
        return self._given_secrets | self.authorization.secrets

    def mask(self, secrets: frozenset[str]) -> None:
        """Add further values of the run to what is masked."""
        self._given_secrets |= secrets

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
        patient: bool = True,
    ) -> Answer:
        """Send one request and return its answer, whatever the status.

        `path` is below the API root, or a whole URL; credentials, and what else the user gave to
        be sent, go to the target's origin only. `query` is either pairs, which are
        percent-encoded here, or text sent as it is. `json_body` is sent as application/json
        unless `headers` say otherwise; `content` is sent as it is. A request that changes nothing
        is sent again after a connection error; any request is after a 401 that a new token may
        mend and, when `patient`, after a pause that a 429 or 503 asks for.
        Raises TransportError when no complete answer comes, RunEnded when the run cannot go on.
        """
        if self._read_only and method not in SAFE:
            raise SwitchedOff(f"--read-only: {method} is not sent")
        url = path if path.startswith(("http://", "https://")) else self.root + path
        text = query if isinstance(query, str) else encoded(query)
        if text:
            url += ("&" if "?" in url else "?") + text
        own = {}
        body = content
        if json_body is not None:
            body = json.dumps(json_body, ensure_ascii=False).encode("utf-8", "surrogatepass")
            own["Content-Type"] = "application/json"
        if method == "POST" and path == "/promotion":
            self.pacer.admit_create()
        return self._insist(method, url, own | (headers or {}), body, patient=patient)

    def _insist(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None, *, patient: bool
    ) -> Answer:
        """Send until there is an answer that neither a new token nor patience can better."""
        renewed, pauses = False, 0
        while True:
            credentials = self._credentials_for(url)
            answer = self._stubbornly(method, url, headers, credentials, body)
            self.accepted = self.accepted or answer.succeeded
            if answer.status == 401 and not renewed and self.authorization.renew(credentials):
                renewed = True
                continue
            retry_after = answer.header("Retry-After")
            if not patient or not self.pacer.pause(answer.status, retry_after, pauses):
                break
            pauses += 1
        if patient and answer.status == 429:
            raise RunEnded(
                "the target keeps answering 429 (too many requests): send fewer with --rate"
            )
        if answer.status in NO_LONGER_SERVED:
            self._ask_whether_still_served(answer)
        return answer

    def _credentials_for(self, url: str) -> dict[str, str]:
        """Return the user's headers and the credentials: none for a stranger."""
        if origin_of(url) != origin_of(self.root):
            return {}
        return self._headers | self.authorization.headers()

    def _stubbornly(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        credentials: dict[str, str],
        body: bytes | None,
    ) -> Answer:
        """Send, and send again after a connection error when the request changes nothing."""
        tries_left = self.connection.retries if method in SAFE else 0
        pause = _FIRST_RETRY
        whole = {"Accept": "application/json"} | credentials | headers
        while True:
            self.pacer.turn()
            try:
                answer = self._exchange(method, url, whole, body)
            except ConnectionLost:
                if not tries_left:
                    self.silent += 1
                    raise
                tries_left -= 1
                time.sleep(pause)
                pause *= 2
            except TransportError:
                self.silent += 1
                raise
            else:
                self.silent = 0
                return answer

    def _ask_whether_still_served(self, answer: Answer) -> None:
        """Tell one refused request from a target that serves this client no more.

        Raises RunEnded when the list, after it could be read before, is answered in the same way.
        """
        if not self.accepted:
            return
        url = f"{self.root}/promotion?limit=1"
        listed = self._stubbornly("GET", url, {}, self._credentials_for(url), None)
        if words := served_no_longer(answer.status, listed.status):
            raise RunEnded(words)

    def _post_form(self, url: str, headers: dict[str, str], form: bytes) -> tuple[int, Any]:
        """Ask a token endpoint; to ask again does no harm."""
        tries_left = self.connection.retries
        while True:
            try:
                answer = self._exchange("POST", url, headers, form, confidential=True)
            except ConnectionLost:
                if not tries_left:
                    raise
                tries_left -= 1
                time.sleep(_FIRST_RETRY)
            else:
                break
        try:
            return answer.status, answer.json()
        except ValueError:
            return answer.status, None

    def _exchange(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        *,
        confidential: bool = False,
    ) -> Answer:
        started, clock = datetime.now(UTC), time.perf_counter()
        request = requests.Request(method, url, headers=headers, data=body)
        try:
            prepared = self._session.prepare_request(request)
        except (requests.RequestException, ValueError) as fault:
            what = f"{method} {shown_url(url, self.secrets)} cannot be sent: {in_words(fault)}"
            raise TransportError(masked_text(what, self.secrets)) from None
        prepared.url = url
        if self._drops_connections and method not in SAFE:
            self._session.close()
        response: requests.Response | None = None
        problem: Exception | None = None
        data, truncated = b"", False
        with Deadline(self.connection.total_timeout) as deadline:
            try:
                response = self._session.send(
                    prepared,
                    stream=True,
                    allow_redirects=False,
                    timeout=(self.connection.connect_timeout, self._timeout),
                    proxies=proxies_for(url, self.connection),
                    cert=self._certificate_for(url, confidential=confidential),
                )
                data, truncated = self._read(response)
            except (requests.RequestException, Urllib3Error, OSError, ValueError) as found:
                problem = found
            finally:
                if response is not None:
                    response.close()
        error = self._what_is_wrong(
            response, data, problem, truncated=truncated, late=deadline.passed
        )
        elapsed = (time.perf_counter() - clock) * 1000
        secrets = self.secrets
        answer = None
        if response is not None and (error is None or truncated):
            answer = response_of(
                response,
                data,
                secrets,
                self.recorder.room_for,
                truncated=truncated,
                confidential=confidential,
            )
        sent = request_of(prepared, body, secrets, confidential=confidential)
        exchange = self._record(sent, answer, started, elapsed, error)
        if response is None or error is not None:
            lost = problem is not None and is_connection_error(problem) and not deadline.passed
            self._drops_connections = self._drops_connections or lost
            kind = ConnectionLost if lost else TransportError
            raise kind(f"{method} {exchange.request.url}: {exchange.error}")
        shown = exchange.request.url.removeprefix(shown_url(self.root, self.secrets))
        return Answer(
            f"{method} {shown}",
            response.status_code,
            {name.lower(): value for name, value in response.headers.items()},
            data,
            exchange,
        )

    def _what_is_wrong(
        self,
        response: requests.Response | None,
        data: bytes,
        problem: Exception | None,
        *,
        truncated: bool,
        late: bool,
    ) -> str | None:
        """Return why there is no answer that could be judged, None when there is one."""
        if late:
            return f"the answer was not complete after {self.connection.total_timeout:g} s"
        if problem is not None:
            return in_words(problem)
        if truncated:
            return f"the answer is larger than {self._max_body:,} bytes"
        if response is not None and response.status_code < 200:
            # What follows it on this connection would be taken for the answer to the next request.
            self._session.close()
            return f"an interim answer ({response.status_code}) came instead of an answer"
        if response is not None:
            return too_large(response.headers, data)
        return None

    def _certificate_for(self, url: str, *, confidential: bool) -> Any:
        """Return the client's certificate for the target and the token endpoint (RFC 8705)."""
        known = confidential or origin_of(url) == origin_of(self.root)
        return self._session.cert if known else None

    def _read(self, response: requests.Response) -> tuple[bytes, bool]:
        pieces, size = [], 0
        while piece := response.raw.read1(_CHUNK, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self._max_body:
                return b"".join(pieces)[: self._max_body], True
        return b"".join(pieces), False

    def _record(
        self,
        sent: Request,
        answer: Response | None,
        started: datetime,
        elapsed: float,
        error: str | None,
    ) -> Exchange:
        curl = curl_line(sent.method, sent.url, sent.headers, sent.body)
        return self.recorder.record(
            lambda number, check: Exchange(
                n=number,
                at=started.isoformat().replace("+00:00", "Z"),
                check=check,
                request=sent,
                response=answer,
                duration_ms=round(elapsed, 3),
                curl=curl,
                error=None if error is None else masked_text(error, self.secrets),
            )
        )


def encoded(query: Query) -> str:
    """Return the pairs as a query string, everything but unreserved characters encoded.

    Names keep `.`, values keep nothing but letters, digits, `-`, `.`, `_` and `~` (RFC 3986 §2.3),
    so that a comma, plus or semicolon inside a value reaches the server as data. A comma that
    separates alternatives belongs into a query given as text.
    """
    return "&".join(f"{quote(name, safe='@')}={quote(value, safe='')}" for name, value in query)
