"""Defects of GET /promotion/{id}, and of representations in general."""

import time
from dataclasses import replace

from mockserver.alterations import answering, body, header, refusing, representing, without
from mockserver.behaviour import Behaviour
from mockserver.defects.defect import must, should
from mockserver.exchange import Answer, Call
from mockserver.store import Promotion

_RETRIEVE = "retrievePromotion"
_STALE_SECONDS = 0.3


def _empty_instead_of_404(call: Call, answer: Answer) -> Answer:
    if call.operation != _RETRIEVE:
        return answer
    return Answer(200, {"id": call.resource_id, "href": f"{call.root}{call.path}", "name": "?"})


def _error_with_200(call: Call, answer: Answer) -> Answer:
    return replace(answer, status=200) if call.operation == _RETRIEVE else answer


def _stale(behaviour: Behaviour) -> Behaviour:
    changed: dict[str, tuple[float, Promotion]] = {}

    def answer(call: Call, given: Answer) -> Answer:
        given = behaviour.answer(call, given)
        whole = isinstance(given.body, dict) and "id" in given.body and not call.query
        if call.operation == "createPromotion" and given.status == 201 and whole:
            changed[given.body["id"]] = (0.0, given.body)
        if call.operation == _RETRIEVE and given.status == 200:
            since, old = changed.get(call.resource_id, (0.0, given.body))
            if time.monotonic() - since < _STALE_SECONDS:
                return replace(given, body=old)
            changed[call.resource_id] = (0.0, given.body)
        if call.operation == "patchPromotion" and call.resource_id in changed:
            changed[call.resource_id] = (time.monotonic(), changed[call.resource_id][1])
        return given

    return replace(behaviour, answer=answer)


def _activated_by_reading(behaviour: Behaviour) -> Behaviour:
    read: set[str] = set()

    def answer(call: Call, given: Answer) -> Answer:
        given = behaviour.answer(call, given)
        if call.operation == _RETRIEVE and given.status == 200:
            read.add(call.resource_id)
        return given

    def represent(promotion: Promotion, root: str) -> Promotion:
        shown = behaviour.represent(promotion, root)
        if shown["id"] in read and shown.get("lifecycleStatus") == "draft":
            return {**shown, "lifecycleStatus": "active"}
        return shown

    return replace(behaviour, answer=answer, represent=represent)


RETRIEVAL = (
    must(
        "R-P02-GET-404",
        "unknown-id-200",
        "GET of an unknown id answers 200 with an empty promotion",
        refusing(_empty_instead_of_404, 404),
    ),
    must(
        "R-G12-NO-ERROR-200 R-P02-GET-404",
        "error-with-200",
        "GET of an unknown id answers 200 with an error as its body",
        refusing(_error_with_200, 404),
    ),
    must(
        "R-G03-NO-ENVELOPE-ITEM",
        "item-in-envelope",
        "a promotion comes inside an object of one attribute",
        answering(_RETRIEVE, rewrite=body(lambda given: {"promotion": given})),
    ),
    must(
        "R-G04-CONTENT-TYPE",
        "wrong-content-type",
        "promotions are sent as text/plain",
        answering(
            "createPromotion",
            "retrievePromotion",
            "patchPromotion",
            "listPromotion",
            rewrite=header("Content-Type", "text/plain;charset=utf-8"),
        ),
    ),
    must(
        "R-P07-ID R-P14-MANDATORY-PRESENT",
        "representation-without-id",
        "promotions have no id when they are read",
        answering(_RETRIEVE, rewrite=body(without("id"))),
    ),
    must(
        "R-P07-HREF R-P14-MANDATORY-PRESENT",
        "representation-without-href",
        "promotions have no href when they are read",
        answering(_RETRIEVE, rewrite=body(without("href"))),
    ),
    must(
        "R-P10-NAME-OUTPUT R-P14-MANDATORY-PRESENT",
        "representation-without-name",
        "promotions have no name when they are read",
        answering(_RETRIEVE, rewrite=body(without("name"))),
    ),
    must(
        "R-P13-NOT-BLANK",
        "name-null-in-answers",
        "name is null in every representation",
        representing(lambda shown: {**shown, "name": None}),
    ),
    should(
        "R-P11-LASTUPDATE",
        "no-last-update",
        "promotions have no lastUpdate",
        representing(without("lastUpdate")),
    ),
    should(
        "R-P11-LIFECYCLESTATUS",
        "no-lifecycle-status",
        "promotions have no lifecycleStatus",
        representing(without("lifecycleStatus")),
    ),
    must(
        "R-G20-WHOLE",
        "retrieve-summary-only",
        "GET by id leaves out description, validFor and pattern",
        answering(_RETRIEVE, rewrite=body(without("description", "validFor", "pattern"))),
    ),
    must(
        "R-M08-PATTERN-CREATE",
        "pattern-lost",
        "patterns are accepted and never come back",
        representing(without("pattern")),
    ),
    must(
        "R-M05-LASTUPDATE-DATETIME",
        "last-update-in-milliseconds",
        "lastUpdate is a number of milliseconds as text",
        representing(lambda shown: {**shown, "lastUpdate": "1760000000000"}),
    ),
    must(
        "R-G47-MERGE",
        "stale-read",
        "GET answers what was there before, for 300 ms after a PATCH",
        _stale,
    ),
    should(
        "R-G08-ETAG",
        "no-etag",
        "GET by id has no ETag",
        answering(_RETRIEVE, rewrite=header("ETag", None)),
    ),
    should(
        "R-G08-LAST-MODIFIED",
        "no-last-modified",
        "GET by id has no Last-Modified",
        answering(_RETRIEVE, rewrite=header("Last-Modified", None)),
    ),
    should(
        "R-G100-TYPE",
        "type-blank",
        "@type is a blank",
        representing(lambda shown: {**shown, "@type": " "}),
    ),
    must(
        "R-G20-WHOLE",
        "get-changes-state",
        "GET of a draft makes it active",
        _activated_by_reading,
    ),
)
