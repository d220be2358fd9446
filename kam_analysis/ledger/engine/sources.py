"""Where tables are read from: files by DuckDB, database tables and queries by any Ibis backend.

A `Connection` belongs to one `Settings`. It opens tables under the workbook's column names, runs
expressions, and turns whatever a driver says into a `DataError` without the URL in it.
"""

import re
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import uuid4

import duckdb
import ibis
import ibis.backends.duckdb  # the default engine, loaded with this module and not at the first question
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis.common.exceptions import TableNotFound

from kam_analysis.errors import DataError, Problem, nearest
from kam_analysis.ledger.engine import columns, embedded
from kam_analysis.ledger.engine.customers_of_sales import one_row_each, read_as
from kam_analysis.ledger.engine.databases import connect, disconnect, interrupt, refuse_commands, without_memory_tables
from kam_analysis.ledger.engine.explained_errors import explained
from kam_analysis.ledger.engine.opened_once import whole
from kam_analysis.ledger.engine.rows import without_totals
from kam_analysis.ledger.engine.statements import one_duckdb_select, one_select
from kam_analysis.ledger.reading.files import FILE, quoted, reader
from kam_analysis.ledger.reading.found_files import found_files
from kam_analysis.ledger.reading.layouts import Told
from kam_analysis.ledger.reading.workbooks import WORKBOOKS
from kam_analysis.ledger.settings.settings import TABLES, Column, Settings, TableSource
from kam_analysis.own_folder import new_folder, remove_folder
from kam_analysis.path_text import path_text
from kam_analysis.stopping import interruptible


