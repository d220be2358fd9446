"""Temporary folders of our own: what a killed process could not remove, a later one removes.

Each holds a file that says which process it belongs to. A folder without that file, of another user, of
another machine or container, or of a process that lives, is left alone.
"""

import contextlib
import functools
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from kam_analysis.errors import RunError, unwritten

_PREFIX = "kam-"
_OWNER = ".kam-owner.json"
_SAME_START_SECONDS = 1.0


def new_folder() -> Path:
    """An empty folder that is this process's own until `remove_folder`.

    Raises `RunError` where no temporary folder can be made.
    """
    folder = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        (folder / _OWNER).write_text(json.dumps(myself()), encoding="utf-8")
    except OSError as error:
        if folder is not None:  # nobody would ever take it for ours
            shutil.rmtree(folder, ignore_errors=True)
        reason, remedy = unwritten(error, "let TMPDIR (on Windows TEMP) name a folder on another disk")
        raise RunError(f"the temporary folder: cannot be written to ({reason}); {remedy}") from None
    _remove_left_behind(folder.parent, folder.lstat().st_uid)
    return folder


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """`new_folder` for as long as the block runs."""
    folder = new_folder()
    try:
        yield folder
    finally:
        remove_folder(folder)


def remove_folder(folder: Path) -> None:
    """Remove what can be removed; the owner's file goes last, so that a later run finds the rest."""
    with contextlib.suppress(OSError):
        for entry in list(folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name != _OWNER:
                entry.unlink()
        if [entry.name for entry in folder.iterdir()] == [_OWNER]:
            (folder / _OWNER).unlink()
            folder.rmdir()


@functools.cache  # once per process and place
def _remove_left_behind(place: Path, user: int) -> None:
    with contextlib.suppress(OSError):
        for folder in place.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError, ValueError):
                # lstat: a link that somebody else has put there is not followed.
                if folder.lstat().st_uid == user and not folder.is_symlink() and is_dead(_owner(folder)):
                    remove_folder(folder)


def _owner(folder: Path) -> dict[str, Any]:
    owner = json.loads((folder / _OWNER).read_text(encoding="utf-8"))
    return owner if isinstance(owner, dict) else {}


def myself() -> dict[str, Any]:
    """This process, so that another can say whether it has ended."""
    return {"process": os.getpid(), "where": _where(), **_start(psutil.Process())}


def _start(process: psutil.Process) -> dict[str, float]:
    """When it started, by two clocks: one of them stands still where somebody sets the machine's time."""
    started = process.create_time()
    return {"started": started, "since_boot": started - psutil.boot_time()}


def _where() -> list[str]:
    """This machine, and on Linux the container: process numbers mean nothing beyond it."""
    try:
        return [platform.node(), os.readlink("/proc/self/ns/pid")]
    except OSError:
        return [platform.node()]


def is_dead(owner: dict[str, Any]) -> bool:
    """Whether it is certain that the process of which `myself` said this has ended."""
    try:
        number, then = int(owner["process"]), {name: float(owner[name]) for name in ("started", "since_boot")}
    except (KeyError, TypeError, ValueError):
        return False
    if owner.get("where") != _where():
        return False
    try:
        process = psutil.Process(number)
        now = _start(process)
        same = any(abs(now[clock] - then[clock]) < _SAME_START_SECONDS for clock in now)
        return not same or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:  # another user's process: it is there
        return False
