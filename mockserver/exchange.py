"""One request and its answer, free of any web framework.

Nobody changes either. They are not frozen because that would make each of them, which are made for
every request, three times as slow to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Call:
    """A request to one operation.

    Args:
        operation: the operationId of the API description, or "unknown".
        method: in upper case.
        path: the raw path without the query.
        query: the raw query string, without the question mark.
        origin: scheme and authority by which the client reached the server.
        root: the API root as the client reaches it, without a final slash.
        headers: case-insensitive request headers.
        resource_id: the decoded id of the path, if the operation has one.
        body: the body as it came.

    """

    operation: str
    method: str
    path: str
    query: str
    origin: str
    root: str
    headers: Mapping[str, str]
    resource_id: str = ""
    body: bytes = b""


@dataclass(slots=True)
class Answer:
    """An answer: `body` is a JSON value, bytes that go out as they are, or None for no body."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
