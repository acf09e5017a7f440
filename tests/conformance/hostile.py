"""A server on a raw socket that misbehaves, from the first byte or after so many good answers."""

import contextlib
import gzip
import http.client
import itertools
import json
import socket
import struct
import threading
import zlib
from urllib.parse import urlsplit

FOREVER = 30.0
"""Seconds after which even an endless answer ends, so that no thread of a test stays."""


class Hostile:
    """Answers as `mode` does; before that `good` requests go to the mock at `upstream`."""

    def __init__(self, mode, upstream=None, good=0, tls=None):
        self._mode = MODES[mode] if isinstance(mode, str) else mode
        self._upstream = None if upstream is None else urlsplit(upstream)
        self._good = good
        self._tls = tls
        self._count = itertools.count(1)
        self._lock = threading.Lock()
        self.requests = []
        self.accepted = 0
        self.over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        path = "/v4" if self._upstream is None else self._upstream.path
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self.port}{path}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_problem):
        self.over.set()
        self.refuse()
        self._thread.join(5)

    def refuse(self):
        """Accept no more connections."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.settimeout(FOREVER)
        with contextlib.suppress(OSError, ValueError), contextlib.closing(connection):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with contextlib.closing(connection), connection.makefile("rb") as file:
                while not self.over.is_set():
                    request = read_request(file)
                    if request is None or not self._answer(connection, request):
                        return

    def _answer(self, connection, request):
        with self._lock:
            self.requests.append(request)
            number = next(self._count)
        if number <= self._good:
            connection.sendall(self._from_upstream(request))
            return True
        return self._mode(self, connection, request, number)

    def _from_upstream(self, request):
        method, path, headers, body = request
        upstream = http.client.HTTPConnection(self._upstream.hostname, self._upstream.port)
        try:
            upstream.request(method, path, body=body or None, headers=headers)
            response = upstream.getresponse()
            content = response.read()
        finally:
            upstream.close()
        given = [
            (name, value)
            for name, value in response.getheaders()
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}
        ]
        length = [] if response.status == 204 else [("Content-Length", str(len(content)))]
        return head(response.status, [*given, *length]) + (b"" if method == "HEAD" else content)


def read_request(file):
    """Return method, path, headers and body of the next request; None at the end."""
    line = file.readline(65537).decode("latin-1").split()
    if len(line) != 3:
        return None
    headers = {}
    while (text := file.readline(65537).decode("latin-1").strip()) != "":
        name, _, value = text.partition(":")
        headers[name] = value.strip()
    length = {name.lower(): value for name, value in headers.items()}.get("content-length", "0")
    return line[0], line[1], headers, file.read(int(length))


def head(status, headers):
    lines = [f"HTTP/1.1 {status} Words", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def answering(status, body=b"{}", headers=(), media="application/json"):
    """A mode that gives one answer to everything and keeps the connection."""

    def mode(_server, connection, request, _number):
        code = status or (201 if request[0] == "POST" else 200)
        content = body(request) if callable(body) else body
        pairs = [*headers, ("Content-Type", media), ("Content-Length", str(len(content)))]
        connection.sendall(head(code, pairs) + (b"" if request[0] == "HEAD" else content))
        return True

    return mode


def raw(*pieces):
    """A mode that sends bytes as they are and closes."""

    def mode(_server, connection, _request, _number):
        for piece in pieces:
            connection.sendall(piece)
        return False

    return mode


def refuses(server, _connection, _request, _number):
    server.refuse()
    return False


def resets_in_the_body(_server, connection, _request, _number):
    connection.sendall(head(200, [("Content-Length", "1000")]) + b"[{")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def never_answers(server, _connection, _request, _number):
    server.over.wait(FOREVER)
    return False


def drips(beginning):
    def mode(server, connection, _request, _number):
        connection.sendall(beginning)
        while not server.over.wait(0.2):
            connection.sendall(b"x")
        return False

    return mode


def endless(beginning, piece):
    def mode(server, connection, _request, _number):
        connection.sendall(beginning)
        while not server.over.is_set():
            connection.sendall(piece)
        return False

    return mode


def closes_at_random(server, connection, request, number):
    if number % 17 == 0:
        return False
    connection.sendall(server._from_upstream(request))
    return number % 5 != 0


def redirects_to_itself(server, connection, _request, number):
    location = f"http://127.0.0.1:{server.port}/{number % 2}"
    connection.sendall(head(302, [("Location", location), ("Content-Length", "0")]))
    return True


def item(**more):
    return {
        "id": "1",
        "href": "http://127.0.0.1/1",
        "name": "n",
        "lifecycleStatus": "active",
    } | more


def listed(**more):
    """A body for everything: a list for a GET of the collection, else one promotion."""

    def body(request):
        one = item(**more)
        many = request[0] == "GET" and urlsplit(request[1]).path.endswith("/promotion")
        return json.dumps([one] if many else one).encode()

    return body


def many(one, times):
    """A body for everything: a list that is made when it is asked for."""
    return lambda _request: b"[" + one * times + b"{}]"


def bomb():
    """A hundred megabytes of spaces in a hundred kilobytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    spaces = b" " * (1 << 20)
    return b"".join([packer.compress(spaces) for _ in range(100)]) + packer.flush()


