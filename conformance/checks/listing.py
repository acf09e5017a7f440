"""GET /promotion as a whole (conformance profiles of TMF v4; TMF630 Part 1 §4)."""

from __future__ import annotations

from conformance.catalogue import check
from conformance.conditions import header, json_list, json_media, present, status, that, valid
from conformance.levels import MUST, SHOULD
from conformance.listing import find
from conformance.outcomes import NotApplicable
from conformance.samples import Sample
from conformance.target import Target


@check(
    "TMF671-LIST-200",
    level=MUST,
    requirements=["R-P02-LIST-200", "R-G55-STATUS"],
    writes=False,
)
def answers_200(target: Target) -> None:
    """The list of promotions is answered 200.

    206 passes where the server shows a part of a long list.
    """
    status(target.list(), 200, 206)


@check("TMF671-LIST-ARRAY", level=MUST, requirements=["R-G03-NO-ENVELOPE-LIST"], writes=False)
def is_an_array(target: Target) -> None:
    """The list is a JSON array of promotions, without an object around it.

    An empty array passes.
    """
    json_list(target.list())


@check(
    "TMF671-LIST-CONTENT-TYPE",
    level=MUST,
    requirements=["R-G04-CONTENT-TYPE", "R-G02-JSON"],
    writes=False,
)
def body_is_declared(target: Target) -> None:
    """The list is declared as JSON.

    Any charset parameter passes, and so does a +json media type.
    """
    json_media(target.list())


@check("TMF671-LIST-CREATED", level=MUST, requirements=["R-G40-LISTED"])
def shows_the_new_one(target: Target, created: Sample) -> None:
    """A promotion that was created is in the list.

    It is asked for by its id; a server that shows it only in the whole list passes here.
    """
    that(
        find(target, created.id) is not None,
        "the list does not show the new promotion",
        expected=created.id,
        observed="not in the list",
    )


@check("TMF671-LIST-SCHEMA", level=MUST, requirements=["R-M01-SCHEMA-LIST"])
def items_are_valid(target: Target, created: Sample) -> None:
    """A promotion in the list is valid against the schema of Promotion.

    Only the run's own promotion is judged: what was in the target before cannot fail the run.
    """
    item = find(target, created.id)
    if item is None:
        raise NotApplicable("the list does not show the run's promotion")
    valid(target, item, "Promotion")


@check(
    "TMF671-LIST-MANDATORY",
    level=MUST,
    requirements=["R-P14-MANDATORY-PRESENT", "R-P07-ID", "R-P07-HREF", "R-P10-NAME-OUTPUT"],
)
def items_have_the_mandatory_attributes(target: Target, created: Sample) -> None:
    """A promotion in the list shows id, href and name when no attributes were selected.

    Only the run's own promotion is judged.
    """
    item = find(target, created.id)
    if item is None:
        raise NotApplicable("the list does not show the run's promotion")
    present("the promotion", item, "id", "href", "name")


@check("TMF671-LIST-RESULT-COUNT", level=SHOULD, requirements=["R-G53-RESULT-COUNT"], writes=False)
def result_count_is_right(target: Target) -> None:
    """X-Result-Count tells how many promotions are in the body.

    It is declared by the published description, so a miss is a warning.
    """
    answer = target.list()
    that(
        header(answer, "X-Result-Count").strip() == str(len(json_list(answer))),
        "X-Result-Count is not the number of promotions in the body",
        expected=len(json_list(answer)),
        observed=answer.header("X-Result-Count"),
    )


@check("TMF671-LIST-TOTAL-COUNT", level=SHOULD, requirements=["R-G52-TOTAL-COUNT"], writes=False)
def total_count_is_told(target: Target) -> None:
    """X-Total-Count tells how many promotions there are, at least as many as in the body.

    Other clients may add promotions meanwhile, so more passes.
    """
    answer = target.list()
    text = header(answer, "X-Total-Count").strip()
    count = len(json_list(answer))
    that(
        text.isascii() and text.isdigit() and int(text) >= count,
        "X-Total-Count is not the number of promotions",
        expected=f"a number, at least {count}",
        observed=text,
    )
