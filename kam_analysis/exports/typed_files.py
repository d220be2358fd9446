"""Opening exports that carry types: workbooks and Parquet files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from kam_analysis.errors import DataError
from kam_analysis.exports.sheets import of_sales, read_as_one
from kam_analysis.ledger.reading.workbooks import Workbook
from kam_analysis.ledger.sniffing.header import LOOKED_AT, HeaderRow, Layout, Row, find_header, named, preface_of
from kam_analysis.stopping import interruptible

_BATCH = 10_000


def open_workbook(path: Path) -> Layout:
    """The layout of the sheet that has the sales, or of several sheets of months or years that are read as one.

    Raises `DataError` for a workbook with a password, a broken one, and one without a header.
    """
    book = Workbook(path)
    tops, found = _headers(book, path)
    headers = {each: tops[each][at.index] for each, at in found.items()}
    title = of_sales(headers, {each: at.known for each, at in found.items()})
    number, names = headers[title][0], named(headers[title][1])
    together, told, questions = read_as_one(book, title, headers)

    def below() -> Iterator[Row]:
        return (row for each in together or (title,) for row in book.rows(each) if row[0] > number)

    sheets = {"sheets": together} if together else {} if questions else {"sheet": title}
    of = f" of {len(tops)}" if len(tops) > 1 else ""
    said = told or (f'sheet "{title}" is read{of}; its header is row {number}',)
    preface = preface_of(tops[title][: found[title].index])
    return Layout(names, below, {"header_row": number} | sheets, said, questions, preface=preface)


def _headers(book: Workbook, path: Path) -> tuple[dict[str, list[Row]], dict[str, HeaderRow]]:
    """The first rows of each sheet that people see, and where those that have a header have it."""
    tops = {title: list(book.rows(title, LOOKED_AT)) for title in book.shown}
    found = {title: header for title, top in tops.items() if (header := find_header(top))}
    if not found:
        if not any(tops.values()):
            raise DataError.of(path.name, "expected rows, got empty sheets", "export it again")
        rule = "no sheet has a header row with names such as Customer no., Invoice date, Net sales"
        raise DataError.of(path.name, rule, "give the sheet column names")
    return tops, found


def open_parquet(path: Path) -> Layout:
    """The layout of one Parquet file; types are its own. Raises `DataError` where it cannot be read."""
    try:
        with duckdb.connect() as engine, interruptible(engine.interrupt):
            described = engine.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error:
        raise _broken_parquet(path) from None
    header = tuple(str(row[0]) for row in described)

    def below() -> Iterator[Row]:
        with duckdb.connect() as engine:
            query = f"SELECT {_without_zones(described)} FROM read_parquet(?)"
            try:
                yield from enumerate(_fetched(engine, query, str(path)), 1)
            except duckdb.Error:  # a header in order says nothing of the pages
                raise _broken_parquet(path) from None

    return Layout(header, below, {}, ("columns and their types are the Parquet file's own",))


def _fetched(engine: duckdb.DuckDBPyConnection, query: str, path: str) -> Iterator[tuple[Any, ...]]:
    with interruptible(engine.interrupt):
        found = engine.execute(query, [path])
        batch = found.fetchmany(_BATCH)
    while batch:
        yield from batch
        with interruptible(engine.interrupt):
            batch = found.fetchmany(_BATCH)


def _broken_parquet(path: Path) -> DataError:
    rule = "cannot be read as Parquet: the file is broken or of another kind"
    return DataError.of(path.name, rule, "export it again")


def _without_zones(described: list[Any]) -> str:
    """The columns, points in time without their zone: fetching those needs a package that is not installed."""
    names = ['"' + str(row[0]).replace('"', '""') + '"' for row in described]
    kinds = [str(row[1]) for row in described]
    casts = zip(names, kinds, strict=True)
    return ", ".join(f"CAST({name} AS TIMESTAMP)" if "TIME ZONE" in kind else name for name, kind in casts)
