"""The catalogue of checks: the decorator that declares one, and the registry that holds all."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from types import ModuleType
from typing import Any, Literal

import specs
from conformance import checks
from conformance.settings import UsageError
from reports.results import Level

Capability = Literal["create", "patch", "delete", "hub"]
CheckFunction = Callable[..., None]
ATTRIBUTE = "__tmf671_check__"

SECTIONS: tuple[str, ...] = (
    "create",
    "validation",
    "retrieve",
    "listing",
    "selection",
    "filtering",
    "paging",
    "sorting",
    "update",
    "delete",
    "lifecycle",
    "concurrency",
    "errors",
    "negotiation",
    "robustness",
    "transport",
    "hub",
    "events",
    "fuzzing",
    "description",
)
"""The check modules in the order of the documents; a section is a module of conformance.checks."""


class CatalogueError(Exception):
    """The checks themselves are wrong: an unknown requirement, an id used twice, no docstring."""


@dataclass(frozen=True)
class CheckInfo:
    """What a check declares about itself.

    `needs` are the optional operations it exercises, `versions` the API versions it is for,
    `writes` whether it changes the target (such checks do not run with --read-only).
    """

    id: str
    level: Level
    requirements: tuple[str, ...]
    section: str
    title: str
    description: str
    needs: tuple[Capability, ...]
    versions: tuple[str, ...]
    writes: bool
    function: CheckFunction


def check(
    check_id: str,
    *,
    level: Level,
    requirements: Iterable[str],
    needs: Iterable[Capability] = (),
    versions: Iterable[str] = ("4.0.0", "4.1.0"),
    writes: bool = True,
) -> Callable[[CheckFunction], CheckFunction]:
    """Declare a function as the check `check_id`.

    The docstring's first line is the title (what must hold); the rest of it says what
    legitimately passes. Raises CatalogueError when the docstring, or a requirement, is missing.
    """

    def declare(function: CheckFunction) -> CheckFunction:
        text = inspect.getdoc(function)
        if not text or len(text.split("\n\n")) < 2:
            raise CatalogueError(f"{check_id}: a docstring must tell what holds and what passes")
        known = specs.requirements()
        named = tuple(requirements)
        for requirement in named:
            if requirement not in known:
                raise CatalogueError(f"{check_id}: unknown requirement {requirement}")
        if not named:
            raise CatalogueError(f"{check_id}: names no requirement")
        title, description = text.split("\n\n", 1)
        info = CheckInfo(
            id=check_id,
            level=level,
            requirements=named,
            section=function.__module__.rsplit(".", 1)[-1],
            title=" ".join(title.split()),
            description=" ".join(description.split()),
            needs=tuple(needs),
            versions=tuple(versions),
            writes=writes,
            function=function,
        )
        setattr(function, ATTRIBUTE, info)
        return function

    return declare


def declared(thing: Any) -> CheckInfo | None:
    """Return what `thing` declares, when it is a check."""
    info = getattr(thing, ATTRIBUTE, None)
    return info if isinstance(info, CheckInfo) else None


def collect(modules: Iterable[ModuleType]) -> dict[str, CheckInfo]:
    """Return the checks of `modules` by id, in the order in which they are written.

    Raises CatalogueError when two checks share an id.
    """
    found: dict[str, CheckInfo] = {}
    for module in modules:
        for thing in vars(module).values():
            info = declared(thing)
            if info is None or info.function.__module__ != module.__name__:
                continue
            if info.id in found:
                raise CatalogueError(f"two checks share the id {info.id}")
            found[info.id] = info
    return found


@cache
def catalogue() -> Mapping[str, CheckInfo]:
    """Return every check of the suite by id, in the order of SECTIONS.

    Raises CatalogueError when a module is not a section, or a check is wrong.
    """
    names = {module.name for module in pkgutil.iter_modules(checks.__path__)}
    if strangers := names - set(SECTIONS):
        raise CatalogueError(f"no section for the check module(s) {sorted(strangers)}")
    return collect(
        importlib.import_module(f"{checks.__name__}.{name}") for name in SECTIONS if name in names
    )


def selected(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the checks that match a pattern: an id, a section or a requirement.

    Patterns are shell globs without regard to case. Raises UsageError when nothing matches.
    """
    wanted = [pattern.upper() for pattern in patterns]
    found = tuple(
        info.id
        for info in catalogue().values()
        if any(
            fnmatchcase(name.upper(), pattern)
            for pattern in wanted
            for name in (info.id, info.section, *info.requirements)
        )
    )
    if not found:
        raise UsageError(f"no check matches {' '.join(wanted)}: see `tmf671 list`")
    return found
