# ruff: noqa: INP001  a module of the script beside it
"""Requests that no client should send, for the soak: each must be refused, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


def request(
    method: str, path: str, host: str, body: bytes | None = None, media_type: str = JSON
) -> bytes:
    """Return an HTTP/1.1 request as bytes."""
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\n"
    if body is None:
        return f"{head}\r\n".encode()
    return (
        f"{head}Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    )


def _post(body: bytes, media_type: str = JSON) -> Callable[[str, str], bytes]:
    return lambda root, host: request("POST", f"{root}/promotion", host, body, media_type)


def _get(query: str) -> Callable[[str, str], bytes]:
    return lambda root, host: request("GET", f"{root}/promotion?{query}", host)


def _hub(body: bytes) -> Callable[[str, str], bytes]:
    return lambda root, host: request("POST", f"{root}/hub", host, body)


REFUSED: Mapping[str, Callable[[str, str], bytes]] = MappingProxyType(
    {
        "broken JSON": _post(b'{"name": "x"'),
        "no body": lambda root, host: request("POST", f"{root}/promotion", host, b""),
        "no name": _post(b'{"description": "x"}'),
        "name of the wrong type": _post(b'{"name": 5}'),
        "an array": _post(b"[]"),
        "invalid UTF-8": _post(b'{"name": "\xff\xfe"}'),
        "deep nesting": _post(b'{"name": "x", "pattern": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
        "another media type": _post(b"name=x", "application/x-www-form-urlencoded"),
        "too large": _post(b'{"name": "' + b"x" * (2 << 20) + b'"}'),
        "negative limit": _get("limit=-1"),
        "limit in words": _get("limit=ten"),
        "offset beyond all numbers": _get("offset=1e99"),
        "broken regular expression": _get("name.regex=%28"),
        "broken JSON Path": _get("filter=%24%5B%3F%28"),
        "PATCH of a list": lambda root, host: request(
            "PATCH", f"{root}/promotion/x", host, b"[1]", MERGE_PATCH
        ),
        "PUT": lambda root, host: request("PUT", f"{root}/promotion/x", host, b"{}"),
        "unknown path": lambda root, host: request("GET", f"{root}/promotions", host),
        "subscription without callback": _hub(b"{}"),
        "callback by FTP": _hub(b'{"callback": "ftp://127.0.0.1/x"}'),
    }
)
"""Well-formed HTTP, to be answered by 4xx; built from the path of the API root and the host."""

BROKEN: Mapping[str, Callable[[str, str], bytes]] = MappingProxyType(
    {
        "no HTTP at all": lambda _root, _host: b"\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n",
        "another protocol": lambda root, _host: f"GET {root}/promotion GOPHER/1\r\n\r\n".encode(),
        "header without colon": lambda root, host: (
            f"GET {root}/promotion HTTP/1.1\r\nHost: {host}\r\nnonsense\r\n\r\n".encode()
        ),
        "endless header": lambda root, host: (
            f"GET {root}/promotion HTTP/1.1\r\nHost: {host}\r\nX: {'x' * 200_000}\r\n\r\n".encode()
        ),
        "length in words": lambda root, host: (
            f"POST {root}/promotion HTTP/1.1\r\nHost: {host}\r\n"
            "Content-Length: ten\r\n\r\n".encode()
        ),
        "two lengths": lambda root, host: (
            f"POST {root}/promotion HTTP/1.1\r\nHost: {host}\r\n"
            "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}".encode()
        ),
        "broken chunk": lambda root, host: (
            f"POST {root}/promotion HTTP/1.1\r\nHost: {host}\r\nContent-Type: {JSON}\r\n"
            "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n".encode()
        ),
        "half a request": lambda root, host: (
            f"POST {root}/promotion HTTP/1.1\r\nHost: {host}\r\nContent-Type: {JSON}\r\n"
            'Content-Length: 100\r\n\r\n{"name": '.encode()
        ),
    }
)
"""What is no HTTP: to be answered by 4xx, or not at all; each takes a connection of its own."""
