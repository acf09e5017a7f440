"""Bearer tokens: which ones open the API, and how a client gets one.

Client-credentials grant of RFC 6749 §4.4, the client known by HTTP Basic or by the form (§2.3.1);
bearer tokens in the Authorization header (RFC 6750 §2.1).
"""

import base64
import binascii
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, unquote_plus

from mockserver.clock import Clock
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.settings import Settings

_KEPT_TOKENS = 10_000
_NOT_STORED = {"Cache-Control": "no-store"}
_BASIC = {"WWW-Authenticate": 'Basic realm="tmf671"', **_NOT_STORED}
_FORM = "application/x-www-form-urlencoded"


class Guard:
    """Lets those into the API who show a token.

    Args:
        settings: the token that always opens, the client, and how long issued tokens live.
        clock: tells when a token has expired.

    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._fixed = settings.require_token
        self._client = settings.oauth_client
        self._lifetime = settings.token_ttl
        self._clock = clock
        self._issued: OrderedDict[str, datetime] = OrderedDict()

    def check(self, call: Call) -> None:
        """Check the token of a request.

        Raises:
            ProblemError: 401 with WWW-Authenticate (RFC 6750 §3), it has none that is valid.

        """
        token = bearer(call.headers)
        if token is None:
            raise _unauthorized("a bearer token is needed in the Authorization header")
        if self._fixed is not None and same(token, self._fixed):
            return
        expiry = self._issued.get(token)
        if expiry is None:
            raise _unauthorized("the token is unknown", "invalid_token")
        if expiry <= self._clock.present():
            raise _unauthorized("the token has expired", "invalid_token")

    def issue(self, call: Call) -> Answer:
        """POST /oauth/token: an access token, or an error in the form of RFC 6749 §5.2."""
        if call.method != "POST":
            return Answer(405, {"error": "invalid_request"}, {"Allow": "POST", **_NOT_STORED})
        kind = call.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != _FORM:
            return _refused("invalid_request", f"the body must be {_FORM}")
        form = dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
        basic = basic_credentials(call.headers)
        given = basic or (form.get("client_id", ""), form.get("client_secret", ""))
        if self._client is None or not _same_client(given, self._client):
            unknown = {"error": "invalid_client", "error_description": "unknown id or secret"}
            return Answer(401, unknown, _BASIC)
        if "grant_type" not in form:
            return _refused("invalid_request", "grant_type is missing")
        if form["grant_type"] != "client_credentials":
            return _refused("unsupported_grant_type", "only client_credentials is offered")
        token = secrets.token_urlsafe(32)
        self._issued[token] = self._clock.present() + timedelta(seconds=self._lifetime)
        if len(self._issued) > _KEPT_TOKENS:
            self._issued.popitem(last=False)
        body = {"access_token": token, "token_type": "Bearer", "expires_in": round(self._lifetime)}
        return Answer(200, body, _NOT_STORED)


def guard_of(settings: Settings, clock: Clock) -> Guard | None:
    """Return the guard that the settings ask for, or None for an open API."""
    if settings.require_token is None and settings.oauth_client is None:
        return None
    return Guard(settings, clock)


def bearer(headers: Mapping[str, str]) -> str | None:
    """Return the bearer token of a request, or None."""
    scheme, _, token = headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def basic_credentials(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the id and the secret of HTTP Basic, form-decoded as RFC 6749 §2.3.1 has it."""
    scheme, _, encoded = headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (unquote_plus(user), unquote_plus(password)) if colon else None


def same(given: str, secret: str) -> bool:
    """Tell whether two secrets are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def _same_client(given: tuple[str, str], known: tuple[str, str]) -> bool:
    return same(given[0], known[0]) & same(given[1], known[1])


def _unauthorized(message: str, error: str = "") -> ProblemError:
    challenge = 'Bearer realm="tmf671"' + (f', error="{error}"' if error else "")
    return ProblemError(401, message, headers={"WWW-Authenticate": challenge})


def _refused(error: str, description: str) -> Answer:
    return Answer(400, {"error": error, "error_description": description}, _NOT_STORED)
