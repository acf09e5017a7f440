"""POST /promotion (conformance profiles of TMF v4; TMF630 Part 1 §1.8 and §6)."""

from __future__ import annotations

from conformance.adaptation import adapted
from conformance.catalogue import check
from conformance.conditions import (
    contains,
    equal,
    header,
    json_media,
    json_object,
    present,
    status,
    that,
    valid,
)
from conformance.equality import instant
from conformance.levels import MAY, MUST, SHOULD
from conformance.outcomes import NotApplicable
from conformance.payload import SERVER_SET, derived
from conformance.samples import Group, Sample
from conformance.target import Target, identity_of
from conformance.unknown import unknown_id


@check("TMF671-CREATE-201", level=MUST, requirements=["R-P03-CREATE-201"])
def answers_201(target: Target) -> None:
    """A valid promotion that is posted is answered 201 Created.

    Nothing is said about the body or the headers here. POST is mandatory, so a target without it
    fails. When the target has mandatory attributes of its own, give a payload that satisfies it.
    """
    answer = target.create(target.promotion("create"))
    status(answer, 201, hint="give the promotion to POST with --payload if the target wants more")


@check("TMF671-CREATE-LOCATION", level=MUST, requirements=["R-G40-LOCATION"], needs=["create"])
def tells_location(target: Target, created: Sample) -> None:
    """The answer to a create has a Location that ends with the new promotion's id.

    A relative or absolute reference passes, on any host: a gateway may stand in front.
    """
    location = header(created.answer, "Location")
    last = target.absolute(location).rstrip("/").rsplit("/", 1)[-1]
    that(
        target.same_resource("/x/" + last, f"/x/{created.id}"),
        "the Location does not lead to the new promotion",
        expected=f"…/promotion/{created.id}",
        observed=location,
    )


@check("TMF671-CREATE-BODY", level=SHOULD, requirements=["R-G40-BODY"], needs=["create"])
def returns_representation(created: Sample) -> None:
    """The answer to a create shows the promotion with the values that were sent.

    More attributes, other date-time offsets and the server's own lastUpdate pass.
    """
    assert created.sent is not None
    body = json_object(created.answer)
    sent = {name: value for name, value in created.sent.items() if name not in SERVER_SET}
    contains("the created promotion", sent, body)


@check("TMF671-CREATE-SCHEMA", level=MUST, requirements=["R-M01-SCHEMA-CREATE"], needs=["create"])
def body_is_valid(target: Target, created: Sample) -> None:
    """The body of the answer to a create is a valid Promotion.

    A create may be answered without a body; then there is nothing to judge.
    """
    if not created.answer.content:
        raise NotApplicable("the create was answered without a body")
    valid(target, json_object(created.answer), "Promotion")


@check(
    "TMF671-CREATE-CONTENT-TYPE",
    level=MUST,
    requirements=["R-G04-CONTENT-TYPE", "R-G02-JSON"],
    needs=["create"],
)
def body_is_declared(created: Sample) -> None:
    """The body of the answer to a create is declared as JSON.

    Any charset parameter passes, and so does a +json media type.
    """
    if not created.answer.content:
        raise NotApplicable("the create was answered without a body")
    json_media(created.answer)


@check(
    "TMF671-CREATE-HREF",
    level=MUST,
    requirements=["R-P08-HREF-LOCATION", "R-P07-HREF"],
    needs=["create"],
)
def href_is_location(target: Target, created: Sample) -> None:
    """The href of a new promotion and the Location of its creation are the same resource.

    One may be relative and the other absolute. The href is read again when the create was
    answered without a body; without a Location there is nothing to compare.
    """
    location = created.answer.header("Location")
    if location is None:
        raise NotApplicable("the create was answered without a Location")
    shown = created.answer if created.answer.content else target.retrieve(created.id)
    body = json_object(shown)
    present("the promotion", body, "href")
    that(
        target.same_resource(str(body["href"]), location),
        "href and Location differ",
        expected=location,
        observed=body["href"],
    )


@check("TMF671-CREATE-SERVER-ID", level=SHOULD, requirements=["R-P09-SERVER-ID"], needs=["create"])
def id_is_made_by_the_server(target: Target, family: Group) -> None:
    """Promotions created without an id get ids that differ.

    Any id scheme passes. A target whose payload brings the id is not judged.
    """
    if target.settings.payload and "id" in target.settings.payload:
        raise NotApplicable("the payload brings an id of its own")
    distinct = len(set(family.ids))
    that(
        distinct == len(family.ids),
        "two promotions were given one id",
        expected=f"{len(family.ids)} different ids",
        observed=family.ids,
    )


@check("TMF671-CREATE-NAME-ONLY", level=MUST, requirements=["R-P10-NAME-INPUT"], needs=["create"])
def name_suffices(target: Target) -> None:
    """A promotion with nothing but a name is accepted: no other attribute is mandatory.

    A target with mandatory attributes of its own, for which a payload was given, is not judged.
    """
    if target.has_own_payload:
        raise NotApplicable("the payload tells that the target wants more than a name")
    status(target.create({"name": f"{target.mark} name only"}), 201, 200)


