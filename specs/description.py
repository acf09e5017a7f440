"""An API description: this package's own, or any Swagger 2.0 or OpenAPI 3.x file.

``load("4.1.0")`` gives the description that ships with the package; ``load("my.yaml")`` reads a
file, JSON or YAML by its content.
"""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from specs.errata import METHODS, corrected
from specs.packaged import packaged_text
from specs.requirements import VERSIONS
from specs.schemas import UnknownSchemaError, self_contained
from specs.yaml_text import YamlError, parse

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

MAX_BYTES = 10 * 1024 * 1024

_WAY_OUT = "give a Swagger 2.0 or OpenAPI 3.x file of TMF671, or one of the versions 4.0.0, 4.1.0"


class SpecError(Exception):
    """An API description that cannot be used; the message is one line for the user."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: method in upper case, path without base path, and its declared statuses."""

    method: str
    path: str
    operation_id: str | None
    statuses: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ApiDescription:
    """An API description that has been read.

    ``version`` is the x.y.z of ``info.version``, ``document`` the whole description as JSON,
    ``source`` the version or the file that was asked for, ``formats`` what the validators assert
    beside the types. Treat ``document`` as read-only: all who load the same version share it.
    """

    version: str
    document: dict[str, Any]
    source: str
    formats: tuple[str, ...] = ("date-time",)
    _validators: dict[str, "Validator"] = field(default_factory=dict, init=False, repr=False)

    def schema(self, name: str) -> dict[str, Any]:
        """Return one schema as self-contained JSON Schema 2020-12.

        Raises:
            SpecError: the schema, or one it refers to, is not in the description.

        """
        try:
            return self_contained(self.document, name)
        except UnknownSchemaError as problem:
            raise SpecError(f"{self.source}: {problem}") from problem

    def validator(self, name: str) -> "Validator":
        """Return a validator for one schema; it is made once.

        Of the formats only date-time is asserted (RFC 3339 §5.6, lower-case t and z included),
        unless ``formats`` has others: the published descriptions disagree on whether an href is an
        absolute URI.

        Raises:
            SpecError: the schema, or one it refers to, is not in the description.

        """
        if name not in self._validators:
            from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415  -- slow

            self._validators[name] = Draft202012Validator(
                self.schema(name), format_checker=FormatChecker(formats=self.formats)
            )
        return self._validators[name]

    def operations(self) -> tuple[Operation, ...]:
        """Return all operations in the order of the description, paths without base path."""
        return tuple(_operations(self.document))

    def patched(self) -> dict[str, Any]:
        """Return a copy of the document without the known mistakes of the published files."""
        if self.source in VERSIONS:
            return deepcopy(self.document)
        return corrected(self.document)


def load(source: str | Path) -> ApiDescription:
    """Return the API description for a version ("4.0.0", "4.1.0") or read it from a file.

    Raises:
        SpecError: there is no such version or file, or the file is not a description of TMF671.

    """
    if source in VERSIONS:
        return _packaged(str(source))
    path = Path(source)
    return read(_text(path), str(source))


def read(text: str, source: str) -> ApiDescription:
    """Return the API description in `text`, JSON or YAML; `source` names it in messages.

    Raises:
        SpecError: the text is not a description of TMF671.

    """
    return _described(_document(text, source), source)


@cache
def _packaged(version: str) -> ApiDescription:
    return _described(parse(packaged_text(f"tmf671/{version}/openapi.yaml")), version)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SpecError(f"{path}: larger than 10 MiB, so hardly an API description; {_WAY_OUT}")
        return path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise SpecError(f"{path}: {problem.strerror or problem}; {_WAY_OUT}") from problem
    except ValueError as problem:
        raise SpecError(f"{path}: not a text in UTF-8; {_WAY_OUT}") from problem


def _document(text: str, source: str) -> Any:
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            pass  # a flow mapping of YAML begins like JSON; the YAML reader names the line
    try:
        return parse(text)
    except YamlError as problem:
        raise SpecError(f"{source}: neither JSON nor YAML, {problem}; {_WAY_OUT}") from problem


def _described(document: Any, source: str) -> ApiDescription:
    if not isinstance(document, dict) or not _is_description(document):
        raise SpecError(f"{source}: neither Swagger 2.0 nor OpenAPI 3.x; {_WAY_OUT}")
    paths = document.get("paths")
    if not isinstance(paths, dict) or _prefix(paths) is None:
        raise SpecError(f"{source}: has no path /promotion, so it is not TMF671; {_WAY_OUT}")
    info = document.get("info")
    label = str(info.get("version", "")) if isinstance(info, dict) else ""
    number = re.search(r"\d+\.\d+\.\d+", label)
    return ApiDescription(number.group() if number else label, document, source)


def _is_description(document: Mapping[str, Any]) -> bool:
    # Swagger is compared as a number too, since an unquoted 2.0 is one in YAML.
    return str(document.get("swagger")) == "2.0" or str(document.get("openapi")).startswith("3.")


def _prefix(paths: Mapping[str, Any]) -> str | None:
    """Return what stands before /promotion in the paths, if the description has it."""
    found = [path.rstrip("/") for path in paths if path.rstrip("/").endswith("/promotion")]
    return min(found, key=len).removesuffix("/promotion") if found else None


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    prefix = _prefix(document["paths"]) or ""
    for path, item in document["paths"].items():
        for method in METHODS:
            operation = item.get(method) if isinstance(item, dict) else None
            if isinstance(operation, dict):
                yield Operation(
                    method=method.upper(),
                    path=path.removeprefix(prefix).rstrip("/"),
                    operation_id=operation.get("operationId"),
                    statuses=tuple(str(status) for status in operation.get("responses") or {}),
                )
