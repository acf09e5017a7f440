"""The options that say which documents are made from a run, and in which language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from reports.formats import DEFAULT_FORMATS, FORMATS
from reports.language import LANGUAGES

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Formats(click.ParamType[tuple[str, ...]]):
    """Names of formats, joined by commas."""

    name = "formats"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names. Fails for one that is no format."""
        if isinstance(value, tuple):
            return value
        names = tuple(part.strip().lower() for part in str(value).split(",") if part.strip())
        for name in names:
            if name not in FORMATS:
                self.fail(f"{name!r} is not a format; there are {', '.join(FORMATS)}", param, ctx)
        return names


def _together(
    _ctx: click.Context, _parameter: click.Parameter, values: tuple[tuple[str, ...], ...]
) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in values for name in names)) or DEFAULT_FORMATS


def format_option(envvar: str | None = None) -> Callable[[_Command], _Command]:
    """Return the option --format; the command gets `formats`, names of reports.formats.FORMATS."""
    return click.option(
        "--format",
        "formats",
        type=_Formats(),
        multiple=True,
        callback=_together,
        metavar="NAME[,NAME…]",
        envvar=envvar,
        help=f"Documents beside results.json, of {', '.join(FORMATS)}. Repeatable."
        f"  [default: {','.join(DEFAULT_FORMATS)}]",
    )


def lang_option(envvar: str | None = None) -> Callable[[_Command], _Command]:
    """Return the option --lang, the language of the HTML report's interface."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        envvar=envvar,
        help="Language of the HTML report; the checks' own texts stay English.",
    )
