"""The three levels of obligation, in the order of their weight (RFC 2119)."""

from __future__ import annotations

from reports.results import LEVELS, Level

MUST: Level = "must"
SHOULD: Level = "should"
MAY: Level = "may"


def at_least(level: Level, lowest: Level) -> bool:
    """Tell whether `level` weighs as much as `lowest`: must ≥ should ≥ may."""
    return LEVELS.index(level) <= LEVELS.index(lowest)
