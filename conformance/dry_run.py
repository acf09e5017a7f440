"""What a run would send, found out by a rehearsal against the mock: pure functions.

The suite is judged against a mock on this machine with the settings of the run; what it sent there
is told with the target's addresses in place of the mock's.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from conformance.connection import Connection
from conformance.masking import without_password
from conformance.reception import Reception
from conformance.settings import Settings
from reports.results import Exchange, Results

_DESCRIPTION = "/openapi.json"
"""Where the mock shows its description, from the server's own root."""


class PlannedRequest(msgspec.Struct, frozen=True):
    """One request: its number, the check that sends it, and its body as text."""

    n: int
    check: str | None
    method: str
    url: str
    bytes: int
    body: str | None


class Plan(msgspec.Struct, frozen=True, rename="camel"):
    """All requests of a run in their order, and how many of each kind.

    `creates` counts POST and PATCH of the collection, `changes` PATCH of one promotion, `deletes`
    and `subscriptions` likewise. `unlisted` are requests by schemathesis' engine, which are only
    counted; `token_url` is where access tokens are fetched besides, None for nowhere.
    """

    requests: tuple[PlannedRequest, ...]
    totals: dict[str, int]
    unlisted: int
    token_url: str | None


def rehearsed(settings: Settings, root: str) -> Settings:
    """Return the settings for the rehearsal at `root`, the API root of a mock.

    What would be sent elsewhere stays here: no credential is sent, no token fetched, no description
    read from its address, no callback opened to the outside. The limits of the traffic hold, but
    its rate.
    """
    description = settings.target_spec
    if description is not None and "://" in description:
        parts = urlsplit(root)
        description = f"{parts.scheme}://{parts.netloc}{_DESCRIPTION}"
    connection = settings.connection
    return msgspec.structs.replace(
        settings,
        url=root,
        headers={},
        connection=Connection(
            max_requests=connection.max_requests, max_creates=connection.max_creates
        ),
        target_spec=description,
        callback_url=None,
        reception=Reception(),
        fuzz=settings.examples,
        parallel=1,
        deviations=(),
        ledger=None,
    )


def plan_of(results: Results, rehearsal: Settings, settings: Settings) -> Plan:
    """Return the plan of the run that `settings` ask for from the results of its rehearsal."""
    places = {rehearsal.url: without_password(settings.url)}
    if rehearsal.target_spec != settings.target_spec:
        places[rehearsal.target_spec or ""] = without_password(settings.target_spec or "")
    sent = sorted(
        (exchange for exchange in results.exchanges if exchange.direction == "sent"),
        key=lambda exchange: exchange.at,
    )
    requests = tuple(
        PlannedRequest(
            number,
            exchange.check,
            exchange.request.method,
            _elsewhere(exchange.request.url, places),
            exchange.request.bytes,
            exchange.request.body,
        )
        for number, exchange in enumerate(sent, start=1)
    )
    oauth = settings.connection.oauth
    return Plan(
        requests=requests,
        totals=_totals(sent, rehearsal.url),
        unlisted=results.summary["requests"] - len(sent),
        token_url=None if oauth is None else without_password(oauth.token_url),
    )


def _elsewhere(url: str, places: Mapping[str, str]) -> str:
    for here, there in places.items():
        if url.startswith(here):
            return there + url.removeprefix(here)
    return url


def _totals(sent: list[Exchange], root: str) -> dict[str, int]:
    kinds = [_kind(exchange.request.method, exchange.request.url, root) for exchange in sent]
    names = ("reads", "creates", "changes", "deletes", "subscriptions", "others")
    return {"requests": len(sent), **{name: kinds.count(name) for name in names}}


def _kind(method: str, url: str, root: str) -> str:
    path = urlsplit(url).path.removeprefix(urlsplit(root).path)
    collection = path.rstrip("/") == "/promotion"
    match method:
        case "GET" | "HEAD" | "OPTIONS":
            return "reads"
        case "POST" | "PATCH" if collection:
            return "creates"
        case "PATCH":
            return "changes"
        case "DELETE":
            return "deletes"
        case "POST" if path.startswith("/hub"):
            return "subscriptions"
    return "others"
