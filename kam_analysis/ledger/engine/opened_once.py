"""In a run, data is read, typed and checked once: who opens it next takes what the first one found.

It lies in the run's own folder, which nobody else can read or write and which goes with the run. Only files are kept so:
a database answers for itself. Another file, another day or other settings are other data.
"""

import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import fields
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from kam_analysis import __version__
from kam_analysis.ledger.settings.settings import Settings

FOLDER = "KAM_RUN_SHELF"  # of the environment: the folder of the run that this process belongs to
_UNLIKE = ("path", "data_dir", "url", "history_dir", "as_of")  # what settings say besides how data is read
T = TypeVar("T")

_of_run: ContextVar[Path | None] = ContextVar("of_run", default=None)


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Inside, as in the processes of the run whose folder this is."""
    token = _of_run.set(folder)
    try:
        yield
    finally:
        _of_run.reset(token)


def run_folder() -> Path | None:
    """Where a run keeps what was opened; None outside a run."""
    told = os.environ.get(FOLDER)
    return _of_run.get() or (Path(told) if told else None)


def once(settings: Settings, name: str, today: date, make: Callable[[], T]) -> T:
    """What `make` makes of a table's files, made once in a run. What cannot be read or written is made again."""
    path = kept_file(settings, name, today, ".pickle")
    if path is None:
        return make()
    with suppress(OSError, pickle.UnpicklingError, EOFError):
        found: T = pickle.loads(path.read_bytes())
        return found
    found = make()
    with suppress(OSError, pickle.PicklingError):
        whole(path, lambda part: part.write_bytes(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL)))
    return found


def whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` write a file that nobody sees before it is whole."""
    part = path.with_suffix(f".{os.getpid()}")
    try:
        write(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def kept_file(settings: Settings, name: str, today: date, suffix: str) -> Path | None:
    """The file for what is made of a table; None outside a run, and for what is read from no file of its own."""
    folder = run_folder()
    source = settings.tables[name]
    if folder is None or not source.file or source.from_sales:
        return None
    from kam_analysis.ledger.reading.found_files import found_files

    files = [(str(each.resolve()), *_state(each)) for each in found_files(source, settings.data_dir)]
    said = [(each.name, getattr(settings, each.name)) for each in fields(settings) if each.name not in _UNLIKE]
    key = repr((__version__, name, today, files, said))
    return folder / f"{name}-{sha256(key.encode()).hexdigest()}{suffix}"


def _state(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns
