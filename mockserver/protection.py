"""Attributes that a PATCH cannot change.

`id` and `href` never change (`Promotion_Update` of both Swagger versions has neither). The
@-attributes are in the update schema of v4.0.0 and no longer in that of v4.1.0.
"""

from collections.abc import Mapping
from typing import Any

from mockserver.errors import ProblemError
from mockserver.json_text import same_json

_ALWAYS = frozenset({"id", "href"})
_TYPE_ATTRIBUTES = frozenset({"@type", "@baseType", "@schemaLocation"})


def protected_attributes(api_version: str) -> frozenset[str]:
    """Return the names of the attributes that a PATCH cannot change in this version."""
    return _ALWAYS if api_version == "4.0.0" else _ALWAYS | _TYPE_ATTRIBUTES


def check_unchanged(
    before: Mapping[str, Any], after: Mapping[str, Any], protected: frozenset[str]
) -> None:
    """Check that `after` has what `before` has in the protected attributes.

    Raises:
        ProblemError: 400, one differs; sending the value it already has is no change.

    """
    for name in sorted(protected):
        if (name in before) != (name in after) or not same_json(before.get(name), after.get(name)):
            raise ProblemError(400, f"{name} cannot be changed", code="notPatchable")
