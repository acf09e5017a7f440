"""JSON Patch Query: the operations of RFC 6902 on paths that select by content (TMF630 Part 5).

An operation applies to every place that its path selects, `from` must select exactly one. Unlike in
RFC 6902, `add` to an array that is there appends, and `add` of an object to an object that is there
adds its attributes, as published examples of Part 5 have it; a pointer to an index still inserts.
"""

from collections.abc import Iterator
from typing import Any

from jsonpointer import JsonPointer

from mockserver.json_text import MAX_DEPTH
from mockserver.patch.errors import conflict, malformed
from mockserver.patch.json_patch import MAX_OPERATIONS, Operation, Patching, operations_of, where
from mockserver.patch.query_paths import Place, places, pointer_to
from mockserver.query.errors import QueryError

_NOTHING = object()


def json_patch_query(target: Any, patch: Any) -> Any:
    """Return `target` changed by all operations of `patch`; neither argument changes.

    Raises:
        ProblemError: 400, the patch or a path of it is malformed, or it grows beyond its bounds;
            409, a path selects nothing, or as `json_patch`. The message names the operation.

    """
    patching = Patching(target)
    for number, operation in enumerate(operations_of(patch)):
        named = where(number, operation)
        try:
            _apply(patching, operation, named)
        except QueryError as problem:
            raise malformed(named, str(problem)) from None
        except RecursionError:
            raise malformed(named, f"more than {MAX_DEPTH} levels") from None
    return patching.result()


def _apply(patching: Patching, operation: Operation, named: str) -> None:
    if operation["op"] in {"move", "copy"}:
        operation = _add_instead(patching, operation, named)
    document = patching.document
    found = _existing(operation, places(operation["path"], document, named), document)
    if not found:
        raise conflict(named, "the path selects nothing")
    if len(found) > MAX_OPERATIONS:
        raise malformed(named, f"the path selects more than {MAX_OPERATIONS} places")
    for repeated, place in enumerate(found):
        if repeated and "value" in operation:
            patching.spend(operation["value"], named)
        for plain in _plain(operation, place, document):
            patching.apply(plain, named)


def _add_instead(patching: Patching, operation: Operation, named: str) -> Operation:
    """Return the `add` that a `copy` is, or that a `move` is after its removal, which is done."""
    sources = _existing(
        {"op": "remove"}, places(operation["from"], patching.document, named), patching.document
    )
    if len(sources) != 1:
        raise conflict(named, f"from must select one place, it selects {len(sources)}")
    source = pointer_to(sources[0])
    value = JsonPointer(source).resolve(patching.document)
    if operation["op"] == "copy":
        patching.spend(value, named)
    elif source:
        patching.apply({"op": "remove", "path": source}, named)
    return {"op": "add", "path": operation["path"], "value": value}


def _existing(operation: Operation, found: list[Place], document: Any) -> list[Place]:
    """Return the places at which an operation can be meant: only `add` may create one."""
    if operation["op"] == "add":
        return found
    return [place for place in found if _at(place, document) is not _NOTHING]


def _plain(operation: Operation, place: Place, document: Any) -> Iterator[Operation]:
    """Give the operations of RFC 6902 that the operation is at one place."""
    path = pointer_to(place)
    plain = {**operation, "path": path}
    if operation["op"] != "add" or _names_index(operation["path"]):
        yield plain
        return
    value, there = operation["value"], _at(place, document)
    if isinstance(there, list) and not isinstance(value, list):
        yield {**plain, "path": f"{path}/-"}
    elif isinstance(there, dict) and isinstance(value, dict):
        for name, member in value.items():
            yield {**plain, "path": pointer_to((*place, name)), "value": member}
    else:
        yield plain


def _names_index(path: str) -> bool:
    """Tell whether a path is a pointer to an index, at which RFC 6902 inserts."""
    return path.startswith("/") and path.rpartition("/")[2].isdecimal()


def _at(place: Place, document: Any) -> Any:
    """Return the value at a place, or `_NOTHING`."""
    value = document
    for step in place:
        in_object = isinstance(value, dict) and step in value
        in_array = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not in_object and not in_array:
            return _NOTHING
        value = value[step]
    return value
