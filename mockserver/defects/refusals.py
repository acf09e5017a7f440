"""Defects of errors."""

from dataclasses import replace

from mockserver.alterations import (
    answering,
    body,
    header,
    refusing,
    rewriting,
    status,
    without,
)
from mockserver.behaviour import Behaviour
from mockserver.defects.defect import must, should
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call

_EVERY = 10


def _html(_call: Call, answer: Answer) -> Answer:
    page = f"<html><body><h1>{answer.status}</h1></body></html>".encode()
    headers = {**answer.headers, "Content-Type": "text/html;charset=utf-8"}
    return replace(answer, body=page, headers=headers)


def _bad_paging(call: Call, answer: Answer) -> Answer:
    if "offset" not in call.query and "limit" not in call.query:
        return answer
    return Answer(200, [], {"X-Total-Count": "0", "X-Result-Count": "0"})


def _malformed_500(_call: Call, answer: Answer) -> Answer:
    malformed = isinstance(answer.body, dict) and answer.body.get("code") == "malformedJson"
    return ProblemError(500, "unexpected token").answer() if malformed else answer


def _refuse_charset(call: Call, answer: Answer) -> Answer:
    if "charset" not in call.headers.get("Content-Type", ""):
        return answer
    return ProblemError(415, "charset is not expected").answer()


def _every_tenth(behaviour: Behaviour) -> Behaviour:
    reads = 0

    def answer(call: Call, given: Answer) -> Answer:
        nonlocal reads
        given = behaviour.answer(call, given)
        if call.operation != "retrievePromotion" or given.status != 200:
            return given
        reads += 1
        return given if reads % _EVERY else ProblemError(503, "try again").answer()

    return replace(behaviour, answer=answer)


REFUSALS = (
    must(
        "R-G13-ERROR-CODE",
        "error-without-code",
        "error bodies have no code",
        refusing(body(without("code"))),
    ),
    must(
        "R-G13-ERROR-REASON",
        "error-without-reason",
        "error bodies have no reason",
        refusing(body(without("reason"))),
    ),
    must(
        "R-M28-ERROR-SCHEMA",
        "integer-error-code",
        "code is a number in error bodies",
        refusing(lambda _call, answer: replace(answer, body={**answer.body, "code": 4})),
    ),
    must(
        "R-G13-ERROR-CODE R-G13-ERROR-REASON",
        "html-errors",
        "errors are HTML pages",
        refusing(_html),
    ),
    should(
        "R-G14-ALLOW",
        "no-allow",
        "405 comes without Allow",
        refusing(header("Allow", None), 405),
    ),
    must(
        "R-G12-405",
        "wrong-method-404",
        "a method that a resource does not have answers 404",
        refusing(status(404), 405),
    ),
    must(
        "R-G12-404-UNMAPPED",
        "unknown-path-200",
        "a path that the API does not have answers 200",
        refusing(lambda _call, _answer: Answer(200, {}), 404, operation="unknown"),
    ),
    must(
        "R-G43-MALFORMED",
        "malformed-json-500",
        "a body that is not JSON answers 500",
        refusing(_malformed_500, 400),
    ),
    should(
        "R-G58-BAD-PAGING",
        "bad-paging-accepted",
        "a negative or non-numeric offset or limit answers an empty list",
        refusing(_bad_paging, 400, operation="listPromotion"),
    ),
    should(
        "R-G05-406",
        "not-acceptable-400",
        "an Accept that cannot be satisfied answers 400",
        refusing(status(400), 406),
    ),
    must(
        "R-G02-ACCEPT",
        "accept-list-refused",
        "an Accept with several media types answers 406",
        rewriting(
            lambda _call, _answer: ProblemError(406, "one media type only").answer(),
            lambda call, _answer: "," in call.headers.get("Accept", ""),
        ),
    ),
    must(
        "R-X10-CHARSET",
        "charset-refused",
        "a POST as application/json;charset=utf-8 answers 415",
        answering("createPromotion", rewrite=_refuse_charset),
    ),
    must(
        "R-P02-GET-200",
        "every-tenth-read-503",
        "every tenth GET by id answers 503",
        _every_tenth,
    ),
)
