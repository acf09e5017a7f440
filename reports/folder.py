"""The report folder: results.json, the HTML report and junit.xml, replaced as a whole.

A run's documents belong together, so they are made in a sibling folder that takes the old one's
place when all of them are there. Whatever else somebody has put into the folder is kept.
"""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from reports import html, junit, storage
from reports.replacement import replace_folder

if TYPE_CHECKING:
    from reports.results import Results

_OURS = (storage.FILE_NAME, "junit.xml", "*-HTMLReport.html")
_WAY_OUT = "choose another folder with --out"
_SPACE_NEEDED = 1 << 20
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s.]+')
_LONGEST_COMPANY = 160  # bytes, of the 255 that a file name has on most systems


class ReportError(Exception):
    """The report folder cannot be written; the text is one line with the cause and a way out."""


def report_name(api_version: str, company: str | None) -> str:
    """Return the HTML report's file name, in the pattern of the certification's own reports.

    >>> report_name("4.1.0", "China Telecom")
    'China-Telecom-TMF671-v4.1.0-HTMLReport.html'
    """
    words = _UNSAFE.sub("-", company or "").strip("-")
    safe = words.encode("utf-8", "ignore")[:_LONGEST_COMPANY].decode("utf-8", "ignore").strip("-")
    prefix = f"{safe}-" if safe else ""
    return f"{prefix}TMF671-v{api_version}-HTMLReport.html"


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


def write_report_folder(results: Results, out: Path, company: str | None = None) -> Path:
    """Make the documents of a run and put them at `out`; returns the path of the HTML report.

    An interruption at any moment leaves the earlier folder or the new one. Raises ReportError when
    `out` is not a report's place or the disk refuses, storage.ResultsError when the results do
    not fit their schema.
    """
    out = out.resolve()
    _refuse_foreign(out)
    name = report_name(results.target.api_version, company)
    documents = {
        storage.FILE_NAME: storage.encode(results),
        name: html.render(results, company).encode(),
        "junit.xml": junit.render(results).encode(),
    }
    fresh = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        fresh.mkdir(parents=True)
        for file_name, content in documents.items():
            storage.write_atomically(fresh / file_name, content)
        _keep_others(out, fresh)
        replace_folder(fresh, out)
    except OSError as error:
        raise _refused(out, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return out / name


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


def _keep_others(old: Path, new: Path) -> None:
    if not old.exists():
        return
    for entry in old.iterdir():
        if any(fnmatch.fnmatchcase(entry.name, pattern) for pattern in _OURS):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)


def _refused(place: Path, error: OSError) -> ReportError:
    return ReportError(f"no report can be written at {place} ({error.strerror}): {_WAY_OUT}")
