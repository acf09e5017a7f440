"""Attribute selection with `fields` (TMF630 Part 1 §4.3; conformance profiles of TMF v4)."""

from __future__ import annotations

from typing import Any

from conformance.catalogue import check
from conformance.conditions import contains, equal, json_list, json_object, present, status, that
from conformance.levels import MAY, MUST, SHOULD
from conformance.outcomes import NotApplicable
from conformance.samples import Group, Sample
from conformance.target import Target

ALWAYS_ALLOWED = frozenset({"id", "href", "@type", "@baseType", "@schemaLocation"})
"""What may stay beside the selected attributes: the identity, and what class the resource is."""


def selected_only(body: dict[str, Any], *names: str) -> None:
    """The body has the selected attributes and nothing else but the identity."""
    extra = sorted(body.keys() - ALWAYS_ALLOWED - set(names))
    that(
        not extra,
        "attributes that were not selected are shown",
        expected=sorted({*names, "id", "href"}),
        observed=sorted(body),
    )
    missing = sorted(set(names) - body.keys())
    that(
        not missing,
        "selected attributes are missing",
        expected=sorted({*names, "id"}),
        observed=sorted(body),
    )


def listed(target: Target, sample: Sample, query: str) -> dict[str, Any]:
    """Return the sample's own item in the list that `query` gives."""
    answer = status(target.list(query), 200, 206)
    for item in json_list(answer):
        if str(item.get("id")) == sample.id:
            return item
    raise NotApplicable("the list does not show the run's promotion under this selection")


@check(
    "TMF671-SELECT-RETRIEVE",
    level=MUST,
    requirements=["R-P15-SELECT-RETRIEVE", "R-G21-SELECTED-ONLY"],
    writes=False,
)
def one_attribute_on_retrieve(target: Target, known: Sample) -> None:
    """`fields=name` on a promotion returns its name and nothing else but its identity.

    id, href and the @-attributes may stay.
    """
    answer = status(target.retrieve(known.id, "fields=name"), 200)
    body = json_object(answer)
    selected_only(body, "name")
    equal("the name", known.name, body["name"])


@check(
    "TMF671-SELECT-LIST",
    level=MUST,
    requirements=["R-P15-SELECT-LIST", "R-G21-SELECTED-ONLY"],
)
def one_attribute_on_list(target: Target, created: Sample) -> None:
    """`fields=name` on the list returns names and nothing else but the identity of promotions.

    id, href and the @-attributes may stay. Only the run's own promotion is judged.
    """
    item = listed(target, created, f"id={created.id}&fields=name")
    selected_only(item, "name")
    equal("the name", created.name, item["name"])


@check("TMF671-SELECT-SEVERAL", level=MUST, requirements=["R-G21-SELECTED-ONLY"])
def several_attributes(target: Target, created: Sample) -> None:
    """`fields=name,description` returns both attributes.

    Their order and the identity beside them do not matter.
    """
    assert created.sent is not None
    names = [name for name in ("name", "description") if name in created.sent]
    answer = status(target.retrieve(created.id, f"fields={','.join(names)}"), 200)
    body = json_object(answer)
    selected_only(body, *names)
    contains("the selection", {name: created.sent[name] for name in names}, body)


@check("TMF671-SELECT-EACH-RETRIEVE", level=MUST, requirements=["R-P15-SELECT-RETRIEVE"])
def each_attribute_on_retrieve(target: Target, created: Sample) -> None:
    """Each attribute that a promotion shows on the first level can be selected on retrieve.

    What the whole promotion shows is what a selection must show; href is exempt, and so are
    attributes that TMF671 does not know.
    """
    whole = json_object(status(target.retrieve(created.id), 200))
    for name in selectable(target, whole):
        body = json_object(status(target.retrieve(created.id, f"fields={name}"), 200))
        selected_only(body, name)
        equal(name, whole[name], body[name])


