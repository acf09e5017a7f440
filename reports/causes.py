"""What has to be mended, by cause: one mistake often makes many checks fail.

A check that did not pass has traits: what was found, with numbers, ids, quotations and the place
left out; the few members that were seen instead of the expected ones; its hint; its requirements.
The trait that most checks share makes the first group, the next is sought among those that are
left, and a check that shares none stands alone. No group grows from neighbour to neighbour, so all
checks of a group have its trait. Blocked checks go with the check that stopped them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reports.results import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reports.results import Check, Outcome, Results

Kind = Literal["finding", "observed", "hint", "requirement", "alone"]

_KINDS: tuple[Kind, ...] = ("finding", "observed", "hint", "requirement")
_MOST_URGENT_FIRST: tuple[Outcome, ...] = ("failed", "error", "blocked", "warned")
_VARIABLE = "…"
_VARYING = re.compile(
    r"""https?://\S+ | "[^"]*" | “[^”]*” | '[^']*' | `[^`]*`   # addresses and quotations
      | \b[0-9a-f]{8}-[0-9a-f-]{27}\b | \b\d[\w.:+-]*          # ids, numbers, instants""",
    re.VERBOSE,
)
_MOST_MEMBERS = 3  # a whole promotion has more, and tells nothing about why


@dataclass(frozen=True)
class Cause:
    """Checks that presumably fail for one reason, and those that they block.

    `title` states the reason in the words of the suite; `shared` is what the checks have in common,
    empty for a check that stands alone.
    """

    title: str
    kind: Kind
    shared: str
    checks: tuple[Check, ...]
    blocked: tuple[Check, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The most urgent outcome of the group."""
        return min((check.outcome for check in self.checks), key=_MOST_URGENT_FIRST.index)


@dataclass(frozen=True)
class Unjudged:
    """Checks that did not run, for one reason; `reason` is empty where none is known."""

    outcome: Outcome
    reason: str
    checks: tuple[Check, ...]


def causes(results: Results) -> tuple[Cause, ...]:
    """Return what did not pass, grouped; what decides the verdict and explains most comes first."""
    place = {check.id: i for i, check in enumerate(results.checks)}
    open_ = [check for check in results.checks if check.outcome in _MOST_URGENT_FIRST]
    blockers = {check.id: check for check in open_}
    stopped: dict[str, list[Check]] = {}
    judged: list[Check] = []
    for check in open_:
        root = _root(check, blockers)
        if root == check.id:
            judged.append(check)
        else:
            stopped.setdefault(root, []).append(check)
    texts = {requirement.id: requirement.text for requirement in results.requirements}
    found = [
        Cause(
            title=_title(kind, trait, group, texts),
            kind=kind,
            shared=trait,
            checks=tuple(group),
            blocked=tuple(blocked for check in group for blocked in stopped.pop(check.id, ())),
        )
        for kind, trait, group in _grouped(judged)
    ]
    # What stopped these is not among the checks that did not pass.
    found += [
        Cause(group[0].message or root, "finding", root, tuple(group))
        for root, group in stopped.items()
    ]
    return tuple(sorted(found, key=lambda cause: _urgency(cause, place)))


def unjudged(results: Results) -> tuple[Unjudged, ...]:
    """Return the skipped and not applicable checks by their reason, most checks first."""
    groups: dict[tuple[Outcome, str], list[Check]] = {}
    for check in results.checks:
        if check.outcome in {"skipped", "not-applicable"}:
            groups.setdefault((check.outcome, check.message), []).append(check)
    found = [Unjudged(outcome, why, tuple(group)) for (outcome, why), group in groups.items()]
    return tuple(sorted(found, key=lambda group: -len(group.checks)))


def finding(message: str) -> str:
    """Return what a message says apart from the place before it and from what varies.

    >>> finding("GET /promotion?limit=2: 35 found, 1 expected")
    '… found, … expected'
    """
    return _VARYING.sub(_VARIABLE, message.rpartition(": ")[2]).strip().rstrip(".").lower()


def _root(check: Check, blockers: Mapping[str, Check]) -> str:
    """Return the id of the check at the end of the chain of `blocked_by`."""
    seen = {check.id}
    while check.outcome == "blocked" and check.blocked_by:
        if check.blocked_by in seen:
            return check.id
        seen.add(check.blocked_by)
        blocker = blockers.get(check.blocked_by)
        if blocker is None:
            return check.blocked_by
        check = blocker
    return check.id


def _grouped(checks: Sequence[Check]) -> Iterable[tuple[Kind, str, list[Check]]]:
    left = list(checks)
    while left:
        counts = Counter(trait for check in left for trait in _traits(check))
        kind, shared = max(
            counts,
            key=lambda trait: (counts[trait], -_KINDS.index(trait[0])),
            default=("alone", ""),
        )
        if counts[kind, shared] < 2:
            break
        yield kind, shared, [check for check in left if (kind, shared) in _traits(check)]
        left = [check for check in left if (kind, shared) not in _traits(check)]
    for check in left:
        yield "alone", "", [check]


def _traits(check: Check) -> list[tuple[Kind, str]]:
    """Return the traits of a check, each once, in a fixed order."""
    traits: list[tuple[Kind, str]] = []
    if check.message:
        traits.append(("finding", finding(check.message)))
    if members := _members(check.observed):
        traits.append(("observed", members))
    if check.hint:
        traits.append(("hint", check.hint))
    traits += [("requirement", requirement) for requirement in dict.fromkeys(check.requirements)]
    return traits


def _members(observed: Any) -> str:
    if not isinstance(observed, (dict, list)) or len(observed) > _MOST_MEMBERS:
        return ""
    if not all(isinstance(name, str) for name in observed):
        return ""
    return ", ".join(sorted(observed))


def _title(kind: Kind, shared: str, group: Sequence[Check], texts: Mapping[str, str]) -> str:
    first = group[0]
    said = first.message or first.title
    if kind == "requirement":
        return texts.get(shared, shared)
    if kind == "hint":
        return shared
    if kind == "finding":
        if _VARIABLE not in shared:
            return first.message.rpartition(": ")[2]
        hints = Counter(check.hint for check in group if check.hint)
        return hints.most_common(1)[0][0] if hints else said
    return said


def _urgency(cause: Cause, place: Mapping[str, int]) -> tuple[int, int, int, int, int]:
    """Decisive first, then the bindingness, then how much the cause explains, then the order."""
    worst = cause.outcome
    decisive = [check for check in cause.checks if check.outcome == worst]
    return (
        _MOST_URGENT_FIRST.index(worst),
        min(LEVELS.index(check.level) for check in decisive),
        -len(decisive),
        -len(cause.blocked),
        place[cause.checks[0].id],
    )
