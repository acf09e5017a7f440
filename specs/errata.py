"""Corrections to a published API description, for tools that take every word of it literally.

The descriptions in this package are already corrected; a published file is corrected in a copy.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from specs.schemas import named_schemas

METHODS = ("get", "post", "put", "patch", "delete", "options", "head", "trace")

_EVERYWHERE = ("406", "422", "429", "501", "503")
_WITH_BODY = ("413", "415")
_MERGE_PATCH = "application/merge-patch+json"


def corrected(document: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a Swagger 2.0 or OpenAPI 3.x document with its known mistakes corrected.

    - The codes that TMF630 uses but the TMF671 Swagger leaves out are declared (TMF630 Part 1
      v4.x §3.3), 206 and 416 on lists and 412 on changes among them.
    - List and retrieve answer Promotion, not Promotion_Create (TMF671 Swagger v4.1.0).
    - ``name`` is not required of Promotion, since ``fields=`` may leave it out, nor of
      Promotion_Update, since a merge patch may (TMF671 Swagger v4.0.0).
    - PATCH also takes a JSON merge patch by its own media type (TMF630 Part 1 v4.x §3.2).
    """
    copy = deepcopy(document)
    schemas = named_schemas(copy)
    for name in ("Promotion", "Promotion_Update"):
        if isinstance(schemas.get(name), dict):
            schemas[name].pop("required", None)
    for path, method, operation in _operations(copy):
        if "/listener/" in path:
            continue
        responses = operation.setdefault("responses", {})
        if method == "get":
            _answer_promotions(responses)
        for status in _missing_statuses(path, method):
            if status not in responses:
                responses[status] = _response(copy, status, responses)
        if method == "patch":
            _take_merge_patch(copy, operation)
    return copy


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                yield path, method, item[method]


def _missing_statuses(path: str, method: str) -> list[str]:
    statuses = list(_EVERYWHERE)
    if method == "get" and not path.endswith("}"):
        statuses += ["206", "416"]
    if method in {"post", "put", "patch"}:
        statuses += _WITH_BODY
    if method in {"put", "patch", "delete"}:
        statuses.append("412")
    return sorted(statuses)


def _response(document: dict[str, Any], status: str, responses: dict[str, Any]) -> dict[str, Any]:
    if status == "206":
        part: dict[str, Any] = deepcopy(responses.get("200", {"description": "Part of the list"}))
        return part
    answer: dict[str, Any] = {"description": "Error"}
    if "Error" not in named_schemas(document):
        return answer
    if "swagger" in document:
        answer["schema"] = {"$ref": "#/definitions/Error"}
    else:
        error = {"schema": {"$ref": "#/components/schemas/Error"}}
        answer["content"] = {"application/json": error}
    return answer


def _answer_promotions(responses: dict[str, Any]) -> None:
    """Retype the 200 answer of a list or a retrieval from Promotion_Create to Promotion."""
    answer = responses.get("200")
    if not isinstance(answer, dict):
        return
    for holder in (answer, *(answer.get("content") or {}).values()):
        schema = holder.get("schema") or {}
        for place in (schema, schema.get("items") or {}):
            if str(place.get("$ref", "")).endswith("/Promotion_Create"):
                place["$ref"] = place["$ref"].removesuffix("_Create")


def _take_merge_patch(document: dict[str, Any], operation: dict[str, Any]) -> None:
    if "swagger" in document:
        taken = operation.get("consumes") or document.get("consumes") or ["application/json"]
        if _MERGE_PATCH not in taken:
            operation["consumes"] = [_MERGE_PATCH, *taken]
        return
    content = (operation.get("requestBody") or {}).get("content")
    if isinstance(content, dict) and content and _MERGE_PATCH not in content:
        content[_MERGE_PATCH] = deepcopy(next(iter(content.values())))
