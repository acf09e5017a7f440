"""Versions of TMF671 that a text names."""

from __future__ import annotations

import re

_RELEASED = ("4.0.0", "4.1.0")
_VERSION = re.compile(
    r"(?<![\w.])(?P<mark>v(?:ersion)?\.?\s?)?(?P<number>\d+(?:\.\d+){1,3})(?!\w|\.\d)",
    re.ASCII | re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:TMF[\s-]?671|Promotion\s+Management)"
    r"(?:[\s,:()/-]*(?:Promotion|Management|Open|APIs?|REST|interface|specification|release"
    r"|version|in|of|the)\b)*[\s,:()/-]*$",
    re.IGNORECASE,
)
_OTHER_API = re.compile(r"TMF[\s-]?(?!671)\d{3}(?!.*TMF[\s-]?671)", re.IGNORECASE)
_BEFORE = 60


def other_versions(text: str, tested: str, release: str) -> tuple[str, ...]:
    """Return the versions of TMF671 in `text` that are not the `tested` one, as they are written.

    A version right behind the API's name counts whatever it is; elsewhere one counts that TMF671
    was released in, unless it is the product's own `release` or stands behind another API's number.

    >>> other_versions("The API is offered in V4.0.0.", "4.1.0", "CRM 3.2.1")
    ('V4.0.0',)
    >>> other_versions("Orders come by TMF622 v4.0.0; OpenShift 4.14.0.", "4.1.0", "3.2.1")
    ()
    """
    found = []
    for match in _VERSION.finditer(text):
        number = match["number"]
        if f"{tested}.".startswith(f"{number}."):
            continue
        before = text[max(match.start() - _BEFORE, 0) : match.start()]
        if _NAMED.search(before) or (
            _released(number, marked=match["mark"] is not None)
            and number not in release
            and not _OTHER_API.search(before)
        ):
            found.append(match[0])
    return tuple(dict.fromkeys(found))


def _released(number: str, *, marked: bool) -> bool:
    return number in _RELEASED or (
        marked and any(version.startswith(f"{number}.") for version in _RELEASED)
    )