@check("TMF671-CREATE-UNICODE", level=MUST, requirements=["R-G02-JSON"], needs=["create"])
def text_survives(target: Target, family: Group) -> None:
    """Text in any script, and the characters that URLs and JSON escape, come back unchanged.

    Canonically equivalent Unicode does not pass as the same: nothing allows changing a name.
    """
    for sample in family.members:
        body = json_object(status(target.retrieve(sample.id), 200))
        equal("the name", sample.name, body.get("name"))


@check(
    "TMF671-CREATE-PATTERN",
    level=MUST,
    requirements=["R-M08-PATTERN-CREATE"],
    needs=["create"],
)
def pattern_is_stored(target: Target, created: Sample) -> None:
    """The patterns that were posted come back with their groups, criteria and actions, in order.

    Ids and other attributes that the server adds inside them pass. A payload without a pattern
    is not judged.
    """
    assert created.sent is not None
    if not created.sent.get("pattern"):
        raise NotApplicable("the payload has no pattern")
    body = json_object(status(target.retrieve(created.id), 200))
    contains("the promotion", {"pattern": created.sent["pattern"]}, body)


@check("TMF671-CREATE-VALID-FOR", level=MUST, requirements=["R-M09-VALIDFOR"], needs=["create"])
def validity_is_stored(target: Target, created: Sample) -> None:
    """The validity that was posted comes back as the same points in time.

    Another offset or precision passes. A payload without validFor is not judged.
    """
    assert created.sent is not None
    if not created.sent.get("validFor"):
        raise NotApplicable("the payload has no validFor")
    body = json_object(status(target.retrieve(created.id), 200))
    contains("the promotion", {"validFor": created.sent["validFor"]}, body)


@check(
    "TMF671-CREATE-ATTACHMENT",
    level=MUST,
    requirements=["R-M10-ATTACHMENT"],
    needs=["create"],
    versions=["4.1.0"],
)
def attachment_is_stored(target: Target) -> None:
    """Attachments that are posted come back.

    With a payload of the user's own, its attachments are used; without any it is not judged.
    """
    own = (target.settings.payload or {}).get("attachment")
    if target.has_own_payload and not own:
        raise NotApplicable("the payload has no attachment")
    attachments = own or [
        {"name": "flyer", "mimeType": "image/png", "url": "https://example.com/flyer.png"}
    ]
    answer = target.create(target.promotion("attachment", attachment=attachments))
    status(answer, 201, 200)
    body = json_object(status(target.retrieve(identity_of(answer) or ""), 200))
    contains("the promotion", {"attachment": attachments}, body)


@check("TMF671-CREATE-CHARSET", level=MUST, requirements=["R-X10-CHARSET"], needs=["create"])
def charset_is_accepted(target: Target) -> None:
    """A body declared as application/json;charset=utf-8 is accepted.

    That is what the published description declares; without the parameter it is the same type.
    """
    answer = target.create_raw(
        json_body=target.promotion("charset"),
        headers={"Content-Type": "application/json;charset=utf-8"},
    )
    status(answer, 201, 200)


@check(
    "TMF671-CREATE-LAST-UPDATE",
    level=MUST,
    requirements=["R-M05-LASTUPDATE-DATETIME"],
    needs=["create"],
)
def last_update_is_a_date_time(target: Target, created: Sample) -> None:
    """Where a promotion shows lastUpdate, it is an RFC 3339 date-time.

    Any offset and precision pass, lower-case letters too. That it is shown is another check.
    """
    body = json_object(status(target.retrieve(created.id), 200))
    if body.get("lastUpdate") is None:
        raise NotApplicable("the promotion shows no lastUpdate")
    that(
        instant(body["lastUpdate"]) is not None,
        "lastUpdate is no date-time",
        expected="an RFC 3339 date-time",
        observed=body["lastUpdate"],
    )


@check("TMF671-CREATE-CLIENT-ID", level=MAY, requirements=["R-G42-CLIENT-ID"], needs=["create"])
def client_id_is_handled(target: Target, created: Sample) -> None:
    """A client that sends an id of its own is understood or refused, not met with a fault.

    Accepting the id, ignoring it and refusing it with a 4xx all pass.
    """
    proposed = unknown_id(created.id, target.settings.seed + 1)
    answer = target.create(target.promotion("client id", id=proposed))
    that(
        answer.succeeded or 400 <= answer.status < 500,
        "a client-supplied id leads to a fault",
        expected="2xx or 4xx",
        observed=answer.status,
    )


