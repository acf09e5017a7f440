"""Decoding and splitting the raw text of a query string.

The raw text is kept until its structure is known: once `%3E`, `%2C` or `%22` are decoded, a
separator can no longer be told from data.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from mockserver.query.errors import QueryError

_QUOTE_OR = re.compile(r'"|%22|[&;]')


def decode(raw: str) -> str:
    """Return `raw` with `+` as a blank and percent escapes as UTF-8.

    Raises:
        QueryError: the escapes are no UTF-8.

    """
    try:
        return unquote(raw.replace("+", " "), errors="strict")
    except UnicodeDecodeError:
        raise QueryError(raw, "is not UTF-8") from None


def split_raw(raw: str, separator: str) -> Iterator[str]:
    """Yield the pieces of `raw` between raw separators that stand outside double quotes.

    A quote without a second one before the next `&` is a plain character, as in `5" disc`.
    """
    start, quoted, position = 0, False, 0
    while found := _QUOTE_OR.search(raw, position):
        position = found.end()
        if found[0] in {'"', "%22"}:
            quoted = not quoted and _closes_later(raw, position)
        elif found[0] == separator and not quoted:
            yield raw[start : found.start()]
            start = position
    yield raw[start:]


def _closes_later(raw: str, position: int) -> bool:
    rest = raw[position:]
    end = rest.find("&")
    inside = rest if end < 0 else rest[:end]
    return '"' in inside or "%22" in inside


def split_values(text: str) -> list[str]:
    r"""Split decoded text at commas and take off quotes and backslashes.

    A comma inside double quotes or after a backslash belongs to the value; `\"` and `\\` are a
    quote and a backslash. A quote that never closes is a plain character.
    """
    values, position = [], 0
    while True:
        value, position = _one_value(text, position)
        values.append(value)
        if position >= len(text):
            return values
        position += 1


def unquote_value(text: str) -> str:
    """Return the whole of `text` without a pair of double quotes around it."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1]
    return text


_PLAIN = re.compile(r"(?:\\.|[^,\\]|\\$)*", re.DOTALL)
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"(?=,|$)', re.DOTALL)
_ESCAPED = re.compile(r'\\([,"\\])')


def _one_value(text: str, position: int) -> tuple[str, int]:
    quoted = _QUOTED.match(text, position)
    if quoted:
        return _ESCAPED.sub(r"\1", quoted[1]), quoted.end()
    plain = _PLAIN.match(text, position)
    assert plain is not None
    return _ESCAPED.sub(r"\1", plain[0]), plain.end()
