"""The curl line that repeats a recorded request."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from reports.results import Header

_CURL_SETS_ITSELF = frozenset({"host", "content-length", "connection", "accept-encoding"})
_LONGEST_BODY = 8192


def curl_line(method: str, url: str, headers: Iterable[Header], body: str | None) -> str:
    """Return a shell-quoted curl command; credentials are already masked in what is given.

    A body over 8 KiB is named as a file to fill in, so that the line stays pasteable.
    """
    words = ["curl", "-i"]
    if method == "HEAD":
        words.append("-I")
    elif method != "GET" or body is not None:
        words += ["-X", method]
    for header in headers:
        if header.name.lower() not in _CURL_SETS_ITSELF:
            words += ["-H", f"{header.name}: {header.value}"]
    if body is not None:
        words += ["--data-binary", body if len(body) <= _LONGEST_BODY else "@body.json"]
    words.append(url)
    return shlex.join(words)
