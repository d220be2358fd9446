"""Puts finished files where readers find them: each whole or not at all, `run.json` last."""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kam_analysis.errors import SettingsError

RUN = "run.json"


def publish(folder: Path, name: str, content: bytes) -> str:
    """Write `content` as `folder/name` and return its SHA-256.

    It is written beside its place, flushed to the disk, then renamed: a reader, or a crash, meets the
    old file or the new one, never a part.
    """
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    _flush_folder(target.parent)
    return hashlib.sha256(content).hexdigest()


def publish_run(folder: Path, run: Mapping[str, Any]) -> None:
    """Write `run.json`; its being there, with a status, is what says that a run is complete."""
    publish(folder, RUN, (json.dumps(run, indent=1, ensure_ascii=False) + "\n").encode())


def earlier_run(folder: Path) -> dict[str, Any]:
    """The `run.json` of the run before, or an empty table where there is none that can be read."""
    try:
        found = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def clear_leftovers(folder: Path) -> None:
    """Remove the parts of files that a run killed while publishing left; only for who holds the lock."""
    for below in ("", "*/", "*/plans/"):
        for part in folder.glob(f"{below}.*.part"):
            part.unlink(missing_ok=True)


def writable(folder: Path) -> Path:
    """`folder`, made if need be.

    Raises `SettingsError` where nothing can be written there: said before the notebooks run, not after.
    """
    probe = folder / f".kam-{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        reason = (error.strerror or "no access").lower()
        raise SettingsError(
            f"--out {folder.resolve().name}: cannot be written to ({reason}); give another folder"
        ) from None
    return folder


def _flush_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut, where the platform can."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
