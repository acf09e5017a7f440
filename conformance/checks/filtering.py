"""Filters on the list (TMF630 Part 1 v4.2.0 §4.4; conformance profiles of TMF v4).

All of them look at promotions of the run's own, whose names and descriptions are chosen so that
an ignored filter, a comparison by substring and an OR in place of an AND give other results.
"""

from __future__ import annotations

from conformance.catalogue import check
from conformance.client import encoded
from conformance.conditions import exactly, ids, json_list, json_object, status, that
from conformance.equality import instant
from conformance.levels import MAY, MUST, SHOULD
from conformance.listing import matches
from conformance.outcomes import NotApplicable
from conformance.samples import Group
from conformance.target import Target

IGNORED = "an ignored filter returns promotions that do not match"


def text_of(family: Group, number: int, attribute: str) -> str:
    """Return the value of an attribute as it was sent."""
    sent = family[number].sent
    assert sent is not None
    if attribute not in sent:
        raise NotApplicable(f"the target sets {attribute} itself")
    return str(sent[attribute])


def found(target: Target, query: str) -> list[str]:
    """Return the ids that a query gives in one answer."""
    return ids(json_list(status(target.list(query), 200, 206)))


@check("TMF671-FILTER-ID", level=MUST, requirements=["R-P17-FILTER-ID", "R-G30-EQUALITY"])
def by_id(target: Target, family: Group) -> None:
    """`id=…` on the list finds the promotion of that id and no other.

    The order and more attributes of the item do not matter.
    """
    exactly("filter by id", [family[0].id], matches(target, (("id", family[0].id),)), IGNORED)


@check("TMF671-FILTER-NAME", level=MUST, requirements=["R-P17-FILTER-NAME", "R-G30-EQUALITY"])
def by_name(target: Target, family: Group) -> None:
    """`name=…` finds the promotion of that name, and none whose name only contains it.

    A comparison that disregards case passes here; see TMF671-FILTER-CASE.
    """
    observed = matches(target, (("name", family[0].name),))
    exactly(
        "filter by name",
        [family[0].id],
        [one for one in observed if one != family[2].id],
        IGNORED,
    )


@check("TMF671-FILTER-CASE", level=SHOULD, requirements=["R-G30-EQUALITY"])
def respects_case(target: Target, family: Group) -> None:
    """`name=…` does not find a promotion whose name differs in case.

    The guideline says equality and no more, so a comparison without case is a warning.
    """
    observed = matches(target, (("name", family[0].name),))
    that(
        family[2].id not in observed,
        "a name that differs in case was found",
        expected=[family[0].name],
        observed=[family[2].name],
    )


@check("TMF671-FILTER-ENCODED", level=MUST, requirements=["R-G30-EQUALITY"])
def by_reserved_characters(target: Target, family: Group) -> None:
    """A percent-encoded value is compared as the text that it stands for.

    The value has %, &, =, +, quotes and a letter outside ASCII; no comma and no semicolon,
    which separate alternatives in some readings.
    """
    observed = matches(target, (("name", family[3].name),))
    exactly("filter by an encoded name", [family[3].id], observed, IGNORED)


@check("TMF671-FILTER-DESCRIPTION", level=MUST, requirements=["R-G30-EQUALITY"])
def by_description(target: Target, family: Group) -> None:
    """A filter on another attribute of the first level finds all promotions of that value.

    The order does not matter.
    """
    observed = matches(target, (("description", text_of(family, 0, "description")),))
    exactly("filter by description", [family[0].id, family[1].id], observed, IGNORED)


@check("TMF671-FILTER-AND", level=MUST, requirements=["R-G30-AND", "R-P16-AND"])
def several_are_anded(target: Target, family: Group) -> None:
    """Filters on two attributes both have to match.

    Asked twice: once one promotion matches both, once none does.
    """
    both = (("description", text_of(family, 0, "description")), ("name", family[1].name))
    exactly("two filters that match", [family[1].id], matches(target, both))
    neither = (("description", text_of(family, 2, "description")), ("name", family[1].name))
    exactly("two filters that exclude each other", [], matches(target, neither))


@check("TMF671-FILTER-EMPTY", level=MUST, requirements=["R-G39-EMPTY-LIST", "R-X13-EMPTY-200"])
def nothing_found_is_an_empty_list(target: Target) -> None:
    """A filter that nothing matches is answered 200 with an empty array.

    404 does not pass: the list exists, it is only empty.
    """
    answer = status(target.list((("name", f"{target.mark} no such name"),)), 200)
    exactly("a filter without a match", [], ids(json_list(answer)), IGNORED)


