"""Where a secret comes from: the value itself, `${VARIABLE}` inside of it, or `file:PATH`."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import click

from conformance.settings import UsageError

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_FILE = "file:"


def resolved(text: str) -> str:
    """Return `text` with its references replaced; the last line break of a file is left out.

    Raises UsageError, which names the variable or the file and shows no value.
    """
    if text.startswith(_FILE):
        path = Path(text.removeprefix(_FILE)).expanduser()
        try:
            return path.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as problem:
            raise UsageError(f"the secret in {path} cannot be read: {problem.strerror}") from None
        except UnicodeDecodeError:
            raise UsageError(f"the secret in {path} is not UTF-8 text") from None
    return with_variables(text)


def with_variables(text: str) -> str:
    """Return `text` with each `${VARIABLE}` replaced. Raises UsageError naming a missing one."""
    return _VARIABLE.sub(_value, text)


def is_reference(text: str) -> bool:
    """Tell whether `text` refers to a secret that stands elsewhere."""
    return text.startswith(_FILE) or bool(_VARIABLE.search(text))


def _value(reference: re.Match[str]) -> str:
    value = os.environ.get(reference[1])
    if value is None:
        raise UsageError(f"the environment variable {reference[1]} is not set")
    return value


class Secret(click.ParamType[str]):
    """An option's value that may be a reference; an error does not show it."""

    name = "secret"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Resolve the reference."""
        try:
            found = resolved(str(value))
        except UsageError as problem:
            self.fail(str(problem), param, ctx)
        if not found:
            self.fail("it is empty", param, ctx)
        return found
