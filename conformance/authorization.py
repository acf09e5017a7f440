"""The credentials that go with each request; OAuth 2.0 tokens are fetched, kept and renewed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode

from conformance.connection import Connection, OAuth
from conformance.masking import basic, without_password
from conformance.outcomes import CredentialsRefused, TransportError

_EARLY = 30.0
"""Seconds before its end at which a token is renewed."""
_UNTOLD_LIFE = 300.0
"""Seconds for which a token is kept whose answer does not tell (RFC 6749 §5.1)."""
_SHORTEST_LIFE = 1.0
"""Seconds for which any token is kept; a 401 renews one that ended sooner."""

Post = Callable[[str, dict[str, str], bytes], tuple[int, Any]]
"""Sends a form to a URL with headers; returns the status and the JSON of the answer, or None."""


class Authorization:
    """Gives the credential headers; `secrets` grows with each token, so that it can be masked.

    Requests may be sent by several threads, which share one token.
    """

    def __init__(
        self, connection: Connection, post: Post, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._connection = connection
        self._post = post
        self._clock = clock
        self._token: str | None = None
        self._expires = 0.0
        self._lock = threading.Lock()
        self.secrets: frozenset[str] = connection.secrets()

    def headers(self) -> dict[str, str]:
        """Return the headers for a request, after fetching a token when one is due.

        Raises CredentialsRefused when the token endpoint cannot be reached or gives no token.
        """
        found = {}
        if self._connection.api_key is not None:
            name, value = self._connection.api_key
            found[name] = value
        if self._connection.bearer is not None:
            found["Authorization"] = f"Bearer {self._connection.bearer}"
        elif self._connection.basic is not None:
            user, _, password = self._connection.basic.partition(":")
            found["Authorization"] = f"Basic {basic(user, password)}"
        elif self._connection.oauth is not None:
            found["Authorization"] = f"Bearer {self._current(self._connection.oauth)}"
        return found

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Throw away the token of headers that were answered 401.

        False when none can be had anew. A token that another thread has renewed since stays.
        """
        if self._connection.oauth is None:
            return False
        with self._lock:
            if refused.get("Authorization") == f"Bearer {self._token}":
                self._token = None
        return True

    def _current(self, oauth: OAuth) -> str:
        with self._lock:
            if self._token is None or self._clock() >= self._expires:
                self._token, life = self._fetch(oauth)
                self.secrets |= {self._token}
                kept = max(life - _EARLY, life / 2, _SHORTEST_LIFE)
                self._expires = self._clock() + kept
            return self._token

    def _fetch(self, oauth: OAuth) -> tuple[str, float]:
        form = {"grant_type": "client_credentials"}
        if oauth.scope is not None:
            form["scope"] = oauth.scope
        if oauth.audience is not None:
            form["audience"] = oauth.audience
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        if oauth.client_auth == "post":
            form |= {"client_id": oauth.client_id, "client_secret": oauth.client_secret}
        else:
            # RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
            pair = basic(quote_plus(oauth.client_id), quote_plus(oauth.client_secret))
            headers["Authorization"] = f"Basic {pair}"
            self.secrets |= {pair}
        try:
            status, answer = self._post(oauth.token_url, headers, urlencode(form).encode())
        except TransportError as problem:
            raise CredentialsRefused(f"no token can be fetched: {problem}") from None
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not 200 <= status < 300 or not isinstance(token, str) or not _can_be_sent(token):
            error = answer.get("error") if isinstance(answer, dict) else None
            told = f" ({error[:80]})" if isinstance(error, str) else ""
            raise CredentialsRefused(
                f"the token endpoint {without_password(oauth.token_url)} answered {status}{told} "
                "and no usable token: check the OAuth client's id, secret and scope"
            )
        return token, _seconds(answer.get("expires_in"))


def _can_be_sent(token: str) -> bool:
    """Tell whether a token can stand in a header (RFC 6750 §2.1, read leniently)."""
    return bool(token) and all("!" <= char <= "~" for char in token)


def _seconds(value: Any) -> float:
    try:
        return max(0.0, float(value))
    except (TypeError, ValueError, OverflowError):
        return _UNTOLD_LIFE
