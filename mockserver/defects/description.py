"""Defects of the API description that a mock serves."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.alterations import Install, replacing
from mockserver.defects.defect import may, must, should

_ONE = "/promotion/{id}"


def _changing(change: Callable[[Any, Any], None]) -> Install:
    """Return a defect that changes the paths and the schemas of a copy of the description."""

    def describe(document: Mapping[str, Any]) -> Mapping[str, Any]:
        changed = copy.deepcopy(dict(document))
        change(changed["paths"], changed["components"]["schemas"])
        return changed

    return replacing(describe=describe)


DESCRIPTION = (
    must(
        "R-D01-OPERATIONS",
        "description-without-post",
        "the description has no POST of promotions",
        _changing(lambda paths, _schemas: paths["/promotion"].pop("post")),
    ),
    may(
        "R-D01-OPERATIONS",
        "description-without-patch",
        "the description has no PATCH of a promotion",
        _changing(lambda paths, _schemas: paths[_ONE].pop("patch")),
    ),
    should(
        "R-D02-ATTRIBUTES",
        "description-lacks-attribute",
        "the description of a promotion has no validFor",
        _changing(lambda _paths, schemas: schemas["Promotion"]["properties"].pop("validFor")),
    ),
    must(
        "R-D03-TYPES",
        "description-changes-type",
        "the description has lifecycleStatus as a number",
        _changing(
            lambda _paths, schemas: schemas["Promotion"]["properties"].update(
                lifecycleStatus={"type": "integer"}
            )
        ),
    ),
    should(
        "R-D04-MANDATORY",
        "description-demands-more",
        "the description makes promotionType mandatory in a create",
        _changing(
            lambda _paths, schemas: schemas["Promotion_Create"].update(
                required=["name", "promotionType"]
            )
        ),
    ),
)
