"""Attribute filters: parse them, and evaluate them against JSON objects.

TMF630 Part 1 v4.2.0 §4.4: different names are ANDed; a repeated name, a comma and a semicolon are
OR; the operators are `.eq .gt .gte .lt .lte .regex` and their glued forms `%3E %3E%3D %3C %3C%3D
%3D%3D %3D~ *=`. A dotted path through an array holds if any element does.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.query.errors import QueryError
from mockserver.query.paths import Path, parse_path, resolve
from mockserver.query.regular_expressions import MAX_SIZE, Pattern, compile_pattern
from mockserver.query.text import decode, split_raw, split_values, unquote_value
from mockserver.query.values import Operand, equals, ordering

_GLUED = re.compile(
    r"(?P<gte>(?:%3E|>)(?:%3D|=))|(?P<gt>%3E|>)"
    r"|(?P<lte>(?:%3C|<)(?:%3D|=))|(?P<lt>%3C|<)"
    r"|(?P<regex>=~|%3D(?:~|%7E)|(?:\*|%2A)(?:=|%3D))"
    r"|(?P<eq>==|%3D%3D|=|%3D)",
    re.IGNORECASE,
)
_HOLDS: Mapping[str, Callable[[Any, Operand], bool]] = {
    "eq": equals,
    "gt": ordering(lambda sign: sign > 0),
    "gte": ordering(lambda sign: sign >= 0),
    "lt": ordering(lambda sign: sign < 0),
    "lte": ordering(lambda sign: sign <= 0),
}
OPERATORS = (*_HOLDS, "regex")
MAX_WEIGHT = MAX_SIZE


@dataclass(frozen=True, slots=True)
class Comparison:
    """`path operator operand`, where any one of `operands` suffices."""

    path: Path
    operator: str
    operands: tuple[Operand, ...]

    @property
    def weight(self) -> int:
        """What it costs to ask it of one value, in comparisons."""
        return len(self.operands)

    def accepts(self, value: Any) -> bool:
        """Tell whether a value that was found at the path satisfies any operand."""
        compare = _HOLDS[self.operator]
        return any(compare(value, operand) for operand in self.operands)

    def holds(self, resource: Any) -> bool:
        """Tell whether any value at the path satisfies any operand."""
        return any(map(self.accepts, resolve(resource, self.path)))


@dataclass(frozen=True, slots=True)
class Match:
    """`path` matches a regular expression (RE2 syntax, found anywhere, in linear time)."""

    path: Path
    pattern: str
    compiled: Pattern

    operator = "regex"

    @property
    def weight(self) -> int:
        """What it costs to ask it of one value, in comparisons."""
        return self.compiled.programsize

    def accepts(self, value: Any) -> bool:
        """Tell whether a value that was found at the path, as text, holds a match."""
        return self.compiled.search(_as_text(value)) is not None

    def holds(self, resource: Any) -> bool:
        """Tell whether any value at the path, as text, holds a match."""
        return any(map(self.accepts, resolve(resource, self.path)))


Condition = Comparison | Match
Alternatives = tuple[Condition, ...]
Filter = tuple[Alternatives, ...]


def matches(resource: Any, conditions: Filter) -> bool:
    """Tell whether `resource` satisfies one alternative of each group; no group: always."""
    return all(any(c.holds(resource) for c in alternatives) for alternatives in conditions)


def parse_alternatives(raw: str) -> Alternatives:
    """Parse what stands between two `&`: one condition, or several joined by semicolons.

    `a=1;a=2`, `a=1;2` and `t%3C2013;t%3E2017` are all understood.

    Raises:
        QueryError: a part has no operator, no attribute name, or no valid regular expression.

    """
    conditions: list[Condition] = []
    for piece in split_raw(raw, ";"):
        found = _GLUED.search(piece)
        if found is None and conditions:
            last = conditions[-1]
            conditions.append(_condition(".".join(last.path), last.operator, piece))
        elif found is None:
            raise QueryError(decode(piece), "has no operator, such as = or .gt=")
        else:
            name, operator = split_operator(piece, found)
            conditions.append(_condition(name, operator, piece[found.end() :]))
    return tuple(conditions)


def split_operator(piece: str, found: re.Match[str]) -> tuple[str, str]:
    """Return attribute name and operator of a raw comparison whose glued operator is `found`."""
    name, operator = decode(piece[: found.start()]).strip(), str(found.lastgroup)
    stem, dot, suffix = name.rpartition(".")
    if dot and operator == "eq" and suffix in OPERATORS:
        return stem, suffix
    return name, operator


def find_operator(piece: str) -> re.Match[str] | None:
    """Find the leftmost operator of a raw comparison."""
    return _GLUED.search(piece)


def merge_repeated(groups: Iterable[Alternatives]) -> Filter:
    """Join the groups that put the same question to the same attribute: `a=1&a=2` is OR."""
    merged: dict[object, Alternatives] = {}
    for index, group in enumerate(groups):
        questions = {(condition.path, condition.operator) for condition in group}
        key = questions.pop() if len(questions) == 1 else index
        merged[key] = merged.get(key, ()) + group
    return tuple(merged.values())


def check_weight(conditions: Filter) -> None:
    """Check that a filter is not too much work.

    Raises:
        QueryError: it asks for more than `MAX_WEIGHT` comparisons of each resource.

    """
    weight = sum(condition.weight for group in conditions for condition in group)
    if weight > MAX_WEIGHT:
        raise QueryError("the filter", f"asks for more than {MAX_WEIGHT} comparisons")


def _condition(name: str, operator: str, raw_value: str) -> Condition:
    path = parse_path(name)
    text = decode(raw_value)
    if operator == "regex":
        pattern = unquote_value(text)
        return Match(path, pattern, compile_pattern(pattern))
    values = split_values(text)
    if len(values) > 1 and "," not in raw_value:
        # Most HTTP clients encode every comma, so %2C may be data as well as OR: take both.
        values.append(text)
    return Comparison(path, operator, tuple(Operand(value) for value in values))


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, dict) else str(value)
