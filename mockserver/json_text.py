"""JSON from bytes that nobody can be trusted to have written well."""

import json
import math
from collections.abc import Iterable
from typing import Any

import msgspec

from mockserver.errors import ProblemError

MAX_DEPTH = 100
MAX_DIGITS = 300

_DIGITS_AS_ZEROS = bytes(ord("0") if chr(byte).isdecimal() else byte for byte in range(256))
_TOO_LONG = b"0" * MAX_DIGITS


def parse_json(body: bytes) -> Any:
    """Parse a request body as I-JSON (RFC 7493).

    Raises:
        ProblemError: 400, it is empty, not UTF-8, not JSON, has NaN or an infinite number, the same
            name twice in an object, a lone surrogate, or more than `MAX_DEPTH` levels.

    """
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _parse_warily(body)
    return value if _is_beyond_doubt(body, value) else _parse_warily(body)


def _is_beyond_doubt(body: bytes, value: Any) -> bool:
    """Tell whether `value`, which the fast decoder found in `body`, is surely acceptable.

    The decoder lets the last of two equal names win, and knows neither bound. Without a backslash
    each quote begins or ends a string, so a name that got lost shows in their number.
    """
    return (
        b"\\" not in body
        and body.count(b"{") + body.count(b"[") <= MAX_DEPTH
        and _TOO_LONG not in body.translate(_DIGITS_AS_ZEROS)
        and body.count(b'"') == msgspec.json.encode(value).count(b'"')
    )


def _parse_warily(body: bytes) -> Any:
    """Parse a body with all checks, whose messages say what is wrong; raises as `parse_json`."""
    if not body.strip():
        raise _malformed("the body is empty")
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_integer,
        )
    except UnicodeDecodeError as problem:
        raise _malformed(f"byte {problem.start} is not UTF-8") from None
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno} column {problem.colno}"
        raise _malformed(f"{problem.msg} at {where}") from None
    except RecursionError:
        raise _malformed(f"more than {MAX_DEPTH} levels") from None
    _check(value)
    return value


def write_json(value: Any) -> bytes:
    """Return `value` as compact JSON in UTF-8.

    Bytes of a header that were no UTF-8 are lone surrogates in Python; they become escapes.
    """
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace")


def read_json(text: bytes) -> Any:
    """Return the value of what `write_json` wrote."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


def _malformed(reason: str) -> ProblemError:
    return ProblemError(400, f"malformed JSON: {reason}", code="malformedJson")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _malformed(f"the name {twice!a} occurs twice in one object")
    return built


def _refuse_constant(text: str) -> Any:
    raise _malformed(f"{text} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _malformed("a number is too large")
    return number


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise _malformed("a number is too large")
    return int(text)


def _check(value: Any) -> None:
    """Refuse deep nesting and lone surrogates, level by level so that no depth can overflow."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for item in level:
            match item:
                case str():
                    _check_text((item,))
                case dict():
                    _check_text(item)
                    below.extend(item.values())
                case list():
                    below.extend(item)
        if not below:
            return
        level = below
    raise _malformed(f"more than {MAX_DEPTH} levels")


def _check_text(texts: Iterable[str]) -> None:
    for text in texts:
        if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
            raise _malformed("a string holds a lone surrogate")


def levels(value: Any) -> int:
    """Return how many objects and arrays with content are nested, at most `MAX_DEPTH` + 1."""
    level, depth = [value], 0
    while depth <= MAX_DEPTH:
        containers = [item for item in level if item and isinstance(item, dict | list)]
        if not containers:
            break
        level = [
            child
            for item in containers
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        depth += 1
    return depth


def same_json(left: Any, right: Any) -> bool:
    """Tell whether two JSON values are the same; unlike in Python, true is not 1, nor 1 1.0."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    match left:
        case dict():
            return left.keys() == right.keys() and all(
                same_json(value, right[name]) for name, value in left.items()
            )
        case list():
            return len(left) == len(right) and all(map(same_json, left, right))
        case float():
            return repr(left) == repr(right)
        case _:
            return bool(left == right)
