"""Whether the attribute paths of a query can lead anywhere, by the schema of the resource.

An unknown name may be an attribute of an extension, so it is no mistake. What the schema has as a
text or a number has no attributes below it, and a path that goes on there is one: `name.ge=5`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.query.errors import QueryError
from mockserver.query.filtering import OPERATORS
from mockserver.query.paths import Path
from mockserver.query.request import Query

_SCALARS = {"string", "number", "integer", "boolean"}


def check_attributes(query: Query, schema: Mapping[str, Any]) -> None:
    """Check the paths of filters, `fields` and `sort`.

    Args:
        query: the query.
        schema: a self-contained JSON Schema with its parts under `$defs`.

    Raises:
        QueryError: a path goes on below a text, a number or a boolean.

    """
    for path in _paths(query):
        leaf = _scalar_above(path, schema)
        if leaf:
            raise QueryError(
                ".".join(path),
                f"{leaf} has no attributes; operators are .{', .'.join(OPERATORS)}",
            )


def _paths(query: Query) -> Iterable[Path]:
    for group in query.conditions:
        for condition in group:
            yield condition.path
    yield from query.selection or ()
    for key in query.sort:
        yield key.path


def _scalar_above(path: Path, schema: Mapping[str, Any]) -> str:
    """Return the dotted name of the scalar that a longer path runs into, or ""."""
    node = _resolved(schema, schema)
    for depth, name in enumerate(path[:-1], start=1):
        child = node.get("properties", {}).get(name)
        if child is None:
            return ""
        node = _resolved(child, schema)
        if node.get("type") in _SCALARS:
            return ".".join(path[:depth])
    return ""


def _resolved(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references and arrays down to an object or a scalar."""
    while "$ref" in node or "items" in node:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].removeprefix("#/$defs/")]
        else:
            node = node["items"]
    return node