def chunked(content):
    size = f"{len(content):x}".encode()
    return size + b"\r\n" + content + b"\r\n0\r\n\r\n"


_GZIP = [("Content-Encoding", "gzip")]
_JSON = ("Content-Type", "application/json")
_DEEP = 10_000
_LINE = b"HTTP/1.1 200 Words\r\n"
_CHUNKED = head(200, [_JSON, ("Transfer-Encoding", "chunked")])

MODES = {
    "refuses": refuses,
    "resets-in-the-body": resets_in_the_body,
    "never-answers": never_answers,
    "drips-headers": drips(_LINE + b"X-Drip: "),
    "drips-the-body": drips(head(200, [_JSON, ("Content-Length", "100000")])),
    "endless-body": endless(head(200, [_JSON]), b" " * 65536),
    "endless-chunks": endless(_CHUNKED, b"10000\r\n" + b" " * 65536 + b"\r\n"),
    "endless-headers": endless(_LINE, b"X-Header: " + b"y" * 1000 + b"\r\n"),
    "endless-redirect": endless(head(302, [("Location", "/v4/promotion")]), b" " * 65536),
    "length-too-long": raw(head(200, [_JSON, ("Content-Length", "100")]) + b"[]"),
    "length-too-short": answering(0, b"[]" * 40, [("Content-Length", "2")]),
    "bad-chunks": raw(_CHUNKED + b"zz\r\n[]\r\n"),
    "header-of-100-kb": answering(0, b"[]", [("X-Long", "y" * 100_000)]),
    "long-headers": answering(0, b"[]", [(f"X-Long-{n}", "y" * 60_000) for n in range(90)]),
    "1000-headers": answering(0, b"[]", [(f"X-{n}", "y") for n in range(1000)]),
    "redirect-circle": redirects_to_itself,
    "401": answering(401),
    "403": answering(403),
    "429": answering(429),
    "429-at-once": answering(429, headers=[("Retry-After", "0")]),
    "429-for-an-hour": answering(429, headers=[("Retry-After", "3600")]),
    "503-with-retry-after": answering(503, headers=[("Retry-After", "1")]),
    "502": answering(502, b"<html>bad gateway</html>", media="text/html"),
    "html": answering(200, b"<!DOCTYPE html><html><body>Log in</body></html>", media="text/html"),
    "html-as-json": answering(0, b"<html></html>"),
    "invalid-utf-8": answering(0, b'[{"id": "1", "name": "\xff\xfe"}]'),
    "nested-10000-deep": answering(0, b"[" * _DEEP + b"]" * _DEEP),
    "nested-900-deep": answering(0, b'[{"id": "1", "name":' + b"[" * 900 + b"]" * 900 + b"}]"),
    "list-of-50-mb": answering(0, many(b'{"id": "1", "name": "n"},', 2_000_000)),
    "list-of-15-mb": answering(0, many(b"{},", 5_000_000)),
    "a-megabyte-always": answering(0, many(b'{"id": "1", "name": "n"},', 40_000)),
    "gzip-bomb": answering(0, bomb(), _GZIP),
    "gzip-bomb-in-chunks": raw(
        head(200, [_JSON, *_GZIP, ("Transfer-Encoding", "chunked")]), chunked(bomb())
    ),
    "gzip-in-gzip": answering(0, gzip.compress(bomb()), [("Content-Encoding", "gzip, gzip")]),
    "deflate-garbage": answering(0, b"no deflate", [("Content-Encoding", "deflate")]),
    "closes-at-random": closes_at_random,
    "no-http": raw(b"220 mail.example.com ESMTP\r\n"),
    "bad-status": raw(b"HTTP/1.1 abc Words\r\n\r\n"),
    "100-for-ever": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "103-first": raw(
        b"HTTP/1.1 103 Early Hints\r\n\r\n" + head(200, [_JSON, ("Content-Length", "2")]) + b"[]"
    ),
    "both-lengths": raw(
        head(200, [_JSON, ("Transfer-Encoding", "chunked"), ("Content-Length", "3")])
        + chunked(b"[]")
    ),
    "nul-in-a-header": answering(0, b"[]", [("X-Nul", "a\x00b")]),
    "lone-surrogates": answering(0, listed(id="\ud800", name="\udfff", description="\ud83d")),
    "keys-twice": answering(0, b'[{"id": "1", "id": "2", "name": "a", "name": "b"}]'),
    "huge-numbers": answering(0, b'[{"id": 1e400, "name": "n", "validFor": ' + b"9" * 4000 + b"}]"),
    "number-of-100000-digits": answering(
        0, b'[{"id": "1", "name": "n", "x": ' + b"9" * 100_000 + b"}]"
    ),
}
