"""Writing text files that are the same bytes everywhere: UTF-8, line feeds, whole or not at all."""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """A CSV file with a header line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return write_bytes(path, text.getvalue().encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> Path:
    """Write beside, then rename: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    return path
