"""Defects of JSON Patch, of JSON Patch Query, and of PATCH of the collection."""

import re
from collections.abc import Iterable
from typing import Any

from mockserver.alterations import replacing
from mockserver.defects.defect import may
from mockserver.errors import ProblemError
from mockserver.patch.json_patch import json_patch, operations_of
from mockserver.patch.json_patch_query import json_patch_query
from mockserver.store import Promotion

_CONDITION = re.compile(r"\[\?.*?\)\]")


def _goes_on(target: Any, patch: Any) -> Any:
    for operation in operations_of(patch):
        try:
            target = json_patch(target, [operation])
        except ProblemError:
            continue
    return target


def _unconditional(target: Any, patch: Any) -> Any:
    changed = [
        {**operation, "path": _CONDITION.sub("[*]", operation["path"]).partition("?")[0]}
        for operation in operations_of(patch)
    ]
    return json_patch_query(target, changed)


def _one_by_one(promotions: Iterable[Promotion]) -> Iterable[Promotion]:
    return promotions


PATCH_KINDS = (
    may(
        "R-G48-JSON-PATCH",
        "json-patch-not-atomic",
        "a JSON Patch goes on after an operation that failed, a test too",
        replacing(json_patch=_goes_on),
    ),
    may(
        "R-G49-JSON-PATCH-QUERY",
        "json-patch-query-changes-all",
        "a JSON Patch Query changes all members of an array, whatever its path selects",
        replacing(json_patch_query=_unconditional),
    ),
    may(
        "R-G44-COLLECTION-PATCH",
        "collection-patch-not-atomic",
        "a PATCH of the collection that is refused leaves the promotions before the wrong one",
        replacing(gather=_one_by_one),
    ),
)
