"""The requirement catalogue: what can be observed of an implementation, and what cannot.

The catalogue is ``tmf671/requirements.yaml``. Each entry is one obligation with its level and its
source; the codes used there for sources are spelled out here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from specs.packaged import packaged_text
from specs.yaml_text import YamlError, parse

Level = Literal["must", "should", "may"]
Certainty = Literal["verified", "secondary", "inferred"]

LEVELS: tuple[Level, ...] = ("must", "should", "may")
CERTAINTIES: tuple[Certainty, ...] = ("verified", "secondary", "inferred")
VERSIONS = ("4.0.0", "4.1.0")

_ID = re.compile(r"R-[MXPGWD][0-9]{2,3}(-[A-Z0-9]+)+")
_FIELDS = {"id", "text", "level", "source", "versions", "certainty", "condition"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One obligation that can be observed from outside.

    ``level`` tells what a miss is worth: ``must`` a failure, ``should`` a warning, ``may`` a
    remark. ``source`` names documents, versions and sections, separated by semicolons.
    ``certainty`` tells whether the rule was read in the primary text, in a text about it, or
    concluded. ``condition`` names what must be offered for the requirement to apply.
    """

    id: str
    text: str
    level: Level
    source: str
    versions: tuple[str, ...]
    certainty: Certainty
    condition: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NotObservable:
    """A rule without a requirement of its own, and the reason for that."""

    id: str
    text: str
    reason: str


@cache
def requirements() -> Mapping[str, Requirement]:
    """Return all requirements by id, in the order of the catalogue.

    Raises:
        ValueError: the catalogue is malformed; the message begins with the entry's id.

    """
    return _packaged_catalogue()[0]


@cache
def not_observable() -> tuple[NotObservable, ...]:
    """Return the rules that have no requirement, in the order of the catalogue.

    Raises:
        ValueError: the catalogue is malformed; the message begins with the entry's id.

    """
    return _packaged_catalogue()[1]


@cache
def _packaged_catalogue() -> tuple[Mapping[str, Requirement], tuple[NotObservable, ...]]:
    return read_catalogue(packaged_text("tmf671/requirements.yaml"))


def read_catalogue(text: str) -> tuple[Mapping[str, Requirement], tuple[NotObservable, ...]]:
    """Read a requirement catalogue from YAML: the requirements by id, and the other rules.

    Raises:
        ValueError: the catalogue is malformed; the message begins with the entry's id.

    """
    try:
        catalogue = parse(text)
    except YamlError as problem:
        raise ValueError(f"catalogue: {problem}") from problem
    if not isinstance(catalogue, dict):
        raise ValueError("catalogue: not a mapping")  # noqa: TRY004
    sources = {code: source["name"] for code, source in catalogue.get("sources", {}).items()}
    seen: set[str] = set()
    found: dict[str, Requirement] = {}
    for entry in catalogue.get("requirements", []):
        identifier = _identifier(entry, seen)
        found[identifier] = _requirement(identifier, entry, sources)
    others = tuple(
        _not_observable(_identifier(entry, seen), entry)
        for entry in catalogue.get("not_observable", [])
    )
    return MappingProxyType(found), others


def _identifier(entry: Any, seen: set[str]) -> str:
    identifier = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(identifier, str):
        raise ValueError(f"catalogue: an entry without id: {str(entry)[:80]}")  # noqa: TRY004
    if not _ID.fullmatch(identifier):
        raise ValueError(f"{identifier}: the id is not of the form R-G40-LOCATION")
    if identifier in seen:
        raise ValueError(f"{identifier}: the id stands twice")
    seen.add(identifier)
    return identifier


def _requirement(identifier: str, entry: dict[str, Any], sources: dict[str, str]) -> Requirement:
    missing = sorted(_FIELDS - entry.keys())
    unknown = sorted(entry.keys() - _FIELDS - {"note"})
    if missing or unknown:
        raise ValueError(f"{identifier}: missing {missing}, unknown {unknown}")
    if entry["level"] not in LEVELS:
        raise ValueError(f"{identifier}: level {entry['level']!r} is none of {LEVELS}")
    if entry["certainty"] not in CERTAINTIES:
        raise ValueError(f"{identifier}: certainty {entry['certainty']!r} is none of {CERTAINTIES}")
    if not entry["versions"] or not set(entry["versions"]) <= set(VERSIONS):
        raise ValueError(f"{identifier}: versions {entry['versions']!r} are not among {VERSIONS}")
    for field in ("text", "condition", "note"):
        _expect_sentence(identifier, entry, field)
    if not entry["source"]:
        raise ValueError(f"{identifier}: no source")
    return Requirement(
        id=identifier,
        text=entry["text"],
        level=entry["level"],
        source="; ".join(_spelled_out(identifier, place, sources) for place in entry["source"]),
        versions=tuple(entry["versions"]),
        certainty=entry["certainty"],
        condition=entry["condition"],
        note=entry.get("note"),
    )


def _not_observable(identifier: str, entry: dict[str, Any]) -> NotObservable:
    if entry.keys() != {"id", "text", "reason"}:
        raise ValueError(f"{identifier}: expected id, text and reason, found {sorted(entry)}")
    for field in ("text", "reason"):
        _expect_sentence(identifier, entry, field)
    return NotObservable(identifier, entry["text"], entry["reason"])


def _expect_sentence(identifier: str, entry: dict[str, Any], field: str) -> None:
    value = entry.get(field)
    if value is None and field in {"condition", "note"}:
        return
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{identifier}: {field} is not a text")


def _spelled_out(identifier: str, place: str, sources: dict[str, str]) -> str:
    code, _, section = place.partition(" ")
    if code not in sources:
        raise ValueError(f"{identifier}: unknown source {code!r}")
    return f"{sources[code]} {section}".rstrip()
