"""The target's own published description against TMF671, without a request to the API.

Judged when a description is given with --target-spec. TMF630 makes extensions legal, so what a
description adds never fails; what it lacks or changes does.
"""

from __future__ import annotations

from conformance.catalogue import check
from conformance.conditions import that
from conformance.levels import MAY, MUST, SHOULD
from conformance.outcomes import NotApplicable
from conformance.target import Target
from specs import ApiDescription
from specs.comparison import (
    MANDATORY,
    OPTIONAL,
    Deviation,
    changed_types,
    extra_mandatory,
    missing_attributes,
    missing_operations,
)


def none(found: list[Deviation], message: str) -> None:
    """There is no deviation."""
    that(
        not found,
        f"{message}: {', '.join(deviation.where for deviation in found)}",
        expected={deviation.where: deviation.expected for deviation in found},
        observed={deviation.where: deviation.observed for deviation in found},
    )


@check("TMF671-SPEC-OPERATIONS", level=MUST, requirements=["R-D01-OPERATIONS"], writes=False)
def mandatory_operations(published: ApiDescription) -> None:
    """The target's description has GET and POST of promotions, and GET of one.

    Any base path, parameter names and further operations pass.
    """
    none(missing_operations(published, MANDATORY), "mandatory operations are not declared")


@check("TMF671-SPEC-OPTIONAL", level=MAY, requirements=["R-D01-OPERATIONS"], writes=False)
def optional_operations(published: ApiDescription) -> None:
    """The target's description has PATCH and DELETE of a promotion, and the hub.

    None of these is mandatory, so a miss is only reported.
    """
    none(missing_operations(published, OPTIONAL), "optional operations are not declared")


@check("TMF671-SPEC-ATTRIBUTES", level=SHOULD, requirements=["R-D02-ATTRIBUTES"], writes=False)
def attributes(target: Target, published: ApiDescription) -> None:
    """A retrieved promotion in the target's description has all attributes of TMF671.

    More attributes pass, and so does a promotion without any schema.
    """
    none(missing_attributes(target.standard, published), "attributes are not declared")


@check("TMF671-SPEC-TYPES", level=MUST, requirements=["R-D03-TYPES"], writes=False)
def types(target: Target, published: ApiDescription) -> None:
    """The attributes in the target's description have the JSON types of TMF671.

    Formats, descriptions and an open type pass, and so does nullable.
    """
    none(changed_types(target.standard, published), "attributes have another type")


@check("TMF671-SPEC-MANDATORY", level=SHOULD, requirements=["R-D04-MANDATORY"], writes=False)
def mandatory_attributes(target: Target, published: ApiDescription) -> None:
    """A create in the target's description makes nothing mandatory but the name.

    An extension may have mandatory attributes of its own, so a miss is a warning.
    """
    found = extra_mandatory(target.standard, published)
    if target.has_own_payload and found:
        raise NotApplicable("a payload was given that has the target's mandatory attributes")
    none(found, "more attributes are mandatory")
