"""Options from a TOML file: every option of a command by its name, `-` or `_` alike.

Precedence is click's: flag, then environment variable, then file, then default.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

import click

from conformance.cli.errors import Failure

TARGET = "tmf671.target"
"""The key of `ctx.meta` under which the file's `[target]` table is found."""


def read_config(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> Path | None:
    """Make the file's values the defaults of the command (an eager option's callback).

    A table named like the command may hold them, e.g. `[check]`; `url` stands for the argument.
    The table `[target]`, the target's own ways, is kept in `ctx.meta`.
    Raises Failure for an unreadable file and for a name that the command does not have.
    """
    if value is None:
        return None
    try:
        document = tomllib.loads(value.read_text(encoding="utf-8"))
    except OSError as problem:
        raise Failure(f"cannot read the configuration {value}: {problem.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Failure(f"{value} is not TOML: {problem}") from None
    ctx.meta[TARGET] = _table(document.pop("target", {}), value)
    table = document.get(ctx.info_name or "", document)
    known = _settable(ctx.command)
    defaults: dict[str, Any] = {}
    for key, setting in table.items():
        flag = key.replace("_", "-")
        if flag not in known:
            close = difflib.get_close_matches(flag, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise Failure(f"{value}: unknown setting {key!r}{hint}")
        as_lines = flag == "header" and isinstance(setting, dict)
        defaults[known[flag]] = (
            [f"{header}: {text}" for header, text in setting.items()] if as_lines else setting
        )
    ctx.default_map = {**(ctx.default_map or {}), **defaults}
    return value


def _settable(command: click.Command) -> dict[str, str]:
    """Return the parameter's name for each name that a file can set: those of the flags."""
    names = {}
    for parameter in command.params:
        if parameter.name and parameter.name not in {"config", "help"}:
            long = [option for option in parameter.opts if option.startswith("--")]
            names[long[0].removeprefix("--") if long else parameter.name] = parameter.name
    return names


def _table(found: Any, path: Path) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Failure(f"{path}: [target] must be a table")
    if strangers := found.keys() - {"payload", "payloads", "attributes"}:
        raise Failure(
            f"{path}: unknown setting target.{min(strangers)}; "
            "[target] has payload, payloads and attributes"
        )
    return found
