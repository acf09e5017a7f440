"""PATCH /promotion/{id} by JSON merge patch (RFC 7396; TMF630 Part 1 §3.2 and §5).

PATCH is not mandatory for TMF671; a target that does not offer it is not judged. Under v4.0.0
every change carries the name, since its update schema asks for it; only
TMF671-PATCH-WITHOUT-NAME leaves it out.
"""

from __future__ import annotations

from typing import Any

from conformance.catalogue import check
from conformance.client import Answer
from conformance.conditions import contains, equal, header, json_object, present, status, that
from conformance.levels import MAY, MUST, SHOULD
from conformance.outcomes import NotApplicable
from conformance.payload import SERVER_SET
from conformance.samples import Sample, make
from conformance.target import JSON_MEDIA, MERGE_PATCH, Target

TEXT = "changed to 第二 “text”"


def change(
    target: Target, sample: Sample, changes: dict[str, Any], media_type: str = MERGE_PATCH
) -> Answer:
    """PATCH a sample; under v4.0.0 with its name, which the update schema there requires."""
    named = {"name": sample.name} if target.settings.api_version == "4.0.0" else {}
    return target.patch(sample.id, {**named, **changes}, media_type)


def stored(target: Target, sample: Sample) -> dict[str, Any]:
    """Return the promotion as it is now."""
    return json_object(status(target.retrieve(sample.id), 200))


@check("TMF671-PATCH-200", level=MUST, requirements=["R-P05-MERGE-PATCH-200"], needs=["patch"])
def answers_200(target: Target, fresh: Sample) -> None:
    """A merge patch of one attribute is answered 200.

    The body is judged by another check.
    """
    status(change(target, fresh, {"description": TEXT}), 200)


@check("TMF671-PATCH-BODY", level=MUST, requirements=["R-G70-PATCH-BODY"], needs=["patch"])
def returns_the_changed_promotion(target: Target, fresh: Sample) -> None:
    """The answer to a PATCH is the changed promotion.

    More attributes pass.
    """
    answer = change(target, fresh, {"description": TEXT})
    contains("the answer", {"id": fresh.id, "description": TEXT}, json_object(answer))


@check("TMF671-PATCH-STORED", level=MUST, requirements=["R-G47-MERGE"], needs=["patch"])
def change_is_stored(target: Target, fresh: Sample) -> None:
    """What a merge patch changed is what is retrieved afterwards.

    A target that answers 200 and changes nothing does not pass.
    """
    change(target, fresh, {"description": TEXT})
    equal("the description", TEXT, stored(target, fresh).get("description"))


@check("TMF671-PATCH-UNTOUCHED", level=MUST, requirements=["R-G47-UNTOUCHED"], needs=["patch"])
def other_attributes_stay(target: Target, fresh: Sample) -> None:
    """Attributes that a merge patch does not name keep their values.

    lastUpdate may advance; attributes that the server adds are not compared.
    """
    before = stored(target, fresh)
    change(target, fresh, {"description": TEXT})
    assert fresh.sent is not None
    untouched = {
        name: value
        for name, value in before.items()
        if name in fresh.sent and name not in {*SERVER_SET, "description"}
    }
    contains("the promotion after the change", untouched, stored(target, fresh))


@check(
    "TMF671-PATCH-APPLICATION-JSON",
    level=MUST,
    requirements=["R-G47-APPLICATION-JSON"],
    needs=["patch"],
)
def application_json_is_a_merge(target: Target, fresh: Sample) -> None:
    """A PATCH declared as application/json is treated as a merge patch.

    The answer's body is judged by another check.
    """
    status(change(target, fresh, {"description": TEXT}, JSON_MEDIA), 200)
    assert fresh.sent is not None
    now = stored(target, fresh)
    equal("the description", TEXT, now.get("description"))
    equal("the name", fresh.name, now.get("name"))


@check("TMF671-PATCH-NULL", level=MUST, requirements=["R-G47-NULL-REMOVES"], needs=["patch"])
def null_removes(target: Target, fresh: Sample) -> None:
    """A null in a merge patch removes the attribute.

    A server that shows a removed attribute as null passes.
    """
    status(change(target, fresh, {"description": None}), 200)
    equal("the description", None, stored(target, fresh).get("description"))


