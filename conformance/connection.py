"""How the target is reached: credentials, TLS, proxy, patience, and the limits of the traffic."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from conformance.masking import MASK, basic, long_enough, secrets_of, without_password

SENT_ONCE_MORE = 2
"""How often a request that changes nothing is sent again after a connection error."""


class OAuth(msgspec.Struct, frozen=True, kw_only=True):
    """OAuth 2.0 client credentials (RFC 6749 §4.4); `client_auth` is how the secret is sent.

    `basic` and `post` are the two ways of RFC 6749 §2.3.1.
    """

    token_url: str
    client_id: str
    client_secret: str
    scope: str | None = None
    audience: str | None = None
    client_auth: Literal["basic", "post"] = "basic"


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """Times are in seconds, `rate` is requests a second; None is no limit.

    `bearer` is a token, `basic` is `user:password`, `api_key` a header's name and value. `ca` is a
    file of certificates that are trusted, `certificate` and `key` the client's own for mutual TLS.
    `proxy` is a URL, `none`, or None for what the environment says (never for loopback).
    `longest_wait` bounds what is waited in all because the target asks for patience (429, 503).
    """

    bearer: str | None = None
    basic: str | None = None
    api_key: tuple[str, str] | None = None
    oauth: OAuth | None = None
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    insecure: bool = False
    proxy: str | None = None
    connect_timeout: float = 10.0
    total_timeout: float = 60.0
    retries: int = SENT_ONCE_MORE
    rate: float | None = None
    max_requests: int | None = None
    max_creates: int | None = None
    longest_wait: float = 120.0

    def secrets(self) -> frozenset[str]:
        """Return the values that must not be shown."""
        found = {self.bearer}
        if self.basic is not None:
            user, _, password = self.basic.partition(":")
            found |= {password, basic(user, password)}
        if self.api_key is not None:
            found.add(self.api_key[1])
        if self.oauth is not None:
            found.add(self.oauth.client_secret)
            found |= secrets_of({}, self.oauth.token_url)
        return long_enough(found | secrets_of({}, self.proxy))

    def recorded(self) -> dict[str, Any]:
        """Return the options as they stand in results.json: what is set, no secret value."""
        shown: dict[str, Any] = msgspec.to_builtins(self)
        for name in ("bearer", "basic"):
            if shown[name] is not None:
                shown[name] = MASK
        if self.api_key is not None:
            shown["api_key"] = [self.api_key[0], MASK]
        if self.oauth is not None:
            shown["oauth"]["client_secret"] = MASK
            shown["oauth"]["token_url"] = without_password(self.oauth.token_url)
        if self.proxy is not None:
            shown["proxy"] = without_password(self.proxy)
        return {name: value for name, value in shown.items() if value is not None}
