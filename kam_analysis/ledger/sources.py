"""Where tables are read from: files by DuckDB, database tables and queries by any Ibis backend.

A `Connection` belongs to one `Settings`. It opens tables under the workbook's column names, runs
expressions, and turns whatever a driver says into a `DataError` without the URL in it.
"""

import codecs
import csv
import glob
import itertools
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import openpyxl
import pandas as pd

from kam_analysis.errors import DataError, Problem, nearest
from kam_analysis.ledger.columns import day
from kam_analysis.ledger.schema import TABLES
from kam_analysis.ledger.settings import Settings, TableSource

_UTF8 = ("utf-8", "utf8", "utf-8-sig", "ascii")


@dataclass(frozen=True)
class Opened:
    """One table under our column names, values as the source gives them (text not yet read).

    `left_out` are the total lines and repeated headers that were taken away, where such were named.
    """

    name: str
    table: ir.Table
    source: TableSource
    described: str
    left_out: ir.Table | None = None
    from_text: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of our columns that the source has."""
        return tuple(self.table.columns)


class Connection:
    """Opens the tables of one company's settings; nothing is written to a user's database."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # Transcoded and unpacked copies live as long as the connection.
        self._scratch = Path(tempfile.mkdtemp(prefix="kam-"))
        weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
        with self.guarded("connection"):
            self.database = _connect(settings)
            self._duck = self.database if self.database.name == "duckdb" else ibis.duckdb.connect()
            # Paths inside a query are relative to data_dir; what does not fit into memory goes to the scratch folder.
            self._duck.raw_sql(f"SET file_search_path = {_quoted(str(settings.data_dir))}")
            self._duck.raw_sql(f"SET temp_directory = {_quoted(str(self._scratch))}")

    @contextmanager
    def guarded(self, where: str) -> Iterator[None]:
        """Turn a driver's exception into a sentence that shows neither URL nor local path."""
        try:
            yield
        except (DataError, KeyboardInterrupt):
            raise
        except Exception as error:
            raise DataError(problems=[self._explained(error, where)]) from None

    def _explained(self, error: Exception, where: str) -> Problem:
        message = self.settings.url.cleaned(" ".join(str(error).split()))
        for path in (str(self._scratch), str(self.settings.data_dir)):
            message = message.replace(path + "/", "").replace(path, "data_dir")
        if "unicode" in message.lower() or "utf-8" in message.lower():
            return Problem(
                where,
                "",
                "expected UTF-8 text, got other bytes",
                'name the file\'s encoding in the settings, such as encoding = "cp1252"',
            )
        if torn := re.search(r"CSV Error on Line: (\d+)", message):
            rule = f"line {torn[1]} does not divide into the header's columns"
            remedy = "quote texts that hold the delimiter, or name the right one in the settings: delimiter"
            return Problem(where, "", rule, remedy)
        if where == "connection":
            engine = self.settings.url.engine
            return Problem(
                where,
                "",
                f"no answer from the {engine} database: {message[:200]}",
                "check that it runs, the address in the environment variable, and your access",
            )
        return Problem(
            where, "", f"cannot be read: {message[:300]}", "mend the file, or how the settings say it is read"
        )

    def open(self, name: str) -> Opened:
        """One table under our names. Raises `DataError` with every missing column."""
        source = self.settings.tables[name]
        with self.guarded(name):
            if source.file:
                raw, described = self._file(source)
            elif source.query:
                raw, described = self._query(source), f"query {name}"
            else:
                raw, described = self.database.table(source.table), source.table
            kept, left_out = _without_totals(raw, source)
            table, from_text = self._renamed(kept, source), _is_text(source)
            return Opened(name, self.hold(table, name) if from_text else table, source, described, left_out, from_text)

    def hold(self, table: ir.Table, name: str) -> ir.Table:
        """A copy inside the engine, so that text is parsed once and not for every question."""
        self._duck.raw_sql(f"CREATE OR REPLACE TEMP TABLE kam_held_{name} AS {self._duck.compile(table)}")
        return self._duck.table(f"kam_held_{name}")

    def fetch(self, expression: Any, where: str) -> Any:
        """Run an expression; a frame, or a number for a scalar."""
        with self.guarded(where):
            return expression.to_pandas()

    def _renamed(self, raw: ir.Table, source: TableSource) -> ir.Table:
        table = TABLES[source.name]
        wanted = {name: source.columns.get(name, name) for name in table.names}
        if source.name == "transactions":
            wanted |= {m.column: source.columns.get(m.column, m.column) for m in self.settings.measures.values()}
        folded = {column.strip().casefold(): column for column in raw.columns}
        found, problems = {}, []
        for ours, theirs in wanted.items():
            column = theirs if theirs in raw.columns else folded.get(theirs.strip().casefold())
            needed = ours in source.columns or ours in table.required or ours not in table.names
            if column is not None:
                found[ours] = raw[column]
            elif needed:
                problems.append(_missing(source, ours, theirs, raw.columns))
        if problems:
            raise DataError(problems=problems)
        return raw.select(**found)

    def _query(self, source: TableSource) -> ir.Table:
        if self.database.name != "duckdb":
            return self.database.sql(source.query.rstrip().rstrip(";"))
        # A view instead of Ibis's own parsing: DuckDB's whole language works, PIVOT included.
        body = f"SELECT * FROM ({source.query.rstrip().rstrip(';')})"
        try:
            return self._view(source.name, body)
        except duckdb.Error as error:
            if "PIVOT" not in str(error):
                raise
            self._duck.raw_sql(f"CREATE OR REPLACE TEMP TABLE kam_{source.name}_rows AS {body}")
            return self._duck.table(f"kam_{source.name}_rows")

    def _view(self, name: str, body: str) -> ir.Table:
        self._duck.raw_sql(f"CREATE OR REPLACE TEMP VIEW kam_{name} AS {body}")
        return self._duck.table(f"kam_{name}")

    def _file(self, source: TableSource) -> tuple[ir.Table, str]:
        files = self._files(source)
        described = source.file if len(files) > 1 else files[0].name
        suffix = files[0].suffix.lower()
        if suffix in (".parquet", ".pq"):
            listed = ", ".join(_quoted(str(file)) for file in files)
            return self._view(source.name, f"SELECT * FROM read_parquet([{listed}], union_by_name = true)"), described
        if suffix in (".xlsx", ".xlsm"):
            files = [self._unpacked(file, source) for file in files]
        elif source.encoding.lower() not in _UTF8:
            files = [self._transcoded(file, source.encoding) for file in files]
        return self._view(
            source.name, f"SELECT * FROM {_read_csv(files, source, suffix.startswith('.xls'))}"
        ), described

    def _files(self, source: TableSource) -> list[Path]:
        pattern = Path(source.file).expanduser()
        found = sorted(Path(match) for match in glob.glob(str(self.settings.data_dir / pattern), recursive=True))
        files = [file for file in found if file.is_file()]
        if not files:
            is_glob = any(sign in source.file for sign in "*?[")
            rule = f'no file matches "{source.file}"' if is_glob else f'file "{source.file}" is not there'
            raise DataError(
                problems=[
                    Problem(source.name, "", rule, "correct the path; it is relative to data_dir in the settings")
                ]
            )
        if len({file.suffix.lower() for file in files}) > 1:
            raise DataError(
                problems=[
                    Problem(
                        source.name,
                        "",
                        f'"{source.file}" matches files of several kinds',
                        "make the pattern match one kind",
                    )
                ]
            )
        empty = [file.name for file in files if file.stat().st_size == 0]
        if empty:
            raise DataError(
                problems=[
                    Problem(
                        source.name,
                        "",
                        "expected rows, got an empty file",
                        "export it again",
                        len(empty),
                        tuple(empty[:5]),
                    )
                ]
            )
        return files

    def _transcoded(self, file: Path, encoding: str) -> Path:
        target = self._scratch / f"{len(list(self._scratch.iterdir()))}-{file.stem}.csv"
        try:
            codecs.lookup(encoding)
            with (
                file.open(encoding=encoding, newline="") as theirs,
                target.open("w", encoding="utf-8", newline="") as ours,
            ):
                while chunk := theirs.read(1 << 20):
                    ours.write(chunk)
        except LookupError:
            raise DataError(
                problems=[
                    Problem(
                        file.name,
                        "",
                        f'"{encoding}" is not an encoding',
                        'use "utf-8", "cp1252", "latin-1", "utf-16" ...',
                    )
                ]
            ) from None
        except UnicodeError:
            raise DataError(
                problems=[
                    Problem(
                        file.name,
                        "",
                        f"expected {encoding} text, got other bytes",
                        "name the encoding that the file really has",
                    )
                ]
            ) from None
        return target

    def _unpacked(self, file: Path, source: TableSource) -> Path:
        """The sheet as CSV text in the settings' own number and date format, so that one reader serves both."""
        target = self._scratch / f"{len(list(self._scratch.iterdir()))}-{file.stem}.csv"
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except Exception:  # openpyxl has no family of its own: zip, key and value errors
            raise DataError(
                problems=[
                    Problem(file.name, "", "cannot be opened as a workbook", "save it as .xlsx without a password")
                ]
            ) from None
        if source.sheet and source.sheet not in book.sheetnames:
            raise DataError(
                problems=[
                    Problem(file.name, "", f'has no sheet "{source.sheet}"', nearest(source.sheet, book.sheetnames))
                ]
            )
        sheet = book[source.sheet] if source.sheet else book.worksheets[0]
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()  # some programs write a wrong size, and rows would be cut
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            for row in sheet.iter_rows(min_row=source.header_row):
                writer.writerow([_cell_text(cell, source) for cell in row])
        book.close()
        if not target.stat().st_size:
            raise DataError(
                problems=[
                    Problem(file.name, "", "expected rows, got an empty sheet", "name the sheet that holds the data")
                ]
            )
        return target


