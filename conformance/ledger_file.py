"""The ledger on disk: what a run creates, told before it is sent and after it was answered.

One JSON object a line, appended by every process of a run and forced to the disk, so that
`tmf671 cleanup` can finish after a crash, a kill -9 or a power cut. No credential stands in it, and
only its owner can read it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from conformance.masking import without_password
from conformance.settings import Settings, UsageError
from conformance.version import VERSION

if sys.platform != "win32":
    import fcntl


class Begun(msgspec.Struct, frozen=True, kw_only=True, tag="begun", tag_field="is"):
    """The first line: the run, the API root without a password, and the mark in all names."""

    run: str
    mark: str
    url: str
    api_version: str
    tool: str
    at: str


class Creating(msgspec.Struct, frozen=True, tag="creating", tag_field="is"):
    """A create is about to be sent; `name` is the promotion's, None when the body has none."""

    n: str
    name: str | None


class Subscribing(msgspec.Struct, frozen=True, tag="subscribing", tag_field="is"):
    """A subscription is about to be sent."""

    n: str
    callback: str


class Created(msgspec.Struct, frozen=True, tag="created", tag_field="is"):
    """The target created what is at `path` below the root; None when it told no id."""

    n: str | None
    path: str | None


class Settled(msgspec.Struct, frozen=True, tag="settled", tag_field="is"):
    """Nothing came of it: refused, not sent, or looked for and not there."""

    n: str


class Deleted(msgspec.Struct, frozen=True, tag="deleted", tag_field="is"):
    """What was at `path` is gone."""

    path: str


Record = Begun | Creating | Subscribing | Created | Settled | Deleted


class LedgerInUse(Exception):  # noqa: N818  (it names what was found)
    """Another process writes to the ledger."""


class LedgerFile:
    """Appends records to a ledger that is there, as several processes of a run may at once.

    Who opens it `alone` has it to itself, and cuts off a last line that is half-written. Raises
    OSError when it cannot be opened, LedgerInUse when somebody else has it.
    """

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        self.path = path
        self._broken: OSError | None = None
        self._file = os.open(path, os.O_RDWR | os.O_APPEND)
        try:
            _lock(self._file, alone=alone)
            if alone:
                os.ftruncate(self._file, path.read_bytes().rfind(b"\n") + 1)
        except BaseException:
            os.close(self._file)
            raise

    def write(self, record: Record) -> None:
        """Append one line, and have it on the disk. Raises OSError when it cannot be.

        After a failure nothing is appended to what may be half a line. That something was deleted
        need not survive a power cut: deleting it again finds nothing.
        """
        if self._broken is not None:
            raise self._broken
        try:
            _append(self._file, record)
        except OSError as problem:
            self._broken = problem
            raise
        if not isinstance(record, Deleted):
            os.fsync(self._file)

    def close(self) -> None:
        """Let others have it."""
        os.close(self._file)

    def remove(self) -> None:
        """Delete it, when nothing is left of what it tells."""
        with contextlib.suppress(OSError):
            self.path.unlink()


def new_run() -> str:
    """Return the id of a run: eight hexadecimal digits."""
    return secrets.token_hex(4)


def noted(settings: Settings, ledger: Path | None, out: Path) -> Settings:
    """Return the settings with a new run's id and its ledger: `ledger`, or one beside `out`."""
    run = new_run()
    return msgspec.structs.replace(
        settings, run=run, ledger=str((ledger or _beside(out, run)).absolute())
    )


def is_kept(settings: Settings) -> bool:
    """Tell whether the ledger of a run that is over is still there: something was left."""
    return settings.ledger is not None and not settings.read_only and Path(settings.ledger).exists()


def way_to_finish(settings: Settings) -> str:
    """Return what to do about a ledger that was kept."""
    return f"finish with `tmf671 cleanup {shlex.quote(settings.ledger or '')}`"


def begin(settings: Settings) -> Settings:
    """Give the run an id if it has none, and begin the ledger that the settings ask for.

    A read-only run keeps none. Raises UsageError when the file is there already or cannot be
    written.
    """
    settings = msgspec.structs.replace(settings, run=settings.run or new_run())
    if settings.ledger is None or settings.read_only:
        return msgspec.structs.replace(settings, ledger=None)
    path = Path(settings.ledger).absolute()
    first = Begun(
        run=settings.run,
        mark=settings.mark,
        url=without_password(settings.url),
        api_version=settings.api_version,
        tool=VERSION,
        at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )
    try:
        _begin(path, first)
    except FileExistsError:
        raise UsageError(
            f"the ledger {path} is there already: finish it with `tmf671 cleanup`, "
            "or choose another with --ledger"
        ) from None
    except OSError as problem:
        raise UsageError(
            f"the ledger {path} cannot be written ({problem.strerror}): "
            "choose another with --ledger; nothing is created without one"
        ) from None
    return msgspec.structs.replace(settings, ledger=str(path))


def _beside(out: Path, run: str) -> Path:
    """Return where the ledger of a run lies: beside its report, or above as far as folders are."""
    out = out.resolve()
    ground = next(folder for folder in out.parents if folder.is_dir())
    return ground / f"{out.name}.ledger-{run}.jsonl"


def _begin(path: Path, first: Begun) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _append(file, first)
        os.fsync(file)
        _fsync_folder(path.parent)
    except OSError:
        path.unlink()
        raise
    finally:
        os.close(file)


def _append(file: int, record: Record) -> None:
    """Write one line by one call, so that lines of several processes do not mix."""
    line = msgspec.json.encode(record) + b"\n"
    if os.write(file, line) != len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _fsync_folder(folder: Path) -> None:
    """Have the file's name on the disk too; where folders cannot be opened, there is no need."""
    with contextlib.suppress(PermissionError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _lock(file: int, *, alone: bool) -> None:
    """Lock the file where the system can; a network's file system that cannot is let be."""
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LedgerInUse from None
    except OSError:
        return