@check("TMF671-SELECT-EACH-LIST", level=MUST, requirements=["R-P15-SELECT-LIST"])
def each_attribute_on_list(target: Target, created: Sample) -> None:
    """Each attribute that a promotion shows on the first level can be selected on the list.

    href is exempt, and so are attributes that TMF671 does not know.
    """
    whole = json_object(status(target.retrieve(created.id), 200))
    for name in selectable(target, whole):
        item = listed(target, created, f"id={created.id}&fields={name}")
        selected_only(item, name)
        equal(name, whole[name], item[name])


@check("TMF671-SELECT-ID-STAYS", level=MUST, requirements=["R-G21-ID-STAYS"], writes=False)
def id_stays(target: Target, known: Sample) -> None:
    """A selection that does not name the id returns it all the same.

    Nothing else is judged here.
    """
    body = json_object(status(target.retrieve(known.id, "fields=name"), 200))
    present("the selection", body, "id")


@check("TMF671-SELECT-HREF-STAYS", level=SHOULD, requirements=["R-G21-HREF-STAYS"], writes=False)
def href_stays(target: Target, known: Sample) -> None:
    """A selection that does not name the href returns it all the same.

    The editions of the guideline differ on this, so a miss is a warning.
    """
    body = json_object(status(target.retrieve(known.id, "fields=name"), 200))
    present("the selection", body, "href")


@check("TMF671-SELECT-NONE", level=MUST, requirements=["R-G22-FIELDS-NONE"], writes=False)
def none_returns_the_identity(target: Target, known: Sample) -> None:
    """`fields=none` returns the identity of a promotion only: id and href.

    The @-attributes may stay, and href may be missing (see TMF671-SELECT-HREF-STAYS).
    """
    body = json_object(status(target.retrieve(known.id, "fields=none"), 200))
    selected_only(body)
    present("the selection", body, "id")


@check(
    "TMF671-SELECT-WITH-FILTER",
    level=MUST,
    requirements=["R-G63-FILTER-FIELDS"],
)
def combines_with_a_filter(target: Target, family: Group) -> None:
    """A selection and a filter in one request both apply.

    The filter's attribute need not be among the selected ones.
    """
    query = f"id={family[1].id}&fields=description"
    items = json_list(status(target.list(query), 200, 206))
    equal("the ids found", [family[1].id], [str(item.get("id")) for item in items])
    selected_only(items[0], "description")


@check("TMF671-SELECT-UNKNOWN", level=MAY, requirements=["R-G24-UNKNOWN-FIELD"], writes=False)
def unknown_attribute(target: Target, known: Sample) -> None:
    """Selecting an attribute that no promotion has is ignored or refused, not met with a fault.

    200 and 400 pass.
    """
    status(target.retrieve(known.id, "fields=noSuchAttribute"), 200, 400, 422)


@check("TMF671-SELECT-JSONPATH", level=MAY, requirements=["R-G62-JSONPATH-ELSEWHERE"], writes=False)
def json_path_in_fields(target: Target, known: Sample) -> None:
    """A JSON Path in `fields` is understood or refused, not met with a fault.

    200, 400 and 501 pass: it may be offered, and most do not.
    """
    status(target.retrieve(known.id, "fields=$.name"), 200, 400, 422, 501)


@check("TMF671-SELECT-NESTED", level=MAY, requirements=["R-G23-NESTED-SELECT"])
def nested_attribute(target: Target, created: Sample) -> None:
    """`fields=validFor.startDateTime` returns that part of validFor and leaves out the other.

    Selection below the first level is optional.
    """
    assert created.sent is not None
    if not {"startDateTime", "endDateTime"} <= (created.sent.get("validFor") or {}).keys():
        raise NotApplicable("the payload has no validFor with a start and an end")
    answer = target.retrieve(created.id, "fields=validFor.startDateTime")
    body = json_object(status(answer, 200))
    equal("what is shown of validFor", ["startDateTime"], sorted(body.get("validFor") or {}))


def selectable(target: Target, whole: dict[str, Any]) -> list[str]:
    """Return the attributes of a promotion that the profile lets select: those of the schema."""
    known = target.api.schema("Promotion")["$defs"]["Promotion"]["properties"]
    return sorted(name for name in whole if name in known and name not in {"id", "href"})