def _without_totals(raw: ir.Table, source: TableSource) -> tuple[ir.Table, ir.Table | None]:
    """Rows that are rows, and those that are blank, totals or repeated headers.

    A total line has no date that can be read, and a cell that starts with one of `total_rows`; or no
    date and no account, and nothing but amounts.
    """
    date_column = source.columns.get("date", "date")
    texts = [name for name, kind in raw.schema().items() if kind.is_string()]
    if not source.file or not texts or len(texts) < len(raw.columns):
        return raw, None
    blank = ibis.and_(*(_empty(raw[name]) for name in texts))
    if date_column not in texts or not source.total_rows:
        return raw.filter(~blank), None
    no_date = _empty(raw[date_column])
    cells = [raw[name].strip().lower() for name in texts]
    word = ibis.or_(*(cell.startswith(each.lower()) for cell in cells for each in source.total_rows)).fill_null(False)
    amounts_only = ibis.and_(*(_empty(raw[name]) | raw[name].re_search(r"^[\s\d.,'()+-]+$") for name in texts))
    header = (raw[date_column].strip() == date_column).fill_null(False)
    account = source.columns.get("account_id", "account_id")
    nobody = _empty(raw[account]) if account in texts else ibis.literal(True)
    # "Total" may stand in the date's own cell.
    undated = day(raw[date_column], source).isnull()
    total = (undated & word) | (no_date & amounts_only & nobody) | header
    return raw.filter(~blank & ~total), raw.filter(~blank & total)


