"""The argument RESULTS: a results.json, or the report folder that holds one."""

from __future__ import annotations

from pathlib import Path


def results_path(given: Path) -> Path:
    """Return the path of the results.json that `given` is, or holds.

    Raises ResultsError for a folder without one; whether a file can be read shows when it is read.
    """
    from reports.storage import FILE_NAME, ResultsError  # noqa: PLC0415

    if not given.is_dir():
        return given
    if not (path := given / FILE_NAME).is_file():
        raise ResultsError(f"{given} is a folder without {FILE_NAME}: it is not a report")
    return path
