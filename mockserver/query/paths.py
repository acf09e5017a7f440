"""Dotted attribute paths such as `pattern.action.actionType`, through objects and arrays."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.query.errors import QueryError

Path = tuple[str, ...]

_JSON_PATH_STEP = re.compile(r"\.(@?[A-Za-z_][\w\-]*)|\['([^'\\]+)'\]|\[\*\]")
_NAME = re.compile(r"@?[A-Za-z_$][\w$\-]*")


def parse_path(text: str) -> Path:
    """Split a dotted attribute name.

    Raises:
        QueryError: a segment cannot be the name of an attribute.

    """
    path = tuple(text.split("."))
    if not all(_NAME.fullmatch(segment) for segment in path):
        raise QueryError(text, "is no attribute name")
    return path


def dotted(text: str) -> str:
    """Return the dotted name that a JSON Path in `fields` or `sort` stands for.

    TMF630 Part 6 allows one there; a path of names and wildcards, `$.pattern[*].name`, is what a
    dotted name says already. A name that is no JSON Path comes back as it is.

    Raises:
        QueryError: it is a JSON Path with anything else, such as a condition or an index.

    """
    if not text.startswith("$"):
        return text
    names, place = [], 1
    while place < len(text):
        step = _JSON_PATH_STEP.match(text, place)
        if step is None:
            raise QueryError(text, "is no JSON Path of attribute names and [*] only")
        names += [name for name in step.groups() if name is not None]
        place = step.end()
    if not names:
        raise QueryError(text, "names no attribute")
    return ".".join(names)


def resolve(value: Any, path: Path) -> Iterator[Any]:
    """Yield every value that `path` reaches, through arrays; nothing where it leads nowhere."""
    if isinstance(value, list):
        for element in value:
            yield from resolve(element, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from resolve(value[path[0]], path[1:])
