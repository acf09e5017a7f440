"""Defects that show with input that no client should send, and in what an answer gives away."""

import re
from urllib.parse import unquote_to_bytes

from mockserver.alterations import Rewrite, body, failing, refusing, replacing, rewriting
from mockserver.defects.defect import may, must, should
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call

_CREATE = "createPromotion"
_LEVELS = 1000
_IMPOSSIBLE_NUMBER = re.compile(rb":\s*(NaN|-?Infinity|-?\d+e\d{3}|-?\d{100})")
_STACK_TRACE = (
    "java.lang.IllegalStateException: no session\n"
    "\tat com.example.crm.PromotionService.load(PromotionService.java:71)\n"
    "\tat com.example.crm.PromotionController.get(PromotionController.java:38)"
)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _not_utf8(call: Call) -> bool:
    return call.operation == _CREATE and not _is_utf8(call.body)


def _array(call: Call) -> bool:
    return call.operation == _CREATE and call.body.lstrip().startswith(b"[")


def _nested(call: Call) -> bool:
    return call.operation == _CREATE and call.body.count(b"[") > _LEVELS


def _impossible_number(call: Call) -> bool:
    return call.operation == _CREATE and _IMPOSSIBLE_NUMBER.search(call.body) is not None


def _unescaped_id(call: Call) -> bool:
    return "'" in call.resource_id


def _query_not_utf8(call: Call) -> bool:
    return not _is_utf8(unquote_to_bytes(call.query))


def _final_slash(call: Call) -> bool:
    return call.path.endswith("/")


def _invalid_is_fault(_call: Call, answer: Answer) -> Answer:
    if isinstance(answer.body, dict) and answer.body.get("code") == "invalidBody":
        return ProblemError(500, "class cast failed").answer()
    return answer


_leak: Rewrite = body(lambda given: {**given, "message": _STACK_TRACE})

ROBUSTNESS = (
    should(
        "R-W01-ROBUST-INPUT",
        "array-500",
        "a POST of an array answers 500",
        failing(_array),
    ),
    should(
        "R-W01-ROBUST-INPUT",
        "nesting-500",
        "a body that is nested very deep answers 500",
        failing(_nested),
    ),
    should(
        "R-W01-ROBUST-INPUT",
        "encoding-500",
        "a body that is not UTF-8 answers 500",
        failing(_not_utf8),
    ),
    should(
        "R-W01-ROBUST-INPUT",
        "number-500",
        "a number that no type holds answers 500",
        failing(_impossible_number),
    ),
    must(
        "R-P02-GET-404",
        "quote-in-id-500",
        "an id with a quotation mark answers 500",
        failing(_unescaped_id),
    ),
    should(
        "R-W01-ROBUST-INPUT",
        "query-encoding-500",
        "a query that is not UTF-8 answers 500",
        failing(_query_not_utf8),
    ),
    must(
        "R-G43-BAD-TYPE R-G43-MISSING-NAME",
        "invalid-500",
        "a promotion that breaks the schema answers 500",
        refusing(_invalid_is_fault, 400, operation=_CREATE),
    ),
    may(
        "R-X12-TRAILING-SLASH",
        "final-slash-500",
        "a path with a final slash answers 500",
        failing(_final_slash),
    ),
    must(
        "R-X10-CHARSET",
        "accept-charset-refused",
        "an Accept with a charset answers 406",
        rewriting(
            lambda _call, _answer: ProblemError(406, "charset is not expected").answer(),
            lambda call, _answer: "charset" in call.headers.get("Accept", ""),
        ),
    ),
    should(
        "R-W03-NO-LEAK",
        "stack-trace-in-errors",
        "the message of an error is a stack trace",
        refusing(_leak),
    ),
    may(
        "R-W04-NOSNIFF",
        "no-nosniff",
        "answers have no X-Content-Type-Options",
        replacing(headers={}),
    ),
)
