"""Cleaning: what the run left is deleted, what may be left is looked for, the rest is told."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from conformance.client import Answer
from conformance.conditions import json_list
from conformance.ledger import Ledger
from conformance.ledger_file import LedgerFile
from conformance.listing import pages
from conformance.outcomes import ConditionFailed, RunEnded, TransportError
from conformance.remains import LedgerError, read_ledger
from conformance.target import Target, promotion_path
from reports.results import Cleanup, Leftover

GONE = frozenset({404, 410})
_INTERRUPTED = "cleaning was interrupted"
_Found = TypeVar("_Found")
_STILL_AT_WORK = 2.0
"""Seconds in which a create may still be carried out whose answer nobody waits for."""
_SILENT = 3
"""Requests in a row without an answer after which the rest is not tried."""


def clean(target: Target, *, given_up: bool = False) -> Cleanup:
    """Delete what the target's ledger tells to be left, newest first; tell it when `given_up`."""
    cleaning = Cleaning(
        target.ledger, target.delete_path, lambda name: named(target, name), target.run_mark
    )
    return cleaning.done(given_up=given_up)


def finish(
    target: Target, file: LedgerFile, others: Sequence[Cleanup], *, given_up: bool = False
) -> Cleanup:
    """Clean what all processes of a run left, by their file, but for what the `others` told.

    The numbers are those of the whole run without the numbers of the others.
    """
    told = {leftover.url for cleanup in others for leftover in cleanup.left}
    try:
        remains = read_ledger(file.path)
        for path in told:
            remains.live.pop(path, None)
        target.ledger = Ledger(file, remains)
        cleanup = clean(target, given_up=given_up)
        whole = read_ledger(file.path)
    except LedgerError:
        return clean(target, given_up=given_up)
    return Cleanup(
        created=whole.created - sum(cleanup.created for cleanup in others),
        deleted=whole.deleted - sum(cleanup.deleted for cleanup in others),
        left=tuple(leftover for leftover in cleanup.left if leftover.url not in told),
    )


def named(target: Target, name: str) -> list[str]:
    """Return the paths of the promotions with exactly this name, over all pages of the list.

    Raises TransportError when no answer comes, ConditionFailed when it is no list.
    """
    found = []
    for page in pages(target, (("name", name),)):
        found += [
            promotion_path(str(item["id"]))
            for item in json_list(page)
            if item.get("name") == name and item.get("id")
        ]
    return list(dict.fromkeys(found))


class Cleaning:
    """One pass over a ledger. `find` returns the paths of the promotions of one exact name.

    Only names that begin with the run's `mark` are looked for. An interrupt ends the pass, and so
    do an end of the run and a target that answers no more; what is left then is told as well.
    """

    def __init__(
        self,
        ledger: Ledger,
        delete: Callable[[str], Answer],
        find: Callable[[str], Sequence[str]],
        mark: str,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ledger = ledger
        self._delete = delete
        self._find = find
        self._mark = mark
        self._wait = wait
        self._waited = False
        self._left: list[Leftover] = []
        self._silent = 0
        self._stopped: str | None = None

    def done(self, *, given_up: bool = False) -> Cleanup:
        """Clean, and tell what could not be cleaned; all of it is told when it is `given_up`."""
        ledger = self._ledger
        self._stopped = _INTERRUPTED if given_up else None
        self._delete_all(reversed(ledger.live))
        self._look_for(dict(ledger.unnamed), "the target told no id", certain=True)
        self._look_for(dict(ledger.lost), "no answer came: it may be there", certain=False)
        self._left += [
            Leftover(f"/hub (callback {callback})", "its id is not known: it may be there")
            for callback in ledger.subscriptions.values()
        ]
        return Cleanup(created=ledger.created, deleted=ledger.deleted, left=tuple(self._left))

    def _delete_all(self, paths: Iterable[str]) -> None:
        for path in paths:
            answer, problem = self._asked(self._delete, path)
            if answer is None:
                self._left.append(Leftover(path, problem))
            elif answer.succeeded or answer.status in GONE:
                self._ledger.remove(path)
            else:
                self._left.append(Leftover(path, f"DELETE was answered {answer.status}"))

    def _look_for(self, announced: Mapping[str, str | None], why: str, *, certain: bool) -> None:
        """Delete what is found by its name; nothing found is well unless it is `certain`."""
        marked = {n: name for n, name in announced.items() if name and name.startswith(self._mark)}
        if unmarked := len(announced) - len(marked):
            what = "a create" if unmarked == 1 else f"{unmarked} creates"
            self._left.append(Leftover(f"{what} without the run's mark", why))
        for name in dict.fromkeys(marked.values()):
            numbers = [number for number, other in marked.items() if other == name]
            look = self._strays if certain else partial(self._late_strays, len(numbers))
            strays, problem = self._asked(look, name)
            if strays is None:
                self._left.append(Leftover(f"promotions named {name!r}", f"{why} ({problem})"))
                continue
            if certain and not strays:
                self._left.append(Leftover(f"promotions named {name!r}", why))
                continue
            for path, number in itertools.zip_longest(strays, numbers[: len(strays)]):
                self._ledger.add(path, number)
            for number in numbers[len(strays) :]:
                self._ledger.settle(number)
            self._delete_all(strays)

    def _strays(self, name: str) -> list[str]:
        """Return the paths of the promotions of a name that the ledger does not know."""
        return [path for path in self._find(name) if not self._ledger.owns(path)]

    def _late_strays(self, expected: int, name: str) -> list[str]:
        """Look again after a while for creates that may still be carried out; one wait does."""
        strays = self._strays(name)
        if len(strays) < expected and not self._waited:
            self._waited = True
            self._wait(_STILL_AT_WORK)
            strays = self._strays(name)
        return strays

    def _asked(
        self, ask: Callable[[str], _Found], what: str
    ) -> tuple[_Found, str] | tuple[None, str]:
        """Return what the target said, or None and why it did not."""
        if self._stopped is not None:
            return None, self._stopped
        try:
            found = ask(what)
        except KeyboardInterrupt:
            self._stopped = _INTERRUPTED
            return None, self._stopped
        except RunEnded as problem:
            self._stopped = f"not tried: {problem}"
            return None, str(problem)
        except TransportError as problem:
            self._silent += 1
            if self._silent == _SILENT:
                self._stopped = "not tried: the target no longer answers"
            return None, str(problem)
        except ConditionFailed as problem:
            return None, problem.message
        self._silent = 0
        return found, ""
