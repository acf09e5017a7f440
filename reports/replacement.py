"""One folder put in the place of another."""

from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def replace_folder(fresh: Path, place: Path) -> None:
    """Put the folder `fresh` at `place`; what was there is afterwards at `fresh`, if anything.

    Where the system can swap two names in one step (Linux renameat2(2)) there is no moment without
    a folder at `place`. Elsewhere it takes two renames, undone when the second does not happen.
    Raises OSError.
    """
    if not place.exists():
        fresh.rename(place)
        return
    if _swap(fresh, place):
        return
    aside = fresh.with_name(f"{fresh.name}.old")
    place.rename(aside)
    try:
        fresh.rename(place)
    except BaseException:
        aside.rename(place)
        raise
    aside.rename(fresh)


def _swap(first: Path, second: Path) -> bool:
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if renameat2 is None:
        return False
    names = os.fsencode(first), os.fsencode(second)
    return bool(renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)
