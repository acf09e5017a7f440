"""Whether the attributes of a query make sense, by the schema of the resource.

An unknown name may be an attribute of an extension, so it is no mistake. But what the schema has as
a text or a number has no attributes below it (`name.ge=5`), what it has as an object cannot be
compared or sorted by (`validFor=2026`), a date-time has no order with what is no date, nor a number
with what is no number.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.query.errors import QueryError
from mockserver.query.filtering import OPERATORS, Comparison, Condition
from mockserver.query.paths import Path
from mockserver.query.request import Query
from mockserver.query.values import Operand

_SCALARS = {"string", "number", "integer", "boolean"}
_ORDERING = {"gt", "gte", "lt", "lte"}
_YEAR_OR_MONTH = re.compile(r"\d{4}(-\d{2})?", re.ASCII)


def check_attributes(query: Query, schema: Mapping[str, Any]) -> None:
    """Check the paths of filters, `fields` and `sort`, and what filters compare them with.

    Args:
        query: the query.
        schema: a self-contained JSON Schema with its parts under `$defs`.

    Raises:
        QueryError: a path goes on below a text, a number or a boolean, or ends at an object that is
            compared or sorted by; or an order is asked for that does not exist.

    """
    for group in query.conditions:
        for condition in group:
            _check_condition(condition, _node(condition.path, schema))
    for path in query.selection or ():
        _node(path, schema)
    for key in query.sort:
        _refuse_object(key.path, _node(key.path, schema))


def _check_condition(condition: Condition, node: Mapping[str, Any]) -> None:
    _refuse_object(condition.path, node)
    if not isinstance(condition, Comparison) or condition.operator not in _ORDERING:
        return
    for operand in condition.operands:
        reason = _no_order(operand, node)
        if reason:
            part = f"{'.'.join(condition.path)}.{condition.operator}={operand.text}"
            raise QueryError(part, reason)


def _no_order(operand: Operand, node: Mapping[str, Any]) -> str:
    """Return why values of the schema `node` have no order with `operand`, or ""."""
    if node.get("type") == "boolean":
        return "true and false have no order"
    if node.get("type") in {"number", "integer"} and operand.number is None:
        return "is compared with a number, which this is not"
    if node.get("format") == "date-time" and not _is_temporal(operand):
        return "is compared with a date or a date-time, which this is not"
    return ""


def _is_temporal(operand: Operand) -> bool:
    known = operand.day is not None or operand.moment is not None
    return known or _YEAR_OR_MONTH.fullmatch(operand.text) is not None


def _refuse_object(path: Path, node: Mapping[str, Any]) -> None:
    attributes = node.get("properties")
    if attributes:
        example = f"{'.'.join(path)}.{next(iter(attributes))}"
        raise QueryError(
            ".".join(path), f"is an object; name an attribute of it, such as {example}"
        )


def _node(path: Iterable[str], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema at the end of a path; {} where it leads into an extension.

    Raises:
        QueryError: the path goes on below a scalar.

    """
    node, leading = _resolved(schema, schema), ""
    for name in path:
        if node.get("type") in _SCALARS:
            raise QueryError(
                ".".join(path),
                f"{leading} has no attributes; operators are .{', .'.join(OPERATORS)}",
            )
        child = node.get("properties", {}).get(name)
        if child is None:
            return {}
        leading = f"{leading}.{name}" if leading else name
        node = _resolved(child, schema)
    return node


def _resolved(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references and arrays down to an object or a scalar."""
    while "$ref" in node or "items" in node:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].removeprefix("#/$defs/")]
        else:
            node = node["items"]
    return node
