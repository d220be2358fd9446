"""One run at a time in one output folder."""

import contextlib
import json
import os
import platform
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from kam_analysis.errors import BusyError, writing
from kam_analysis.stopping import unbroken

LOCK = ".kam-report.lock"
_WRITING_SECONDS = 10  # a lock younger than this may still be empty: its owner is just writing it
_SILENT_SECONDS = 600  # a lock of another machine that nobody has touched for so long is abandoned
_TOUCH_SECONDS = _SILENT_SECONDS / 20
_TRIES, _PAUSE_SECONDS = 40, 0.05


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold `folder` for this run, and say so now and then, for the sake of runs on other machines.

    Raises `BusyError` where another run holds it, `RunError` where the disk refuses. The lock of a process that has died is taken
    over.
    """
    path = folder / LOCK
    mine, over = b"", threading.Event()
    # Checking the data can take longer than the silence that others allow, and is one call.
    alive = threading.Thread(target=_touch, args=(path, over), daemon=True)
    try:
        with unbroken():
            mine = _take(path)
        alive.start()
        yield
    finally:
        over.set()
        with contextlib.suppress(OSError):
            if mine and path.read_bytes() == mine:
                path.unlink()


def _touch(path: Path, over: threading.Event) -> None:
    while not over.wait(_TOUCH_SECONDS):
        with contextlib.suppress(OSError):
            os.utime(path)


def _take(path: Path) -> bytes:
    owner = {
        "process": os.getpid(),
        "started": psutil.Process().create_time(),
        "machine": platform.node(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    mine = json.dumps(owner).encode()
    with writing(f"folder {_name(path)}", "give another --out"):
        for _ in range(_TRIES):
            if _written(path, mine):
                return mine
            _clear_if_stale(path)
    raise BusyError(f"folder {_name(path)}: other runs keep taking it; give another --out")


def _written(path: Path, content: bytes) -> bool:
    """Write a new file, or leave none: half a lock would keep the next run out. False where there is one."""
    try:
        file = path.open("xb")
    except FileExistsError:
        return False
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    return True


def _clear_if_stale(path: Path) -> None:
    """Remove the lock of a run that is dead, or raise `BusyError` for one that lives."""
    # Several runs may find the same stale lock. Only who holds this second one looks at the first and removes it:
    # else one would look, and remove the new lock of another that was quicker.
    removing = path.with_name(f"{LOCK}.removing")
    if not _written(removing, b""):
        with contextlib.suppress(FileNotFoundError):
            if _silent_seconds(removing) > _WRITING_SECONDS:  # killed in that very moment
                removing.unlink()
        time.sleep(_PAUSE_SECONDS)
        return
    try:
        if _is_stale(path):
            path.unlink(missing_ok=True)
    finally:
        removing.unlink(missing_ok=True)


def _is_stale(path: Path) -> bool:
    """Whether a dead run left the lock at `path`; False where there is none. Raises `BusyError` where its run lives."""
    try:
        owner, silent_seconds = _owner(path.read_bytes()), _silent_seconds(path)
    except FileNotFoundError:
        return False
    except PermissionError:
        raise BusyError(
            f"folder {_name(path)}: its lock cannot be read, so another user's run may be writing there; wait until "
            f"it ends, or give another --out; if no run is there, delete {LOCK}"
        ) from None
    if _lives(owner, silent_seconds):
        raise BusyError(_refusal(path, owner))
    return True


def _silent_seconds(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _owner(content: bytes) -> dict[str, Any]:
    try:
        owner = json.loads(content)
        return owner if isinstance(owner, dict) else {}
    except ValueError:
        return {}


def _lives(owner: dict[str, Any], silent_seconds: float) -> bool:
    if not owner:
        return silent_seconds < _WRITING_SECONDS
    if owner.get("machine") != platform.node():
        return silent_seconds < _SILENT_SECONDS
    try:
        process = psutil.Process(int(owner["process"]))
        same = abs(process.create_time() - float(owner["started"])) < 1
        return same and process.status() != psutil.STATUS_ZOMBIE  # dead, and nobody has asked how it ended
    except psutil.AccessDenied:  # another user's process: it is there
        return True
    except (psutil.NoSuchProcess, KeyError, TypeError, ValueError, OverflowError):
        return False


def _name(path: Path) -> str:
    return path.parent.resolve().name


def _refusal(path: Path, owner: dict[str, Any]) -> str:
    who = f" (process {owner['process']}, since {owner.get('since', '?')})" if owner.get("process") else ""
    return f"folder {_name(path)}: another kam report is writing there{who}; wait until it ends, or give another --out"