@check("TMF671-PATCH-ARRAY", level=MUST, requirements=["R-G47-ARRAY-REPLACED"], needs=["patch"])
def arrays_are_replaced(target: Target) -> None:
    """An array in a merge patch replaces the one that was there.

    Judged on attachment, the patchable array of v4.1.0, and on pattern under v4.0.0, where it is
    not in the update schema: a target that refuses or ignores that is not judged.
    """
    name, one, other = _two_arrays(target)
    sample = make(target, target.promotion("array", **{name: one}))
    before = stored(target, sample).get(name)
    if not isinstance(before, list) or len(before) != len(one):
        raise NotApplicable(f"the target does not keep {name}")
    answer = change(target, sample, {name: other})
    after = stored(target, sample).get(name)
    if after == before or not answer.succeeded:
        raise NotApplicable(f"the target does not let {name} be changed")
    contains("the promotion", {name: other}, {name: after})


@check("TMF671-PATCH-PATTERN", level=MAY, requirements=["R-X05-PATTERN-PATCH"], needs=["patch"])
def pattern_is_handled(target: Target, fresh: Sample) -> None:
    """A merge patch of pattern is applied, ignored or refused, not met with a fault.

    pattern can be created but does not stand in the update schema, so all of these pass.
    """
    assert fresh.sent is not None
    if not fresh.sent.get("pattern"):
        raise NotApplicable("the payload has no pattern")
    answer = change(target, fresh, {"pattern": fresh.sent["pattern"][:1]})
    that(
        answer.succeeded or 400 <= answer.status < 500,
        "a change of pattern leads to a fault",
        expected="2xx or 4xx",
        observed=answer.status,
    )


@check(
    "TMF671-PATCH-WITHOUT-NAME",
    level=SHOULD,
    requirements=["R-X02-PATCH-WITHOUT-NAME"],
    needs=["patch"],
    versions=["4.0.0"],
)
def name_need_not_be_repeated(target: Target, fresh: Sample) -> None:
    """A merge patch may leave out the name.

    The published update schema of v4.0.0 requires it, by mistake: a refusal is only a warning.
    """
    status(target.patch(fresh.id, {"description": TEXT}), 200)


@check("TMF671-PATCH-ID", level=MUST, requirements=["R-G71-ID-IMMUTABLE"], needs=["patch"])
def id_cannot_change(target: Target, fresh: Sample) -> None:
    """A PATCH of the id changes nothing about it.

    Refusing with a 4xx and ignoring it both pass.
    """
    other = f"{fresh.id}-other"
    answer = change(target, fresh, {"id": other})
    after = target.retrieve(fresh.id)
    if after.status == 404 and answer.succeeded:
        target.ledger.add(f"/promotion/{other}")
    body = json_object(status(after, 200))
    equal("the id", fresh.id, str(body.get("id")))


@check("TMF671-PATCH-HREF", level=MUST, requirements=["R-G71-HREF-IMMUTABLE"], needs=["patch"])
def href_cannot_change(target: Target, fresh: Sample) -> None:
    """A PATCH of the href changes nothing about it.

    Refusing with a 4xx and ignoring it both pass.
    """
    before = stored(target, fresh).get("href")
    change(target, fresh, {"href": "https://example.com/elsewhere"})
    equal("the href", before, stored(target, fresh).get("href"))


@check("TMF671-PATCH-NULL-NAME", level=MUST, requirements=["R-P13-NOT-BLANK"], needs=["patch"])
def name_cannot_be_removed(target: Target, fresh: Sample) -> None:
    """A PATCH cannot remove the mandatory name.

    Refusing with a 4xx and ignoring it both pass.
    """
    target.patch(fresh.id, {"name": None})
    present("the promotion", stored(target, fresh), "name")


@check(
    "TMF671-PATCH-415",
    level=SHOULD,
    requirements=["R-G72-415-ACCEPT-PATCH", "R-G05-415"],
    needs=["patch"],
)
def unsupported_type_is_refused(target: Target, fresh: Sample) -> None:
    """A PATCH of a type that cannot be one is answered 415 and told which types can.

    The types that Accept-Patch names are not judged.
    """
    answer = target.patch(fresh.id, {"description": TEXT}, "text/plain")
    status(answer, 415)
    header(answer, "Accept-Patch")


def _two_arrays(target: Target) -> tuple[str, list[Any], list[Any]]:
    if target.settings.api_version == "4.0.0":
        pattern = target.promotion("").get("pattern") or []
        if len(pattern) < 2:
            raise NotApplicable("the payload has fewer than two patterns")
        return "pattern", pattern, pattern[1:]
    own = (target.settings.payload or {}).get("attachment")
    if target.has_own_payload and len(own or []) < 2:
        raise NotApplicable("the payload has fewer than two attachments")
    attachments = own or [
        {"name": "flyer", "url": "https://example.com/flyer.png"},
        {"name": "terms", "url": "https://example.com/terms.pdf"},
    ]
    return "attachment", attachments, attachments[1:]
