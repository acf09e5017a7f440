"""GET /promotion/{id} (conformance profiles of TMF v4; TMF630 Part 1 §4)."""

from __future__ import annotations

from conformance.catalogue import check
from conformance.conditions import (
    contains,
    header,
    json_media,
    json_object,
    present,
    status,
    that,
    valid,
)
from conformance.levels import MUST, SHOULD
from conformance.outcomes import NotApplicable
from conformance.payload import SERVER_SET
from conformance.samples import Sample
from conformance.target import Target
from conformance.unknown import unknown_id


@check("TMF671-RETRIEVE-200", level=MUST, requirements=["R-P02-GET-200"], writes=False)
def answers_200(target: Target, known: Sample) -> None:
    """A promotion that exists is retrieved with 200.

    The body is judged by other checks.
    """
    status(target.retrieve(known.id), 200)


@check("TMF671-RETRIEVE-OBJECT", level=MUST, requirements=["R-G03-NO-ENVELOPE-ITEM"], writes=False)
def has_no_envelope(target: Target, known: Sample) -> None:
    """A retrieved promotion stands in the body itself: one object that has the promotion's id.

    More attributes pass; an array of one or an object around the promotion does not.
    """
    body = json_object(target.retrieve(known.id))
    that(
        "id" in body,
        "the body is not the promotion itself",
        expected="an object with the attributes of a promotion",
        observed=sorted(body),
    )


@check(
    "TMF671-RETRIEVE-CONTENT-TYPE",
    level=MUST,
    requirements=["R-G04-CONTENT-TYPE", "R-G02-JSON"],
    writes=False,
)
def body_is_declared(target: Target, known: Sample) -> None:
    """A retrieved promotion is declared as JSON.

    Any charset parameter passes, and so does a +json media type.
    """
    json_media(target.retrieve(known.id))


@check("TMF671-RETRIEVE-SCHEMA", level=MUST, requirements=["R-M01-SCHEMA-RETRIEVE"])
def body_is_valid(target: Target, created: Sample) -> None:
    """A retrieved promotion is valid against the schema of Promotion.

    Only a promotion of the run's own is judged; extra attributes pass.
    """
    valid(target, json_object(status(target.retrieve(created.id), 200)), "Promotion")


@check("TMF671-RETRIEVE-ID", level=MUST, requirements=["R-P07-ID"], writes=False)
def id_is_the_one_asked_for(target: Target, known: Sample) -> None:
    """A retrieved promotion has the id that was asked for.

    A number passes where its text is the id that was asked for.
    """
    body = json_object(target.retrieve(known.id))
    present("the promotion", body, "id")
    that(
        str(body["id"]) == known.id,
        "another promotion was answered",
        expected=known.id,
        observed=body["id"],
    )


@check("TMF671-RETRIEVE-HREF", level=MUST, requirements=["R-P07-HREF"], writes=False)
def href_leads_to_it(target: Target, known: Sample) -> None:
    """A retrieved promotion has an href whose last part is its id.

    A relative or absolute reference passes, on any host.
    """
    body = json_object(target.retrieve(known.id))
    present("the promotion", body, "href")
    last = target.absolute(str(body["href"])).rstrip("/").rsplit("/", 1)[-1]
    that(
        target.same_resource("/x/" + last, f"/x/{known.id}"),
        "href does not lead to the promotion",
        expected=f"…/promotion/{known.id}",
        observed=body["href"],
    )


@check(
    "TMF671-RETRIEVE-NAME",
    level=MUST,
    requirements=["R-P10-NAME-OUTPUT", "R-P13-NOT-BLANK", "R-P14-MANDATORY-PRESENT"],
)
def name_is_present(target: Target, created: Sample) -> None:
    """A retrieved promotion shows its mandatory name, neither null nor blank.

    Only a promotion of the run's own is judged.
    """
    present("the promotion", json_object(target.retrieve(created.id)), "name")


@check("TMF671-RETRIEVE-STORED", level=MUST, requirements=["R-G20-WHOLE"])
def shows_what_was_sent(target: Target, created: Sample) -> None:
    """Without `fields` the whole promotion is returned: every value that was posted.

    More attributes, other date-time offsets and the server's own lastUpdate pass.
    """
    assert created.sent is not None
    sent = {name: value for name, value in created.sent.items() if name not in SERVER_SET}
    contains("the promotion", sent, json_object(status(target.retrieve(created.id), 200)))


@check("TMF671-RETRIEVE-404", level=MUST, requirements=["R-P02-GET-404"], writes=False)
def unknown_is_404(target: Target, known: Sample) -> None:
    """A promotion that does not exist is answered 404.

    The id that is asked for has the form of the target's own ids.
    """
    status(target.retrieve(unknown_id(known.id, target.settings.seed)), 404)


@check("TMF671-RETRIEVE-LAST-UPDATE", level=SHOULD, requirements=["R-P11-LASTUPDATE"])
def last_update_is_present(target: Target, created: Sample) -> None:
    """A retrieved promotion shows when it was last changed.

    The published profile of one sibling API makes it mandatory, so a miss is a warning.
    """
    present("the promotion", json_object(target.retrieve(created.id)), "lastUpdate")


@check("TMF671-RETRIEVE-LIFECYCLE-STATUS", level=SHOULD, requirements=["R-P11-LIFECYCLESTATUS"])
def lifecycle_status_is_present(target: Target, created: Sample) -> None:
    """A retrieved promotion shows its lifecycleStatus.

    Any value passes. The profile of one sibling API makes it mandatory: a miss is a warning.
    """
    present("the promotion", json_object(target.retrieve(created.id)), "lifecycleStatus")


@check("TMF671-RETRIEVE-ETAG", level=SHOULD, requirements=["R-G08-ETAG"], writes=False)
def etag_is_sent(target: Target, known: Sample) -> None:
    """A retrieved promotion comes with an ETag.

    A weak tag passes.
    """
    header(target.retrieve(known.id), "ETag")


@check("TMF671-RETRIEVE-LAST-MODIFIED", level=SHOULD, requirements=["R-G08-LAST-MODIFIED"])
def last_modified_is_sent(target: Target, created: Sample) -> None:
    """A retrieved promotion comes with a Last-Modified header.

    Its value is not compared.
    """
    header(target.retrieve(created.id), "Last-Modified")


@check("TMF671-RETRIEVE-TYPE", level=SHOULD, requirements=["R-G100-TYPE"])
def type_is_text(target: Target, created: Sample) -> None:
    """Where a promotion shows @type, it names a class.

    Any name passes: a subtype of Promotion has its own.
    """
    body = json_object(target.retrieve(created.id))
    if "@type" not in body:
        raise NotApplicable("the promotion shows no @type")
    present("the promotion", body, "@type")
