"""Ids of promotions: made by the server, or accepted from the client."""

import uuid
from collections import deque
from collections.abc import Callable, Container, Iterable
from itertools import count
from typing import Any

from mockserver.errors import ProblemError

_MAX_LENGTH = 255


def new_uuid() -> str:
    """Return a random UUID."""
    return str(uuid.uuid4())


def check_client_id(value: Any) -> str:
    """Return an id that a client supplied (allowed by TMF630 Part 1 R14.5.0 §6).

    Raises:
        ProblemError: 400, it cannot stand in a path.

    """
    if not isinstance(value, str):
        raise ProblemError(400, "id must be a string", code="invalidBody")
    if not value.strip() or value in {".", ".."} or not value.isprintable():
        raise ProblemError(400, f"id {value!a} cannot stand in a path", code="invalidBody")
    if len(value) > _MAX_LENGTH:
        raise ProblemError(400, f"id is longer than {_MAX_LENGTH} characters", code="invalidBody")
    return value


def fixed_ids(
    following: Iterable[str], taken: Container[str], otherwise: Callable[[], str]
) -> Callable[[], str]:
    """Return a source of these ids, one after the other, and of others when they are used up.

    Args:
        following: the ids; those that are `taken` by then are passed over.
        taken: the ids in use.
        otherwise: gives an id when none is left.

    """
    waiting = deque(following)

    def next_id() -> str:
        while waiting:
            promotion_id = waiting.popleft()
            if promotion_id not in taken:
                return promotion_id
        return otherwise()

    return next_id


def numbered_ids(prefix: str, start: int, taken: Container[str]) -> Callable[[], str]:
    """Return a source of `prefix1`, `prefix2` and so on, from `start`, without the ids in use."""
    numbers = count(start)
    return lambda: next(
        promotion_id for number in numbers if (promotion_id := f"{prefix}{number}") not in taken
    )
