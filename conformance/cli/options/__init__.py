"""The options of the commands, a module a purpose; each gives a decorator that adds its own.

In the environment an option is `TMF671_` and its name, since the commands set that prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Command = Callable[..., Any]
Decorator = Callable[[Command], Command]

ENVIRONMENT = {"auto_envvar_prefix": "TMF671"}
"""The context settings of a command whose options can stand in the environment."""


def together(options: Sequence[Decorator]) -> Decorator:
    """Return one decorator that adds `options` in their order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add
