"""PATCH /promotion/{id} by JSON merge patch (RFC 7396; TMF630 Part 1 §3.2 and §5).

PATCH is not mandatory for TMF671; a target that does not offer it is not judged. Under v4.0.0
every change carries the name, since its update schema asks for it; only
TMF671-PATCH-WITHOUT-NAME leaves it out.
"""

from __future__ import annotations

from typing import Any

from conformance.catalogue import check
from conformance.client import Answer
from conformance.conditions import (
    contains,
    equal,
    header,
    json_object,
    present,
    refused,
    status,
    that,
)
from conformance.levels import MAY, MUST, SHOULD
from conformance.listing import matches
from conformance.outcomes import NotApplicable
from conformance.payload import SERVER_SET
from conformance.samples import Sample, make
from conformance.target import (
    JSON_MEDIA,
    JSON_PATCH,
    JSON_PATCH_QUERY,
    MERGE_PATCH,
    Target,
    promotion_path,
)

NOT_TAKEN = frozenset({400, 415, 501})
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
    status(change(target, fresh, {target.changeable: TEXT}), 200)


@check("TMF671-PATCH-BODY", level=MUST, requirements=["R-G70-PATCH-BODY"], needs=["patch"])
def returns_the_changed_promotion(target: Target, fresh: Sample) -> None:
    """The answer to a PATCH is the changed promotion.

    More attributes pass.
    """
    answer = change(target, fresh, {target.changeable: TEXT})
    contains("the answer", {"id": fresh.id, target.changeable: TEXT}, json_object(answer))


@check("TMF671-PATCH-STORED", level=MUST, requirements=["R-G47-MERGE"], needs=["patch"])
def change_is_stored(target: Target, fresh: Sample) -> None:
    """What a merge patch changed is what is retrieved afterwards.

    A target that answers 200 and changes nothing does not pass.
    """
    change(target, fresh, {target.changeable: TEXT})
    equal(target.changeable, TEXT, stored(target, fresh).get(target.changeable))


