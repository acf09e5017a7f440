"""Options from a TOML file: every option of `tmf671 check` by its name, `-` or `_` alike.

Tables go over one another: the top of the file, `[check]`, the table named like the command, and
last `[targets.NAME]` for `--target NAME`; a key replaces the same key as a whole. What is left
becomes the command's defaults, so that click's precedence holds: flag, variable, file, default.
No file is read that was not asked for.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from conformance.cli.config_values import default_of, filled, is_plain_secret
from conformance.cli.errors import Failure
from conformance.settings import UsageError

TARGET = "tmf671.target"
"""The key of `ctx.meta` under which the target's own ways are found, the table `[target]`."""
DEVIATIONS = "tmf671.deviations"
"""The key of `ctx.meta` for a pair: how errors call the list of `[[deviation]]`, and the list."""
_ASKED = "tmf671.asked"
_COMMANDS = ("check", "cleanup")
_ADAPTATION = ("payload", "payloads", "attributes")
_TABLES = ("target", "deviation")
_FEW = 10
_NOT_IN_FILES = frozenset({"config", "target", "help"})

Parameters = Mapping[str, click.Parameter]
"""The parameters that a file can set, by their names there."""


class Table(msgspec.Struct, frozen=True):
    """A table of the file with options; `prefix` is what stands before its keys in errors."""

    prefix: str
    values: dict[str, Any]


class Setting(msgspec.Struct, frozen=True):
    """A value of the file, and the name under which it stands there."""

    name: str
    value: Any


def read_config(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Make the file's values the defaults of the command: the callback of --config and --target.

    The table `[target]` and the list of `[[deviation]]` are kept in `ctx.meta`. Raises Failure for
    an unreadable file, a name that nothing has, a value of the wrong type, a missing variable.
    """
    asked = ctx.meta.setdefault(_ASKED, {})
    asked[parameter.name] = value
    if asked.keys() >= {"config", "target"}:
        path, profile = asked["config"], asked["target"]
        if path is not None:
            _apply(ctx, path, profile)
        elif profile is not None:
            raise Failure("--target picks a table of the file of --config: give that too")
    return value


def _apply(ctx: click.Context, path: Path, profile: str | None) -> None:
    document = _read(path)
    known = _settable(ctx.command)
    try:
        tables = _tables(document)
        options = {**_options_of_check(), **known}
        _check_names(tables.values(), options)
        _warn_of_secrets(path, tables.values(), options)
        settings = _layered(tables, ("", "check", ctx.info_name or "", _profile(tables, profile)))
        own, deviation = settings.pop("target", None), settings.pop("deviation", None)
        if own is not None:
            ctx.meta[TARGET] = filled(own.value, own.name)
        if deviation is not None:
            name = f"[[{deviation.name}]]"
            ctx.meta[DEVIATIONS] = f"{path}: {name}", filled(deviation.value, name)
        defaults = {
            str(known[flag].name): default_of(known[flag], setting.value, setting.name, ctx)
            for flag, setting in settings.items()
            if flag in known
        }
    except UsageError as problem:
        raise Failure(f"{path}: {problem}") from None
    ctx.default_map = {**(ctx.default_map or {}), **defaults}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise Failure(f"cannot read the configuration {path}: {problem.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Failure(f"{path} is not TOML: {problem}") from None


def _tables(document: dict[str, Any]) -> dict[str, Table]:
    """Return the tables with options by their names; that of the file's top is the empty one."""
    top = dict(document)
    named = {name: top.pop(name) for name in _COMMANDS if name in top}
    profiles = _table(top.pop("targets", {}), "targets")
    named |= {f"targets.{name}": profile for name, profile in profiles.items()}
    return {"": Table("", top)} | {
        name: Table(f"{name}.", _table(values, name)) for name, values in named.items()
    }


def _table(found: Any, name: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise UsageError(f"[{name}] must be a table")
    return found


def _profile(tables: Mapping[str, Table], profile: str | None) -> str:
    """Return the name of the table that --target picks; that of the top when it picks none."""
    if profile is None:
        return ""
    name = f"targets.{profile}"
    if name not in tables:
        there = [table.removeprefix("targets.") for table in tables if table.startswith("targets.")]
        raise UsageError(f"there is no [{name}]{_closest(profile, there)}")
    return name


def _layered(tables: Mapping[str, Table], names: Sequence[str]) -> dict[str, Setting]:
    """Return the settings by flag; a later table goes over an earlier one."""
    return {
        _flag(key): Setting(tables[name].prefix + key, value)
        for name in dict.fromkeys(names)
        if name in tables
        for key, value in tables[name].values.items()
    }


def _check_names(tables: Iterable[Table], options: Parameters) -> None:
    for table in tables:
        for key in table.values:
            if _flag(key) not in options and key not in _TABLES:
                raise UsageError(
                    f"unknown setting {table.prefix + key!r}"
                    f"{_closest(_flag(key), [*options, *_TABLES, *_COMMANDS, 'targets'])}"
                )
        if "target" in table.values:
            _check_adaptation(table.values["target"], f"{table.prefix}target")


def _check_adaptation(found: Any, name: str) -> None:
    for key in _table(found, name):
        if key not in _ADAPTATION:
            raise UsageError(f"unknown setting '{name}.{key}'{_closest(key, _ADAPTATION)}")


def _warn_of_secrets(path: Path, tables: Iterable[Table], options: Parameters) -> None:
    others = os.name == "posix" and path.stat().st_mode & 0o077
    if others and any(
        is_plain_secret(options.get(_flag(key)), value)
        for table in tables
        for key, value in table.values.items()
    ):
        click.echo(
            f"warning: {path} holds a secret and others can read it: `chmod 600 {path}`, "
            "or refer to the secret by ${VARIABLE} or file:PATH",
            err=True,
        )


def _closest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; there are {', '.join(known)}" if 0 < len(known) < _FEW else ""


def _flag(key: str) -> str:
    return key.replace("_", "-")


def _options_of_check() -> Parameters:
    from conformance.cli.check import check  # noqa: PLC0415  (that module imports this one)

    return _settable(check)


def _settable(command: click.Command) -> dict[str, click.Parameter]:
    """Return the parameters by the names under which a file can set them: those of the flags."""
    found = {}
    for parameter in command.params:
        if parameter.name and parameter.name not in _NOT_IN_FILES:
            long = [option for option in parameter.opts if option.startswith("--")]
            found[long[0].removeprefix("--") if long else parameter.name] = parameter
    return found
