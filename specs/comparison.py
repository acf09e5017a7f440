"""What another description of TMF671 lacks, changes or adds, against one of this package.

Schemas are found through the operations that use them, not by name, since generated descriptions
name them as they like. Attributes that the other description adds are an extension and legal.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specs.description import ApiDescription
from specs.errata import METHODS

Schema = Mapping[str, Any]

MANDATORY = (("GET", "/promotion"), ("POST", "/promotion"), ("GET", "/promotion/{}"))
OPTIONAL = (
    ("PATCH", "/promotion/{}"),
    ("DELETE", "/promotion/{}"),
    ("POST", "/hub"),
    ("DELETE", "/hub/{}"),
)
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Deviation:
    """One place where the descriptions differ; `where` such as `pattern[].action[].actionType`."""

    where: str
    expected: Any
    observed: Any


def missing_operations(
    theirs: ApiDescription, wanted: tuple[tuple[str, str], ...]
) -> list[Deviation]:
    """Return the wanted operations that the other description does not have."""
    there = {(found.method, _anonymous(found.path)) for found in theirs.operations()}
    return [
        Deviation(f"{method} {path}", "declared", "absent")
        for method, path in wanted
        if (method, path) not in there
    ]


def missing_attributes(ours: ApiDescription, theirs: ApiDescription) -> list[Deviation]:
    """Return the attributes of a retrieved promotion that the other description lacks."""
    return [
        Deviation(where, _kind(ours, expected), "absent")
        for where, expected, observed in _paired(ours, theirs)
        if observed is None
    ]


def changed_types(ours: ApiDescription, theirs: ApiDescription) -> list[Deviation]:
    """Return the attributes of a retrieved promotion whose JSON type is another one."""
    return [
        Deviation(where, _kind(ours, expected), _kind(theirs, observed))
        for where, expected, observed in _paired(ours, theirs)
        if observed is not None
        and None not in (_kind(ours, expected), _kind(theirs, observed))
        and _kind(ours, expected) != _kind(theirs, observed)
    ]


def extra_mandatory(ours: ApiDescription, theirs: ApiDescription) -> list[Deviation]:
    """Return the attributes that only the other description makes mandatory in a create."""
    required = set(_resolved(ours, _input(ours)).get("required", ()))
    found = _resolved(theirs, _input(theirs)).get("required", ())
    return [
        Deviation(name, "optional", "mandatory") for name in sorted(found) if name not in required
    ]


def _paired(
    ours: ApiDescription, theirs: ApiDescription
) -> Iterator[tuple[str, Schema, Schema | None]]:
    """Yield each attribute of a promotion with our schema and theirs, None where it is absent."""
    yield from _pairs(ours, _output(ours), theirs, _output(theirs), "", 0)


def _pairs(
    ours: ApiDescription,
    one: Schema,
    theirs: ApiDescription,
    other: Schema,
    path: str,
    depth: int,
) -> Iterator[tuple[str, Schema, Schema | None]]:
    if depth > _DEEPEST:
        return
    there = _resolved(theirs, other).get("properties", {})
    for name, expected in _resolved(ours, one).get("properties", {}).items():
        where = f"{path}.{name}" if path else name
        observed = there.get(name)
        yield where, expected, observed
        if observed is None:
            continue
        inner, other_inner = _resolved(ours, expected), _resolved(theirs, observed)
        if inner.get("type") == "array":
            where += "[]"
            inner, other_inner = inner.get("items", {}), other_inner.get("items", {})
        yield from _pairs(ours, inner, theirs, other_inner, where, depth + 1)


def _kind(api: ApiDescription, schema: Schema) -> str | None:
    """Return the JSON type of a schema; None where it leaves the type open."""
    resolved = _resolved(api, schema)
    kinds = resolved.get("type")
    if isinstance(kinds, list):
        kinds = next((kind for kind in kinds if kind != "null"), None)
    if kinds is None and "properties" in resolved:
        return "object"
    return kinds if isinstance(kinds, str) else None


def _output(api: ApiDescription) -> Schema:
    """Return the schema of the answer to GET /promotion/{id}."""
    operation = _operation(api, "get", "/promotion/{}")
    answers = operation.get("responses", {})
    answer = _dereferenced(api, answers.get("200", answers.get(200, answers.get("default", {}))))
    return _content(answer)


def _input(api: ApiDescription) -> Schema:
    """Return the schema of the body of POST /promotion."""
    operation = _operation(api, "post", "/promotion")
    for parameter in operation.get("parameters", ()):
        if (found := _dereferenced(api, parameter)).get("in") == "body":
            schema: Schema = found.get("schema", {})
            return schema
    return _content(_dereferenced(api, operation.get("requestBody", {})))


def _content(holder: Schema) -> Schema:
    if "schema" in holder:
        schema: Schema = holder["schema"]
        return schema
    for media in (holder.get("content") or {}).values():
        if isinstance(media, dict) and "schema" in media:
            found: Schema = media["schema"]
            return found
    return {}


def _operation(api: ApiDescription, method: str, path: str) -> Schema:
    assert method in METHODS
    for template, item in api.document["paths"].items():
        if _anonymous(template.rstrip("/")).endswith(path) and isinstance(item.get(method), dict):
            operation: Schema = item[method]
            return operation
    return {}


def _resolved(api: ApiDescription, schema: Any, depth: int = 0) -> dict[str, Any]:
    """Return a schema with its reference followed and its allOf merged, to a bounded depth."""
    if depth > _DEEPEST:
        return {}
    found = dict(_dereferenced(api, schema))
    for part in found.pop("allOf", ()):
        merged = _resolved(api, part, depth + 1)
        properties = {**merged.get("properties", {}), **found.get("properties", {})}
        required = [*merged.get("required", ()), *found.get("required", ())]
        found = {**merged, **found}
        if properties:
            found["properties"] = properties
        if required:
            found["required"] = required
    return found


def _dereferenced(api: ApiDescription, node: Any) -> Schema:
    for _ in range(_DEEPEST):
        if not isinstance(node, dict):
            return {}
        reference = node.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return node
        target: Any = api.document
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            target = target.get(key) if isinstance(target, dict) else None
        node = target
    return {}


def _anonymous(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)
