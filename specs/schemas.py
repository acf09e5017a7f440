"""The schemas of an API description as JSON Schema 2020-12.

Swagger 2.0 and OpenAPI 3.0 use a dialect of their own; OpenAPI 3.1 uses JSON Schema 2020-12 with a
few additional words.
"""

from collections.abc import Callable, Mapping
from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_REFERENCES = ("#/definitions/", "#/components/schemas/")
_NO_ASSERTION = {"discriminator", "xml", "example", "externalDocs", "nullable"}
_HOLDS_SCHEMA = {
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
}
_HOLDS_LIST = {"allOf", "anyOf", "oneOf", "prefixItems"}
_HOLDS_MAP = {"$defs", "dependentSchemas", "patternProperties", "properties"}


class UnknownSchemaError(KeyError):
    """A schema that is named or referred to, but that the description does not have."""

    def __str__(self) -> str:
        """Return the message without the quotes that KeyError adds."""
        return str(self.args[0])


def named_schemas(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas of a Swagger 2.0 or OpenAPI 3.x document, by name."""
    if "swagger" in document:
        schemas = document.get("definitions")
    else:
        schemas = (document.get("components") or {}).get("schemas")
    return schemas if isinstance(schemas, dict) else {}


def self_contained(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return one schema as JSON Schema 2020-12, with all it refers to under ``$defs``.

    Raises:
        UnknownSchemaError: the schema, or one it refers to, is not in the document.

    """
    schemas = named_schemas(document)
    older = not str(document.get("openapi", "")).startswith("3.1")
    definitions: dict[str, Any] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in definitions:
            continue
        if current not in schemas:
            raise UnknownSchemaError(f"no schema {current!r}; there are {', '.join(schemas)}")
        definitions[current] = _converted(schemas[current], waiting.append, older=older)
    return {"$schema": DIALECT, "$ref": f"#/$defs/{name}", "$defs": definitions}


def _converted(schema: Any, refer: Callable[[str], None], *, older: bool) -> Any:
    """Convert one schema; ``refer`` is told each name that it refers to.

    ``older`` marks the dialect of Swagger 2.0 and OpenAPI 3.0, where the siblings of ``$ref`` have
    no meaning and where ``nullable`` and boolean ``exclusiveMinimum`` exist.
    """
    if not isinstance(schema, dict):
        return schema
    if older and "$ref" in schema:
        return {"$ref": _local(schema["$ref"], refer)}
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _NO_ASSERTION or key.startswith("x-"):
            continue
        if key == "$ref":
            found[key] = _local(value, refer)
        elif key in _HOLDS_SCHEMA:
            found[key] = _converted(value, refer, older=older)
        elif key in _HOLDS_LIST and isinstance(value, list):
            found[key] = [_converted(item, refer, older=older) for item in value]
        elif key in _HOLDS_MAP and isinstance(value, dict):
            found[key] = {
                name: _converted(item, refer, older=older) for name, item in value.items()
            }
        else:
            found[key] = value
    return _with_older_words(found, schema) if older else found


def _with_older_words(found: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Express OpenAPI 3.0's nullable, boolean exclusive limits and Swagger's file type."""
    if found.get("type") == "file":
        del found["type"]
    if schema.get("nullable") is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
        if "enum" in found and None not in found["enum"]:
            found["enum"] = [*found["enum"], None]
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        flag = found.get(exclusive)
        if isinstance(flag, bool):
            del found[exclusive]
            if flag and limit in found:
                found[exclusive] = found.pop(limit)
    return found


def _local(reference: Any, refer: Callable[[str], None]) -> str:
    for prefix in _REFERENCES:
        if isinstance(reference, str) and reference.startswith(prefix):
            name = reference.removeprefix(prefix)
            refer(name)
            return f"#/$defs/{name}"
    raise UnknownSchemaError(f"reference to {reference!r}, which is not a schema of this file")
