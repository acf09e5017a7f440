"""The names of promotions: they carry the run's mark, so that they are told from real data."""

from __future__ import annotations

import json
from typing import Any

_SHORTEST_CUT = 16


def name_in(promotion: Any, content: bytes | None = None) -> str | None:
    """Return the name of a promotion, given as JSON value or as bytes; None when it has none."""
    if content is not None:
        try:
            promotion = json.loads(content.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return None
    name = promotion.get("name") if isinstance(promotion, dict) else None
    return name if isinstance(name, str) and name.strip() else None


def is_altered(shown: str, sent: str, mark: str) -> bool:
    """Tell whether `shown` can be what a server made of the name `sent`, and so the run's own.

    Servers change the case, cut a name short, and replace characters they cannot store.

    >>> is_altered("SPRING-1F2E3D4C CREATE", "spring-1f2e3d4c create", "spring-1f2e3d4c")
    True
    >>> is_altered("Summer sale", "spring-1f2e3d4c create", "spring-1f2e3d4c")
    False
    """
    name, wanted = shown.casefold(), sent.casefold()
    cut = len(name) >= _SHORTEST_CUT and wanted.startswith(name)
    return name == wanted or cut or mark.casefold() in name
