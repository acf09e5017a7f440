"""certification.json: which results, report and documents belong together, by their SHA-256."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "certification.json"


class ManifestError(Exception):
    """certification.json cannot be read; the text is one line."""


class FileDigest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file by its path relative to the manifest, with `/`, and the SHA-256 of its bytes."""

    name: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was made together; `made` is RFC 3339 in UTC, `tool` name and version."""

    schema: Literal[1] = 1
    results: FileDigest
    report: FileDigest
    documents: tuple[FileDigest, ...]
    made: str
    tool: str


def encode(manifest: Manifest) -> bytes:
    """Return certification.json: UTF-8, indented, final newline."""
    return msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"


def read(path: Path) -> Manifest:
    """Read certification.json; raises ManifestError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as problem:
        raise ManifestError(f"{path} cannot be read: {problem.strerror}") from None
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as problem:
        raise ManifestError(f"{path} is not a manifest of a certification: {problem}") from None


def path_of(folder: Path, name: str) -> Path:
    """Return the path of a file that the manifest in `folder` names.

    A file that is not where it was is looked for beside the manifest: what was made in several
    folders may be handed over in one.
    """
    path = folder / name
    return path if path.exists() else folder / path.name


def digest_of(folder: Path, name: str) -> str | None:
    """Return the SHA-256 of a file that the manifest in `folder` names, None when it is gone."""
    try:
        with path_of(folder, name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None