@check("TMF671-CREATE-EXTENSION", level=MAY, requirements=["R-M31-EXTENSION"], needs=["create"])
def extension_is_kept(target: Target) -> None:
    """An attribute that TMF671 does not know is accepted and kept.

    Extension is legal but not obligatory, so a refusal is only reported.
    """
    answer = status(
        target.create(target.promotion("extension", campaignCode="五一-2026")), 201, 200
    )
    body = json_object(status(target.retrieve(identity_of(answer) or ""), 200))
    equal("campaignCode", "五一-2026", body.get("campaignCode"))


@check(
    "TMF671-CREATE-PAYLOADS",
    level=MUST,
    requirements=["R-P03-CREATE-201", "R-G20-WHOLE"],
    needs=["create"],
)
def further_payloads_are_accepted(target: Target) -> None:
    """Each further payload that the user gives is created and comes back with its values.

    Without further payloads there is nothing to judge.
    """
    if not target.settings.payloads:
        raise NotApplicable("no further payloads were given ([[target.payloads]])")
    for number, payload in enumerate(target.settings.payloads):
        promotion = adapted(
            derived(payload, name=f"{target.mark} payload {number}"), target.settings.attributes
        )
        answer = status(target.create(promotion), 201, 200)
        sent = {name: value for name, value in promotion.items() if name not in SERVER_SET}
        shown = json_object(status(target.retrieve(identity_of(answer) or ""), 200))
        contains(f"payload {number}", sent, shown)


@check("TMF671-CREATE-ID", level=MUST, requirements=["R-P07-ID"], needs=["create"])
def body_tells_the_id(created: Sample) -> None:
    """The body of the answer to a create shows the id that the promotion was given.

    A create may be answered without a body; then its Location tells the id.
    """
    if not created.answer.content:
        raise NotApplicable("the create was answered without a body")
    present("the created promotion", json_object(created.answer), "id")


@check("TMF671-CREATE-NO-NULL", level=MUST, requirements=["R-G41-NO-NULL"], needs=["create"])
def mandatory_is_not_null(target: Target) -> None:
    """Of a promotion created with few attributes, no mandatory one is shown as null or blank.

    Attributes that were not sent may be absent, null or have a default.
    """
    body = json_object(
        status(target.create(target.promotion("no null", description=None)), 201, 200)
    )
    shown = [name for name in ("id", "href", "name") if name in body]
    present("the created promotion", body, *shown)


@check("TMF671-CREATE-FIELDS", level=MAY, requirements=["R-G25-FIELDS-ON-WRITE"], needs=["create"])
def selection_on_create(target: Target) -> None:
    """`fields=name` on a create selects in its answer.

    id, href and the @-attributes may stay. The guideline only says that it may be done.
    """
    answer = status(target.create(target.promotion("fields"), query="fields=name"), 201, 200)
    extra = json_object(answer).keys() - {"id", "href", "name", "@type", "@baseType"}
    that(not extra, "more than the selection is shown", expected=["name"], observed=sorted(extra))


@check(
    "TMF671-CREATE-LAST-UPDATE-SENT",
    level=MAY,
    requirements=["R-X06-LASTUPDATE-SERVER"],
    needs=["create"],
)
def sent_last_update_is_no_mistake(target: Target) -> None:
    """A create that sends lastUpdate is accepted.

    It stands in the create schema, although the server plainly keeps it; whose value is shown
    afterwards is not judged.
    """
    promotion = target.promotion("last update", lastUpdate="2001-01-01T00:00:00Z")
    status(target.create(promotion), 201, 200)


@check(
    "TMF671-CREATE-LOWERCASE",
    level=MAY,
    requirements=["R-X17-LOWERCASE-DATETIME"],
    needs=["create"],
)
def lower_case_date_times(target: Target) -> None:
    """Date-times with a lower-case t and z, as in the official samples, are accepted and kept.

    RFC 3339 allows them; another writing of the same point in time passes.
    """
    period = {"startDateTime": "2026-01-01t00:00:00z", "endDateTime": "2027-01-01t00:00:00z"}
    answer = status(target.create(target.promotion("lower case", validFor=period)), 201, 200)
    body = json_object(status(target.retrieve(identity_of(answer) or ""), 200))
    contains("the promotion", {"validFor": period}, body)


@check("TMF671-CREATE-RELATION", level=MAY, requirements=["R-M32-RELATION"], needs=["create"])
def relations_are_and_or_or(target: Target, created: Sample) -> None:
    """The logical relations that a pattern shows are AND or OR.

    Only the JSON schemas restrict them, the Swagger leaves them free.
    """
    body = json_object(status(target.retrieve(created.id), 200))
    shown = [
        relation
        for pattern in body.get("pattern") or []
        for relation in (
            pattern.get("criteriaGroupLogicalRelationship"),
            *(group.get("criteriaLogicalRelationship") for group in pattern["criteriaGroup"]),
        )
        if relation is not None
    ]
    if not shown:
        raise NotApplicable("the promotion shows no logical relation")
    that(set(shown) <= {"AND", "OR"}, "another relation", expected=["AND", "OR"], observed=shown)
