"""Conditional requests by date, and how they go together with those by ETag (RFC 9110 §13)."""

import pytest

EARLIER = "Thu, 01 Jan 2015 00:00:00 GMT"
LATER = "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.fixture
def one(start):
    mock = start(data=[{"id": "one", "name": "One", "lastUpdate": "2026-01-02T03:04:05.678Z"}])
    return lambda method, headers, **options: mock(
        method, "/promotion/one", headers=headers, **options
    )


NOW = "Fri, 02 Jan 2026 03:04:05 GMT"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-Modified-Since": NOW}, 304),
        ({"If-Modified-Since": LATER}, 304),
        ({"If-Modified-Since": EARLIER}, 200),
        ({"If-Modified-Since": "Fri, 02 Jan 2026 03:04:04 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Modified-Since": NOW, "If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": EARLIER, "If-None-Match": "*"}, 304),
        ({"If-Unmodified-Since": NOW}, 200),
        ({"If-Unmodified-Since": EARLIER}, 412),
        ({"If-Unmodified-Since": EARLIER, "If-None-Match": "*"}, 412),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_read_depends_on_the_dates_that_it_names(one, method, headers, status):
    answer = one(method, headers)
    assert answer.status_code == status
    assert (answer.headers.get("Last-Modified") == NOW) == (status != 412)
    assert bool(answer.content) == (method == "GET" and status != 304)


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"If-Unmodified-Since": NOW}, False),
        ({"If-Unmodified-Since": EARLIER}, True),
        ({"If-Unmodified-Since": "never"}, False),
        ({"If-Unmodified-Since": EARLIER, "If-Match": "*"}, False),
        ({"If-Unmodified-Since": NOW, "If-Match": '"other"'}, True),
        ({"If-Modified-Since": NOW}, False),
    ],
)
def test_a_write_depends_on_the_time_since_which_nothing_may_have_changed(one, headers, refused):
    patched = one("PATCH", headers, json={"description": "x"})
    assert patched.status_code == (412 if refused else 200)
    deleted = one("DELETE", {**headers, "If-Unmodified-Since": EARLIER})
    assert deleted.status_code == (204 if headers.get("If-Match") == "*" else 412)
