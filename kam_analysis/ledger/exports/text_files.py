"""Opening a text export: its encoding, its delimiter, and its rows one after the other."""

import codecs
import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger.exports.header import HeaderRow, Layout, Row, find_header, named, preface_of

_DELIMITERS = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "vertical bars"}
_CHUNK = 1 << 20
_SAMPLE_LINES = 400
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")  # no text has them
_WINDOWS = re.compile(rb"[\x80-\x9f]")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHER_KINDS = {
    b"PK\x03\x04": "a zip or Excel file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"%PDF": "a PDF",
    b"PAR1": "Parquet",
}


def open_text(path: Path) -> Layout:
    """The layout of one CSV, TSV or TXT export.

    Raises `DataError` where the bytes are no text, or no row looks like a header.
    """
    encoding = _encoding(path)
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

    said = [f"text is {encoding}, columns are separated by {_DELIMITERS[delimiter]}"]
    if at > 1:
        said.append(f"the header is row {at}; what stands above it is skipped")
    reading = {"delimiter": delimiter, "encoding": encoding, "skip_rows": found.index}
    preface = preface_of(rows[: found.index])
    latin = encoding == "cp1252" and _is_latin(path)
    return Layout(header, below, reading, tuple(said), is_text=True, latin=latin, preface=preface)


def _encoding(path: Path) -> str:
    """The encoding, by its mark, by trying UTF-8 on the whole file, then by what Windows and DOS write."""
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    for magic, kind in _OTHER_KINDS.items():
        if start.startswith(magic):
            raise _unreadable(path, f"expected text, got {kind}", "give the file its right ending, or export it as CSV")
    if b"\x00" in start:
        return _utf16_without_mark(start, path)
    if _decodes(path, "utf-8"):
        return "utf-8"
    # cp1252 has five gaps; a file with bytes there comes from DOS or an old mainframe gateway.
    for encoding in ("cp1252", "cp850"):
        if _decodes(path, encoding):
            return encoding
    raise _unreadable(path, "expected text, got bytes of no encoding known here", "save it as CSV UTF-8")


def _utf16_without_mark(start: bytes, path: Path) -> str:
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) * 2 > len(start) * 0.4 and min(even, odd) * 10 < max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    raise _unreadable(path, "expected text, got other bytes", "export it again as CSV UTF-8")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if _CONTROLS.search(decoder.decode(chunk)):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_latin(path: Path) -> bool:
    """Whether no byte tells cp1252 and Latin-1 apart: no euro sign, no curly quotation mark, no long dash."""
    with path.open("rb") as file:
        return not any(_WINDOWS.search(chunk) for chunk in iter(lambda: file.read(_CHUNK), b""))


def _python(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _sample(path: Path, encoding: str) -> list[str]:
    try:
        with path.open(encoding=_python(encoding), newline="") as text:
            lines = list(itertools.islice((text.readline(_CHUNK) for _ in itertools.count()), _SAMPLE_LINES))
    except UnicodeError:
        raise _unreadable(path, f"expected {encoding} text, got other bytes", "save it as CSV UTF-8") from None
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
        raise _unreadable(path, f"unreadable bytes after row {number}", "save it as CSV UTF-8") from None
    except csv.Error:
        remedy = "look there for a quotation mark that is never closed, and export it again"
        raise _unreadable(path, f"the row after row {number} never ends", remedy) from None


def _closed(row: Row, delimiter: str, width: int, path: Path) -> None:
    """Refuse a row that has swallowed the next ones: a quotation mark was opened and never closed."""
    number, cells = row
    if len(cells) >= width:
        return
    for cell in map(str, cells):
        is_whole = len(cells) == 1 < width - 1
        if ("\n" in cell or is_whole) and len(cells) + cell.count(delimiter) >= width:
            rule = f"a quotation mark in row {number:,} is never closed, or encloses the whole row"
            raise _unreadable(path, rule, "mend that row, and export it again")


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
        raise _unreadable(path, rule, "export it with column names, separated by semicolons, tabs or commas")
    return best[1], best[2]


def _unreadable(path: Path, rule: str, remedy: str) -> DataError:
    return DataError(problems=[Problem(path.name, "", rule, remedy)])