@check("TMF671-PATCH-UNTOUCHED", level=MUST, requirements=["R-G47-UNTOUCHED"], needs=["patch"])
def other_attributes_stay(target: Target, fresh: Sample) -> None:
    """Attributes that a merge patch does not name keep their values.

    lastUpdate may advance; attributes that the server adds are not compared.
    """
    before = stored(target, fresh)
    change(target, fresh, {target.changeable: TEXT})
    assert fresh.sent is not None
    untouched = {
        name: value
        for name, value in before.items()
        if name in fresh.sent and name not in {*SERVER_SET, target.changeable}
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
    status(change(target, fresh, {target.changeable: TEXT}, JSON_MEDIA), 200)
    assert fresh.sent is not None
    now = stored(target, fresh)
    equal(target.changeable, TEXT, now.get(target.changeable))
    equal("the name", fresh.name, now.get("name"))


@check("TMF671-PATCH-NULL", level=MUST, requirements=["R-G47-NULL-REMOVES"], needs=["patch"])
def null_removes(target: Target, fresh: Sample) -> None:
    """A null in a merge patch removes the attribute.

    A server that shows a removed attribute as null passes.
    """
    name = target.changeable
    status(change(target, fresh, {name: None}), 200)
    equal(name, None, stored(target, fresh).get(name))


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
    status(target.patch(fresh.id, {target.changeable: TEXT}), 200)


@check("TMF671-PATCH-ID", level=MUST, requirements=["R-G71-ID-IMMUTABLE"], needs=["patch"])
def id_cannot_change(target: Target, fresh: Sample) -> None:
    """A PATCH of the id changes nothing about it.

    Refusing with a 4xx and ignoring it both pass.
    """
    other = f"{fresh.id}-other"
    answer = change(target, fresh, {"id": other})
    after = target.retrieve(fresh.id)
    if after.status == 404 and answer.succeeded:
        target.ledger.add(promotion_path(other))
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
    answer = target.patch(fresh.id, {target.changeable: TEXT}, "text/plain")
    status(answer, 415)
    header(answer, "Accept-Patch")


@check("TMF671-PATCH-NESTED", level=MUST, requirements=["R-G47-MERGE"], needs=["patch"])
def nested_objects_are_merged(target: Target, fresh: Sample) -> None:
    """A merge patch of one end of validFor keeps the other end.

    A payload without both ends is not judged, nor a target that refuses the change.
    """
    assert fresh.sent is not None
    period = fresh.sent.get("validFor") or {}
    if not {"startDateTime", "endDateTime"} <= period.keys():
        raise NotApplicable("the payload has no validFor with a start and an end")
    end = "2031-01-01T00:00:00Z"
    answer = change(target, fresh, {"validFor": {"endDateTime": end}})
    if not answer.succeeded:
        raise NotApplicable("the target does not let validFor be changed")
    expected = {"startDateTime": period["startDateTime"], "endDateTime": end}
    contains("validFor", expected, stored(target, fresh).get("validFor"))


@check("TMF671-PATCH-FIELDS", level=MAY, requirements=["R-G25-FIELDS-ON-WRITE"], needs=["patch"])
def selection_on_patch(target: Target, fresh: Sample) -> None:
    """`fields=description` on a PATCH selects in its answer.

    id, href and the @-attributes may stay. The guideline only says that it may be done.
    """
    changed = target.changeable
    changes = {"name": fresh.name, changed: TEXT}
    answer = status(target.patch(fresh.id, changes, query=f"fields={changed}"), 200)
    extra = json_object(answer).keys() - {"id", "href", changed, "@type", "@baseType"}
    that(
        not extra,
        "more than the selection is shown",
        expected=[changed],
        observed=sorted(extra),
    )


@check("TMF671-PATCH-IF-MATCH", level=MAY, requirements=["R-G09-IF-MATCH"], needs=["patch"])
def stale_if_match_is_412(target: Target, fresh: Sample) -> None:
    """A PATCH whose If-Match names an older ETag is answered 412 and changes nothing.

    A target without ETags is not judged.
    """
    etag = target.retrieve(fresh.id).header("ETag")
    if etag is None:
        raise NotApplicable("the target sends no ETag")
    name = target.changeable
    target.patch(fresh.id, {"name": fresh.name, name: "first"}, headers={"If-Match": etag})
    second = target.patch(
        fresh.id, {"name": fresh.name, name: "second"}, headers={"If-Match": etag}
    )
    status(second, 412)
    equal(name, "first", stored(target, fresh).get(name))


@check("TMF671-JSON-PATCH", level=MAY, requirements=["R-G48-JSON-PATCH"], needs=["patch"])
def json_patch_is_applied(target: Target, fresh: Sample) -> None:
    """A JSON Patch (RFC 6902) is applied as a whole or not at all.

    A target that does not take application/json-patch+json (400, 415, 501) is not judged.
    """
    name = target.changeable
    replace = {"op": "replace", "path": f"/{name}", "value": TEXT}
    first = target.patch(fresh.id, [replace], JSON_PATCH)
    if first.status in NOT_TAKEN:
        raise NotApplicable("the target does not take JSON Patch")
    status(first, 200)
    equal(target.changeable, TEXT, stored(target, fresh).get(target.changeable))
    failing = [
        {"op": "replace", "path": f"/{name}", "value": "half done"},
        {"op": "test", "path": "/name", "value": "another name"},
    ]
    target.patch(fresh.id, failing, JSON_PATCH)
    equal(f"{name} after a failed test", TEXT, stored(target, fresh).get(name))


@check(
    "TMF671-JSON-PATCH-QUERY",
    level=MAY,
    requirements=["R-G49-JSON-PATCH-QUERY"],
    needs=["patch"],
)
def json_patch_query_is_applied(target: Target, fresh: Sample) -> None:
    """A JSON Patch Query changes the member of an array that its path chooses.

    Both spellings of the path pass. A target that does not take the type is not judged, nor a
    payload without a named pattern.
    """
    assert fresh.sent is not None
    names = [pattern.get("name") for pattern in fresh.sent.get("pattern") or []]
    if len(names) < 2 or None in names:
        raise NotApplicable("the payload has no two patterns with names")
    for path in (
        f"/pattern/priority?pattern.name={names[1]}",
        f"pattern[?(@.name=='{names[1]}')].priority",
    ):
        operation = {"op": "replace", "path": path, "value": 71}
        answer = target.patch(fresh.id, [operation], JSON_PATCH_QUERY)
        if answer.succeeded:
            break
    if answer.status in NOT_TAKEN:
        raise NotApplicable("the target does not take JSON Patch Query")
    status(answer, 200)
    seen = [pattern.get("priority") for pattern in stored(target, fresh)["pattern"]]
    that(seen[1] == 71 != seen[0], "another member was changed", expected=71, observed=seen)


@check(
    "TMF671-COLLECTION-PATCH",
    level=MAY,
    requirements=["R-G44-COLLECTION-PATCH"],
    needs=["patch"],
)
def collection_patch_is_atomic(target: Target) -> None:
    """A JSON Patch of the collection adds several promotions, or none when one is wrong.

    A target that does not offer it (400, 404, 405, 415, 501) is not judged.
    """

    def adding(*names: Any) -> list[dict[str, Any]]:
        return [target.promotion("", name=name) for name in names]

    good = [f"{target.mark} many one", f"{target.mark} many two"]
    answer = target.patch_collection(adding(*good))
    if answer.status in NOT_TAKEN or answer.status in {404, 405}:
        raise NotApplicable("the target does not offer PATCH of the collection")
    status(answer, 200)
    for name in good:
        equal(f"promotions named {name}", 1, len(matches(target, (("name", name),))))
    refused(target.patch_collection(adding(f"{target.mark} half", {"no": "text"})))
    equal("promotions of a refused PATCH", [], matches(target, (("name", f"{target.mark} half"),)))


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
