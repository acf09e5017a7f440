"""How large an answer may be to be looked at; beyond that a few of them would fill the memory."""

from __future__ import annotations

from collections.abc import Mapping

_LARGEST_HEAD = 256 * 1024
"""Bytes of all headers."""
_MOST_VALUES = 1_000_000
"""Values of a JSON document. As objects they take many times the room of their text."""


def too_large(headers: Mapping[str, str], body: bytes) -> str | None:
    """Return in words what is too large about an answer, None when nothing is.

    >>> too_large({}, b"[]")
    """
    head = sum(len(name) + len(value) for name, value in headers.items())
    if head > _LARGEST_HEAD:
        return f"the headers of the answer are larger than {_LARGEST_HEAD:,} bytes"
    # Each value but the first of a container has a comma before it.
    if body.count(b",") + body.count(b"[") + body.count(b"{") > _MOST_VALUES:
        return f"the answer holds more than {_MOST_VALUES:,} values"
    return None
