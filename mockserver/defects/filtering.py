"""Defects of filters."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from mockserver.alterations import Install, answering, body, refusing, replacing
from mockserver.defects.defect import may, must, should
from mockserver.exchange import Answer, Call
from mockserver.query.filtering import Comparison, Condition, Filter, matches
from mockserver.query.paths import resolve
from mockserver.query.values import Operand, equals
from mockserver.store import Promotion

_SWAPPED = {"gt": "lt", "lt": "gt", "gte": "lte", "lte": "gte"}


def _equality(found: Any) -> Install:
    """Return a defect whose equality of texts is `found(value, operand)`, both in text."""

    def holds(condition: Condition, promotion: Promotion) -> bool:
        if condition.holds(promotion):
            return True
        return (
            isinstance(condition, Comparison)
            and condition.operator == "eq"
            and any(
                isinstance(value, str) and found(value, operand.text)
                for value in resolve(promotion, condition.path)
                for operand in condition.operands
            )
        )

    return replacing(
        matches=lambda promotion, conditions: all(
            any(holds(condition, promotion) for condition in group) for group in conditions
        )
    )


def _altering(alter: Any) -> Install:
    """Return a defect that alters each condition, or leaves it out where `alter` gives None."""

    def matches_altered(promotion: Promotion, conditions: Filter) -> bool:
        groups = (tuple(alter(condition) for condition in group) for group in conditions)
        kept = tuple(group for group in groups if None not in group)
        return matches(promotion, kept)

    return replacing(matches=matches_altered)


def _swapped(condition: Condition) -> Condition:
    if isinstance(condition, Comparison):
        return replace(condition, operator=_SWAPPED.get(condition.operator, condition.operator))
    return condition


def _strict(operator: str, stricter: str) -> Any:
    def alter(condition: Condition) -> Condition:
        if isinstance(condition, Comparison) and condition.operator == operator:
            return replace(condition, operator=stricter)
        return condition

    return alter


def _first_of_comma(condition: Condition) -> Condition:
    if isinstance(condition, Comparison):
        return replace(condition, operands=condition.operands[:1])
    return condition


def _regex_as_text(condition: Condition) -> Condition:
    if isinstance(condition, Comparison):
        return condition
    return Comparison(condition.path, "eq", (Operand(condition.pattern),))


def _all_of_comma(promotion: Promotion, conditions: Filter) -> bool:
    def holds(condition: Condition) -> bool:
        if not isinstance(condition, Comparison) or condition.operator != "eq":
            return condition.holds(promotion)
        values = list(resolve(promotion, condition.path))
        return all(
            any(equals(value, operand) for value in values) for operand in condition.operands
        )

    return all(any(map(holds, group)) for group in conditions)


def _only_last_of_repeated(promotion: Promotion, conditions: Filter) -> bool:
    return matches(promotion, tuple(group[-1:] for group in conditions))


def _any_group(promotion: Promotion, conditions: Filter) -> bool:
    return not conditions or any(matches(promotion, (group,)) for group in conditions)


def _ignoring(*roots: str) -> Any:
    return lambda condition: None if condition.path[0] in roots else condition


def _empty_with_fields(call: Call, answer: Answer) -> Answer:
    names = {part.partition("=")[0] for part in call.query.split("&") if part}
    filters = names - {"fields", "limit", "offset", "sort"}
    return body(lambda _: [])(call, answer) if "fields" in names and filters else answer


def _plus_is_space(condition: Condition) -> Condition:
    if isinstance(condition, Comparison):
        decoded = tuple(Operand(operand.text.replace("+", " ")) for operand in condition.operands)
        return replace(condition, operands=decoded)
    return condition


def _malformed_finds_nothing(call: Call, answer: Answer) -> Answer:
    if "filter" not in parse_qs(call.query):
        return answer
    return Answer(200, [], {"X-Total-Count": "0", "X-Result-Count": "0"})


FILTERING = (
    must(
        "R-G30-EQUALITY",
        "filter-ignored",
        "filters have no effect",
        replacing(matches=lambda _promotion, _conditions: True),
    ),
    must(
        "R-P17-FILTER-ID",
        "id-filter-ignored",
        "a filter on id has no effect",
        _altering(_ignoring("id")),
    ),
    must(
        "R-P17-FILTER-NAME",
        "name-filter-ignored",
        "a filter on name has no effect",
        _altering(_ignoring("name")),
    ),
    should(
        "R-G30-EQUALITY",
        "equality-ignores-case",
        "name=abc also finds ABC",
        _equality(lambda value, text: value.casefold() == text.casefold()),
    ),
    must(
        "R-G30-EQUALITY R-P17-FILTER-NAME",
        "equality-matches-part",
        "name=abc also finds abcd",
        _equality(lambda value, text: text in value),
    ),
    must(
        "R-G30-AND R-P16-AND",
        "and-as-or",
        "filters on different attributes combine with OR",
        replacing(matches=_any_group),
    ),
    must(
        "R-G63-FILTER-FIELDS",
        "filter-with-fields-empty",
        "a filter together with fields finds nothing",
        answering("listPromotion", rewrite=_empty_with_fields),
    ),
    should(
        "R-G31-OR-COMMA",
        "or-as-and",
        "name=a,b asks for both values at once",
        replacing(matches=_all_of_comma),
    ),
    should(
        "R-G31-OR-COMMA",
        "or-takes-first",
        "name=a,b finds only a",
        _altering(_first_of_comma),
    ),
    should(
        "R-G31-OR-REPEAT R-G31-OR-SEMICOLON",
        "repeated-name-last-wins",
        "of name=a&name=b only the last counts",
        replacing(matches=_only_last_of_repeated),
    ),
    should(
        "R-G32-GT R-G32-LT R-G32-GTE R-G32-LTE",
        "gt-lt-swapped",
        ".gt selects what is less and .lt what is greater",
        _altering(_swapped),
    ),
    should(
        "R-G32-GTE",
        "gte-excludes-equal",
        ".gte leaves out what equals the value",
        _altering(_strict("gte", "gt")),
    ),
    should(
        "R-G32-LTE",
        "lte-excludes-equal",
        ".lte leaves out what equals the value",
        _altering(_strict("lte", "lt")),
    ),
    should(
        "R-G32-REGEX",
        "regex-as-text",
        ".regex compares the expression as a plain text",
        _altering(_regex_as_text),
    ),
    may(
        "R-P16-NESTED R-G36-DOTTED",
        "nested-filter-ignored",
        "a filter on a dotted path has no effect",
        _altering(lambda condition: condition if len(condition.path) == 1 else None),
    ),
    must(
        "R-G30-EQUALITY",
        "values-decoded-twice",
        "%2B in the value of a filter is taken for a space",
        _altering(_plus_is_space),
    ),
    may(
        "R-G61-FILTER-JSONPATH",
        "json-path-filter-ignored",
        "filter has no effect",
        replacing(select_by_path=lambda _json_path, found: list(found)),
    ),
    may(
        "R-G61-FILTER-MALFORMED",
        "malformed-json-path-accepted",
        "a malformed JSON Path in filter finds nothing",
        refusing(_malformed_finds_nothing, 400, operation="listPromotion"),
    ),
)
