"""Defects of POST /promotion."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver import validation
from mockserver.alterations import answering, body, header, replacing, status, without
from mockserver.behaviour import Behaviour, validate_promotion
from mockserver.defects.defect import must, should
from mockserver.exchange import Answer, Call
from mockserver.store import Promotion

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def _name_optional(promotion: Promotion, validator: "Validator") -> None:
    # Only the result of a PATCH has an href, and there the name stays mandatory.
    created = "href" not in promotion
    validate_promotion({"name": "nameless", **promotion} if created else promotion, validator)


def _blank_allowed(promotion: Promotion, validator: "Validator") -> None:
    validation.check(promotion, validator)


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


_CREATE = "createPromotion"

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
)
