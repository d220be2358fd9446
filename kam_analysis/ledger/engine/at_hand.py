"""Data at an address that fsspec knows: what the settings name is copied to where files are read, and nothing is written there.

In a run it is copied once, into the run's own folder, and every report reads the same. Outside of one a copy is taken
again for as long as nothing has changed at the address, and goes with this process.
"""

import atexit
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from glob import escape
from pathlib import Path, PurePosixPath
from typing import Any

from kam_analysis.errors import SettingsError, writing
from kam_analysis.ledger.engine.opened_once import run_folder
from kam_analysis.ledger.engine.taking_turns import made_once
from kam_analysis.ledger.reading.answers import FOLDER as ANSWERS
from kam_analysis.ledger.reading.found_files import MOST_FILES
from kam_analysis.ledger.settings.addresses import opened_address, shown_address, why_not
from kam_analysis.ledger.settings.settings import Settings
from kam_analysis.own_folder import new_folder, remove_folder

_WHERE = "data_dir"
_copies: dict[tuple[str, ...], Path] = {}


def at_hand(settings: Settings) -> Settings:
    """The settings with their data in a folder of this machine.

    Raises `SettingsError` where the address cannot be reached or read. A file that is not there is told by who reads it.
    """
    if not settings.data_at:
        return settings
    there = _There(settings)
    if (run := run_folder()) is None:
        return replace(settings, data_dir=there.latest())
    folder = run / "inputs"

    def made() -> Path:
        part = folder.with_suffix(f".{os.getpid()}")
        try:
            there.copy(part)
            os.replace(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return folder

    return replace(settings, data_dir=made_once(folder, lambda: folder if folder.is_dir() else None, made))


class _There:
    """What settings name of an address."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.shown = f"{_WHERE} {shown_address(settings.data_at)}"

    def latest(self) -> Path:
        """A copy of what is there now, which lasts as long as this process."""
        found = self._found()
        state = (self.settings.data_at, *(f"{name} {self._files.ukey(path)}" for name, path in sorted(found.items())))
        if state not in _copies:
            folder, ours = new_folder(), os.getpid()
            # A process that was forked from this one ends without it.
            atexit.register(lambda: remove_folder(folder) if os.getpid() == ours else None)
            self._copy(found, folder)
            _copies[state] = folder
        return _copies[state]

    def copy(self, folder: Path) -> None:
        """Copy what is there now."""
        self._copy(self._found(), folder)

    def _found(self) -> dict[str, str]:
        """Every file that is named, by its name from the address on, and its path there."""
        self._files, self._root = opened_address(self.settings.data_at, _WHERE)
        try:
            self._files.invalidate_cache()
            found = {name: path for text in _named(self.settings) for name, path in self._matching(text)}
        except Exception as error:
            rule = f"{self.shown}: cannot be looked through ({why_not(error)})"
            raise SettingsError(f"{rule}; correct it, or see that it can be reached from here") from None
        if len(found) > MOST_FILES:
            raise SettingsError(f"{self.shown}: more than {MOST_FILES:,} files match; name the folder more closely")
        return found

    def _matching(self, text: str) -> Iterator[tuple[str, str]]:
        """A file's name before it is a pattern, as in a folder."""
        whole = f"{self._root}/{text}"
        with suppress(FileNotFoundError, NotADirectoryError):
            if self._files.info(whole)["type"] == "file":
                yield text, whole
                return
        if any(sign in text for sign in "*?["):
            for path, known in self._files.glob(f"{escape(self._root)}/{text}", detail=True).items():
                name = str(path).removeprefix(self._root).lstrip("/")
                # In an object store ".." is a name like any other; here it would lead out of our folder.
                if known["type"] == "file" and ".." not in PurePosixPath(name).parts:
                    yield name, path

    def _copy(self, found: dict[str, str], folder: Path) -> None:
        with writing("the copy of the data", "let TMPDIR (on Windows TEMP) name a folder on another disk"):
            folder.mkdir(mode=0o700, exist_ok=True)
            for name in found:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
        for name, path in found.items():
            try:
                self._files.get_file(path, str(folder / name))
                self._date(path, folder / name)
            except Exception as error:
                rule = f"{self.shown}: {PurePosixPath(name).name} cannot be copied ({why_not(error)})"
                raise SettingsError(f"{rule}; see that it can be read from here") from None

    def _date(self, path: str, copy: Path) -> None:
        """As old as the original: every machine sees by that, too, that it has the same."""
        with suppress(Exception):  # not every kind of address knows it
            changed: Any = self._files.modified(path)
            os.utime(copy, (changed.timestamp(), changed.timestamp()))


def _named(settings: Settings) -> Iterator[str]:
    """What may name a file below the address: a table's `file`, a database's own, answers, and texts in queries."""
    from kam_analysis.ledger.engine.embedded import texts_of

    own = settings.url.reveal().removeprefix("duckdb://") if settings.url.engine == "duckdb" else ""
    queries = texts_of(
        source.query for source in settings.tables.values() if source.query and settings.url.engine == "duckdb"
    )
    files = (source.file for source in settings.tables.values() if source.file)
    for text in dict.fromkeys((own, f"{ANSWERS}/*.xlsx", *files, *queries)):
        path = PurePosixPath(text)
        if (
            text
            and text.isprintable()
            and len(text) <= 1000
            and not (path.is_absolute() or {"..", "~"} & {*path.parts})
        ):
            yield text
