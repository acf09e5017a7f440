"""Defects of POST /promotion."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver import validation
from mockserver.alterations import (
    answering,
    body,
    header,
    refusing_new,
    replacing,
    representing,
    status,
    without,
)
from mockserver.behaviour import Behaviour, validate_promotion
from mockserver.defects.defect import may, must, should
from mockserver.exchange import Answer, Call
from mockserver.store import Promotion

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def _name_optional(promotion: Promotion, validator: "Validator") -> None:
    # Only the result of a PATCH has an href, and there the name stays mandatory.
    created = "href" not in promotion
    validate_promotion({"name": "nameless", **promotion} if created else promotion, validator)


def _blank_allowed(promotion: Promotion, validator: "Validator") -> None:
    name = promotion.get("name")
    blank = isinstance(name, str) and not name.strip()
    validation.check({**promotion, "name": "a name"} if blank else promotion, validator)


def _types_unchecked(promotion: Promotion, _validator: "Validator") -> None:
    if "name" not in promotion:
        raise validation.invalid(["name is missing"])


def _children_unchecked(promotion: Promotion, validator: "Validator") -> None:
    validate_promotion(
        {key: value for key, value in promotion.items() if key != "pattern"}, validator
    )


def _only_ascii(value: Any) -> Any:
    match value:
        case str():
            return value.encode("ascii", "replace").decode()
        case list():
            return [_only_ascii(item) for item in value]
        case dict():
            return {key: _only_ascii(item) for key, item in value.items()}
        case _:
            return value


def _internal_href(_call: Call, answer: Answer) -> Answer:
    href = f"http://promotions.internal:8080/promotion/{answer.body['id']}"
    return replace(answer, body={**answer.body, "href": href})


def _first_again(behaviour: Behaviour) -> Behaviour:
    first: list[Answer] = []

    def answer(call: Call, given: Answer) -> Answer:
        given = behaviour.answer(call, given)
        if call.operation != "createPromotion" or given.status != 201:
            return given
        first.append(given)
        return first[0]

    return replace(behaviour, answer=answer)


def _lower_case(promotion: Promotion) -> bool:
    period = promotion.get("validFor")
    moments = period.values() if isinstance(period, dict) else ()
    return any(isinstance(moment, str) and _LOWER_CASE.search(moment) for moment in moments)


def _relations_in_lower_case(value: Any) -> Any:
    match value:
        case list():
            return [_relations_in_lower_case(item) for item in value]
        case dict():
            return {
                name: child.lower()
                if name in _RELATIONS and isinstance(child, str)
                else _relations_in_lower_case(child)
                for name, child in value.items()
            }
        case _:
            return value


def _numbers_as_text(value: Any) -> Any:
    match value:
        case list():
            return [_numbers_as_text(item) for item in value]
        case dict():
            return {name: _numbers_as_text(child) for name, child in value.items()}
        case int() | float() if not isinstance(value, bool):
            return str(value)
        case _:
            return value


def _cut_text(shown: Promotion) -> Promotion:
    text = shown.get("description")
    return {**shown, "description": text[:_COLUMN]} if isinstance(text, str) else shown


def _offset_lost(shown: Promotion) -> Promotion:
    period = shown.get("validFor")
    if not isinstance(period, dict):
        return shown
    moved = {
        name: re.sub(r"(?i)z$", "+08:00", moment) if isinstance(moment, str) else moment
        for name, moment in period.items()
    }
    return {**shown, "validFor": moved}


def _patterns_reversed(shown: Promotion) -> Promotion:
    pattern = shown.get("pattern")
    return {**shown, "pattern": pattern[::-1]} if isinstance(pattern, list) else shown


_CREATE = "createPromotion"
_COLUMN = 4000
_LOWER_CASE = re.compile(r"[tz]")
_RELATIONS = {"criteriaGroupLogicalRelationship", "criteriaLogicalRelationship"}

CREATION = (
    must(
        "R-P03-CREATE-201",
        "create-answers-200",
        "POST answers 200 instead of 201",
        answering(_CREATE, rewrite=status(200)),
    ),
    must(
        "R-G40-LOCATION",
        "create-without-location",
        "the answer to POST has no Location",
        answering(_CREATE, rewrite=header("Location", None)),
    ),
    must(
        "R-G43-MISSING-NAME",
        "missing-name-accepted",
        "a promotion without name is created",
        replacing(validate=_name_optional),
    ),
    must(
        "R-P13-NOT-BLANK",
        "blank-name-accepted",
        "a promotion with a blank name is created",
        replacing(validate=_blank_allowed),
    ),
    must(
        "R-G43-BAD-TYPE",
        "wrong-type-accepted",
        "attributes of the wrong JSON type are stored",
        replacing(validate=_types_unchecked),
    ),
    must(
        "R-P12-PATTERN-CHILDREN",
        "pattern-unchecked",
        "a pattern without action or criteriaGroup is stored",
        replacing(validate=_children_unchecked),
    ),
    should(
        "R-G40-BODY",
        "create-without-body",
        "the answer to POST has no body",
        answering(_CREATE, rewrite=body(lambda _: None)),
    ),
    should(
        "R-G40-BODY",
        "create-echoes-only-id",
        "the answer to POST has nothing but id and href",
        answering(
            _CREATE,
            rewrite=body(lambda given: {"id": given["id"], "href": given["href"]}),
        ),
    ),
    must(
        "R-P07-ID",
        "create-body-without-id",
        "the answer to POST has no id",
        answering(_CREATE, rewrite=body(without("id"))),
    ),
    must(
        "R-P07-HREF",
        "create-body-without-href",
        "the answer to POST has no href",
        answering(_CREATE, rewrite=body(without("href"))),
    ),
    must(
        "R-P08-HREF-LOCATION",
        "href-differs-from-location",
        "href is an address behind the gateway, and not what Location says",
        answering(_CREATE, rewrite=_internal_href),
    ),
    should(
        "R-P09-SERVER-ID",
        "second-create-returns-first",
        "every POST after the first is answered with the first promotion",
        _first_again,
    ),
    must(
        "R-G20-WHOLE",
        "unicode-mangled",
        "characters outside ASCII come back as question marks",
        answering(
            "createPromotion",
            "retrievePromotion",
            "listPromotion",
            "patchPromotion",
            rewrite=body(_only_ascii),
        ),
    ),
    must(
        "R-P10-NAME-INPUT",
        "description-demanded",
        "a promotion without description is refused",
        refusing_new(lambda sent: "description" not in sent, 400, "description is missing"),
    ),
    may(
        "R-G42-CLIENT-ID",
        "client-id-500",
        "an id that the client supplies answers 500",
        refusing_new(lambda sent: "id" in sent, 500, "duplicate column"),
    ),
    may(
        "R-X06-LASTUPDATE-SERVER",
        "last-update-refused",
        "a promotion that is sent with lastUpdate is refused",
        refusing_new(lambda sent: "lastUpdate" in sent, 400, "lastUpdate is read-only"),
    ),
    may(
        "R-X17-LOWERCASE-DATETIME",
        "lower-case-date-time-refused",
        "a date-time with a lower-case t or z is refused",
        refusing_new(_lower_case, 400, "validFor: no date-time"),
    ),
    may(
        "R-M32-RELATION",
        "relations-in-lower-case",
        "logical relations come back as and, or",
        representing(_relations_in_lower_case),
    ),
    must(
        "R-M10-ATTACHMENT",
        "attachment-lost",
        "attachments are accepted and never come back",
        representing(without("attachment")),
    ),
    must(
        "R-G20-WHOLE",
        "long-text-cut",
        "a description comes back cut at 4,000 characters",
        representing(_cut_text),
    ),
    must(
        "R-M01-SCHEMA-RETRIEVE R-G20-WHOLE",
        "numbers-as-text",
        "numbers come back as texts",
        representing(_numbers_as_text),
    ),
    must(
        "R-M08-PATTERN-CREATE",
        "patterns-reversed",
        "patterns come back in the opposite order",
        representing(_patterns_reversed),
    ),
    must(
        "R-M09-VALIDFOR",
        "valid-for-shifted",
        "validFor comes back as if UTC had been local time",
        representing(_offset_lost),
    ),
)
