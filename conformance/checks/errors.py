"""Errors and their bodies (TMF630 Part 1 §3.3 and §3.4; RFC 9110)."""

from __future__ import annotations

from conformance.catalogue import check
from conformance.client import Answer
from conformance.conditions import (
    header,
    json_media,
    json_object,
    present,
    refused,
    status,
    that,
    valid,
)
from conformance.levels import MUST, SHOULD
from conformance.samples import Sample
from conformance.target import Target
from conformance.unknown import unknown_id


def not_found(target: Target, known: Sample) -> Answer:
    """Return the answer for a promotion that does not exist; whichever error it is."""
    return refused(target.retrieve(unknown_id(known.id, target.settings.seed)))


def bad_request(target: Target) -> Answer:
    """Return the answer to a body that is not JSON; whichever error it is."""
    return refused(target.create_raw(content=b"{", headers={"Content-Type": "application/json"}))


@check("TMF671-ERROR-CONTENT-TYPE", level=MUST, requirements=["R-G04-CONTENT-TYPE"], writes=False)
def body_is_declared(target: Target, known: Sample) -> None:
    """The body of an error is declared as JSON.

    Any +json media type passes.
    """
    json_media(not_found(target, known))


@check("TMF671-ERROR-CODE", level=MUST, requirements=["R-G13-ERROR-CODE"], writes=False)
def code_is_present(target: Target, known: Sample) -> None:
    """The body of an error has a code, neither null nor blank.

    Any code passes; its type is judged by TMF671-ERROR-SCHEMA.
    """
    present("the error body", json_object(not_found(target, known)), "code")


@check("TMF671-ERROR-REASON", level=MUST, requirements=["R-G13-ERROR-REASON"], writes=False)
def reason_is_present(target: Target, known: Sample) -> None:
    """The body of an error has a reason, neither null nor blank.

    Any text in any language passes.
    """
    present("the error body", json_object(not_found(target, known)), "reason")


@check("TMF671-ERROR-SCHEMA", level=MUST, requirements=["R-M28-ERROR-SCHEMA"], writes=False)
def body_is_valid(target: Target, known: Sample) -> None:
    """The attributes of an error's body have the types of the Error schema: code is text.

    More attributes pass; missing ones are judged by other checks.
    """
    valid(target, json_object(not_found(target, known)), "Error", partial=True)


@check(
    "TMF671-ERROR-400-BODY",
    level=MUST,
    requirements=["R-G13-ERROR-CODE", "R-G13-ERROR-REASON"],
    needs=["create"],
)
def bad_request_has_a_body(target: Target) -> None:
    """A request that is not JSON is answered with an error body that has code and reason.

    Which 4xx it is does not matter here.
    """
    present("the error body", json_object(bad_request(target)), "code", "reason")


@check(
    "TMF671-ERROR-EVERY-BODY",
    level=SHOULD,
    requirements=["R-G13-ERROR-CODE", "R-G13-ERROR-REASON", "R-M28-ERROR-SCHEMA"],
    needs=["create"],
)
def every_error_has_a_body(target: Target, known: Sample) -> None:
    """The other errors that can be reached, 405, 406, 415 and 400, have a body by the Error schema.

    A server that does not refuse one of these is not judged for it. A gateway may have written the
    body of a 405, so a miss is a warning.
    """
    answers = [
        target.client.send("PUT", "/promotion", json_body={}),
        target.retrieve(known.id, headers={"Accept": "application/x-tmf671-none"}),
        target.create_raw(content=b"name=x", headers={"Content-Type": "text/plain"}),
        target.list("limit=two"),
    ]
    for answer in answers:
        if answer.status >= 400:
            json_media(answer)
            body = json_object(answer)
            present(f"the body of the {answer.status}", body, "code", "reason")
            valid(target, body, "Error")


@check("TMF671-ERROR-NOT-200", level=MUST, requirements=["R-G12-NO-ERROR-200"], writes=False)
def no_error_hides_in_200(target: Target, known: Sample) -> None:
    """An error is not answered 200.

    Any status outside 2xx passes here.
    """
    answer = target.retrieve(unknown_id(known.id, target.settings.seed))
    that(
        not answer.succeeded,
        "a promotion that does not exist is answered as a success",
        expected="a status outside 2xx",
        observed=answer.status,
    )


@check("TMF671-ERROR-UNMAPPED", level=MUST, requirements=["R-G12-404-UNMAPPED"], writes=False)
def unmapped_path_is_404(target: Target) -> None:
    """A path that leads to no resource is answered 404.

    The path is below the API root. The body is not judged: a gateway may have written it.
    """
    status(target.client.send("GET", "/no-such-resource-671"), 404)


@check("TMF671-ERROR-405", level=MUST, requirements=["R-G12-405"])
def wrong_method_is_405(target: Target) -> None:
    """A method that the collection does not have is answered 405.

    PUT is sent with an empty object: TMF671 has no PUT, and there is nothing in it to store.
    501 passes, for a server that does not know the method at all.
    """
    status(target.client.send("PUT", "/promotion", json_body={}), 405, 501)


@check("TMF671-ERROR-405-ALLOW", level=SHOULD, requirements=["R-G14-ALLOW"])
def wrong_method_tells_the_right_ones(target: Target) -> None:
    """A 405 tells in Allow which methods there are.

    The methods that it names are not judged.
    """
    answer = target.client.send("PUT", "/promotion", json_body={})
    status(answer, 405)
    header(answer, "Allow")
