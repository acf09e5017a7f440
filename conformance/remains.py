"""What a ledger tells to be left in the target: the file is read and judged before it is used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from conformance.ledger_file import (
    Begun,
    Created,
    Creating,
    Deleted,
    Record,
    Settled,
    Subscribing,
)

_CREATED_BY_RUNS = re.compile(r"/(promotion|hub)/(?!\.{1,2}$)[^/?#]+")


class LedgerError(Exception):
    """A ledger cannot be used; the text is one line."""


@dataclass
class Remains:
    """What is left by a ledger, by the numbers of its entries where no path is known.

    `live` are paths, oldest first. `lost` are the names of creates whose answer was not recorded,
    `unnamed` of those that the target answered without an id; None is a create without a name.
    `subscriptions` are the callbacks of subscriptions whose id is not known. `created` and
    `deleted` count what the run has done in all.
    """

    begun: Begun
    live: dict[str, None] = field(default_factory=dict)
    lost: dict[str, str | None] = field(default_factory=dict)
    unnamed: dict[str, str | None] = field(default_factory=dict)
    subscriptions: dict[str, str] = field(default_factory=dict)
    created: int = 0
    deleted: int = 0


def read_ledger(path: Path) -> Remains:
    """Read a ledger; a last line that a power cut left half-written is passed over.

    Raises LedgerError for a file that is none, with the line that cannot be right.
    """
    try:
        *lines, _ = path.read_bytes().split(b"\n")
    except OSError as problem:
        raise LedgerError(f"cannot read the ledger {path}: {problem.strerror}") from None
    remains: Remains | None = None
    for number, line in enumerate(lines, start=1):
        try:
            record = msgspec.json.decode(line, type=Record)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise LedgerError(f"{path}, line {number}: that is no line of a ledger") from None
        if isinstance(record, Begun) is not (remains is None):
            raise LedgerError(f"{path}, line {number}: a ledger has one beginning, in line 1")
        if isinstance(record, Begun):
            remains = Remains(record)
        elif remains is not None and not _taken_in(remains, record):
            raise LedgerError(f"{path}, line {number}: no run creates what is named there")
    if remains is None:
        raise LedgerError(f"{path} is no ledger: it has no beginning")
    return remains


def _taken_in(remains: Remains, record: Record) -> bool:
    """Carry a record over; False when its path leads to what no run creates."""
    match record:
        case Creating(n, name):
            remains.lost[n] = name
        case Subscribing(n, callback):
            remains.subscriptions[n] = callback
        case Created(n, path):
            if path is not None and not _CREATED_BY_RUNS.fullmatch(path):
                return False
            _created(remains, n or "", path)
        case Settled(n):
            for left in (remains.lost, remains.unnamed, remains.subscriptions):
                left.pop(n, None)
        case Deleted(path):
            remains.deleted += path in remains.live
            remains.live.pop(path, None)
    return True


def _created(remains: Remains, n: str, path: str | None) -> None:
    if path is None:
        remains.created += 1
        if n in remains.lost:
            remains.unnamed[n] = remains.lost.pop(n)
        return
    remains.created += path not in remains.live and n not in remains.unnamed
    for announced in (remains.lost, remains.unnamed, remains.subscriptions):
        announced.pop(n, None)
    remains.live[path] = None
