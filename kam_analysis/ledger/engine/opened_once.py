"""In a run, data is read, typed and checked once: who opens it next takes what the first one found.

It lies in the run's own folder, which nobody else can read or write and which goes with the run. Another file, database,
day or other settings are other data. Transactions of databases and Parquet files stay where they are; what a look
through them found is kept.
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
from typing import Any, TypeVar

from pandas.arrays import ArrowStringArray

from kam_analysis import __version__
from kam_analysis.ledger.engine.taking_turns import made_once
from kam_analysis.ledger.settings.settings import Settings

FOLDER = "KAM_RUN_SHELF"  # of the environment: the folder of the run that this process belongs to
_UNLIKE = ("path", "data_dir", "data_at", "url", "history_dir", "as_of")  # what settings say besides how data is read
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


def once(settings: Settings, name: str, today: date, make: Callable[[], T], suffix: str = ".pickle") -> T:
    """What `make` makes of a table, made once in a run. What cannot be read or written is made again.

    Of one table several things may be kept, each under a `suffix` of its own.
    """
    path = kept_file(settings, name, today, suffix)
    if path is None:
        return make()

    def kept() -> T:
        found = make()
        keep(path, found)
        return found

    return made_once(path, lambda: taken(path), kept)


def answered(settings: Settings, question: object, ask: Callable[[], T], worth: Callable[[T], bool]) -> T:
    """What `ask` gives of the transactions; in a run, what another report was answered to the same question.

    `question` says all that is asked, by its `repr`. Nobody waits for another who asks it at the same moment: it takes
    milliseconds of a small company, and of a large one what is not `worth` keeping would be asked anew after the wait.
    """
    asked = sha256(repr(question).encode()).hexdigest()[:16]
    path = kept_file(settings, "transactions", date.min, f".{asked}.answer")
    found = None if path is None else taken(path)
    if found is None:
        found = ask()
        if path is not None and worth(found):
            keep(path, found)
    answer: T = found
    return answer


def keep(path: Path, found: object) -> None:
    """Keep it for the others of the run, if it can be. Straight into the file: of a million accounts the whole of it as
    bytes beside what it is made of would be the height of a report's memory."""

    def write(part: Path) -> None:
        with part.open("wb") as file:
            _Pickler(file, protocol=pickle.HIGHEST_PROTOCOL).dump(found)

    with suppress(OSError, pickle.PicklingError, AttributeError, TypeError):  # the last two for what has no name
        whole(path, write)


class _Pickler(pickle.Pickler):
    """Texts as Arrow holds them: pandas copies each column first, and all copies stand until the last one is written."""

    def reducer_override(self, given: object) -> Any:
        if isinstance(given, ArrowStringArray):
            held = given.__arrow_array__()
            # Of a small part of a column all of it would be written; there a copy is the lesser evil.
            if all(each.offset == 0 and each.nbytes >= 0.5 * each.get_total_buffer_size() for each in held.chunks):
                return given.dtype.__from_arrow__, (held,)  # type: ignore[attr-defined]  # not in pandas' stubs
        return NotImplemented


def taken(path: Path) -> Any:
    """What was kept there; None where that cannot be read."""
    with suppress(OSError, pickle.UnpicklingError, EOFError), path.open("rb") as file:
        return pickle.load(file)
    return None


def whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` write a file that nobody sees before it is whole."""
    part = path.with_suffix(f".{os.getpid()}")
    try:
        write(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def kept_file(settings: Settings, name: str, today: date, suffix: str) -> Path | None:
    """The file for what is made of a table; None outside a run."""
    folder = run_folder()
    if folder is None:
        return None
    said = [(each.name, getattr(settings, each.name)) for each in fields(settings) if each.name not in _UNLIKE]
    key = repr((__version__, name, today, _origin(settings, name), said))
    return folder / f"{name}-{sha256(key.encode()).hexdigest()}{suffix}"


def _origin(settings: Settings, name: str) -> list[tuple[object, ...]]:
    """Where a table's rows come from: files as they are now, else the database and, where that is one, its file."""
    from kam_analysis.ledger.reading.found_files import found_files

    source = settings.tables[name]
    if source.from_sales:
        source = settings.tables["transactions"]
    if source.file:
        return [(str(each.resolve()), *_state(each)) for each in found_files(source, settings.data_dir)]
    url = settings.url.reveal()  # of which the file's name tells nothing: it is a fingerprint of all this
    own = settings.data_dir / url.removeprefix("duckdb://")
    return [(url, str(settings.data_dir)), *([_state(own)] if url.startswith("duckdb://") and own.is_file() else [])]


def _state(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns
