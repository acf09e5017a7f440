"""Sentences about the run as a whole."""

import pytest

from conformance.connection import Connection, OAuth
from conformance.notes import notes_of
from conformance.settings import Settings
from reports.results import Check, Exchange, Header, KnownDeviation, Request, Response

REMOTE = "http://crm.example.com/v4"


def settings(url=REMOTE, headers=None, **connection):
    return Settings(url=url, headers=headers or {}, connection=Connection(**connection))


def check(outcome, message="", section="events"):
    return Check(
        id="TMF671-EVENT-CREATE",
        title="",
        section=section,
        level="must",
        requirements=("R-G84-CREATE-EVENT",),
        outcome=outcome,
        blocked_by=None,
        expected=None,
        observed=None,
        message=message,
        duration_ms=0,
        exchanges=(),
    )


def exchange(second, status, *, method="GET", path="/promotion", of="TMF671-X", **more):
    headers = tuple(Header(name, value) for name, value in more.pop("headers", {}).items())
    answer = Response(status=status, reason="", headers=headers, body=None, bytes=0)
    return Exchange(
        n=1,
        at=f"2026-11-24T12:00:{second:02}.000Z",
        check=of,
        request=Request(method=method, url=REMOTE + path, headers=(), body=None, bytes=0),
        response=answer if status else None,
        duration_ms=more.pop("duration_ms", 500),
        curl="",
        **more,
    )


def notes(settings=settings(), checks=(), exchanges=(), deviations=()):  # noqa: B008
    return notes_of(settings, checks, exchanges, deviations)


def test_a_plain_run_has_nothing_to_tell():
    passed = [exchange(1, 200), exchange(2, 200), exchange(3, 429)]
    assert notes(checks=[check("passed")], exchanges=passed) == ()


def test_an_unverified_certificate_is_told():
    (note,) = notes(settings("https://crm.example.com/v4", insecure=True))
    assert note.startswith("Certificates were not verified (--insecure)")


IN_THE_CLEAR = "Credentials travelled unencrypted: the URL is http, not https."


@pytest.mark.parametrize(
    "asked",
    [
        settings(bearer="abcdef"),
        settings(basic="a:b"),
        settings(api_key=("X-Key", "abc")),
        settings(headers={"Authorization": "Bearer abc"}),
        settings("http://a:b@crm.example.com/v4"),
        settings(
            "https://crm.example.com/v4",
            oauth=OAuth(token_url="http://login.example.com/t", client_id="a", client_secret="b"),
        ),
    ],
)
def test_credentials_over_plain_http_are_told(asked):
    assert notes(asked) == (IN_THE_CLEAR,)


@pytest.mark.parametrize(
    "asked",
    [
        settings(),
        settings(headers={"X-Tenant": "blue"}),
        settings("https://crm.example.com/v4", bearer="abcdef"),
        settings("http://127.0.0.1:8671/v4", bearer="abcdef"),
    ],
)
def test_what_nobody_can_read_on_the_way_is_not_told(asked):
    assert notes(asked) == ()


def test_the_limits_in_force_are_told():
    assert notes(settings(rate=2.5, max_requests=500, max_creates=20)) == (
        "At most 2.5 requests a second were sent (--rate).",
        "At most 500 requests were to be sent (--max-requests).",
        "At most 20 promotions were to be created (--max-creates).",
    )


def test_requests_after_a_connection_error_are_counted():
    sent = [exchange(1, None), exchange(2, None), exchange(3, 200), exchange(4, 200)]
    assert notes(exchanges=sent) == ("2 requests were sent again after a connection error.",)


def test_waiting_for_the_target_is_told_with_the_seconds():
    sent = [
        exchange(1, 429),
        exchange(4, 429),
        exchange(9, 200),
        exchange(20, 503, headers={"Retry-After": "2"}),
        exchange(23, 201),
        exchange(30, 503),
        exchange(31, 503),
    ]
    (note,) = notes(exchanges=sent)
    assert note.startswith("3 requests were sent again because the target asked for patience")
    assert note.endswith(": 10 s were waited.")


@pytest.mark.parametrize(
    "other",
    [
        exchange(3, 200, path="/promotion/1"),
        exchange(3, 200, method="DELETE"),
        exchange(3, 200, of="TMF671-Y"),
        exchange(1, 200),
        exchange(3, 200, direction="received"),
    ],
)
def test_another_request_is_no_repetition(other):
    assert notes(exchanges=[exchange(1, None), other]) == ()


def test_events_that_were_not_judged_are_told_with_the_reason():
    left_out = check("skipped", "--no-events leaves out the hub")
    assert notes(checks=[left_out]) == ("Events were not judged: --no-events leaves out the hub.",)
    assert notes(checks=[left_out, check("failed", "none came")]) == ()
    assert notes(checks=[check("skipped", "not selected")]) == ()
    assert notes(checks=[check("passed", section="create")]) == ()


def test_a_deviation_that_is_not_used_is_told():
    made = [
        KnownDeviation(check=f"TMF671-{state}", reason="x", until="2027-03-01", state=state)
        for state in ("used", "unused", "stale", "expired")
    ]
    assert [note.partition(" ")[0] for note in notes(deviations=made)] == ["The"] * 3
    assert not [note for note in notes(deviations=made) if "TMF671-used" in note]
