"""Files as DuckDB reads them: CSV in the company's own format, workbooks and other encodings by way of UTF-8 text, Parquet."""

import codecs
import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pyarrow.parquet

from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger.reading.layouts import Told, tidied, unique_names
from kam_analysis.ledger.reading.workbooks import WORKBOOKS, Workbook
from kam_analysis.ledger.reading.written_dates import written
from kam_analysis.ledger.settings.settings import TABLES, TableSource
from kam_analysis.path_text import path_text

_UTF8 = ("utf-8", "utf8", "utf-8-sig", "ascii")
_CHUNK = 1 << 20
# The column that names a row's file, where that is asked.
FILE = "kam_file"


@dataclass(frozen=True)
class Reader:
    """DuckDB's reader for files of one kind; `file_of` leads from a path that it reads to the user's own file."""

    function: str
    paths: tuple[Path, ...]
    options: str
    file_of: dict[str, Path]
    told: Told = field(default_factory=Told)

    def call(self, more: str = "") -> str:
        """The call, with further options of DuckDB's."""
        return f"{self.function}([{', '.join(quoted(_literal(path)) for path in self.paths)}], {self.options}{more})"


def reader(files: list[Path], source: TableSource, scratch: Path) -> Reader:
    """How DuckDB reads files of one kind; what it cannot read by itself is written to `scratch` first."""
    suffix = files[0].suffix.lower()
    if source.is_laid_out:
        told = Told()
        read = [_tidy(file, source, scratch / f"{at}.csv", told) for at, file in enumerate(files, _used(scratch))]
        options = _csv_options(read, files, source, unpacked=True)
        return Reader("read_csv", tuple(read), options, dict(zip(map(path_text, read), files, strict=True)), told)
    if suffix in (".parquet", ".pq"):
        return Reader("read_parquet", tuple(files), "union_by_name = true", {path_text(file): file for file in files})
    read = files
    if suffix in WORKBOOKS:
        read = [_unpacked(file, source, scratch / f"{at}.csv") for at, file in enumerate(files, _used(scratch))]
    elif source.encoding.lower() not in _UTF8:
        read = [_transcoded(file, source, scratch / f"{at}.csv") for at, file in enumerate(files, _used(scratch))]
    if suffix not in WORKBOOKS:
        read = [_even_lines(file, source, scratch / f"{at}.csv") for at, file in enumerate(read, _used(scratch))]
    options = _csv_options(read, files, source, suffix in WORKBOOKS)
    return Reader("read_csv", tuple(read), options, dict(zip(map(path_text, read), files, strict=True)))


def _used(scratch: Path) -> int:
    return len(list(scratch.iterdir()))


def _transcoded(file: Path, source: TableSource, target: Path) -> Path:
    try:
        codecs.lookup(source.encoding)
    except LookupError:
        remedy = 'use "utf-8", "cp1252", "latin-1", "utf-16" ...'
        raise DataError.of(file.name, f'"{source.encoding}" is not an encoding', remedy) from None
    try:
        with (
            file.open(encoding=source.encoding, newline="") as theirs,
            target.open("w", encoding="utf-8", newline="") as ours,
        ):
            while chunk := theirs.read(_CHUNK):
                ours.write(chunk)
    except UnicodeError:
        rule = f"expected {source.encoding} text, got other bytes"
        raise DataError.of(file.name, rule, "name the encoding that the file really has") from None
    return target


def _even_lines(file: Path, source: TableSource, target: Path) -> Path:
    """The file, or a copy whose rows all end alike: files put together from others do not."""
    if len(_line_ends(file)) < 2:
        return file
    delimiter = source.delimiter or _delimiter(file, source.skip_rows)
    try:
        with file.open(encoding="utf-8-sig", newline="") as text, target.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, delimiter=delimiter).writerows(csv.reader(text, delimiter=delimiter, strict=True))
    except (csv.Error, UnicodeError):
        return file  # DuckDB says what is wrong with it, and where
    return target


def _line_ends(file: Path) -> set[bytes]:
    found, last = set(), b""
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            both, returns, breaks = chunk.count(b"\r\n"), chunk.count(b"\r"), chunk.count(b"\n")
            split = last == b"\r" and chunk[:1] == b"\n"
            found |= {b"\r\n"} if both or split else set()
            found |= {b"\n"} if breaks > both + split else set()
            found |= {b"\r"} if returns > both + (chunk[-1:] == b"\r") else set()
            last = chunk[-1:]
    return found


def _unpacked(file: Path, source: TableSource, target: Path) -> Path:
    """The sheet as CSV text in the settings' own number and date format, so that one reader serves both."""
    with target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([_cell_text(cell, source) for cell in row] for row in _sheet_rows(file, source))
    if not target.stat().st_size:
        raise DataError.of(file.name, "expected rows, got an empty sheet", "name the sheet that holds the data")
    return target


def _sheet_rows(file: Path, source: TableSource) -> Iterator[Sequence[object]]:
    book, header = Workbook(file), None
    try:
        for title in source.sheets or (source.sheet or book.shown[0],):
            for number, row in book.rows(title):
                if number > source.header_row or (number == source.header_row and header is None):
                    yield row
                if number == source.header_row:
                    header = header or _names(row)
                    if _names(row) != header:
                        rule = f'sheet "{title}" has other columns in row {number} than "{source.sheets[0]}"'
                        raise DataError.of(file.name, rule, "give all sheets the same header, or take it out of sheets")
    finally:
        book.close()


