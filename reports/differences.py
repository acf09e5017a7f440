"""Expected beside observed, with the lines that differ."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

LONGEST_VALUE = 4096
"""Characters of a value that the page shows."""
_MOST_LINES = 400


@dataclass(frozen=True)
class Line:
    """A line of a pretty-printed value; `differs` when the other side does not have it."""

    text: str
    differs: bool


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
    same_left, same_right = _common(left, right)
    return Comparison(_marked(left, same_left), _marked(right, same_right), left_cut or right_cut)


def _lines(value: Any) -> tuple[list[str], bool]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    lines = text[:LONGEST_VALUE].splitlines() or [""]
    cut = len(text) > LONGEST_VALUE or len(lines) > _MOST_LINES
    return lines[:_MOST_LINES], cut


def _common(left: list[str], right: list[str]) -> tuple[set[int], set[int]] | tuple[None, None]:
    # A comma after the last member is no difference.
    matcher = SequenceMatcher(
        None, [line.rstrip(",") for line in left], [line.rstrip(",") for line in right], False
    )
    same_left: set[int] = set()
    same_right: set[int] = set()
    for i, j, length in matcher.get_matching_blocks():
        same_left.update(range(i, i + length))
        same_right.update(range(j, j + length))
    # Values without a line in common differ as a whole.
    return (same_left, same_right) if same_left else (None, None)


def _marked(lines: list[str], same: set[int] | None) -> tuple[Line, ...]:
    return tuple(Line(text, same is not None and i not in same) for i, text in enumerate(lines))
