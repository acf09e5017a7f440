"""results.json on disk: written whole and valid, read back or refused with one clear line."""

from __future__ import annotations

import functools
import json
import os
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from reports.results import Results
from reports.wellformed import json_value

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "results.json"
PRIVATE = 0o600
"""The mode of a file that holds data of the target."""
_VERSION = 1


class ResultsError(Exception):
    """A results file is missing, unreadable or not what its schema says; the text is one line."""


def encode(results: Results) -> bytes:
    """Return results.json: UTF-8, indented, members in the order of the model, final newline.

    Raises ResultsError when the results do not fit `specs/results.schema.json`.
    """
    value = json_value(msgspec.to_builtins(results))
    _validate(value, "the results")
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return text.encode() + b"\n"


def write(results: Results, path: Path) -> None:
    """Write results.json at `path`; a reader sees the old file or the new one, never a part.

    Raises ResultsError when the results do not fit the schema, OSError when the disk refuses.
    """
    write_atomically(path, encode(results), PRIVATE)


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` beside `path`, flush it to the disk, and rename it over `path`.

    `mode` is the file's, less the umask.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with open(partial, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read(path: Path) -> Results:
    """Read and validate a results.json of version 1; raises ResultsError with one line."""
    value = _parse(path)
    version = value.get("schema") if isinstance(value, dict) else None
    if isinstance(version, int) and version > _VERSION:
        raise ResultsError(
            f"{path} is of results version {version}, this program reads version {_VERSION}: "
            "use the release of tmf671 that wrote it, or a newer one"
        )
    _validate(value, str(path))
    try:
        return msgspec.convert(value, Results)
    except msgspec.ValidationError as error:
        raise ResultsError(f"{path} does not fit the results schema: {error}") from error


def _parse(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ResultsError(f"{path} does not exist") from error
    except OSError as error:
        raise ResultsError(f"{path} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ResultsError(f"{path} is not JSON: {_bounded(str(error))}") from error


def _validate(value: Any, name: str) -> None:
    error = best_match(_validator().iter_errors(value))
    if error is not None:
        raise ResultsError(
            f"{name} does not fit the results schema at {error.json_path}: "
            f"{_bounded(error.message)}"
        )


@functools.cache
def _validator() -> Draft202012Validator:
    schema = resources.files("specs").joinpath("results.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(schema))


def _bounded(text: str, bound: int = 200) -> str:
    line = " ".join(text.split())
    return line if len(line) <= bound else line[: bound - 2] + " …"
