"""Methods, media types, errors, links and hostile input."""

import gzip
import socket

import pytest
import requests

ERROR = {"code", "reason", "message", "status", "@type"}
JSON = {"Content-Type": "application/json"}


def assert_error(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    body = answer.json()
    assert set(body) == ERROR
    assert all(isinstance(value, str) and value for value in body.values())
    assert body["status"] == str(status)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/promotion", "GET, HEAD, POST, PATCH, OPTIONS"),
        ("DELETE", "/promotion", "GET, HEAD, POST, PATCH, OPTIONS"),
        ("POST", "/promotion/1", "GET, HEAD, PATCH, DELETE, OPTIONS"),
        ("PUT", "/promotion/1", "GET, HEAD, PATCH, DELETE, OPTIONS"),
        ("GET", "/hub", "POST, OPTIONS"),
        ("GET", "/hub/1", "DELETE, OPTIONS"),
        ("GET", "/listener/promotionCreateEvent", "POST, OPTIONS"),
        ("PROPFIND", "/promotion", "GET, HEAD, POST, PATCH, OPTIONS"),
    ],
)
def test_a_wrong_method_answers_405_with_allow(shared, method, path, allow):
    answer = shared(method, path)
    assert_error(answer, 405)
    assert answer.headers["Allow"] == allow
    options = shared("OPTIONS", path)
    assert (options.status_code, options.headers["Allow"]) == (204, allow)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/promotions",
        "/promotion/",
        "/promotion/1/x",
        "//promotion",
        "/hub/",
        "/listener/x",
    ],
)
def test_an_unknown_path_answers_404(shared, path):
    assert_error(shared("GET", path), 404)


def test_paths_outside_of_the_api_root_answer_404_too(shared):
    host = shared.root.removesuffix("/tmf-api/promotionManagement/v4")
    assert_error(requests.get(f"{host}/", timeout=5), 404)
    assert_error(requests.get(f"{host}/promotion", timeout=5), 404)


def test_head_is_get_without_a_body(shared):
    path = f"/promotion/{shared.create()['id']}"
    head, get = shared("HEAD", path), shared("GET", path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag"):
        assert head.headers[name] == get.headers[name]
    assert shared("HEAD", "/promotion?limit=1").headers["X-Total-Count"].isdigit()
    assert shared("HEAD", "/promotion/nobody").status_code == 404


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/json;charset=iso-8859-1", "nonsense", None],
)
def test_an_unsupported_media_type_answers_415(shared, content_type):
    headers = {"Content-Type": content_type}
    created = shared("POST", "/promotion", data=b"{}", headers=headers)
    assert_error(created, 415)
    assert created.headers["Accept"] == "application/json"
    path = f"/promotion/{shared.create()['id']}"
    patched = shared("PATCH", path, data=b"{}", headers=headers)
    assert_error(patched, 415)
    assert "application/merge-patch+json" in patched.headers.get("Accept-Patch", "") or (
        content_type == "application/json;charset=iso-8859-1"
    )


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=UTF-8", "APPLICATION/JSON", 'application/json;charset="utf-8"'],
)
def test_json_is_accepted_however_it_is_written(shared, content_type):
    answer = shared(
        "POST", "/promotion", data=b'{"name": "x"}', headers={"Content-Type": content_type}
    )
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        ("application/json", 200),
        ("application/*;q=0.5, text/html", 200),
        ("text/html, application/json;charset=utf-8", 200),
        ("text/html", 406),
        ("application/json;q=0, text/html", 406),
        ("application/json;q=0, */*", 406),
    ],
)
def test_accept_decides_whether_json_is_taken(shared, accept, status):
    answer = shared("GET", "/promotion?limit=0", headers={"Accept": accept})
    assert answer.status_code == status
    if status == 406:
        assert_error(answer, 406)


DEEP = 10_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"{",
        b'{"name": "x",}',
        b"{'name': 'x'}",
        b'{"name": "x"} {}',
        b'{"name": "x", "name": "y"}',
        b'{"name": "x", "rank": NaN}',
        b'{"name": "x", "rank": -Infinity}',
        b'{"name": "x", "rank": 1e999}',
        b'{"name": "x", "rank": ' + b"9" * 5000 + b"}",
        b'{"name": "\\ud800"}',
        b'{"name": "x", "\\udfff": 1}',
        b'{"name": "\xff"}',
        b'\xef\xbb\xbf{"name": "x"}',
        b'{"name": "x", "a": ' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"name": "x", "a": ' + b'{"a":' * 101 + b"1" + b"}" * 101 + b"}",
        b"[" * DEEP,
    ],
)
def test_json_that_nobody_should_send_answers_400(shared, body):
    answer = shared("POST", "/promotion", data=body, headers=JSON)
    assert_error(answer, 400)
    assert answer.json()["code"] == "malformedJson"


