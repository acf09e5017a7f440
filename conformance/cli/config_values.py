"""One value of the configuration file: its type, its references, whether it is a secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import click

from conformance.masking import is_secret
from conformance.secrets import Secret, is_reference, with_variables
from conformance.settings import UsageError


def default_of(parameter: click.Parameter, value: Any, name: str, ctx: click.Context) -> Any:
    """Return the value as click takes it for a default of the parameter, references replaced.

    A reference in a secret or a header stays: it is replaced when it is used, and not before.
    Raises UsageError, which calls the value `name` and shows none that may be a secret.
    """
    if parameter.name == "header":
        return _lines(value, name)
    several = parameter.multiple if isinstance(parameter, click.Option) else False
    given = value if several and isinstance(value, list) else [value]
    for one in given:
        _check_type(parameter, one, name)
    if isinstance(parameter.type, Secret):
        return value
    replaced = [filled(one, name) for one in given]
    default = replaced if several else replaced[0]
    try:
        parameter.type_cast_value(ctx, default)
    except click.BadParameter as problem:
        raise UsageError(f"{name}: {problem.message}") from None
    return default


def filled(value: Any, name: str) -> Any:
    """Return the value with each `${VARIABLE}` in its texts replaced.

    Raises UsageError, which names the variable and where it stands.
    """
    match value:
        case str():
            try:
                return with_variables(value)
            except UsageError as problem:
                raise UsageError(f"{name}: {problem}") from None
        case list():
            return [filled(one, name) for one in value]
        case dict():
            return {key: filled(one, f"{name}.{key}") for key, one in value.items()}
        case _:
            return value


def is_plain_secret(parameter: click.Parameter | None, value: Any) -> bool:
    """Tell whether the value of a parameter holds a secret itself, not a reference to one."""
    if parameter is None:
        return False
    if isinstance(parameter.type, Secret):
        return isinstance(value, str) and not is_reference(value)
    if parameter.name == "header":
        return any(is_secret(name) and not is_reference(text) for name, text in _headers(value))
    return isinstance(value, str) and _has_password(value)


def _has_password(text: str) -> bool:
    try:
        password = urlsplit(text).password
    except ValueError:
        return False
    return bool(password) and not is_reference(str(password))


def _check_type(parameter: click.Parameter, value: Any, name: str) -> None:
    """Raise UsageError for a TOML type that is not the parameter's; a reference may become any."""
    if isinstance(value, str) and is_reference(value):
        return
    flag = isinstance(parameter, click.Option) and parameter.is_flag
    wanted: tuple[type, ...]
    if flag:
        wanted, words = (bool,), "true or false"
    elif isinstance(parameter.type, click.types.IntParamType):
        wanted, words = (int,), "a whole number"
    elif isinstance(parameter.type, click.types.FloatParamType):
        wanted, words = (int, float), "a number"
    else:
        wanted, words = (str,), "a text in quotes"
    if not isinstance(value, wanted) or (isinstance(value, bool) and not flag):
        several = isinstance(parameter, click.Option) and parameter.multiple
        raise UsageError(f"{name} must be {words}{', or a list of them' if several else ''}")


def _lines(value: Any, name: str) -> list[str]:
    """Return header lines of a table of names and values, a list of lines, or one line."""
    if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
        return [f"{header}: {text}" for header, text in value.items()]
    lines = [value] if isinstance(value, str) else value
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return lines
    raise UsageError(f"{name} must be a table of names and texts, or a list of 'Name: value'")


def _headers(value: Any) -> Iterator[tuple[str, str]]:
    try:
        lines = _lines(value, "")
    except UsageError:
        return
    for line in lines:
        name, _, text = line.partition(":")
        yield name.strip(), text.strip()
