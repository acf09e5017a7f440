"""What a generator leaves in the folder of a run when it ends."""

from __future__ import annotations

from pathlib import Path

import msgspec

from conformance.load.measures import Measures
from reports.load_results import Generator


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything counted; `users` are those seen in each slot, `duration` is in seconds."""

    measures: Measures
    users: dict[int, int]
    duration: float
    interrupted: bool
    generator: Generator


def counts_path(folder: Path, name: str) -> Path:
    """Return where the generator `name` writes its counts."""
    return folder / f"{name}.counts.json"


def journal_path(folder: Path, name: str) -> Path:
    """Return where `name` writes down what it creates."""
    return folder / f"{name}.journal"


def read(folder: Path, name: str) -> Counts | None:
    """Return the counts of the generator `name`, None when it left none."""
    try:
        return msgspec.json.decode(counts_path(folder, name).read_bytes(), type=Counts)
    except (OSError, msgspec.DecodeError):
        return None
