"""The report folder: results.json and the documents made from it, replaced as a whole.

A run's documents belong together, so they are made in a sibling folder that takes the old one's
place when all of them are there. Documents of another run go; those of the same run, in formats
that are not written this time, stay, as does whatever else somebody has put into the folder.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from reports import storage
from reports.formats import DEFAULT_FORMATS, FORMATS, Edition
from reports.language import Language
from reports.replacement import replace_folder
from reports.results import Results

_WAY_OUT = "choose another folder with --out"
_SPACE_NEEDED = 1 << 20


class ReportError(Exception):
    """The report folder cannot be written; the text is one line with the cause and a way out."""


def check_writable(out: Path) -> None:
    """Raise ReportError when a report could not be put at `out`; leaves nothing behind.

    To be called before a run, so that no result is lost for want of a place to write it.
    """
    out = out.resolve()
    _refuse_foreign(out)
    ground = next(folder for folder in out.parents if folder.exists())
    if not ground.is_dir():
        raise ReportError(f"{ground} is a file, not a folder: {_WAY_OUT}")
    probe = ground / f".{out.name}.{os.getpid()}.probe"
    try:
        free = _free_bytes(ground)
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        raise _refused(ground, error) from error
    if free < _SPACE_NEEDED:
        raise ReportError(f"the disk of {ground} is full: make room, or {_WAY_OUT}")


def write_report_folder(
    results: Results,
    out: Path,
    company: str | None = None,
    formats: Iterable[str] = DEFAULT_FORMATS,
    lang: Language = "en",
) -> Path:
    """Make the documents of a run and put them at `out`, results.json always among them.

    `formats` are names of formats.FORMATS. Returns what a person opens first: the HTML report, or
    the folder when it was not asked for. An interruption at any moment leaves the earlier folder or
    the new one. Raises ReportError when `out` is not a report's place or the disk refuses,
    storage.ResultsError when the results do not fit their schema.
    """
    out = out.resolve()
    _refuse_foreign(out)
    encoded = storage.encode(results)
    edition = Edition(company, lang, hashlib.sha256(encoded).hexdigest())
    made = [FORMATS[name] for name in dict.fromkeys(formats) if name != "json"]
    documents = {storage.FILE_NAME: encoded} | {
        kind.file_name(results, edition): kind.render(results, edition).encode() for kind in made
    }
    replaced = (
        [kind.file_pattern for kind in made]
        if _holds(out, encoded)
        else [*(kind.file_pattern for kind in FORMATS.values()), f"{storage.FILE_NAME}.sig"]
    )
    fresh = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        fresh.mkdir(parents=True)
        for file_name, content in documents.items():
            storage.write_atomically(fresh / file_name, content, storage.PRIVATE)
        _keep_others(out, fresh, (storage.FILE_NAME, *replaced))
        replace_folder(fresh, out)
    except OSError as error:
        raise _refused(out, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return out / FORMATS["html"].file_name(results, edition) if FORMATS["html"] in made else out


def _holds(out: Path, encoded: bytes) -> bool:
    """Tell whether the report at `out` is one of the very same run."""
    try:
        return (out / storage.FILE_NAME).read_bytes() == encoded
    except OSError:
        return False


def _free_bytes(place: Path) -> int:
    return shutil.disk_usage(place).free


def _refuse_foreign(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise ReportError(f"{out} is a file, not a folder: {_WAY_OUT}")
    if out.resolve() in (Path.cwd(), *Path.cwd().parents):
        raise ReportError(f"{out} is the current folder or above it: choose one below with --out")
    if out.is_mount():
        raise ReportError(f"{out} is a mount point and cannot be replaced: choose a folder in it")
    try:
        names = {entry.name for entry in out.iterdir()}
    except OSError as error:
        raise _refused(out, error) from error
    if names and storage.FILE_NAME not in names:
        raise ReportError(
            f"{out} is not empty and not an earlier report (no {storage.FILE_NAME} in it): "
            f"{_WAY_OUT}"
        )


def _keep_others(old: Path, new: Path, replaced: Collection[str]) -> None:
    if not old.exists():
        return
    for entry in old.iterdir():
        if any(fnmatch.fnmatchcase(entry.name, pattern) for pattern in replaced):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)


def _refused(place: Path, error: OSError) -> ReportError:
    return ReportError(f"no report can be written at {place} ({error.strerror}): {_WAY_OUT}")
