"""One run at a time in one output folder."""

import contextlib
import json
import os
import platform
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from kam_analysis.errors import RunError
from kam_analysis.stopping import unbroken

LOCK = ".kam-report.lock"
_WRITING_SECONDS = 10  # a lock younger than this may still be empty: its owner is just writing it
_SILENT_SECONDS = 600  # a lock of another machine that nobody has touched for so long is abandoned


class Lock:
    """The lock that this run holds; `touch` it now and then, for the sake of runs on other machines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._touched = time.monotonic()

    def touch(self) -> None:
        """Say that this run is alive; cheap enough for every turn of a loop."""
        if time.monotonic() - self._touched > _SILENT_SECONDS / 20:
            self._touched = time.monotonic()
            with contextlib.suppress(OSError):
                os.utime(self._path)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[Lock]:
    """Hold `folder` for this run.

    Raises `RunError` where another run holds it. The lock of a process that has died is taken over.
    """
    path = folder / LOCK
    mine = ""
    try:
        with unbroken():
            mine = _take(path)
        yield Lock(path)
    finally:
        with contextlib.suppress(OSError):
            if mine and path.read_text(encoding="utf-8") == mine:
                path.unlink()


def _take(path: Path) -> str:
    mine = json.dumps(
        {
            "process": os.getpid(),
            "started": psutil.Process().create_time(),
            "machine": platform.node(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
    )
    for _ in range(20):
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(mine)
            return mine
        except FileExistsError:
            _clear_if_stale(path)
    raise RunError(f"{path.parent.name}: other runs keep taking this folder; give another --out")


def _clear_if_stale(path: Path) -> None:
    """Remove the lock of a run that is dead, or raise `RunError` for one that lives."""
    try:
        found = path.read_text(encoding="utf-8")
        silent_seconds = time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return
    owner = _owner(found)
    if _lives(owner, silent_seconds):
        raise RunError(_refusal(path, owner))
    # Two runs may find the same stale lock. Renaming picks one of them; should it have caught the
    # other's fresh lock instead, it puts that back.
    aside = path.with_name(f"{LOCK}.{os.getpid()}")
    try:
        path.rename(aside)
        if aside.read_text(encoding="utf-8") != found:
            aside.rename(path)
            return
        aside.unlink()
    except OSError:
        return


def _owner(text: str) -> dict[str, Any]:
    try:
        owner = json.loads(text)
        return owner if isinstance(owner, dict) else {}
    except ValueError:
        return {}


def _lives(owner: dict[str, Any], silent_seconds: float) -> bool:
    if not owner:
        return silent_seconds < _WRITING_SECONDS
    if owner.get("machine") != platform.node():
        return silent_seconds < _SILENT_SECONDS
    try:
        return abs(psutil.Process(int(owner["process"])).create_time() - float(owner["started"])) < 1
    except (psutil.NoSuchProcess, KeyError, TypeError, ValueError):
        return False
    except psutil.AccessDenied:  # another user's process: it is there
        return True


def _refusal(path: Path, owner: dict[str, Any]) -> str:
    who = f" (process {owner['process']}, since {owner.get('since', '?')})" if owner.get("process") else ""
    return f"folder {path.parent.name}: another kam report is writing there{who}; wait until it ends, or give another --out"
