"""Puts finished files where readers find them: first all are written beside their places, then all are renamed."""

import contextlib
import errno
import hashlib
import itertools
import json
import os
import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kam_analysis.errors import SettingsError, writing
from kam_analysis.made_folder import made_folder

RUN = "run.json"
_WAITS = (0.1, 0.2, 0.4, 0.8)  # seconds: a virus scanner or a backup lets go of a file, Excel does not
_PROBED = 65_536  # bytes: on a disk without these no report can be published
_NAMES_BESIDE = 9  # more of them would say that something else is wrong
_BESIDE = re.compile(r" \(new( \d)?\)(\.\w+)?$")
_count = itertools.count()


class HeldOpen(PermissionError):
    """Another program holds a file open, and does not let go of it."""

    def __init__(self, name: str) -> None:
        super().__init__(errno.EACCES, f"{name} is held open by another program")


class Staged:
    """Files written beside their places in `folder`, to be put there together.

    What can fill a disk has done so before anything is replaced. Each is flushed to the disk, then renamed: a
    reader, or a crash, meets the old file or the new one, never a part. As a context it removes what was not put.

    Where another program holds a file open (Excel does, on Windows), the new one is put beside it; `held_open` says
    where: {"tables.xlsx": "tables (new).xlsx"}. Names in `ours` are those of earlier runs and may be used again.
    """

    def __init__(self, folder: Path, ours: Collection[str] = ()) -> None:
        self.held_open: dict[str, str] = {}
        self._folder, self._ours = folder, ours
        self._parts: dict[str, Path] = {}

    def __enter__(self) -> "Staged":
        return self

    def __exit__(self, *raised: object) -> None:
        for part in self._parts.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    @property
    def names(self) -> tuple[str, ...]:
        """What waits to be put."""
        return tuple(self._parts)

    def add(self, name: str, content: bytes) -> str:
        """Write `content` beside its place, `folder/name`, in place of what was added before; its SHA-256."""
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name not in self._parts:
            self._parts[name] = target.with_name(f".{target.name}.{os.getpid()}-{next(_count)}.part")
        part = self._parts[name]
        _write(part, content)
        return hashlib.sha256(content).hexdigest()

    def put(self, *names: str, beside: bool = True) -> None:
        """Put these files in their places, or beside them where that is allowed and has to be.

        Raises `HeldOpen` where neither can be done.
        """
        for name in names:
            if not _replaced(self._parts[name], self._folder / name):
                if not beside:
                    raise HeldOpen(name)
                self.held_open[name] = self._put_beside(name)
            del self._parts[name]
        for folder in {(self._folder / name).parent for name in names}:
            _flush_folder(folder)

    def _put_beside(self, name: str) -> str:
        for number in range(1, _NAMES_BESIDE + 1):
            mark = "(new)" if number == 1 else f"(new {number})"
            wanted = Path(name)
            beside = wanted.with_name(f"{wanted.stem} {mark}{wanted.suffix}").as_posix()
            somebodys = beside not in self._ours and (self._folder / beside).exists()
            if not somebodys and _replaced(self._parts[name], self._folder / beside, waits=()):
                return beside
        raise HeldOpen(name)


def publish(folder: Path, name: str, content: bytes) -> str:
    """Write `content` as `folder/name`, whole or not at all, and return its SHA-256.

    Raises `HeldOpen` where another program holds that file open.
    """
    with Staged(folder) as staged:
        fingerprint = staged.add(name, content)
        staged.put(name, beside=False)
    return fingerprint


def as_json(run: Mapping[str, Any]) -> bytes:
    """The content of `run.json`; its status is what says whether a run is complete."""
    # A reason may name a file whose name is no Unicode: its bytes stand there as JSON's escapes.
    return (json.dumps(run, indent=1, ensure_ascii=False) + "\n").encode(errors="backslashreplace")


def is_beside(name: str) -> bool:
    """Whether a file of this name was put beside its place.

    >>> is_beside("tables (new).xlsx"), is_beside("plans/A (new 2).html"), is_beside("tables.xlsx")
    (True, True, False)
    """
    return bool(_BESIDE.search(name))


def removed(folder: Path, name: str) -> bool:
    """Remove an old file of ours; whether it is gone. `name` comes from a file that anybody may have changed:
    nothing outside `folder` is touched."""
    path = folder / name
    if path.parent.resolve().is_relative_to(folder.resolve()):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
    return not path.exists()


def clear_leftovers(folder: Path) -> None:
    """Remove the parts of files that a run killed while publishing left; only for who holds the lock."""
    for below in ("", "*/", "*/plans/", "packs/*/", "packs/*/plans/", "figures/*/", "figures/plans/*/"):
        for part in folder.glob(f"{below}.*.part"):
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


@contextlib.contextmanager
def writable(folder: Path) -> Iterator[Path]:
    """`folder`, made if need be; said before the notebooks run, not after. Where the block fails, none is left empty.

    Raises `SettingsError` where nothing can be written there, `RunError` where its disk is full or fails.
    """
    probe = folder / f".kam-{os.getpid()}.part"
    with contextlib.ExitStack() as made:
        with writing(f"--out {folder.resolve().name}", "give another folder", SettingsError):
            made.enter_context(made_folder(folder))
            try:
                _write(probe, bytes(_PROBED))
            finally:
                probe.unlink(missing_ok=True)
        yield folder


def _write(path: Path, content: bytes) -> None:
    """To the disk itself, so that what does not fit is told now."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _replaced(part: Path, target: Path, waits: Sequence[float] = _WAITS) -> bool:
    """Rename `part` to `target`; False where another program holds that file open and does not let go."""
    for wait in (*waits, None):
        try:
            os.replace(part, target)
            return True
        except PermissionError:
            if wait is not None:
                time.sleep(wait)
    return False


def _flush_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut, where the platform can."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
