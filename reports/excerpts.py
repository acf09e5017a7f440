"""The wire log as the page carries it: bounded, so that a long run still opens quickly.

results.json has every exchange whole. The page shows the beginning of a long body and says so; when
the page is full, the exchanges of checks that did not pass have gone in first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.results import Exchange, Header, Outcome, Request, Response, Results

LONGEST_BODY = 4096
"""Characters of a body that the page shows."""
LONGEST_HEADER = 1024
"""Characters of a header's value that the page shows."""
LONGEST_CURL = 16384
"""Characters of a curl line that the page carries; half a command would be of no use."""
PAGE_BUDGET = 8 << 20
"""Characters of all bodies, headers and curl lines together."""

_URGENCY: dict[Outcome | None, int] = {
    "failed": 0,
    "error": 1,
    "warned": 2,
    "known-deviation": 3,
    "blocked": 4,
}
_NOT_URGENT = 5


class Message(TypedDict):
    """A request or a response on the page; `length` is the whole body's, in characters."""

    headers: list[tuple[str, str]]
    body: str | None
    length: int
    bytes: int


def exchanges(results: Results, budget: int = PAGE_BUDGET) -> list[dict[str, Any]]:
    """Return the exchanges as JSON values in their order, cut to `budget` characters in all.

    An exchange that did not fit has its first line only and `"left_out": true`.
    """
    outcomes = {check.id: check.outcome for check in results.checks}

    def urgency(exchange: Exchange) -> tuple[int, int]:
        outcome = outcomes.get(exchange.check or "")
        return _URGENCY.get(outcome, _NOT_URGENT), exchange.n

    shown = []
    for exchange in sorted(results.exchanges, key=urgency):
        full = _full(exchange)
        cost = _cost(full)
        if cost <= budget:
            budget -= cost
            shown.append(full)
        else:
            shown.append(_first_line(exchange) | {"left_out": True})
    return sorted(shown, key=lambda exchange: int(exchange["n"]))


def _first_line(exchange: Exchange) -> dict[str, Any]:
    response = exchange.response
    return {
        "n": exchange.n,
        "at": exchange.at,
        "direction": exchange.direction,
        "method": exchange.request.method,
        "url": exchange.request.url[:LONGEST_HEADER],
        "status": response.status if response else None,
        "reason": response.reason[:LONGEST_HEADER] if response else "",
        "error": exchange.error,
        "ms": round(exchange.duration_ms, 1),
    }


def _full(exchange: Exchange) -> dict[str, Any]:
    response = exchange.response
    return _first_line(exchange) | {
        "request": _message(exchange.request),
        "response": _message(response) if response else None,
        "truncated": response.truncated if response else False,
        "curl": exchange.curl if len(exchange.curl) <= LONGEST_CURL else None,
    }


def _message(message: Request | Response) -> Message:
    body = message.body
    return {
        "headers": list(_headers(message.headers)),
        "body": body if body is None else body[:LONGEST_BODY],
        "length": len(body or ""),
        "bytes": message.bytes,
    }


def _headers(headers: Iterable[Header]) -> Iterable[tuple[str, str]]:
    for header in headers:
        value = header.value
        cut = value if len(value) <= LONGEST_HEADER else f"{value[:LONGEST_HEADER]} …"
        yield header.name, cut


def _cost(exchange: dict[str, Any]) -> int:
    messages = [m for m in (exchange["request"], exchange["response"]) if m]
    headers = sum(len(name) + len(value) for m in messages for name, value in m["headers"])
    bodies = sum(len(m["body"] or "") for m in messages)
    return headers + bodies + len(exchange["curl"] or "")
