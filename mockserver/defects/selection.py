"""Defects of `fields`."""

from dataclasses import replace
from urllib.parse import parse_qs

from mockserver.alterations import Install, answering, failing, replacing
from mockserver.behaviour import Behaviour
from mockserver.defects.defect import may, must
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.query.selection import Selection, select
from mockserver.store import Promotion


def _ignored_on(operation: str) -> Install:
    """Return a defect by which one operation answers as if `fields` had not been sent."""

    def install(behaviour: Behaviour) -> Behaviour:
        whole: dict[str, Promotion] = {}

        def remembering(promotion: Promotion, root: str) -> Promotion:
            shown = behaviour.represent(promotion, root)
            whole[shown["id"]] = shown
            return shown

        def restore(_call: Call, answer: Answer) -> Answer:
            if isinstance(answer.body, list):
                return replace(answer, body=[whole[item["id"]] for item in answer.body])
            return replace(answer, body=whole[answer.body["id"]])

        return answering(operation, rewrite=restore)(replace(behaviour, represent=remembering))

    return install


def _without_id(promotion: Promotion, selection: Selection | None) -> Promotion:
    if selection is None:
        return select(promotion, selection)
    return select(promotion, selection, always=())


def _none_is_unknown(promotion: Promotion, selection: Selection | None) -> Promotion:
    return select(promotion, selection or None)


def _absent_is_fault(promotion: Promotion, selection: Selection | None) -> Promotion:
    for path in selection or ():
        if path[0] not in promotion:
            raise ProblemError(500, "unexpected condition")
    return select(promotion, selection)


SELECTION = (
    must(
        "R-G21-SELECTED-ONLY",
        "fields-ignored",
        "fields has no effect",
        replacing(select=lambda promotion, _selection: dict(promotion)),
    ),
    must(
        "R-P15-SELECT-LIST",
        "fields-ignored-on-list",
        "fields has no effect on a list",
        _ignored_on("listPromotion"),
    ),
    must(
        "R-P15-SELECT-RETRIEVE",
        "fields-ignored-on-retrieve",
        "fields has no effect on GET by id",
        _ignored_on("retrievePromotion"),
    ),
    must(
        "R-G21-ID-STAYS",
        "fields-drop-id",
        "a selection leaves out id unless it is named",
        replacing(select=_without_id),
    ),
    must(
        "R-G22-FIELDS-NONE",
        "fields-none-returns-all",
        "fields=none returns everything",
        replacing(select=_none_is_unknown),
    ),
    may(
        "R-G25-FIELDS-ON-WRITE",
        "fields-ignored-on-create",
        "fields has no effect on POST",
        _ignored_on("createPromotion"),
    ),
    may(
        "R-G25-FIELDS-ON-WRITE",
        "fields-ignored-on-patch",
        "fields has no effect on PATCH",
        _ignored_on("patchPromotion"),
    ),
    may(
        "R-G24-UNKNOWN-FIELD",
        "unknown-field-500",
        "fields with an attribute that the promotion does not have answers 500",
        replacing(select=_absent_is_fault),
    ),
    may(
        "R-G62-JSONPATH-ELSEWHERE",
        "json-path-in-fields-500",
        "fields with a JSON Path answers 500",
        failing(lambda call: any("$" in text for text in parse_qs(call.query).get("fields", []))),
    ),
)
