"""Text from the wire made fit for the formats it is written in."""

from __future__ import annotations

import math
import re
from typing import Any

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def unicode_text(text: str) -> str:
    """Return `text` with each lone surrogate replaced by U+FFFD, so that it encodes as UTF-8."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def xml_text(text: str) -> str:
    """Return `text` without the characters that XML 1.0 §2.2 does not allow."""
    return _NOT_XML.sub("", text)


def visible_text(text: str) -> str:
    """Return `text` with control characters shown by the pictures of Unicode block U+2400."""
    return _CONTROL.sub(_picture, unicode_text(text))


def json_value(value: Any) -> Any:
    """Return a copy of a JSON value that every JSON reader accepts (RFC 8259 §6, §8.2).

    Lone surrogates are replaced; NaN and the infinities, which JSON has no word for, become text.
    """
    if isinstance(value, str):
        return unicode_text(value)
    if isinstance(value, dict):
        return {unicode_text(str(name)): json_value(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return "\u2421" if code == 0x7F else chr(0x2400 + code)