@dataclass(frozen=True)
class Opened:
    """One table under our column names, values as the source gives them (text not yet read).

    `left_out` are the total lines and repeated headers that were taken away, where such were named. `located` is
    the table once more, where it comes from several files, with the file of each row in the column `FILE`. `raw` is
    the table with all columns of the source, under its own names.
    """

    name: str
    table: ir.Table
    source: TableSource
    described: str
    left_out: ir.Table | None = None
    from_text: bool = False
    located: ir.Table | None = None
    told: Told = field(default_factory=Told)
    raw: ir.Table | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of our columns that the source has."""
        return tuple(name for name in self.table.columns if name not in self.statuses)

    @property
    def statuses(self) -> dict[str, str]:
        """Columns that say which rows are sales, under names that are not ours, and what the source calls them."""
        return {f"kam_status_{at}": theirs for at, theirs in enumerate(self.source.status_columns)}


@dataclass(frozen=True)
class SourceRows:
    """One table's rows that are rows, under the source's own names; the others as in `Opened`."""

    kept: ir.Table
    left_out: ir.Table | None
    described: str
    located: ir.Table | None
    told: Told


class Connection:
    """Opens the tables of one company's settings; nothing is written to a user's database."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # No table of the user's has such a name: a view that shadows it would read itself.
        self._ours = f"kam_{uuid4().hex}_"
        # JupyterLab answers a moved control on another thread than the cells run on.
        self.one_at_a_time = RLock()
        self._file_of: dict[str, Path] = {}
        # Transcoded and unpacked copies live as long as the connection.
        self._scratch = new_folder()
        weakref.finalize(self, remove_folder, self._scratch)
        with self.one_at_a_time, self.guarded("connection"):
            self.database = connect(settings, self._scratch)
            weakref.finalize(self, disconnect, self.database)
            self._duck = self.database if self.database.name == "duckdb" else embedded.opened("duckdb://", Path())
            embedded.set_up(self._duck, settings, self._scratch)

    @contextmanager
    def guarded(self, where: str) -> Iterator[None]:
        """Turn a driver's exception into a sentence that shows neither URL nor local path.

        Who enters it takes `one_at_a_time` before it: a signal may come between a generator's `yield` and the block,
        and a lock that such a generator holds would be given back by whichever thread finds it forgotten, or never.
        """
        try:
            with interruptible(self._interrupt):
                yield
        except Exception as error:
            told = error if isinstance(error, DataError) else DataError(problems=[self._explained(error, where)])
            try:
                raise told from None
            finally:
                told.__context__ = None  # the driver's own words may hold the password

    def _interrupt(self) -> None:
        """Stop what the engines do; called from another thread."""
        for engine in (vars(self).get("database"), vars(self).get("_duck")):  # neither while it connects
            interrupt(engine)

    def _explained(self, error: Exception, where: str) -> Problem:
        """In words, and without what of this machine is in the driver's own."""
        message = " ".join(self.settings.url.cleaned(str(error)).replace(self._ours, "").split())
        if (read := re.search(r"^\s*file = (.+?)\s*$", str(error), re.MULTILINE)) and read[1] in self._file_of:
            where = self._file_of[read[1]].name  # of many by a pattern, the faulty one
        for path in (str(self._scratch), str(self.settings.data_dir)):
            message = message.replace(path + "/", "").replace(path, "data_dir")
        return explained(error, message, where, settings=self.settings)

    def open(self, name: str) -> Opened:
        """One table under our names. Raises `DataError` with every missing column."""
        source = self.settings.tables[name]
        if source.from_sales:
            return self._of_sales(name, read_as(source, self.settings.tables["transactions"]))
        rows = self.source_rows(name)
        with self.one_at_a_time, self.guarded(name):
            table, located = self._renamed(rows.kept, source), None
            if rows.located is not None:
                located = self._renamed(without_totals(rows.located, source)[0], source, (FILE,))
            return Opened(
                name, table, source, rows.described, rows.left_out, _is_text(source), located, rows.told, rows.kept
            )

    def _of_sales(self, name: str, source: TableSource) -> Opened:
        """The accounts as the lines of the sales name them."""
        rows = self.source_rows("transactions", "named_")
        with self.one_at_a_time, self.guarded(name):
            return Opened(name, one_row_each(self._renamed(rows.kept, source), source), source, rows.described)

    def source_rows(self, name: str, prefix: str = "") -> "SourceRows":
        """One table's rows under the source's own names; a view of its own where a `prefix` is given."""
        source = self.settings.tables[name]
        located, told = None, Told()
        with self.one_at_a_time, self.guarded(name):
            if source.file:
                files = found_files(source, self.settings.data_dir)
                read = reader(files, source, self._scratch)
                self._file_of |= read.file_of
                told = read.told
                raw = self._view(prefix + name, f"SELECT * FROM {read.call()}")
                described = source.file if len(files) > 1 else files[0].name
                if len(files) > 1:
                    located = self._view(
                        f"{prefix}{name}_located", f"SELECT * FROM {read.call(f', filename = {quoted(FILE)}')}"
                    )
            elif source.query:
                raw, described = self._query(source), f"query {name}"
            else:
                raw, described = self._table(source.table), source.table
            return SourceRows(*without_totals(raw, source), described, located, told)

    def file_of(self, path: str) -> str:
        """The name of the user's own file, of one that the engine reads."""
        return self._file_of[path].name if path in self._file_of else Path(path).name

    def hold(self, table: ir.Table, name: str, keep: Path | None = None) -> ir.Table:
        """A copy inside the engine, so that text is parsed once and not for every question; `keep`: in that file, too."""
        made = self._made("TABLE", f"held_{name}", self._duck.compile(table))
        if keep is not None:
            copy = f"COPY {made.get_name()} TO {{}} (FORMAT parquet)"
            with suppress(OSError, duckdb.Error):  # no room for it: the next one parses again
                whole(keep, lambda part: self._duck.raw_sql(copy.format(quoted(path_text(part)))))
        return made

    def put_away(self, parts: Iterable[ir.Table], name: str) -> ir.Table:
        """What is too large to stay in the engine's memory: written into the scratch folder, a part after the other, and
        read from there whenever it is asked for."""
        files = []
        for at, part in enumerate(parts):
            files.append(path_text(self._scratch / f"{self._ours}{name}_{at}.parquet"))
            self._duck.to_parquet(part, files[-1])
        return self._view(name, f"SELECT * FROM read_parquet([{', '.join(map(quoted, files))}])")

    def held(self, name: str, kept: Path) -> ir.Table | None:
        """What was held and kept in a file; None where that cannot be read."""
        try:
            return self._made("VIEW", f"held_{name}", f"SELECT * FROM read_parquet({quoted(path_text(kept))})")
        except duckdb.Error:
            return None

    def fetch(self, expression: Any, where: str) -> Any:
        """Run an expression; a frame, or a number for a scalar."""
        with self.one_at_a_time, self.guarded(where):
            if isinstance(expression, ir.Table) and expression.get_backend().name == "duckdb":
                return _frame(expression.to_pyarrow())
            return without_memory_tables(expression).to_pandas()

    def _renamed(self, raw: ir.Table, source: TableSource, also: tuple[str, ...] = ()) -> ir.Table:
        table = TABLES[source.name]
        wanted = {name: source.columns.get(name, name) for name in table.names}
        own = [m.column for m in self.settings.measures.values()] if source.name == "transactions" else []
        wanted |= {name: source.columns.get(name, name) for name in own}
        folded = {_folded(column): column for column in raw.columns}
        found, problems = {}, []
        for ours, theirs in wanted.items():
            column = theirs if theirs in raw.columns else folded.get(_folded(theirs))
            if (source.name, ours) == ("transactions", "margin") and ours not in {*source.columns, *own}:
                continue  # of a sale it may be a percentage: taken only where the settings name it
            needed = ours in source.columns or ours in table.required or ours not in table.names
            if column is not None:
                found[ours] = self._without_nan(raw[column])
                problems += self._wrong_type(source, ours, column, raw[column].type())
            elif needed:
                problems.append(_missing(source, ours, theirs, raw.columns))
        for at, theirs in enumerate(source.status_columns):
            column = theirs if theirs in raw.columns else folded.get(_folded(theirs))
            if column is not None:
                found[f"kam_status_{at}"] = columns.raw_id(raw[column])
            else:
                rule = f'expected column "{theirs}" for keep, drop or subtract, not there'
                problems.append(Problem(source.name, theirs, rule, nearest(theirs, raw.columns)))
        if problems:
            raise DataError(problems=problems)
        return raw.select(*also, **found)

    def _wrong_type(self, source: TableSource, ours: str, theirs: str, kind: dt.DataType) -> list[Problem]:
        """The problem of a column that holds lists, or text where another engine than DuckDB should add it up or order it."""
        table = TABLES[source.name]
        column = table[ours] if ours in table.names else Column(ours, "number", "")
        if not (got := columns.unreadable_type(kind, column, bool(source.file) or self.database is self._duck)):
            return []
        wanted, example = columns.WANTED_TYPE.get(column.kind, ("text", "varchar"))
        remedy = f'cast it in the settings: query = "select ..., cast({theirs} as {example}) as {theirs} from ..."'
        if kind.is_nested():
            remedy = "export it with one value in each cell, or take it apart in a query"
        where = source.file or source.table or f"query {source.name}"
        return [Problem(where, theirs, f"expected {wanted}, got {got}", remedy)]

    def _without_nan(self, value: ir.Value) -> ir.Value:
        """PostgreSQL's exact numbers know NaN too; one of them would make a sum of everything none."""
        if self.database.name != "postgres" or not value.type().is_decimal():
            return value
        return value.nullif(ibis.literal("NaN").cast(value.type()))

    def _table(self, name: str) -> ir.Table:
        """A table by its name, with its schema (and catalog) before it where one is needed."""
        *where, last = name.split(".")
        ways = [(last, tuple(where) if len(where) > 1 else where[0])] if len(where) in (1, 2) and all(where) else []
        for each, database in (*ways, (name, None)):
            try:
                return self.database.table(each, database=database)
            except Exception as error:
                # Spark tells an unknown schema in its own way.
                if not isinstance(error, TableNotFound) and "NOT_FOUND" not in str(error):
                    raise
        rule = f'expected a table "{name}", not there or not yours to read'
        remedy = "write its schema before it, as in sales.invoice_lines, and check your access"
        raise DataError.of(name, rule, remedy)

    def _query(self, source: TableSource) -> ir.Table:
        where = f"query {source.name}"
        if self.database.name != "duckdb":
            text = one_select(where, source.query, self.database.name, self.database.dialect)
            if self.database.name == "pyspark":
                refuse_commands(where, text, self.database._session)
            return self.database.sql(text)
        # A view instead of Ibis's own parsing: DuckDB's whole language works, PIVOT included.
        body = f"SELECT * FROM (\n{one_duckdb_select(where, source.query, self._duck.con)}\n)"
        try:
            return self._view(source.name, body)
        except duckdb.Error as error:
            if "PIVOT" not in str(error):
                raise
            return self._made("TABLE", f"{source.name}_rows", body)

    def _view(self, name: str, body: str) -> ir.Table:
        return self._made("VIEW", name, body)

    def _made(self, kind: str, name: str, body: str) -> ir.Table:
        """A temporary table or view in the embedded engine."""
        self._duck.raw_sql(f"CREATE OR REPLACE TEMP {kind} {self._ours}{name} AS {body}")
        return self._duck.table(f"{self._ours}{name}")


