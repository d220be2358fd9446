"""Opening a text export: its encoding, its delimiter, and its rows one after the other."""

import csv
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kam_analysis.ledger.sniffing.encodings import encoding_of, unreadable
from kam_analysis.ledger.sniffing.header import HeaderRow, Layout, Row, find_header, named, preface_of

_DELIMITERS = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "vertical bars"}
_CHUNK = 1 << 20
_SAMPLE_LINES = 400


def open_text(path: Path) -> Layout:
    """The layout of one CSV, TSV or TXT export.

    Raises `DataError` where the bytes are no text, or no row looks like a header.
    """
    encoding, guessed_by = encoding_of(path)
    sample = _sample(path, encoding)
    delimiter, found = _delimiter(sample, path)
    rows = _parsed(sample, delimiter)
    at = rows[found.index][0]  # its line; DuckDB skips records, and a title may hold a line break
    header = named(rows[found.index][1])

    def below() -> Iterator[Row]:
        with path.open(encoding=_python(encoding), newline="") as text:
            for row in _guarded(_numbered(text, delimiter), path):
                if row[0] > at:
                    _closed(row, delimiter, len(header), path)
                    yield row

    guess = f" (a guess: the file does not say; look at {guessed_by})" if guessed_by else ""
    said = [f"text is {encoding}{guess}, columns are separated by {_DELIMITERS[delimiter]}"]
    if at > 1:
        said.append(f"the header is row {at}; what stands above it is skipped")
    reading = {"delimiter": delimiter, "encoding": encoding, "skip_rows": found.index}
    preface = preface_of(rows[: found.index])
    return Layout(header, below, reading, tuple(said), preface=preface)


def _python(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _sample(path: Path, encoding: str) -> list[str]:
    try:
        with path.open(encoding=_python(encoding), newline="") as text:
            lines = list(itertools.islice((text.readline(_CHUNK) for _ in itertools.count()), _SAMPLE_LINES))
    except UnicodeError:
        raise unreadable(path, f"expected {encoding} text, got other bytes", "save it as CSV UTF-8") from None
    return [line for line in lines if line]


def _numbered(lines: Iterator[str] | list[str], delimiter: str) -> Iterator[Row]:
    """Records with the number of the line on which each begins."""
    reader = csv.reader(lines, delimiter=delimiter)
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _parsed(sample: list[str], delimiter: str) -> list[Row]:
    try:
        return list(_numbered(sample, delimiter))
    except csv.Error:
        return []


def _guarded(rows: Iterator[Row], path: Path) -> Iterator[Row]:
    number = 0
    try:
        for row in rows:
            number = row[0]
            yield row
    except UnicodeError:
        raise unreadable(path, f"unreadable bytes after row {number}", "save it as CSV UTF-8") from None
    except csv.Error:
        remedy = "look there for a quotation mark that is never closed, and export it again"
        raise unreadable(path, f"the row after row {number} never ends", remedy) from None


def _closed(row: Row, delimiter: str, width: int, path: Path) -> None:
    """Refuse a row that has swallowed the next ones: a quotation mark was opened and never closed."""
    number, cells = row
    if len(cells) >= width:
        return
    for cell in map(str, cells):
        is_whole = len(cells) == 1 < width - 1
        if ("\n" in cell or is_whole) and len(cells) + cell.count(delimiter) >= width:
            rule = f"a quotation mark in row {number:,} is never closed, or encloses the whole row"
            raise unreadable(path, rule, "mend that row, and export it again")


def _delimiter(sample: list[str], path: Path) -> tuple[str, HeaderRow]:
    """The delimiter under which most header names are known, then the one that cuts rows most evenly."""
    best: tuple[tuple[float, ...], str, HeaderRow] | None = None
    for delimiter in _DELIMITERS:
        rows = _parsed(sample, delimiter)
        found = find_header(rows)
        if found is None:
            continue
        widths = Counter(len(cells) for _, cells in rows[found.index :] if cells)
        usual, even = widths.most_common(1)[0]
        score = (found.known, even / sum(widths.values()) if usual > 1 else 0, usual)
        if best is None or score > best[0]:
            best = score, delimiter, found
    if best is None:
        rule = "expected a header row with names such as Customer no., Invoice date, Net sales; found none"
        raise unreadable(path, rule, "export it with column names, separated by semicolons, tabs or commas")
    return best[1], best[2]
