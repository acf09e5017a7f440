"""The first answer of a target, to GET /promotion, tells whether this is TMF671 at all.

Nothing is written before it is judged. What is recognisably a list of promotions, however faulty,
is for the checks; what is a login page, a redirect, an error or another API is told as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from conformance.client import Answer
from conformance.masking import masked_text

_WAY_OUT = {
    401: "the credentials were not accepted, or none were given",
    403: "the credentials do not allow it",
    404: "is this the API root, the part before /promotion?",
}
_PAGE = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_PASSWORD = re.compile(rb"type\s*=\s*[\"']?password", re.IGNORECASE)
_BEGINNING = 65_536
_PROMOTION = frozenset({"id", "href", "name"})
_FEW = 5
_DEPTH = 2


def refusal(answer: Answer, secrets: Iterable[str]) -> str | None:
    """Return why the answer leaves nothing to judge, in words that hold no secret; else None."""
    found = _found(answer)
    if found is None:
        return None
    return masked_text(f"{answer.asked} does not lead to promotions: {found}", secrets)


def may_be_empty(answer: Answer) -> bool:
    """Tell whether a refusal can be a wrong way to say that there are no promotions yet.

    That is a 404 with the error body of TMF630 Part 1 §1.8, so not one of a gateway or web server.
    """
    if answer.status != 404:
        return False
    try:
        body = answer.json()
    except ValueError:
        return False
    return isinstance(body, dict) and bool({"code", "reason"} & body.keys())


def _found(answer: Answer) -> str | None:
    if answer.status in {301, 302, 303, 307, 308}:
        return f"it redirects to {answer.header('Location')}"
    page = _page(answer)
    if not answer.succeeded:
        hint = _WAY_OUT.get(answer.status)
        words = f"it was answered {answer.status}" + (f" with {page}" if page else "")
        return f"{words}: {hint}" if hint else words
    if page:
        return f"it was answered with {page}, not with JSON"
    if answer.status == 204:
        return None
    if not answer.content.strip():
        return f"it was answered {answer.status} without a body"
    try:
        body = answer.json()
    except ValueError:
        media = (answer.header("Content-Type") or "").partition(";")[0].strip()
        return f"it was answered with {media or 'something'} that is no JSON"
    return _no_promotions(body)


def _page(answer: Answer) -> str | None:
    """Return what page an answer is, None for none."""
    content = answer.content[:_BEGINNING]
    if not _PAGE.match(content):
        return None
    kind = "a login page" if _PASSWORD.search(content) else "a page"
    title = _TITLE.search(content)
    words = " ".join(title[1].decode("utf-8", "replace").split())[:80] if title else ""
    return f"{kind} (text/html) titled “{words}”" if words else f"{kind} (text/html)"


def _no_promotions(body: Any) -> str | None:
    """Return what a JSON body is when it is no list of promotions, however wrapped."""
    if isinstance(body, list):
        return _strange_items(body)
    if isinstance(body, dict):
        if any(_strange_items(inner) is None for inner in _lists_in(body, _DEPTH)):
            return None
        names = ", ".join(str(name)[:40] for name in list(body)[:_FEW]) or "nothing in it"
        return f"it was answered with a JSON object that holds no list of promotions ({names})"
    return f"it was answered with the JSON value {str(body)[:40]!r}, not with a list"


def _lists_in(body: dict[str, Any], depth: int) -> Iterable[list[Any]]:
    for value in body.values():
        if isinstance(value, list):
            yield value
        elif isinstance(value, dict) and depth > 1:
            yield from _lists_in(value, depth - 1)


def _strange_items(items: list[Any]) -> str | None:
    if not items:
        return None
    first = items[0]
    if not isinstance(first, dict):
        return "it was answered with a list whose items are no objects"
    if not _PROMOTION & first.keys():
        names = ", ".join(str(name)[:40] for name in list(first)[:_FEW]) or "nothing in them"
        return f"it was answered with a list of objects without id, href and name ({names})"
    return None
