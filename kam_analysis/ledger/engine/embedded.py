"""The embedded DuckDB: a user's own file attached for reading, and what may be reached from it.

What may be read: everything in `data_dir`, and files that the settings name, as text, in `file` or in a `query`
(a view in the user's database counts as such a text). Nothing else, nothing over a network, and no setting of
DuckDB's can be changed afterwards.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import ibis

from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger.engine.opened_once import run_folder
from kam_analysis.ledger.engine.statements import tokens
from kam_analysis.ledger.reading.files import quoted
from kam_analysis.ledger.reading.found_files import within_time
from kam_analysis.ledger.settings.settings import Settings
from kam_analysis.path_text import path_text

# What does not fit into memory goes to the scratch folder: large sums spill to it, and what is left of 4 GB is for
# the frames of a million accounts. How these buy, from a hundred million rows, does not fit into 1200 MB.
_MEMORY = "1600MB"
# What a query no longer needs goes back to the machine from so much on. By default DuckDB keeps up to half a gigabyte, of
# each query a little more, beside the frames that were made of it.
_GIVEN_BACK = "16MB"
# Names that DuckDB keeps for catalogs of its own.
_TAKEN = ("main", "memory", "system", "temp")
_WHOLE_DISK = re.compile(r"/|[A-Za-z]:[\\/]?")  # a pattern there does not open all of it


def without_threads() -> None:
    """End the threads that DuckDB starts when it is imported, for a connection of its own that we never use.

    For a process that is going to be forked: in a fork they are missing, and it aborts. DuckDB opens it again on demand.
    """
    import duckdb

    duckdb.default_connection().close()


def opened(url: str, data_dir: Path) -> Any:
    """A database in memory; the file of the URL, where it names one, is attached to it for reading only.

    Not opened itself: a process has one instance of a file, and all who open it would share its settings.
    """
    duck = ibis.duckdb.connect()
    duck.raw_sql("SET autoinstall_known_extensions = false")  # from a server on the internet
    file = url.removeprefix("duckdb://")
    if file in ("", ":memory:"):
        return duck
    path = (data_dir / file).resolve()
    if "?" in file and not path.exists():
        rule = "expected duckdb:// and a file, got settings after a question mark"
        raise DataError(
            problems=[Problem("connection", "", rule, "leave them out; the file is opened for reading only")]
        )
    name = f"{path.stem}_db" if path.stem in _TAKEN else path.stem
    catalog = '"' + name.replace('"', '""') + '"'
    duck.raw_sql(f"ATTACH {quoted(path_text(path))} AS {catalog} (READ_ONLY)")
    duck.raw_sql(f"USE {catalog}")
    return duck


def set_up(duck: Any, settings: Settings, scratch: Path) -> None:
    """Everything that is set once, and then the lock."""
    folders, files = _reach(settings, _texts(duck, settings))
    kept = [path_text(each) for each in [run_folder()] if each]
    for name, value in {
        "file_search_path": quoted(path_text(settings.data_dir)),  # paths inside a query are relative to data_dir
        "TimeZone": "'UTC'",  # else a point in time falls on a day by this machine's clock
        "enable_progress_bar": "false",  # it would be drawn into a notebook's output
        "temp_directory": quoted(path_text(scratch)),
        "memory_limit": quoted(_MEMORY),
        "allocator_flush_threshold": quoted(_GIVEN_BACK),
        "allocator_bulk_deallocation_flush_threshold": quoted(_GIVEN_BACK),
        "allowed_directories": _list([*folders, path_text(settings.data_dir), path_text(scratch), *kept]),
        "allowed_paths": _list(files),
        "enable_external_access": "false",
        "lock_configuration": "true",
    }.items():
        duck.raw_sql(f"SET {name} = {value}")


def _texts(duck: Any, settings: Settings) -> Iterator[str]:
    """What may name a file: `file` itself, literals and quoted names in queries and in views of the user's database."""
    queries = [source.query for source in settings.tables.values() if source.query]
    if settings.url.engine == "duckdb":
        queries += [sql for (sql,) in duck.raw_sql("SELECT sql FROM duckdb_views() WHERE NOT internal").fetchall()]
        yield from texts_of(queries)
    yield from (source.file for source in settings.tables.values() if source.file)


def texts_of(queries: Iterable[str]) -> Iterator[str]:
    """The literals and quoted names in queries."""
    for piece, kind in (each for query in queries for each in tokens(query)):
        if kind in ("string_const", "identifier") and piece[0] in "'\"":
            body = piece[1 : piece.rindex(piece[0])]
            yield body.replace(piece[0] * 2, piece[0])


def _reach(settings: Settings, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Folders and files that texts name, from data_dir and from where we are, and what links among them lead to."""
    folders: set[str] = set()
    files: set[str] = set()
    for text in texts:
        if not text or "://" in text or len(text) > 1000 or not text.isprintable():
            continue
        path = path_text(settings.data_dir / Path(text).expanduser())
        files |= {text, path, path_text(Path(os.path.realpath(settings.data_dir / Path(text).expanduser())))}
        folder = _folder(path)
        if folder and not _WHOLE_DISK.fullmatch(folder):
            folders.add(folder)
        if folder and not (_WHOLE_DISK.fullmatch(folder) and "**" in path):
            files |= _led_to(path, folder)
    return sorted(folders), sorted(files)


def _folder(path: str) -> str:
    """The folder that a pattern searches; empty where the path is no pattern."""
    plain = re.split(r"[*?[]", path, maxsplit=1)[0]
    return "" if plain == path else os.path.dirname(plain)


def _led_to(pattern: str, folder: str) -> set[str]:
    """The files that a pattern finds and that do not lie in its folder, or in no folder that may be read."""
    found = map(os.path.realpath, within_time(Path(pattern)))
    return {each for each in found if _WHOLE_DISK.fullmatch(folder) or not each.startswith(folder + os.sep)}


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"
