"""Variants of statuses, headers and errors."""

from dataclasses import replace
from urllib.parse import urlsplit

from mockserver.alterations import (
    replacing,
    rewriting_all,
)
from mockserver.behaviour import Behaviour
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.variants.variant import Variant


def _relative_location(_call: Call, answer: Answer) -> Answer:
    if "Location" not in answer.headers:
        return answer
    path = urlsplit(answer.headers["Location"]).path
    return replace(answer, headers={**answer.headers, "Location": path})


def _rich_error(_call: Call, answer: Answer) -> Answer:
    if answer.status < 400 or not isinstance(answer.body, dict):
        return answer
    extra = {"@baseType": "Error", "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "details": []}
    return replace(answer, body={**answer.body, **extra})


def _vendor_codes(_call: Call, answer: Answer) -> Answer:
    if answer.status < 400 or not isinstance(answer.body, dict):
        return answer
    return replace(answer, body={"code": f"ERR-{answer.status}-2", "reason": "Anfrage abgelehnt"})


def _unprocessable(_call: Call, answer: Answer) -> Answer:
    if not isinstance(answer.body, dict) or answer.body.get("code") != "invalidBody":
        return answer
    return ProblemError(422, answer.body["message"], code="invalidBody").answer()


def _gone(behaviour: Behaviour) -> Behaviour:
    deleted: set[str] = set()

    def answer(call: Call, given: Answer) -> Answer:
        given = behaviour.answer(call, given)
        if call.operation == "deletePromotion" and given.status == 204:
            deleted.add(call.resource_id)
        if given.status == 404 and call.resource_id in deleted:
            return ProblemError(410, "this promotion was deleted").answer()
        return given

    return replace(behaviour, answer=answer)


def _slash_redirects(call: Call, answer: Answer) -> Answer:
    if answer.status != 404 or not call.path.endswith("/"):
        return answer
    return Answer(308, None, {"Location": call.path.rstrip("/")})


def _extra_headers(_call: Call, answer: Answer) -> Answer:
    extra = {"Cache-Control": "no-store", "X-Request-Id": "7d3c", "Vary": "Accept"}
    return replace(answer, headers={**answer.headers, **extra})


def _without_charset(_call: Call, answer: Answer) -> Answer:
    if answer.body is None:
        return answer
    return replace(answer, headers={"Content-Type": "application/json", **answer.headers})


def _loud_charset(_call: Call, answer: Answer) -> Answer:
    if answer.body is None:
        return answer
    headers = {**answer.headers, "Content-Type": 'Application/JSON; Charset="UTF-8"'}
    return replace(answer, headers=headers)


def _weak_etags(behaviour: Behaviour) -> Behaviour:
    def precondition(condition: str | None, etag: str) -> None:
        behaviour.precondition(condition and condition.replace("W/", ""), etag)

    def weaken(_call: Call, answer: Answer) -> Answer:
        if "ETag" not in answer.headers:
            return answer
        return replace(answer, headers={**answer.headers, "ETag": f"W/{answer.headers['ETag']}"})

    return rewriting_all(weaken)(replace(behaviour, precondition=precondition))


def _without_validators(_call: Call, answer: Answer) -> Answer:
    validators = {"ETag", "Last-Modified"}
    kept = {name: value for name, value in answer.headers.items() if name not in validators}
    return replace(answer, headers=kept)


def _without_list_headers(call: Call, answer: Answer) -> Answer:
    if call.operation != "listPromotion":
        return answer
    kept = {
        name: value
        for name, value in answer.headers.items()
        if name not in {"Link", "Content-Range", "X-Result-Count"}
    }
    return replace(answer, headers=kept)


ANSWERS = (
    Variant(
        "relative-location",
        "Location is a path without scheme and host",
        rewriting_all(_relative_location),
    ),
    Variant("rich-errors", "error bodies have attributes of their own", rewriting_all(_rich_error)),
    Variant(
        "terse-errors",
        "error bodies have only a code and a reason, in another language",
        rewriting_all(_vendor_codes),
    ),
    Variant(
        "unprocessable-422",
        "a promotion that is not valid answers 422",
        rewriting_all(_unprocessable),
    ),
    Variant("deleted-410", "a deleted promotion answers 410", _gone),
    Variant("slash-redirects", "a final slash is redirected", rewriting_all(_slash_redirects)),
    Variant("extra-headers", "every answer has headers of its own", rewriting_all(_extra_headers)),
    Variant("no-charset", "Content-Type has no charset", rewriting_all(_without_charset)),
    Variant(
        "loud-charset",
        "Content-Type is written in capitals, its charset in quotes",
        rewriting_all(_loud_charset),
    ),
    Variant("weak-etags", "ETags are weak", _weak_etags),
    Variant(
        "no-etags",
        "answers have neither ETag nor Last-Modified",
        rewriting_all(_without_validators),
    ),
    Variant(
        "few-list-headers",
        "lists have X-Total-Count and no other paging header",
        rewriting_all(_without_list_headers),
    ),
    Variant(
        "partial-206", "a page that is only a part has status 206", replacing(partial_status=206)
    ),
)
