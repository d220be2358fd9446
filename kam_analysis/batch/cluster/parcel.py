"""What one report needs on another machine, and what comes back of it. No secret and no path of this machine is in it,
but where the data lies."""

import hashlib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from kam_analysis.batch.jobs import Job, Outcome
from kam_analysis.bundled import sample_settings
from kam_analysis.errors import RunError
from kam_analysis.ledger.engine.at_hand import at_hand
from kam_analysis.ledger.reading.answers import FOLDER as ANSWERS
from kam_analysis.ledger.reading.found_files import found_files
from kam_analysis.ledger.settings.addresses import is_address
from kam_analysis.ledger.settings.secrets import variable_of
from kam_analysis.ledger.settings.settings import Settings
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.path_text import path_text

_READ_WHOLE = 64_000_000  # bytes: of a larger file size and time are compared, for reading it takes longer than that
_DATA_DIR = re.compile(r"^data_dir[ \t]*=.*$", re.MULTILINE)


@dataclass(frozen=True)
class Parcel:
    """One report. `job` are its words and places in the output folder; `notebook` and `settings` are a file's name and
    content (`settings` None: the sample's), `beside` modules in the notebook's folder, `history` and `plans_made` what
    earlier runs kept; `code` is what it is to be computed with, `seen` are fingerprints of the data's files, which the worker has to find, too."""

    run: str
    code: str
    job: Mapping[str, Any]
    notebook: tuple[str, bytes]
    beside: Mapping[str, bytes]
    settings: tuple[str, bytes] | None
    history: Mapping[str, bytes]
    plans_made: bytes | None
    seen: Mapping[str, str]
    one_of_several: bool
    time_limit: float
    memory_limit: float | None


@dataclass(frozen=True)
class Returned:
    """How a report ended on a worker, its `files` by the names that a job's folder has, and what it left on the shelf of
    its run for whoever publishes."""

    outcome: Outcome
    files: Mapping[str, bytes] = field(default_factory=dict)
    left: Mapping[str, bytes] = field(default_factory=dict)


def parcel_of(
    job: Job,
    *,
    run: str,
    code: str,
    seen: Mapping[str, str],
    one_of_several: bool,
    time_limit: float,
    memory_limit: float | None,
) -> Parcel:
    """The report of `job`, to be sent."""
    words = ("id", "report", "page", "executed", "result", "sheet", "parameters")
    modules = sorted(job.notebook.parent.glob("*.py"))
    return Parcel(
        run=run,
        code=code,
        job={name: getattr(job, name) for name in words},
        notebook=(job.notebook.name, job.notebook.read_bytes()),
        beside={each.name: each.read_bytes() for each in modules if each.is_file()},
        settings=_settings(job.settings) if job.settings else None,
        history={each.name: each.read_bytes() for each in _documents(job.history)},
        plans_made=job.plans_made.read_bytes() if job.plans_made and job.plans_made.is_file() else None,
        seen=seen,
        one_of_several=one_of_several,
        time_limit=time_limit,
        memory_limit=memory_limit,
    )


def files_seen(settings: Path | None) -> dict[str, str]:
    """A fingerprint of each file of the data, by its path from the data's folder.

    Raises `SettingsError` and `DataError` where they cannot be found.
    """
    loaded = at_hand(load_settings(settings or sample_settings()))
    return {_named(each, loaded.data_dir): _fingerprint(each) for each in _files(loaded)}


def _files(settings: Settings) -> Iterator[Path]:
    """Files of tables, a database's own file, and lists of answers; a query's files show only in the data."""
    for source in settings.tables.values():
        if source.file and not source.from_sales:
            yield from found_files(source, settings.data_dir)
    url = settings.url.reveal()
    if url.startswith("duckdb://") and (file := url.removeprefix("duckdb://")) not in ("", ":memory:"):
        yield settings.data_dir / file
    yield from sorted(each for each in (settings.data_dir / ANSWERS).glob("*") if each.is_file())


def _fingerprint(file: Path) -> str:
    try:
        found = file.stat()
    except OSError:
        return "not there"
    if found.st_size > _READ_WHOLE:
        return f"{found.st_size} {int(found.st_mtime)}"
    return _of_content(file, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=10_000)
def _of_content(file: Path, size: int, time: int) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _named(file: Path, folder: Path) -> str:
    with suppress(ValueError):  # another drive
        return path_text(Path(os.path.relpath(file.absolute(), folder)))
    return path_text(file)


def _documents(folder: Path | None) -> list[Path]:
    with suppress(OSError):
        return sorted(each for each in folder.glob("*.json") if each.is_file()) if folder else []
    return []


def _settings(file: Path) -> tuple[str, bytes]:
    """The settings with their data's folder in full: elsewhere they lie in another folder than here.

    What a variable names stays: it stands on each worker, and may name another folder there. An address stays, too.
    """
    text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    before = tomllib.loads(text)
    said = before.get("data_dir", ".")
    if variable_of(said) is not None or is_address(said):
        return file.name, text.encode()
    whole = path_text((file.parent / Path(said).expanduser()).resolve())
    line = f"data_dir = {_as_toml(whole)}"
    head, bracket, rest = text.partition("\n[") if not text.startswith("[") else ("", "", text)
    head = _DATA_DIR.sub(lambda found: line, head, count=1) if "data_dir" in before else f"{line}\n{head}"
    text = head + bracket + rest
    if tomllib.loads(text) != {**before, "data_dir": whole}:
        raise RunError(
            f"settings {file.name}: data_dir cannot be told to other machines; write it on a line of its own, at the top"
        )
    return file.name, text.encode()


def _as_toml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