@check("TMF671-FILTER-OR-COMMA", level=SHOULD, requirements=["R-G31-OR-COMMA"])
def comma_is_or(target: Target, family: Group) -> None:
    """`id=a,b` finds both promotions.

    The order does not matter.
    """
    observed = found(target, f"id={family[0].id},{family[2].id}")
    exactly("alternatives by comma", [family[0].id, family[2].id], observed)


@check("TMF671-FILTER-OR-REPEAT", level=SHOULD, requirements=["R-G31-OR-REPEAT"])
def repetition_is_or(target: Target, family: Group) -> None:
    """`id=a&id=b` finds both promotions.

    The order does not matter.
    """
    observed = found(target, f"id={family[0].id}&id={family[2].id}")
    exactly("alternatives by repetition", [family[0].id, family[2].id], observed)


@check("TMF671-FILTER-OR-SEMICOLON", level=SHOULD, requirements=["R-G31-OR-SEMICOLON"])
def semicolon_is_or(target: Target, family: Group) -> None:
    """`id=a;id=b` or `id=a;b` finds both promotions.

    The guideline writes it both ways, so one that works is enough.
    """
    first, second = family[0].id, family[2].id
    long_form = target.list(f"id={first};id={second}")
    if long_form.succeeded and sorted(ids(json_list(long_form))) == sorted([first, second]):
        return
    exactly("alternatives by semicolon", [first, second], found(target, f"id={first};{second}"))


@check("TMF671-FILTER-EQ", level=SHOULD, requirements=["R-G32-EQ"])
def eq_operator(target: Target, family: Group) -> None:
    """`id.eq=…` finds the promotion of that id and no other.

    It is the same as `id=…`.
    """
    observed = found(target, f"id.eq={family[1].id}")
    exactly("filter by id.eq", [family[1].id], observed, IGNORED)


@check("TMF671-FILTER-REGEX", level=SHOULD, requirements=["R-G32-REGEX"])
def regex_operator(target: Target, family: Group) -> None:
    """`name.regex=…` finds the promotions whose name matches the pattern.

    The pattern is anchored on both sides, so that a search and a full match agree.
    """
    query = encoded((("name.regex", f"^{target.mark} .*sale$"),))
    exactly("filter by name.regex", [family[1].id], found(target, query), IGNORED)


@check(
    "TMF671-FILTER-GREATER",
    level=SHOULD,
    requirements=["R-G32-GT", "R-G32-GTE"],
)
def greater_operators(target: Target, family: Group) -> None:
    """`lastUpdate.gt` and `.gte` compare points in time.

    The bounds are far from any real one, so clocks and precision do not matter.
    """
    _compare(target, family, "gt", "gte", past_matches=True)


@check("TMF671-FILTER-LESS", level=SHOULD, requirements=["R-G32-LT", "R-G32-LTE"])
def less_operators(target: Target, family: Group) -> None:
    """`lastUpdate.lt` and `.lte` compare points in time.

    The bounds are far from any real one, so clocks and precision do not matter.
    """
    _compare(target, family, "lt", "lte", past_matches=False)


@check("TMF671-FILTER-NESTED", level=MAY, requirements=["R-P16-NESTED", "R-G36-DOTTED"])
def by_nested_attribute(target: Target, family: Group) -> None:
    """A dotted path filters by an attribute below the first level, through arrays too.

    Filtering on sub-resources is optional at every level.
    """
    sent = family[0].sent
    assert sent is not None
    if not sent.get("pattern") or not sent["pattern"][0].get("name"):
        raise NotApplicable("the payload has no pattern with a name")
    own = encoded((("id", family[0].id),))
    matching = encoded((("pattern.name", sent["pattern"][0]["name"]),))
    other = encoded((("pattern.name", f"{target.mark} nowhere"),))
    exactly("a nested filter that matches", [family[0].id], found(target, f"{own}&{matching}"))
    exactly("a nested filter that does not", [], found(target, f"{own}&{other}"), IGNORED)


@check("TMF671-FILTER-BOUNDS", level=MAY, requirements=["R-G32-GTE", "R-G32-LTE"])
def bounds_are_included(target: Target, family: Group) -> None:
    """`.gte` and `.lte` find what equals the bound.

    Asked with names, whose stored value is known exactly; a server that compares only times and
    numbers is reported, no more.
    """
    own = f"id={family[0].id}&"
    for operator in ("gte", "lte"):
        query = own + encoded(((f"name.{operator}", family[0].name),))
        exactly(f"name.{operator}", [family[0].id], found(target, query))


