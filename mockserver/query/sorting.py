"""Sorting: `sort=lifecycleStatus,-validFor.startDateTime`.

TMF630 Part 1 v4.0.2 §4.7: ascending unless `-` precedes the name, dotted names allowed. The sort is
stable and a resource without the attribute comes last in both directions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from mockserver.query.errors import QueryError
from mockserver.query.paths import Path, dotted, parse_path, resolve
from mockserver.query.values import parse_moment

MAX_KEYS = 32

_Resource = TypeVar("_Resource")


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of a sort."""

    path: Path
    descending: bool


def parse_sort(text: str) -> tuple[SortKey, ...]:
    """Parse the decoded value of `sort`, where a blank may stand for a form-decoded `+`.

    Raises:
        QueryError: a part cannot be the name of an attribute, or there are more than `MAX_KEYS`.

    """
    keys = tuple(_key(part) for part in text.split(",") if part.strip(" +"))
    if len(keys) > MAX_KEYS:
        raise QueryError("sort", f"has more than {MAX_KEYS} keys")
    return keys


def sort(resources: Iterable[_Resource], keys: Sequence[SortKey]) -> list[_Resource]:
    """Return `resources` by the first key, ties by the next, then as they came."""
    ordered = list(resources)
    for key in reversed(keys):
        ranked = [(rank(resource, key.path), resource) for resource in ordered]
        present = [(rank, resource) for rank, resource in ranked if rank is not None]
        absent = [resource for rank, resource in ranked if rank is None]
        present.sort(key=lambda pair: pair[0], reverse=key.descending)
        ordered = [resource for _, resource in present] + absent
    return ordered


def _key(part: str) -> SortKey:
    name = part.strip()
    return SortKey(parse_path(dotted(name.lstrip("+-"))), descending=name.startswith("-"))


def rank(resource: Any, path: Path) -> tuple[int, Any] | None:
    """Return a totally ordered key for the first value at `path`: numbers, times, texts, rest.

    None where there is no value.
    """
    for value in resolve(resource, path):
        match value:
            case None:
                continue
            case bool():
                return (3, value)
            case int() | float():
                return (0, value)
            case str():
                moment = parse_moment(value)
                return (2, value) if moment is None else (1, moment.instant)
    return None
