"""Paths of a JSON Patch Query: where in a resource an operation applies.

TMF630 Part 5 v4.0.0 knows two spellings. `/pattern/action?pattern.name=x` is a JSON Pointer that
names arrays without an index, with conditions on their elements in the grammar of attribute
filters, joined by `&`. `pattern[?(@.name=='x')].action` is a JSON Path (Part 6). Both may lead to
several places.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from jsonpointer import JsonPointer

from mockserver.patch.json_patch import pointer
from mockserver.query.filtering import (
    Alternatives,
    Comparison,
    Condition,
    Filter,
    Match,
    check_weight,
    merge_repeated,
    parse_alternatives,
)
from mockserver.query.json_path import parse_json_path
from mockserver.query.paths import Path
from mockserver.query.text import split_raw

Place = tuple[str | int, ...]


def places(path: str, document: Any, named: str) -> list[Place]:
    """Return the places that `path` leads to, the last one first.

    In this order an index still means the same element when what comes before is removed. The last
    name of a place need not exist yet, as `add` creates it.

    Args:
        path: the path of an operation, in either spelling.
        document: the resource as it is when the operation applies.
        named: how messages name the operation.

    Raises:
        ProblemError: 400, the path begins with a slash and is no JSON Pointer.
        QueryError: a condition or the JSON Path is malformed.

    """
    if path.startswith("/") or not path:
        text, _, conditions = path.partition("?")
        steps = tuple(pointer(text, named).parts)
        found = list(_Walk(_conditions(conditions), steps).places(document))
        return _last_first(found if found or conditions else [steps])
    parsed = parse_json_path(path)
    named_last = parsed.split_name()
    if named_last is None:
        return _last_first(parsed.locations(document))
    before, name = named_last
    return _last_first((*location, name) for location in before.locations(document))


def _last_first(found: Iterable[Place]) -> list[Place]:
    """Return the places, each once; indices and names are never compared with each other."""
    return sorted(
        set(found),
        key=lambda place: [(isinstance(step, int), step) for step in place],
        reverse=True,
    )


def pointer_to(place: Place) -> str:
    """Return the JSON Pointer (RFC 6901) of a place."""
    return str(JsonPointer.from_parts(place).path)


def _conditions(text: str) -> Filter:
    """Parse the conditions of a path, whose text is JSON's and therefore not percent-encoded."""
    raw = text.replace("%", "%25").replace("+", "%2B")
    conditions = merge_repeated(parse_alternatives(part) for part in split_raw(raw, "&") if part)
    check_weight(conditions)
    return conditions


class _Walk:
    """The way of a pointer without indices through a document, under conditions."""

    def __init__(self, conditions: Filter, steps: tuple[str, ...]) -> None:
        self._conditions = conditions
        self._steps = steps

    def places(self, document: Any) -> Iterator[Place]:
        if self._accepts(document, ()):
            yield from self._from(document, (), (), self._steps)

    def _from(
        self, value: Any, place: Place, names: Path, steps: tuple[str, ...]
    ) -> Iterator[Place]:
        """Give the places below `value`, which is at `place` and has `names` as its dotted path."""
        elements_meant = bool(steps) and not _is_index(steps[0])
        if isinstance(value, list) and (elements_meant or (not steps and self._about(names))):
            for index, element in enumerate(value):
                if self._accepts(element, names):
                    yield from self._below(element, (*place, index), names, steps)
        else:
            yield from self._below(value, place, names, steps)

    def _below(
        self, value: Any, place: Place, names: Path, steps: tuple[str, ...]
    ) -> Iterator[Place]:
        if not steps:
            yield place
            return
        step, rest = steps[0], steps[1:]
        if isinstance(value, list):
            yield from self._indexed(value, place, names, steps)
        elif isinstance(value, dict) and step in value:
            yield from self._from(value[step], (*place, step), (*names, step), rest)
        elif isinstance(value, dict) and not rest:
            yield (*place, step)

    def _indexed(
        self, value: list[Any], place: Place, names: Path, steps: tuple[str, ...]
    ) -> Iterator[Place]:
        step, rest = steps[0], steps[1:]
        if step.isdecimal() and len(step) < 10 and int(step) < len(value):
            yield from self._from(value[int(step)], (*place, int(step)), names, rest)
        elif not rest:
            yield (*place, step)

    def _about(self, names: Path) -> bool:
        """Tell whether a condition concerns what is at `names`, or below it."""
        return any(_concerns(group, names) for group in self._conditions)

    def _accepts(self, value: Any, names: Path) -> bool:
        """Tell whether the value at `names` satisfies all conditions that concern it."""
        return all(
            any(_below_names(condition, len(names)).holds(value) for condition in group)
            for group in self._conditions
            if _concerns(group, names)
        )


def _concerns(group: Alternatives, names: Path) -> bool:
    return all(condition.path[: len(names)] == names for condition in group)


def _below_names(condition: Condition, depth: int) -> Condition:
    """Return the condition as it reads for a value whose dotted path has `depth` names."""
    path = condition.path[depth:]
    if isinstance(condition, Match):
        return Match(path, condition.pattern, condition.compiled)
    return Comparison(path, condition.operator, condition.operands)


def _is_index(step: str) -> bool:
    return step == "-" or step.isdecimal()