@check("TMF671-FILTER-GLUED", level=MAY, requirements=["R-G33-ENCODED"])
def comparison_signs(target: Target, family: Group) -> None:
    """A percent-encoded comparison sign glued to the name works like the named operator.

    The bounds are far from any real one.
    """
    _shows_last_update(target, family)
    for query, matching in (
        ("%3E2001-01-01T00%3A00%3A00Z", True),
        ("%3C2001-01-01T00%3A00%3A00Z", False),
    ):
        expected = [family[0].id] if matching else []
        exactly(
            f"lastUpdate{query}", expected, found(target, f"id={family[0].id}&lastUpdate{query}")
        )


@check("TMF671-FILTER-REGEX-FORMS", level=MAY, requirements=["R-G34-REGEX-FORMS"])
def other_regex_forms(target: Target, family: Group) -> None:
    """A regular expression is also understood as `name*=…` or as `name=~…`.

    The guideline writes it both ways, so one that works is enough.
    """
    pattern = encoded((("", f"^{target.mark} .*sale$"),)).removeprefix("=")
    star = target.list(f"name*={pattern}")
    if star.succeeded and ids(json_list(star)) == [family[1].id]:
        return
    exactly("name=~…", [family[1].id], found(target, f"name=~{pattern}"), IGNORED)


@check("TMF671-FILTER-SEMICOLON", level=MAY, requirements=["R-G35-SEMICOLON-COMPARE"])
def semicolon_joins_comparisons(target: Target, family: Group) -> None:
    """A semicolon between two comparisons of one attribute finds what fulfils either.

    One of the two matches nothing, so an AND, or an ignored second part, gives nothing.
    """
    _shows_last_update(target, family)
    either = "lastUpdate.lt=2001-01-01T00%3A00%3A00Z;lastUpdate.gt=2001-01-01T00%3A00%3A00Z"
    exactly("either comparison", [family[0].id], found(target, f"id={family[0].id}&{either}"))


@check("TMF671-FILTER-DATE", level=MAY, requirements=["R-G38-DATE-ONLY"])
def date_for_a_date_time(target: Target, family: Group) -> None:
    """A date as the value of lastUpdate finds the promotions changed on that day.

    The day is the one that the target writes; seen in the reference implementation only.
    """
    day = _shows_last_update(target, family)[:10]
    exactly("the day itself", [family[0].id], found(target, f"id={family[0].id}&lastUpdate={day}"))
    exactly("another day", [], found(target, f"id={family[0].id}&lastUpdate=2001-01-01"), IGNORED)


@check("TMF671-FILTER-JSONPATH", level=MAY, requirements=["R-G61-FILTER-JSONPATH"])
def json_path(target: Target, family: Group) -> None:
    """`filter=` with a JSON Path finds the promotions that it selects.

    501 is the answer of a target that does not offer it; then it is not judged.
    """
    expression = encoded((("filter", f"$[?(@.id=='{family[0].id}')]"),))
    answer = target.list(expression)
    if answer.status == 501:
        raise NotApplicable("the target does not offer filter=")
    exactly("filter=", [family[0].id], ids(json_list(status(answer, 200, 206))), IGNORED)


@check("TMF671-FILTER-MALFORMED", level=MAY, requirements=["R-G61-FILTER-MALFORMED"], writes=False)
def malformed_json_path(target: Target) -> None:
    """A malformed JSON Path in `filter=` is answered 400.

    501 is the answer of a target that does not offer it; then it is not judged.
    """
    answer = target.list(encoded((("filter", "$[?(@.name=="),)))
    if answer.status == 501:
        raise NotApplicable("the target does not offer filter=")
    status(answer, 400)


def _shows_last_update(target: Target, family: Group) -> str:
    shown = json_object(status(target.retrieve(family[0].id), 200)).get("lastUpdate")
    if instant(shown) is None:
        raise NotApplicable("the promotion shows no lastUpdate to compare")
    return str(shown)


def _compare(target: Target, family: Group, *operators: str, past_matches: bool) -> None:
    _shows_last_update(target, family)
    for operator in operators:
        for bound, matching in (
            ("2001-01-01T00:00:00Z", past_matches),
            ("2999-01-01T00:00:00Z", not past_matches),
        ):
            query = f"id={family[0].id}&lastUpdate.{operator}={bound.replace(':', '%3A')}"
            expected = [family[0].id] if matching else []
            exactly(f"lastUpdate.{operator}={bound}", expected, found(target, query))
