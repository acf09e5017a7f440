"""JSON Patch (RFC 6902), by the jsonpatch library, with bounds that a hostile patch cannot pass."""

import json
from collections.abc import Mapping
from typing import Any

import jsonpatch
from jsonpointer import EndOfList, JsonPointer, JsonPointerException

from mockserver.json_text import MAX_DEPTH, levels, write_json
from mockserver.patch.errors import conflict, malformed, test_failed

MAX_OPERATIONS = 1000
MAX_COPIED = 1 << 20
"""How much one patch may multiply what is there already or what it brings, bytes of JSON."""

Operation = Mapping[str, Any]

_MEMBERS = {
    "add": ("path", "value"),
    "remove": ("path",),
    "replace": ("path", "value"),
    "move": ("from", "path"),
    "copy": ("from", "path"),
    "test": ("path", "value"),
}


def json_patch(target: Any, patch: Any) -> Any:
    """Return `target` changed by all operations of `patch`; neither argument changes.

    Raises:
        ProblemError: 400, the patch is no array of operations, or its result nests too deeply; 409,
            an operation does not fit what it finds, or a `test` fails. The message names it.

    """
    patching = Patching(target)
    for number, operation in enumerate(operations_of(patch)):
        patching.apply(operation, where(number, operation))
    return patching.result()


def operations_of(patch: Any) -> list[dict[str, Any]]:
    """Return the operations of a patch after a check of their members.

    Raises:
        ProblemError: 400, it is no array of operations with the members that each needs.

    """
    if not isinstance(patch, list):
        raise malformed("the patch", "must be an array of operations")
    if len(patch) > MAX_OPERATIONS:
        raise malformed("the patch", f"has more than {MAX_OPERATIONS} operations")
    for number, operation in enumerate(patch):
        if not isinstance(operation, dict):
            raise malformed(f"patch[{number}]", "must be an object")
        name = operation.get("op")
        if not isinstance(name, str) or name not in _MEMBERS:
            raise malformed(f"patch[{number}].op", f"must be one of {', '.join(_MEMBERS)}")
        for member in _MEMBERS[name]:
            if member not in operation:
                raise malformed(f"patch[{number}].{member}", f"is missing, {name} needs it")
            if member != "value" and not isinstance(operation[member], str):
                raise malformed(f"patch[{number}].{member}", "must be a string")
    return patch


def where(number: int, operation: Operation) -> str:
    """Return how messages name an operation: `patch[2] (replace /name)`."""
    return f"patch[{number}] ({operation['op']} {operation['path']:.100})"


class Patching:
    """A document on its way through a patch; what it started from stays as it was."""

    def __init__(self, target: Any) -> None:
        self.document = json.loads(write_json(target))
        self._copied = 0

    def apply(self, operation: Operation, named: str) -> None:
        """Apply one operation of RFC 6902.

        Raises:
            ProblemError: 400 or 409, as `json_patch`.

        """
        pointers = {
            member: pointer(operation[member], named)
            for member in ("path", "from")
            if member in _MEMBERS[operation["op"]]
        }
        try:
            if operation["op"] == "copy":
                self.spend(pointers["from"].resolve(self.document), named)
            patch = jsonpatch.JsonPatch([dict(operation)])
            self.document = patch.apply(self.document, in_place=True)
        except jsonpatch.JsonPatchTestFailed:
            raise test_failed(named) from None
        except (jsonpatch.JsonPatchException, JsonPointerException):
            raise conflict(named, "it does not fit what is there") from None
        except RecursionError:
            raise malformed(named, f"more than {MAX_DEPTH} levels") from None

    def spend(self, value: Any, named: str) -> None:
        """Count a value that is about to be there once more.

        Raises:
            ProblemError: 400, the patch copies more than `MAX_COPIED`; 409, there is no value.

        """
        if isinstance(value, EndOfList):
            raise conflict(named, "nothing is behind the end of an array")
        self._copied += len(write_json(value))
        if self._copied > MAX_COPIED:
            raise malformed(named, f"the patch copies more than {MAX_COPIED} bytes")

    def result(self) -> Any:
        """Return the document as the operations left it.

        Raises:
            ProblemError: 400, it has more levels than a body may have.

        """
        if levels(self.document) > MAX_DEPTH:
            raise malformed("the result", f"more than {MAX_DEPTH} levels")
        return self.document


def pointer(text: str, named: str) -> JsonPointer:
    """Return a JSON Pointer (RFC 6901).

    Raises:
        ProblemError: 400, it is none.

    """
    try:
        return JsonPointer(text)
    except JsonPointerException:
        raise malformed(named, f"{text!a:.100} is no JSON Pointer") from None
