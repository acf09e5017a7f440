"""Accept and Content-Type (TMF630 Part 1 §1.7 and §3.2; RFC 9110 §12)."""

from __future__ import annotations

from conformance.catalogue import check
from conformance.conditions import json_media, json_object, status
from conformance.levels import MAY, MUST, SHOULD
from conformance.samples import Sample
from conformance.target import Target


@check("TMF671-ERROR-415", level=SHOULD, requirements=["R-G05-415"], needs=["create"])
def wrong_type_is_415(target: Target) -> None:
    """A body of a type that is no JSON is answered 415.

    The status is in the guideline's list, its exact duty is not, so a miss is a warning.
    """
    answer = target.create_raw(
        content=b"name=promotion", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    status(answer, 415)


@check("TMF671-ERROR-406", level=SHOULD, requirements=["R-G05-406"], writes=False)
def impossible_accept_is_406(target: Target, known: Sample) -> None:
    """A client that accepts only what the server cannot send is answered 406.

    RFC 9110 lets a server send JSON all the same, so a miss is a warning.
    """
    status(target.retrieve(known.id, headers={"Accept": "application/x-tmf671-none"}), 406)


@check("TMF671-ERROR-ACCEPT", level=MUST, requirements=["R-G02-ACCEPT"], writes=False)
def any_accept_gets_json(target: Target, known: Sample) -> None:
    """A client that accepts anything gets JSON, the obligatory default.

    Any charset parameter passes.
    """
    json_media(status(target.retrieve(known.id, headers={"Accept": "*/*"}), 200))


@check("TMF671-ACCEPT-LIST", level=MUST, requirements=["R-G02-ACCEPT"], writes=False)
def a_list_of_types_gets_json(target: Target, known: Sample) -> None:
    """A client that accepts several types, JSON among them, is answered.

    XML is named first but weighs less; a server that has XML may send it all the same.
    """
    accept = "application/xml;q=0.1, application/json;q=0.9, */*;q=0.05"
    status(target.retrieve(known.id, headers={"Accept": accept}), 200)


@check("TMF671-ACCEPT-CHARSET", level=MUST, requirements=["R-X10-CHARSET"], writes=False)
def a_charset_gets_json(target: Target, known: Sample) -> None:
    """A client that accepts application/json;charset=utf-8 gets JSON.

    That is the only type that the published description declares.
    """
    headers = {"Accept": "application/json;charset=utf-8"}
    json_object(status(target.retrieve(known.id, headers=headers), 200))


@check("TMF671-SLASH", level=MAY, requirements=["R-X12-TRAILING-SLASH"], writes=False)
def final_slash(target: Target) -> None:
    """The collection with a final slash is the collection, leads to it, or does not exist.

    2xx, a redirect and 404 pass: the published base path and paths both have a slash.
    """
    status(target.client.send("GET", "/promotion/"), 200, 206, 301, 302, 307, 308, 404)
