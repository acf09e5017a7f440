"""What the generators created, written down as it happens, so that nobody's death loses it.

A line is written before a create, for an answer may be lost, and after it; another one when the
thing is gone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


class Journal:
    """Appends to a file; each line is one write, so that a kill leaves no half of one behind."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def asked(self, name: str) -> None:
        """Note that something of this name is about to be created."""
        self._write("asked", name)

    def refused(self, name: str) -> None:
        """Note that the target said it did not create it."""
        self._write("refused", name)

    def made(self, name: str, path: str) -> None:
        """Note that it was created, at `path` below the API root."""
        self._write("made", name, path)

    def gone(self, path: str) -> None:
        """Note that what was at `path` is deleted."""
        self._write("gone", path)

    def _write(self, *words: str) -> None:
        os.write(self._file, json.dumps(words).encode() + b"\n")


@dataclass(frozen=True)
class Created:
    """What a run created: how many things, the `paths` that are left, and `unanswered` names."""

    count: int
    paths: tuple[str, ...]
    unanswered: tuple[str, ...] = field(default=())


def read(files: Iterable[Path]) -> Created:
    """Return what is left by the journals in `files`; those that do not exist hold nothing."""
    count = 0
    live: dict[str, None] = {}
    waiting: dict[str, None] = {}
    for file in files:
        if not file.exists():
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            word, *rest = json.loads(line)
            if word == "asked":
                waiting[rest[0]] = None
                continue
            if word in {"refused", "made"}:
                waiting.pop(rest[0], None)
            if word == "made":
                count += 1
                live[rest[1]] = None
            elif word == "gone":
                live.pop(rest[0], None)
    return Created(count, tuple(live), tuple(waiting))
