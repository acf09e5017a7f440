"""Expected beside observed, with what differs marked in its line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_VALUE = 4096
"""Characters of a value that the page shows."""
_MOST_LINES = 400
_ALIKE = 0.5
"""From this ratio on two lines are versions of one line, and only their parts are marked."""
_TOKEN = re.compile(r"[\w-]+|\s+|[^\w\s]")
_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Part:
    """A piece of a line; `differs` when the line beside it does not have it."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Line:
    """A line of a pretty-printed value; `differs` when the other side does not have it."""

    parts: tuple[Part, ...]
    differs: bool

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True)
class Comparison:
    """Both values line by line; `cut` when one of them was longer than what is shown."""

    expected: tuple[Line, ...]
    observed: tuple[Line, ...]
    cut: bool


def compare(expected: Any, observed: Any) -> Comparison | None:
    """Return the comparison of two JSON values; None when there is nothing to compare."""
    if expected is None and observed is None:
        return None
    left, left_cut = _lines(expected)
    right, right_cut = _lines(observed)
    sides = _marked(left, right) or (_plain(left), _plain(right))
    return Comparison(*sides, left_cut or right_cut)


def _lines(value: Any) -> tuple[list[str], bool]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    lines = text[:LONGEST_VALUE].splitlines() or [""]
    cut = len(text) > LONGEST_VALUE or len(lines) > _MOST_LINES
    return lines[:_MOST_LINES], cut


def _marked(left: list[str], right: list[str]) -> tuple[tuple[Line, ...], tuple[Line, ...]] | None:
    """Return both sides with their differences; None when they have nothing in common."""
    # A comma after the last member is no difference.
    bare = [line.rstrip(",") for line in left], [line.rstrip(",") for line in right]
    matcher = SequenceMatcher(None, *bare, autojunk=False)
    expected: list[Line] = []
    observed: list[Line] = []
    in_common = False
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        ours, theirs = left[i:i_end], right[j:j_end]
        if kind == "equal":
            in_common = True
            expected += _plain(ours)
            observed += _plain(theirs)
            continue
        pairs = _versions(ours, theirs)
        in_common = in_common or bool(pairs)
        expected += _against(ours, {a: theirs[b] for a, b in pairs})
        observed += _against(theirs, {b: ours[a] for a, b in pairs})
    return (tuple(expected), tuple(observed)) if in_common else None


def _versions(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """Return which lines of two changed blocks are versions of each other, in rising order."""
    pairs: list[tuple[int, int]] = []
    start = 0
    for i, line in enumerate(ours):
        for j in range(start, len(theirs)):
            if _member(line) == _member(theirs[j]) and _ratio(line, theirs[j]) >= _ALIKE:
                pairs.append((i, j))
                start = j + 1
                break
    return pairs


def _member(line: str) -> str:
    """Return the name of the member that a line of pretty-printed JSON holds, if any."""
    name, colon, _ = line.partition('": ')
    return name.strip() if colon else ""


def _ratio(one: str, other: str) -> float:
    words = _WORD.findall(one), _WORD.findall(other)
    return SequenceMatcher(None, *words, autojunk=False).ratio()


def _tokens(line: str) -> list[str]:
    return _TOKEN.findall(line.rstrip(","))


def _plain(lines: Iterable[str]) -> tuple[Line, ...]:
    return tuple(Line((Part(line, differs=False),), differs=False) for line in lines)


def _against(lines: Sequence[str], versions: dict[int, str]) -> Iterator[Line]:
    for i, line in enumerate(lines):
        if i in versions:
            yield Line(tuple(_parts(line, versions[i])), differs=True)
        else:
            indent = line[: len(line) - len(line.lstrip())]
            alone = Part(indent, differs=False), Part(line[len(indent) :], differs=True)
            yield Line(alone, differs=True)


def _parts(line: str, version: str) -> Iterator[Part]:
    tokens = _tokens(line)
    matcher = SequenceMatcher(None, tokens, _tokens(version), autojunk=False)
    for kind, i, i_end, _j, _j_end in matcher.get_opcodes():
        if text := "".join(tokens[i:i_end]):
            yield Part(text, differs=kind != "equal")
    if line.endswith(","):
        yield Part(line[len(line.rstrip(",")) :], differs=False)
