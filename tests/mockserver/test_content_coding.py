"""Content codings of requests and answers."""

import gzip
import time
import zlib

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.content_coding import decoded, encoded, preferred_coding
from mockserver.errors import ProblemError

JSON = {"Content-Type": "application/json"}
BODY = b'{"name": "packed"}'


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("deflate", "deflate"),
        ("GZIP;q=0.2, deflate;q=0.8", "deflate"),
        ("gzip;q=0, deflate", "deflate"),
        ("*", "gzip"),
        ("gzip;q=0, *", "deflate"),
        ("br", None),
        ("", None),
        ("identity", None),
        ("gzip;q=0.5, identity", None),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("*;q=0", None),
        ("gzip;q=much", None),
    ],
)
def test_the_client_chooses_the_coding(accept_encoding, coding):
    assert preferred_coding(accept_encoding) == coding


@settings(deadline=None)
@given(body=st.binary(max_size=200), coding=st.sampled_from(["gzip", "deflate"]))
def test_what_was_encoded_is_decoded(body, coding):
    assert decoded(encoded(body, coding), coding, limit=200) == body


def raw_deflate(body):
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(body) + packing.flush()


def test_deflate_may_lack_its_zlib_header():
    assert decoded(raw_deflate(BODY), "deflate", limit=100) == BODY


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (b"not packed", "gzip"),
        (b"not packed", "deflate"),
        (gzip.compress(BODY, mtime=0)[:-4], "gzip"),
        (gzip.compress(BODY, mtime=0)[:10], "gzip"),
        (gzip.compress(BODY, mtime=0) + b"more", "gzip"),
        (gzip.compress(BODY, mtime=0)[:-8] + b"\0" * 8, "gzip"),
        (zlib.compress(BODY)[:-1], "deflate"),
        (gzip.compress(BODY, mtime=0), "deflate"),
        (zlib.compress(BODY), "gzip"),
    ],
)
def test_a_body_that_is_not_in_its_coding_is_refused(body, coding):
    with pytest.raises(ProblemError) as caught:
        decoded(body, coding, limit=1000)
    assert (caught.value.status, caught.value.code) == (400, "malformedBody")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_the_limit_counts_what_is_unpacked(coding):
    assert decoded(encoded(b"x" * 100, coding), coding, limit=100) == b"x" * 100
    with pytest.raises(ProblemError) as caught:
        decoded(encoded(b"x" * 101, coding), coding, limit=100)
    assert caught.value.status == 413


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_not_unpacked(shared, coding):
    packed = encoded(b" " * (200 << 20), coding)
    assert len(packed) < 1 << 20
    began = time.perf_counter()
    headers = {**JSON, "Content-Encoding": coding}
    answer = shared("POST", "/promotion", data=packed, headers=headers)
    assert answer.status_code == 413
    assert answer.json()["code"] == "413"
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "x-gzip", "gzip, gzip", "nonsense"])
def test_an_unknown_coding_of_a_request_answers_415(shared, coding):
    headers = {**JSON, "Content-Encoding": coding}
    for method, path in [("POST", "/promotion"), ("PATCH", "/promotion/1"), ("POST", "/hub")]:
        answer = shared(method, path, data=BODY, headers=headers)
        assert answer.status_code == 415
        assert answer.headers["Accept-Encoding"] == "gzip, deflate"
        assert answer.json()["status"] == "415"


@pytest.mark.parametrize("coding", ["identity", "GZIP", "deflate"])
def test_a_known_coding_of_a_request_is_undone(shared, coding):
    packed = {"identity": BODY, "GZIP": gzip.compress(BODY), "deflate": zlib.compress(BODY)}
    headers = {**JSON, "Content-Encoding": coding}
    answer = shared("POST", "/promotion", data=packed[coding], headers=headers)
    assert answer.json()["name"] == "packed"


def asked(shared, path, accept_encoding, method="GET"):
    headers = {"Accept-Encoding": accept_encoding}
    return requests.request(method, shared.root + path, headers=headers, timeout=5)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_large_answer_is_packed_on_request_and_then_has_its_own_etag(shared, coding):
    created = shared.create(description="long " * 1000)
    path = f"/promotion/{created['id']}"
    plain, packed = asked(shared, path, "identity"), asked(shared, path, coding)
    assert plain.json() == packed.json() == created
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == coding
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 10
    etag = plain.headers["ETag"]
    assert packed.headers["ETag"] == f'{etag[:-1]}-{coding}"'
    head = asked(shared, path, coding, "HEAD")
    for name in ("Content-Length", "Content-Encoding", "ETag", "Vary"):
        assert head.headers[name] == packed.headers[name]


def test_an_etag_of_a_packed_answer_is_good_for_conditions(shared):
    path = f"/promotion/{shared.create(description='long ' * 1000)['id']}"
    etag = asked(shared, path, "gzip").headers["ETag"]
    assert etag.endswith('-gzip"')
    known = shared("GET", path, headers={"If-None-Match": etag})
    assert (known.status_code, known.headers["ETag"]) == (304, etag)
    changed = shared("PATCH", path, json={"name": "x"}, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert shared("PATCH", path, json={"name": "y"}, headers={"If-Match": etag}).status_code == 412


def test_a_small_answer_stays_as_it_is(shared):
    answer = asked(shared, f"/promotion/{shared.create()['id']}", "gzip")
    assert "Content-Encoding" not in answer.headers
    assert "-gzip" not in answer.headers["ETag"]


def test_a_variant_with_its_own_vary_keeps_it(start):
    mock = start(variants=("extra-headers",))
    path = f"/promotion/{mock.create(description='long ' * 1000)['id']}"
    assert mock("GET", path).headers["Vary"] == "Accept, Accept-Encoding"
