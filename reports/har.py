"""The exchanges of a run as HTTP Archive 1.2, to be opened in a browser's developer tools.

Source: HAR 1.2 specification, <http://www.softwareishard.com/blog/har-12-spec/>. Bodies are whole,
as in results.json, and credentials masked as there. An event that the target posted to the suite
is an entry as well; its comment says so. An exchange without an answer has status 0.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

import harfile

from reports.results import Exchange, Header, Request, Response, Results
from reports.wellformed import unicode_text

_HTTP_VERSION = "HTTP/1.1"
_UNKNOWN_TYPE = "x-unknown"
_UNTOLD = -1
"""A size that is not known, by the specification."""


def render(results: Results) -> str:
    """Return the archive as JSON text: one entry an exchange, by the time at which it began."""
    written = io.StringIO()
    with harfile.HarFile.open(
        written,
        creator=harfile.Creator(results.tool.name, results.tool.version),
        browser=harfile.Browser(results.tool.name, results.tool.version),
        comment=unicode_text(f"TMF671 v{results.target.api_version} at {results.target.url}"),
    ) as archive:
        for exchange in sorted(results.exchanges, key=lambda one: (one.at, one.n)):
            archive.add_entry(
                startedDateTime=exchange.at,
                time=exchange.duration_ms,
                request=_request(exchange.request),
                response=_response(exchange.response),
                timings=harfile.Timings(send=0, wait=exchange.duration_ms, receive=0),
                comment=unicode_text(_comment(exchange)),
            )
    return written.getvalue() + "\n"


def _request(request: Request) -> harfile.Request:
    body = request.body
    return harfile.Request(
        method=unicode_text(request.method),
        url=unicode_text(request.url),
        httpVersion=_HTTP_VERSION,
        headers=_records((header.name, header.value) for header in request.headers),
        queryString=_records(_query(request.url)),
        postData=None
        if body is None
        else harfile.PostData(
            mimeType=_header(request.headers, "Content-Type") or _UNKNOWN_TYPE,
            text=unicode_text(body),
        ),
        headersSize=_UNTOLD,
        bodySize=request.bytes,
    )


def _response(response: Response | None) -> harfile.Response:
    if response is None:
        return harfile.Response(
            status=0,
            statusText="",
            httpVersion=_HTTP_VERSION,
            content=harfile.Content(mimeType=_UNKNOWN_TYPE, size=0),
            redirectURL="",
            headersSize=_UNTOLD,
            bodySize=_UNTOLD,
        )
    body = None if response.body is None else unicode_text(response.body)
    return harfile.Response(
        status=response.status,
        statusText=unicode_text(response.reason),
        httpVersion=_HTTP_VERSION,
        headers=_records((header.name, header.value) for header in response.headers),
        content=harfile.Content(
            mimeType=_header(response.headers, "Content-Type") or _UNKNOWN_TYPE,
            size=len((body or "").encode()),
            text=body,
            comment="the beginning of a longer body" if response.truncated else None,
        ),
        redirectURL=_header(response.headers, "Location") or "",
        headersSize=_UNTOLD,
        bodySize=response.bytes,
    )


def _comment(exchange: Exchange) -> str:
    told = [f"exchange {exchange.n} in results.json"]
    if exchange.check is not None:
        told.append(exchange.check)
    if exchange.direction == "received":
        told.append("an event that the target posted to the suite's listener")
    if exchange.error is not None:
        told.append(f"no answer: {exchange.error}")
    return "; ".join(told)


def _header(headers: Iterable[Header], name: str) -> str | None:
    values = (header.value for header in headers if header.name.lower() == name.lower())
    value = next(values, None)
    return None if value is None else unicode_text(value)


def _records(pairs: Iterable[tuple[str, str]]) -> list[harfile.Record]:
    return [harfile.Record(unicode_text(name), unicode_text(value)) for name, value in pairs]


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:  # a URL that the target made up, e.g. with half an IPv6 address
        return []
