"""Attribute selection: `fields=name,validFor.endDateTime`.

TMF630 Part 1 v4.0.2 §4.3: id and href always stay, `fields=none` returns nothing else, nested
paths are optional and understood here. A name that the resource does not have is skipped, and so is
what no attribute can be called, such as `a..b`; `sort` refuses that, as it could keep no promise.
"""

from collections.abc import Mapping
from typing import Any

from mockserver.query.errors import QueryError
from mockserver.query.paths import Path, dotted

ALWAYS = ("id", "href")
MAX_NAMES = 500

Selection = tuple[Path, ...]


def parse_selection(text: str) -> Selection | None:
    """Parse the decoded value of `fields`; None selects everything, () only `ALWAYS`.

    Raises:
        QueryError: it has more than `MAX_NAMES` names.

    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(names) > MAX_NAMES:
        raise QueryError("fields", f"has more than {MAX_NAMES} names")
    if not names:
        return None
    if names == ["none"]:
        return ()
    return tuple(tuple(_name(name).split(".")) for name in names)


def _name(text: str) -> str:
    """Return the dotted name; a JSON Path of anything but names is a name that nothing has."""
    try:
        return dotted(text)
    except QueryError:
        return text


def select(
    resource: Mapping[str, Any], selection: Selection | None, always: tuple[str, ...] = ALWAYS
) -> dict[str, Any]:
    """Return the selected part of `resource`, its attributes in their own order."""
    if selection is None:
        return dict(resource)
    selected = _part(resource, (*((name,) for name in always), *selection))
    assert isinstance(selected, dict)
    return selected


def _part(value: Any, paths: Selection) -> Any:
    if () in paths:
        return value
    if isinstance(value, list):
        return [_part(element, paths) for element in value]
    if not isinstance(value, Mapping):
        return value
    part = {}
    for name, child in value.items():
        below = tuple(path[1:] for path in paths if path[0] == name)
        if below:
            part[name] = _part(child, below)
    return part
