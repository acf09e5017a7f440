"""Dotted attribute paths such as `pattern.action.actionType`, through objects and arrays."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.query.errors import QueryError

Path = tuple[str, ...]

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


def resolve(value: Any, path: Path) -> Iterator[Any]:
    """Yield every value that `path` reaches, through arrays; nothing where it leads nowhere."""
    if isinstance(value, list):
        for element in value:
            yield from resolve(element, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from resolve(value[path[0]], path[1:])