def _names(row: Sequence[object]) -> list[str]:
    """A sheet's header, without the empty cells behind it."""
    names = ["" if cell is None else str(cell).strip() for cell in row]
    return names[: max((at for at, name in enumerate(names, 1) if name), default=0)]


def _tidy(file: Path, source: TableSource, target: Path, told: Told) -> Path:
    """A report's rows as its layout settings mean them, as CSV text in the settings' own format."""
    rows = _rows(file, source)
    with target.open("w", encoding="utf-8", newline="") as out:
        for row in tidied(rows, replace(source, file=file.name), told):
            csv.writer(out).writerow([_cell_text(cell, source) for cell in row])
    return target


def _rows(file: Path, source: TableSource) -> Iterator[Sequence[object]]:
    """A file's rows from its header on."""
    suffix = file.suffix.lower()
    if suffix in WORKBOOKS:
        yield from _sheet_rows(file, source)
    elif suffix in (".parquet", ".pq"):
        opened = pyarrow.parquet.ParquetFile(file)
        yield opened.schema_arrow.names
        for batch in opened.iter_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    else:
        encoding = "utf-8-sig" if source.encoding.lower() in _UTF8 else source.encoding
        delimiter = source.delimiter or _delimiter(file, source.skip_rows, encoding)
        width = 0
        for row in _records(file, delimiter, source.skip_rows, encoding):
            width = width or len(row)
            if any(cell.strip() for cell in row[width:]):
                rule = f"a row does not divide into the header's columns: {delimiter.join(row)[:60]}"
                raise DataError.of(file.name, rule, "quote texts that hold the delimiter, or name the right delimiter")
            yield row[:width]


def _csv_options(read: list[Path], files: list[Path], source: TableSource, unpacked: bool) -> str:
    """The options of DuckDB's reader, with everything named: guessing costs seconds over hundreds of files."""
    skip = 0 if unpacked else source.skip_rows
    delimiter = "," if unpacked else source.delimiter or _delimiter(read[0], skip)
    # The header's names, made unique and never empty.
    headers = [unique_names(next(_records(file, delimiter, skip), [])) for file in read]
    for file, header in zip(files, headers, strict=True):
        if not header:
            remedy = f"lower skip_rows, which is {source.skip_rows}" if source.skip_rows else "export it again"
            raise DataError.of(file.name, "expected a header row, got none", remedy)
    options = {"header": "true", "quote": "'\"'", "escape": "'\"'", "delim": quoted(delimiter), "skip": str(skip)}
    if all(header == headers[0] for header in headers):
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in headers[0])
        options |= {"auto_detect": "false", "columns": "{" + columns + "}"}
    else:
        _same_columns(dict(zip(files, headers, strict=True)), source)
        options |= {"all_varchar": "true", "union_by_name": "true"}
    if skip or source.total_rows:
        # Reports pad their title and total lines unevenly; with padding, quoted newlines need one thread.
        options |= {"null_padding": "true", "parallel": "false", "strict_mode": "false"}
    return ", ".join(f"{key} = {value}" for key, value in options.items())


def _same_columns(headers: dict[Path, list[str]], source: TableSource) -> None:
    """Refuse files that lack a column which another file of the pattern has: its cells would be read as empty."""
    folded = {file: {name.casefold() for name in names} for file, names in headers.items()}
    wanted = {*source.columns.values(), *TABLES[source.name].names}
    everywhere = {name for name in wanted if any(name.casefold() in names for names in folded.values())}
    problems = [
        Problem(
            file.name, name, "expected this column, as other files have it, not there", "name it alike in all files"
        )
        for file, names in folded.items()
        for name in sorted(everywhere)
        if name.casefold() not in names
    ]
    if problems:
        raise DataError(problems=problems)


def _records(file: Path, delimiter: str, skip: int, encoding: str = "utf-8-sig") -> Iterator[list[str]]:
    """Records, not lines: DuckDB's own `skip` counts a title with a line break in quotes as one."""
    try:
        with file.open(encoding=encoding, newline="") as text:
            yield from itertools.islice(csv.reader(text, delimiter=delimiter), skip, None)
    except csv.Error as error:
        raise DataError.of(
            file.name, f"is no CSV text: {error}", "look for a quotation mark that is not closed"
        ) from None
    except LookupError:
        raise DataError.of(
            file.name, f'"{encoding}" is not an encoding', 'use "utf-8", "cp1252", "utf-16" ...'
        ) from None
    except UnicodeError:
        remedy = 'name the file\'s encoding in the settings, such as encoding = "cp1252"'
        raise DataError.of(
            file.name, f"expected {'UTF-8' if encoding in _UTF8 else encoding} text, got other bytes", remedy
        ) from None


def _delimiter(file: Path, skip: int, encoding: str = "utf-8-sig") -> str:
    """The sign that divides the header into most names."""
    return max(",;\t|", key=lambda sign: len(next(_records(file, sign, skip, encoding), [])))


def _cell_text(value: object, source: TableSource) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return written(value, source)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).replace(".", source.decimal) if isinstance(value, float) else str(value)


def _literal(path: Path) -> str:
    """A path in which DuckDB sees no pattern."""
    return "".join(f"[{sign}]" if sign in "[*?" else sign for sign in path_text(path))


def quoted(text: str) -> str:
    """Text as SQL's literal."""
    return "'" + text.replace("'", "''") + "'"
