"""Which files a table's `file` names: literally first, then as a pattern, within bounds."""

import fnmatch
import hashlib
import itertools
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kam_analysis.errors import DataError
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.settings.settings_text import ENDLESS, is_endless

MOST_FILES = 10_000
MOST_SECONDS = 5.0
# Beside a file that is open, Excel and LibreOffice leave one of these.
_LOCKS = ("~$*", ".~lock.*")


def found_files(source: TableSource, data_dir: Path) -> list[Path]:
    """The files that `source.file` names, sorted.

    A part of the path that is there literally is taken so: `sales [2025].csv` is a file's name before it is a
    pattern. Raises `DataError` where there is nothing to read, where a search finds no end, and where the same
    content is there twice.
    """
    files = sorted(_matching(source, data_dir))
    if not files:
        is_pattern = any(sign in source.file for sign in "*?[")
        rule = f'no file matches "{source.file}"' if is_pattern else f'file "{source.file}" is not there'
        if not is_pattern and is_endless(data_dir / Path(source.file).expanduser()):
            rule = f'"{source.file}" {ENDLESS}'
        raise DataError.of(source.name, rule, "correct the path; it is relative to data_dir in the settings")
    if len({file.suffix.lower() for file in files}) > 1:
        raise DataError.of(
            source.name, f'"{source.file}" matches files of several kinds', "make the pattern match one kind"
        )
    empty = [file.name for file in files if file.stat().st_size == 0]
    if empty:
        rule = f"expected rows, got an empty file ({', '.join(empty[:5])})"
        raise DataError.of(source.name, rule, "export it again")
    if copies := _copies(files):
        rule = f'the same content in several files that "{source.file}" matches: {"; ".join(copies[:5])}'
        raise DataError.of(source.name, rule, "keep one of them: their money would count twice")
    return files


@dataclass
class _Search:
    """How much of the disk a pattern may look at."""

    file: str
    where: str
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)
    found: int = 0

    def go_on(self, found: int = 0) -> None:
        """Raise `DataError` where a pattern has matched or looked at too much."""
        self.found += found
        if self.found > MOST_FILES or time.monotonic() > self.until:
            what = f"more than {MOST_FILES:,} files" if self.found > MOST_FILES else f"no end in {MOST_SECONDS:g} s"
            rule = f'"{self.file}" finds {what}'
            raise DataError.of(self.where, rule, "name the folder more closely, such as sales/2025/*.csv")


def _matching(source: TableSource, data_dir: Path) -> Iterator[Path]:
    whole = data_dir / Path(source.file).expanduser()
    if os.path.isfile(whole):
        yield whole
        return
    search = _Search(source.file, source.name)
    for path in set(_expanded(*_parts(whole), search)):
        if os.path.isfile(path) and not any(fnmatch.fnmatch(path.name, lock) for lock in _LOCKS):
            search.go_on(found=1)
            yield path


def within_time(pattern: Path) -> Iterator[Path]:
    """The paths that a pattern matches, as far as they are found before the time is over."""
    with suppress(DataError):
        yield from _expanded(*_parts(pattern), _Search(str(pattern), ""))


def _parts(whole: Path) -> tuple[Path, tuple[str, ...]]:
    return Path(whole.anchor), whole.parts[1:] if whole.anchor else whole.parts


def _expanded(base: Path, parts: tuple[str, ...], search: _Search) -> Iterator[Path]:
    """The paths below `base` that the parts of a pattern match, a folder at a time."""
    search.go_on()
    if not parts:
        yield base
    elif parts[0] == "**":
        for folder in _folders(base, search):
            yield from _expanded(folder, parts[1:] or ("*",), search)
    elif os.path.exists(base / parts[0]):
        yield from _expanded(base / parts[0], parts[1:], search)
    elif any(sign in parts[0] for sign in "*?["):
        for entry in _entries(base):
            if fnmatch.fnmatch(entry.name, parts[0]) and (parts[0][0] == "." or entry.name[0] != "."):
                yield from _expanded(base / entry.name, parts[1:], search)


def _folders(base: Path, search: _Search) -> Iterator[Path]:
    """`base` and the folders in it, each once: a link may lead back up."""
    waiting, seen = [base], set()
    while waiting:
        search.go_on()
        folder = waiting.pop()
        real = os.path.realpath(folder)
        if real in seen:
            continue
        seen.add(real)
        yield folder
        waiting += [Path(each) for each in _entries(folder) if each.name[0] != "." and os.path.isdir(each)]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:  # no folder, or not ours to read
        return []


def _copies(files: list[Path]) -> list[str]:
    """Files of the same bytes, named together; those with no more than a header are no copies."""
    sizes = defaultdict(list)
    for file in files:
        sizes[file.stat().st_size].append(file)
    contents = defaultdict(list)
    for alike in sizes.values():
        for file in alike if len(alike) > 1 else ():
            with file.open("rb") as opened:
                contents[hashlib.file_digest(opened, "sha256").digest()].append(file)
    return [
        " and ".join(each.name for each in same) for same in contents.values() if len(same) > 1 and _has_rows(same[0])
    ]


def _has_rows(file: Path) -> bool:
    """Whether a text file has more than its header: exports of months without sales are alike."""
    with file.open("rb") as opened:
        return file.suffix.lower() not in (".csv", ".tsv", ".txt") or len(list(itertools.islice(opened, 2))) > 1
