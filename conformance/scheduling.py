"""Which checks run on one worker: those of a section, since they share what they prepare."""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

_TOGETHER = {"hub": "events"}
"""Sections that share one listener and so stay on one worker."""


class BySection(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist's class is untyped
    """Hands out whole sections; a section's module bears its name."""

    def _split_scope(self, nodeid: str) -> str:
        section = PurePosixPath(nodeid.partition("::")[0]).stem
        return _TOGETHER.get(section, section)