def test_a_hundred_levels_are_kept(shared):
    nested = "leaf"
    for _ in range(97):
        nested = [nested]
    created = shared.create(nested=nested)
    assert shared("GET", f"/promotion/{created['id']}").json()["nested"] == nested
    path = f"/promotion/{created['id']}"
    assert shared("PATCH", path, json={"description": "d"}).status_code == 200


def test_a_body_over_the_limit_answers_413_whether_packed_or_not(start):
    mock = start(max_body=10_000)
    large = b'{"name": "' + b"x" * 10_000 + b'"}'
    assert_error(mock("POST", "/promotion", data=large, headers=JSON), 413)
    packed = {**JSON, "Content-Encoding": "gzip"}
    bomb = gzip.compress(b" " * 5_000_000)
    assert len(bomb) < 10_000
    assert_error(mock("POST", "/promotion", data=bomb, headers=packed), 413)
    small = gzip.compress(b'{"name": "packed"}')
    assert mock("POST", "/promotion", data=small, headers=packed).status_code == 201
    assert mock.names() == ["packed"]


def test_a_body_that_is_not_what_its_encoding_says_answers_400(shared):
    packed = {**JSON, "Content-Encoding": "gzip"}
    assert_error(shared("POST", "/promotion", data=b"not gzip", headers=packed), 400)


def test_links_are_built_from_the_host_header(shared):
    answer = shared("POST", "/promotion", json={"name": "x"}, headers={"Host": "crm.example:81"})
    path = f"/tmf-api/promotionManagement/v4/promotion/{answer.json()['id']}"
    assert answer.json()["href"] == answer.headers["Location"] == f"http://crm.example:81{path}"
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "public.example"}
    assert shared("GET", "/promotion", headers=forwarded).json()[0]["href"].startswith(shared.root)
    forged = shared("POST", "/promotion", json={"name": "x"}, headers={"Host": 'a"><b'})
    assert forged.status_code == 400 or forged.json()["href"].startswith(shared.root)


def test_forwarded_headers_count_when_they_are_trusted(start):
    mock = start(trust_forwarded=True)
    forwarded = {"X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "public.example, inner"}
    answer = mock("POST", "/promotion", json={"name": "x"}, headers=forwarded)
    root = "https://public.example/tmf-api/promotionManagement/v4/promotion/"
    assert answer.json()["href"] == answer.headers["Location"] == root + answer.json()["id"]
    odd = {"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": "a b"}
    assert mock("GET", "/promotion", headers=odd).json()[0]["href"].startswith(mock.root)


def test_a_client_without_a_host_header_gets_the_address_of_the_socket(shared):
    host, port = shared.root.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        request = "POST /tmf-api/promotionManagement/v4/promotion HTTP/1.0\r\n"
        body = b'{"name": "x"}'
        request += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(request.encode() + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert f"Location: {shared.root}/promotion/".encode() in answer


@pytest.mark.parametrize("base_path", ["", "/", "/crm/api/", "other"])
def test_any_base_path_serves_the_api(start, base_path):
    mock = start(base_path=base_path)
    created = mock.create()
    assert mock("GET", f"/promotion/{created['id']}").json() == created
    assert created["href"] == f"{mock.root}/promotion/{created['id']}"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"Accept: text/\xff", b"406"),
        (b"Accept-Encoding: \xff", b"415"),
        (b"Content-Type: \xff", b"415"),
        (b"Content-Encoding: \xff", b"415"),
        (b"If-Match: \xff", b"415"),
        (b"Range: \xff", b"415"),
    ],
)
def test_a_header_that_is_no_text_is_no_fault_of_the_mock(shared, header, status):
    host, port = shared.root.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        request = b"POST /tmf-api/promotionManagement/v4/promotion HTTP/1.0\r\n"
        connection.sendall(request + header + b"\r\nContent-Length: 2\r\n\r\n{}")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.split()[1] == status
    assert b'"@type":"Error"' in answer


def test_a_long_query_is_answered(shared):
    names = ",".join(f"name-{number}" for number in range(3000))
    assert shared.names(f"?name={names}") == []


def test_an_error_of_the_mock_itself_is_a_500_with_the_error_body(start, caplog):
    from mockserver import variants
    from mockserver.alterations import replacing

    broken = variants.Variant("broken", "fails", replacing(new_id=lambda: 1 / 0))
    original = variants.VARIANTS
    try:
        original["broken"] = broken
        mock = start(variants=("broken",))
    finally:
        del original["broken"]
    assert_error(mock("POST", "/promotion", json={"name": "x"}), 500)
    assert "ZeroDivisionError" in caplog.text
