"""Values that are written the same way on every command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click

from conformance.settings import UsageError


class Lines(click.ParamType[str]):
    """Text of which an environment variable holds several, a line each."""

    name = "text"
    envvar_list_splitter = "\n"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002  (click's signature)
        ctx: click.Context | None,  # noqa: ARG002
    ) -> str:
        """Return the text as it is."""
        return str(value)


_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def parse_headers(lines: Iterable[str]) -> dict[str, str]:
    """Parse `Name: value` lines. Raises UsageError without showing the value."""
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon or not _TOKEN.fullmatch(name):
            raise UsageError("a header must be written 'Name: value', e.g. 'X-Tenant: 42'")
        value = value.strip()
        if not value.isprintable():
            raise UsageError(f"the value of the header {name} has control characters")
        try:
            value.encode("latin-1")
        except UnicodeEncodeError:
            raise UsageError(
                f"the value of the header {name} has characters HTTP cannot carry"
            ) from None
        headers[name] = value
    return headers
