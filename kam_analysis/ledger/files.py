"""Files as DuckDB reads them: CSV in the company's own format, XLSX and other encodings by way of UTF-8 text, Parquet."""

import codecs
import csv
import glob
import itertools
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from kam_analysis.errors import DataError, Problem, nearest
from kam_analysis.ledger.endless import ENDLESS, is_endless
from kam_analysis.ledger.settings import TableSource
from kam_analysis.path_text import path_text

_UTF8 = ("utf-8", "utf8", "utf-8-sig", "ascii")
_WORKBOOKS = (".xlsx", ".xlsm")


def found_files(source: TableSource, data_dir: Path) -> list[Path]:
    """The files that `source.file` names, sorted; raises `DataError` where there is nothing to read."""
    pattern = str(data_dir / Path(source.file).expanduser())
    files = [file for match in sorted(glob.glob(pattern, recursive=True)) if (file := Path(match)).is_file()]
    if not files:
        is_pattern = any(sign in source.file for sign in "*?[")
        rule = f'no file matches "{source.file}"' if is_pattern else f'file "{source.file}" is not there'
        if not is_pattern and is_endless(Path(pattern)):
            rule = f'"{source.file}" {ENDLESS}'
        raise _broken(source.name, rule, "correct the path; it is relative to data_dir in the settings")
    if len({file.suffix.lower() for file in files}) > 1:
        raise _broken(source.name, f'"{source.file}" matches files of several kinds', "make the pattern match one kind")
    empty = [file.name for file in files if file.stat().st_size == 0]
    if empty:
        rule = f"expected rows, got an empty file ({', '.join(empty[:5])})"
        raise _broken(source.name, rule, "export it again")
    return files


def reader_call(files: list[Path], source: TableSource, scratch: Path) -> str:
    """The call of DuckDB's reader for files of one kind; text of other kinds is written to `scratch` first."""
    suffix = files[0].suffix.lower()
    if suffix in (".parquet", ".pq"):
        return f"read_parquet([{_listed(files)}], union_by_name = true)"
    if suffix in _WORKBOOKS:
        files = [_unpacked(file, source, scratch / f"{at}.csv") for at, file in enumerate(files, _used(scratch))]
    elif source.encoding.lower() not in _UTF8:
        files = [
            _transcoded(file, source.encoding, scratch / f"{at}.csv") for at, file in enumerate(files, _used(scratch))
        ]
    return _read_csv(files, source, suffix in _WORKBOOKS)


def _used(scratch: Path) -> int:
    return len(list(scratch.iterdir()))


def _broken(where: str, rule: str, remedy: str) -> DataError:
    return DataError(problems=[Problem(where, "", rule, remedy)])


def _transcoded(file: Path, encoding: str, target: Path) -> Path:
    try:
        codecs.lookup(encoding)
    except LookupError:
        remedy = 'use "utf-8", "cp1252", "latin-1", "utf-16" ...'
        raise _broken(file.name, f'"{encoding}" is not an encoding', remedy) from None
    try:
        with file.open(encoding=encoding, newline="") as theirs, target.open("w", encoding="utf-8", newline="") as ours:
            while chunk := theirs.read(1 << 20):
                ours.write(chunk)
    except UnicodeError:
        rule = f"expected {encoding} text, got other bytes"
        raise _broken(file.name, rule, "name the encoding that the file really has") from None
    return target


def _unpacked(file: Path, source: TableSource, target: Path) -> Path:
    """The sheet as CSV text in the settings' own number and date format, so that one reader serves both."""
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Exception:  # openpyxl has no family of its own: zip, key and value errors
        raise _broken(file.name, "cannot be opened as a workbook", "save it as .xlsx without a password") from None
    if source.sheet and source.sheet not in book.sheetnames:
        raise _broken(file.name, f'has no sheet "{source.sheet}"', nearest(source.sheet, book.sheetnames))
    sheet = book[source.sheet] if source.sheet else book.worksheets[0]
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # some programs write a wrong size, and rows would be cut
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for row in sheet.iter_rows(min_row=source.header_row):
            writer.writerow([_cell_text(cell, source) for cell in row])
    book.close()
    if not target.stat().st_size:
        raise _broken(file.name, "expected rows, got an empty sheet", "name the sheet that holds the data")
    return target


def _read_csv(files: list[Path], source: TableSource, unpacked: bool) -> str:
    """The call of DuckDB's reader, with everything named: guessing costs seconds over hundreds of files."""
    skip = 0 if unpacked else source.skip_rows
    delimiter = "," if unpacked else source.delimiter or _delimiter(files[0], skip)
    headers = [_header(file, delimiter, skip) for file in files]
    options = {"header": "true", "quote": "'\"'", "escape": "'\"'", "delim": quoted(delimiter), "skip": str(skip)}
    if all(header == headers[0] for header in headers):
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in headers[0])
        options |= {"auto_detect": "false", "columns": "{" + columns + "}"}
    else:
        options |= {"all_varchar": "true", "union_by_name": "true"}
    if skip or source.total_rows:
        # Reports pad their title and total lines unevenly; with padding, quoted newlines need one thread.
        options |= {"null_padding": "true", "parallel": "false", "strict_mode": "false"}
    return f"read_csv([{_listed(files)}], {', '.join(f'{key} = {value}' for key, value in options.items())})"


def _records(file: Path, delimiter: str, skip: int) -> Iterator[list[str]]:
    """Records, not lines: DuckDB's own `skip` counts a title with a line break in quotes as one."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        yield from itertools.islice(csv.reader(text, delimiter=delimiter), skip, None)


def _delimiter(file: Path, skip: int) -> str:
    """The sign that divides the header into most names."""
    return max(",;\t|", key=lambda sign: len(next(_records(file, sign, skip), [])))


def _header(file: Path, delimiter: str, skip: int) -> list[str]:
    """The header's names, made unique and never empty."""
    names: list[str] = []
    for position, name in enumerate(next(_records(file, delimiter, skip), [])):
        plain = name.strip() or f"column {position + 1}"
        names.append(plain if plain not in names else f"{plain} ({position + 1})")
    return names


def _cell_text(cell: Any, source: TableSource) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime(source.date_format) if source.date_format else value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        zeros = getattr(cell, "number_format", "") or ""
        # A cell formatted "00000" shows 7 as 00007: the shown text is the id that people know.
        if float(value).is_integer() and set(zeros) == {"0"} and len(zeros) > 1:
            return str(int(value)).zfill(len(zeros))
        return str(value).replace(".", source.decimal)
    return str(value)


def _listed(files: list[Path]) -> str:
    return ", ".join(quoted(path_text(file)) for file in files)


def quoted(text: str) -> str:
    """Text as SQL's literal."""
    return "'" + text.replace("'", "''") + "'"