def _frame(rows: pa.Table) -> pd.DataFrame:
    """Arrow's columns as pandas has them, for which `rows` is used up. Ibis makes an object of each where one is NULL."""
    days = [at for at, kind in enumerate(rows.schema.types) if pa.types.is_date(kind)]
    for at in days:
        rows = rows.set_column(at, rows.field(at).name, rows.column(at).cast(pa.timestamp("s")))
    return rows.to_pandas(split_blocks=True, self_destruct=True)


def _folded(name: str) -> str:
    """A column's name as people mean it: "Account ID" is account_id."""
    return "_".join(name.casefold().replace("_", " ").split())


def _is_text(source: TableSource) -> bool:
    """Whether rows come from text that would be parsed again for every question; Parquet would not."""
    where = (source.file or source.query).lower()
    if source.is_laid_out:
        return True
    return any(kind in where for kind in (".csv", ".tsv", ".txt", ".json", *WORKBOOKS, "read_csv"))


def _missing(source: TableSource, ours: str, theirs: str, columns: Mapping[str, Any] | tuple[str, ...]) -> Problem:
    said = f'expected column "{theirs}"' + ("" if theirs == ours else f" for {ours}")
    return Problem(
        source.name,
        theirs,
        f"{said}, not there",
        f'{nearest(theirs, columns)}; say it in the settings: columns = {{ {ours} = "your column" }}',
    )