def _empty(text: ir.Value) -> ir.Value:
    return text.isnull() | (text.strip() == "")


def _is_text(source: TableSource) -> bool:
    """Whether rows come from text that would be parsed again for every question; Parquet would not."""
    where = (source.file or source.query).lower()
    return any(kind in where for kind in (".csv", ".tsv", ".txt", ".json", ".xlsx", ".xlsm", "read_csv"))


def _connect(settings: Settings) -> Any:
    url = settings.url.reveal()
    if url.startswith("duckdb://") and url.removeprefix("duckdb://") not in ("", ":memory:"):
        file = (settings.data_dir / url.removeprefix("duckdb://")).resolve()
        # Read-only: a writer would lock out every other reader.
        return ibis.duckdb.connect(file, read_only=True)
    return ibis.duckdb.connect() if url.startswith("duckdb://") else ibis.connect(url)


def _read_csv(files: list[Path], source: TableSource, unpacked: bool) -> str:
    """The call of DuckDB's reader, with everything named: guessing costs seconds over hundreds of files."""
    skip = 0 if unpacked else source.skip_rows
    delimiter = "," if unpacked else source.delimiter or _delimiter(files[0], skip)
    headers = [_header(file, delimiter, skip) for file in files]
    options = {"header": "true", "quote": "'\"'", "escape": "'\"'", "delim": _quoted(delimiter), "skip": str(skip)}
    if all(header == headers[0] for header in headers):
        columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in headers[0])
        options |= {"auto_detect": "false", "columns": "{" + columns + "}"}
    else:
        options |= {"all_varchar": "true", "union_by_name": "true"}
    if skip or source.total_rows:
        # Reports pad their title and total lines unevenly; with padding, quoted newlines need one thread.
        options |= {"null_padding": "true", "parallel": "false", "strict_mode": "false"}
    listed = ", ".join(_quoted(str(file)) for file in files)
    return f"read_csv([{listed}], {', '.join(f'{key} = {value}' for key, value in options.items())})"


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


def _missing(source: TableSource, ours: str, theirs: str, columns: Mapping[str, Any] | tuple[str, ...]) -> Problem:
    said = f'expected column "{theirs}"' + ("" if theirs == ours else f" for {ours}")
    return Problem(
        source.name,
        theirs,
        f"{said}, not there",
        f'{nearest(theirs, columns)} Say it in the settings: columns = {{ {ours} = "your column" }}',
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def empty_frame(name: str) -> pd.DataFrame:
    """A frame with a table's columns and no rows."""
    return pd.DataFrame({column: pd.Series(dtype=object) for column in TABLES[name].names})
