"""What a reader of the verdict should know of the run as a whole, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from conformance.deviations import told
from conformance.masking import is_secret
from conformance.pacing import BUSY
from conformance.settings import Settings, is_loopback
from reports.results import Check, Exchange, KnownDeviation

_JUDGED = frozenset({"passed", "failed", "warned", "known-deviation"})
_NOT_ASKED_FOR = "not selected"


def notes_of(
    settings: Settings,
    checks: Sequence[Check],
    exchanges: Sequence[Exchange],
    deviations: Sequence[KnownDeviation] = (),
) -> tuple[str, ...]:
    """Return the sentences; they hold no URL and no header, so no credential either.

    `exchanges` are in the order of the results: those of a check together, as they were sent.
    """
    return (
        *_security(settings),
        *_limits(settings),
        *_sent_again(exchanges),
        *_events(checks),
        *(f"{_capital(told(deviation))}." for deviation in deviations if deviation.state != "used"),
    )


def _security(settings: Settings) -> Iterator[str]:
    connection = settings.connection
    if connection.insecure:
        yield "Certificates were not verified (--insecure): another host may have answered."
    exposed = _in_the_clear(settings.url) and _has_credentials(settings)
    if exposed or (connection.oauth is not None and _in_the_clear(connection.oauth.token_url)):
        yield "Credentials travelled unencrypted: the URL is http, not https."


def _in_the_clear(url: str) -> bool:
    return urlsplit(url).scheme == "http" and not is_loopback(url)


def _has_credentials(settings: Settings) -> bool:
    given = settings.connection
    return bool(
        any(one is not None for one in (given.bearer, given.basic, given.api_key, given.oauth))
        or urlsplit(settings.url).password
        or any(is_secret(name) for name in settings.headers)
    )


def _limits(settings: Settings) -> Iterator[str]:
    limits = settings.connection
    if limits.rate is not None:
        yield f"At most {limits.rate:g} requests a second were sent (--rate)."
    if limits.max_requests is not None:
        yield f"At most {limits.max_requests} requests were to be sent (--max-requests)."
    if limits.max_creates is not None:
        yield f"At most {limits.max_creates} promotions were to be created (--max-creates)."


def _sent_again(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """Tell repetitions, which follow what they repeat within the same check."""
    after_no_answer, after_asking, waited = 0, 0, timedelta()
    sent = [exchange for exchange in exchanges if exchange.direction == "sent"]
    for one, next_one in pairwise(sent):
        pause = _begin(next_one) - _end(one)
        if _asked(one) != _asked(next_one) or pause < timedelta():
            continue
        if one.response is None:
            after_no_answer += 1
        elif _asks_for_patience(one):
            after_asking += 1
            waited += pause
    if after_no_answer:
        yield f"{_requests(after_no_answer)} sent again after a connection error."
    if after_asking:
        yield (
            f"{_requests(after_asking)} sent again because the target asked for patience "
            f"(429, Retry-After): {waited.total_seconds():.0f} s were waited."
        )


def _asks_for_patience(exchange: Exchange) -> bool:
    response = exchange.response
    if response is None or response.status not in BUSY:
        return False
    names = {header.name.lower() for header in response.headers}
    return response.status == 429 or "retry-after" in names


def _asked(exchange: Exchange) -> tuple[str | None, str, str]:
    return exchange.check, exchange.request.method, exchange.request.url


def _begin(exchange: Exchange) -> datetime:
    return datetime.fromisoformat(exchange.at)


def _end(exchange: Exchange) -> datetime:
    return _begin(exchange) + timedelta(milliseconds=exchange.duration_ms)


def _requests(count: int) -> str:
    return "1 request was" if count == 1 else f"{count} requests were"


def _events(checks: Sequence[Check]) -> Iterator[str]:
    of_events = [check for check in checks if check.section == "events"]
    if not of_events or any(check.outcome in _JUDGED for check in of_events):
        return
    reason, _ = Counter(check.message for check in of_events).most_common(1)[0]
    if reason != _NOT_ASKED_FOR:
        yield f"Events were not judged: {reason}."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
