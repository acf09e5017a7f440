"""Credentials never reach a report: they are masked where exchanges are recorded.

The rule for what counts as one: the headers HTTP defines for credentials, and any header whose
name looks like it. The value of a credential that the user gave is masked wherever it stands,
also inside bodies and URLs that the target echoes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus, urlsplit

MASK = "***"
_SECRET_NAME = re.compile(
    r"authori[sz]ation|cookie|token|secret|passw|credential|api-?_?key|session|signature|x-auth",
    re.IGNORECASE,
)
_SHORTEST_SECRET = 4
"""A shorter value stands in ordinary text too often to be masked there."""


def is_secret(header: str) -> bool:
    """Tell whether a header of this name carries a credential."""
    return bool(_SECRET_NAME.search(header))


def secrets_of(headers: Mapping[str, str], url: str = "") -> frozenset[str]:
    """Return the credential values in the user's headers and in the URL's user information.

    `Authorization: Bearer abc` gives both the whole value and `abc`.
    """
    found: set[str] = set()
    for name, value in headers.items():
        if is_secret(name):
            found |= {value, *value.split(" ")[1:]}
            found |= {part.partition("=")[2].strip() for part in value.split(";")}
    if url and (password := urlsplit(url).password):
        found.add(password)
    return frozenset(value for value in found if len(value) >= _SHORTEST_SECRET)


def masked_text(text: str, secrets: Iterable[str]) -> str:
    """Return `text` with every secret replaced, as it stands and percent-encoded."""
    for secret in sorted(secrets, key=len, reverse=True):
        for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
            text = text.replace(form, MASK)
    return text


def masked_header(name: str, value: str, secrets: Iterable[str]) -> str:
    """Return the value to record for a header: the scheme of a credential may stay."""
    if not is_secret(name):
        return masked_text(value, secrets)
    scheme, space, rest = value.partition(" ")
    return f"{scheme} {MASK}" if space and rest and scheme.isalpha() else MASK
