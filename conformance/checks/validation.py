"""What POST /promotion must refuse (TMF671 Swagger; conformance profiles of TMF v4)."""

from __future__ import annotations

from conformance.catalogue import check
from conformance.conditions import status
from conformance.levels import MUST
from conformance.outcomes import NotApplicable
from conformance.target import Target


@check(
    "TMF671-CREATE-MISSING-NAME",
    level=MUST,
    requirements=["R-G43-MISSING-NAME", "R-P10-NAME-INPUT"],
    needs=["create"],
)
def missing_name_is_refused(target: Target) -> None:
    """A promotion without the mandatory name is refused.

    400 or 422 pass.
    """
    status(target.create(target.promotion("", name=None)), 400, 422)


@check("TMF671-CREATE-NULL-NAME", level=MUST, requirements=["R-P13-NOT-BLANK"], needs=["create"])
def null_name_is_refused(target: Target) -> None:
    """A promotion whose mandatory name is null is refused.

    400 or 422 pass. Mandatory means present and neither null nor blank.
    """
    promotion = target.promotion("null name")
    promotion["name"] = None
    status(target.create(promotion), 400, 422)


@check("TMF671-CREATE-BLANK-NAME", level=MUST, requirements=["R-P13-NOT-BLANK"], needs=["create"])
def blank_name_is_refused(target: Target) -> None:
    """A promotion whose mandatory name is an empty text is refused.

    400 or 422 pass. Mandatory means present and neither null nor blank.
    """
    status(target.create(target.promotion("", name="")), 400, 422)


@check("TMF671-CREATE-BAD-TYPE", level=MUST, requirements=["R-G43-BAD-TYPE"], needs=["create"])
def wrong_type_is_refused(target: Target) -> None:
    """A promotion whose name is an object instead of text is refused.

    400 or 422 pass. A server that reads a number as text is not judged: only an object is sent.
    """
    status(target.create(target.promotion("", name={"en": "text expected"})), 400, 422)


@check("TMF671-CREATE-MALFORMED", level=MUST, requirements=["R-G43-MALFORMED"], needs=["create"])
def malformed_json_is_refused(target: Target) -> None:
    """A body that is not JSON is refused as the client's mistake.

    400 or 422 pass.
    """
    answer = target.create_raw(
        content=b'{"name": "unfinished', headers={"Content-Type": "application/json"}
    )
    status(answer, 400, 422)


@check(
    "TMF671-CREATE-PATTERN-CHILDREN",
    level=MUST,
    requirements=["R-P12-PATTERN-CHILDREN"],
    needs=["create"],
)
def incomplete_pattern_is_refused(target: Target) -> None:
    """A pattern without the actions that every pattern must have is refused.

    400 or 422 pass. A payload without a pattern is not judged.
    """
    promotion = target.promotion("incomplete pattern")
    if not promotion.get("pattern"):
        raise NotApplicable("the payload has no pattern")
    promotion["pattern"][0].pop("action", None)
    status(target.create(promotion), 400, 422)


@check(
    "TMF671-CREATE-ACTION-TYPE",
    level=MUST,
    requirements=["R-P12-PATTERN-CHILDREN"],
    needs=["create"],
)
def action_without_type_is_refused(target: Target) -> None:
    """An action without its mandatory actionType is refused.

    400 or 422 pass. A payload without a pattern with actions is not judged.
    """
    promotion = target.promotion("action without type")
    patterns = promotion.get("pattern")
    if not patterns or not patterns[0].get("action"):
        raise NotApplicable("the payload has no pattern with an action")
    patterns[0]["action"][0].pop("actionType", None)
    status(target.create(promotion), 400, 422)
