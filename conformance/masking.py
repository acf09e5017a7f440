"""Credentials never reach a report: they are masked where exchanges are recorded.

The rule for what counts as one: the headers HTTP defines for credentials, and any header whose
name looks like it. The value of a credential that the user gave is masked wherever it stands,
also inside bodies and URLs that the target echoes, and in the forms that an echo gives it.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, urlsplit

MASK = "***"
_SECRET_NAME = re.compile(
    r"authori[sz]ation|cookie|token|secret|passw|credential|api-?_?key|session|signature|x-auth",
    re.IGNORECASE,
)
_SHORTEST_SECRET = 4
"""A shorter value stands in ordinary text too often to be masked there."""
_ESCAPE = re.compile(r"%[0-9A-F]{2}")


def is_secret(header: str) -> bool:
    """Tell whether a header of this name carries a credential."""
    return bool(_SECRET_NAME.search(header))


def secrets_of(headers: Mapping[str, str], url: str | None = None) -> frozenset[str]:
    """Return the credential values in the user's headers and in a URL's user information.

    `Authorization: Bearer abc` gives both the whole value and `abc`; a password gives itself, as
    written and decoded, and what HTTP basic authentication makes of it (RFC 7617 §2).
    """
    found: set[str] = set()
    for name, value in headers.items():
        if is_secret(name):
            found |= {value, *value.split(" ")[1:]}
            found |= {part.partition("=")[2].strip() for part in value.split(";")}
    parts = urlsplit(url or "")
    if parts.password:
        password = unquote(parts.password)
        found |= {parts.password, password, basic(unquote(parts.username or ""), password)}
    return long_enough(found)


def long_enough(values: Iterable[str | None]) -> frozenset[str]:
    """Return those of the values that can be masked wherever they stand."""
    return frozenset(value for value in values if value and len(value) >= _SHORTEST_SECRET)


def basic(user: str, password: str) -> str:
    """Return the credentials of HTTP basic authentication in base64 (RFC 7617 §2)."""
    return b64encode(f"{user}:{password}".encode()).decode()


def masked_text(text: str, secrets: Iterable[str]) -> str:
    """Return `text` with every secret replaced.

    It is found as it stands, percent-encoded, escaped for JSON, HTML or Python, and in base64.
    """
    for form in _forms(frozenset(secrets)):
        text = text.replace(form, MASK)
    return text


def masked_header(name: str, value: str, secrets: Iterable[str]) -> str:
    """Return the value to record for a header: the scheme of a credential may stay."""
    if not is_secret(name):
        return masked_text(value, secrets)
    scheme, space, rest = value.partition(" ")
    return f"{scheme} {MASK}" if space and rest and scheme.isalpha() else MASK


def without_password(url: str) -> str:
    """Return the URL with a password in its user information masked."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    return url.replace(f":{parts.password}@", f":{MASK}@", 1)


@lru_cache(maxsize=64)
def _forms(secrets: frozenset[str]) -> tuple[str, ...]:
    """Return what to look for, the longest first, so that none leaves the rest of another."""
    found = {form for secret in secrets for form in _forms_of(secret)}
    return tuple(sorted(found, key=len, reverse=True))


def _forms_of(secret: str) -> set[str]:
    data = secret.encode("utf-8", "surrogatepass")
    encoded = {quote(data, safe=""), quote(data), quote_plus(data)}
    return {
        secret,
        *encoded,
        *(_ESCAPE.sub(lambda escape: escape[0].lower(), one) for one in encoded),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(secret)[1:-1].replace("/", "\\/"),
        html.escape(secret),
        repr(secret)[1:-1],
        b64encode(data).decode().rstrip("="),
        urlsafe_b64encode(data).decode().rstrip("="),
    }
