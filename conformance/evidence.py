"""What a finding may show of what it saw: masked, and bounded in depth and size.

A target's answer may be nested hundreds deep or hold a million items; the exchange that is cited
keeps it, a finding shows its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from conformance.masking import masked_text
from reports.wellformed import unicode_text

_DEEPEST = 24
_MOST_VALUES = 2000
"""Values that are shown of one answer in all."""
_LONGEST_TEXT = 16_384
_LARGEST_NUMBER = 1 << 63
_CUT = "…"


def presentable(value: Any, secrets: Iterable[str]) -> Any:
    """Return a JSON value with its secrets masked, cut where it is too deep, long or large."""
    return _Cutter(frozenset(secrets)).cut(value, _DEEPEST)


def presentable_text(text: str, secrets: Iterable[str]) -> str:
    """Return a text with its secrets masked, cut where it is too long, and valid Unicode."""
    masked = masked_text(unicode_text(text), secrets)
    return masked if len(masked) <= _LONGEST_TEXT else masked[:_LONGEST_TEXT] + f" {_CUT}"


class _Cutter:
    def __init__(self, secrets: frozenset[str]) -> None:
        self._secrets = secrets
        self._left = _MOST_VALUES

    def cut(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if isinstance(value, str):
            return presentable_text(value, self._secrets)
        if isinstance(value, dict | list | tuple):
            if depth == 0 or self._left <= 0:
                return _CUT if value else value
            return self._members(value, depth - 1)
        if isinstance(value, int) and abs(value) >= _LARGEST_NUMBER:
            return presentable_text(str(value), self._secrets)
        return value

    def _members(self, value: Any, depth: int) -> Any:
        shown = list(islice(value, max(self._left, 1)))
        rest = len(value) - len(shown)
        if isinstance(value, dict):
            members = {
                presentable_text(str(name), self._secrets): self.cut(value[name], depth)
                for name in shown
            }
            return members | ({_CUT: f"{rest} more"} if rest else {})
        return [self.cut(item, depth) for item in shown] + ([f"{_CUT} {rest} more"] if rest else [])
