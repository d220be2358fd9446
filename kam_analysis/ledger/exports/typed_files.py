"""Opening exports that carry types: workbooks and Parquet files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger.exports.guess import Alternative, Question
from kam_analysis.ledger.exports.header import LOOKED_AT, HeaderRow, Layout, Row, find_header, named, preface_of
from kam_analysis.ledger.toml_text import quoted
from kam_analysis.ledger.workbooks import Workbook
from kam_analysis.stopping import interruptible

_BATCH = 10_000


def open_workbook(path: Path) -> Layout:
    """The layout of the sheet that has a header.

    Several sheets with the same columns ("2024", "2025") are a question: only one can be read.
    Raises `DataError` for a workbook with a password, a broken one, and one without a header.
    """
    book = Workbook(path)
    tops, found = _headers(book, path)
    title = max(found, key=lambda each: found[each].known)  # the first of equals
    headers = {each: tops[each][at.index] for each, at in found.items()}
    number, names = headers[title][0], named(headers[title][1])

    def below() -> Iterator[Row]:
        return (row for row in book.rows(title) if row[0] > number)

    alike = [each for each in found if named(headers[each][1]) == names]
    questions = (_which_sheet(alike),) if len(alike) > 1 else ()
    reading = {"header_row": number} | ({} if questions else {"sheet": title})
    said = (
        f'sheet "{title}" is read' + (f" of {len(tops)}" if len(tops) > 1 else "") + f"; its header is row {number}",
    )
    preface = preface_of(tops[title][: found[title].index])
    return Layout(names, below, reading, said, questions, preface=preface)


def _headers(book: Workbook, path: Path) -> tuple[dict[str, list[Row]], dict[str, HeaderRow]]:
    """The first rows of each sheet that people see, and where those that have a header have it."""
    tops = {title: list(book.rows(title, LOOKED_AT)) for title in book.shown}
    found = {title: header for title, top in tops.items() if (header := find_header(top))}
    if not found:
        if not any(tops.values()):
            raise DataError(problems=[Problem(path.name, "", "expected rows, got empty sheets", "export it again")])
        rule = "no sheet has a header row with names such as Customer no., Invoice date, Net sales"
        raise DataError(problems=[Problem(path.name, "", rule, "give the sheet column names")])
    return tops, found


def _which_sheet(titles: list[str]) -> Question:
    names = ", ".join(f'"{title}"' for title in titles)
    alternatives = tuple(Alternative(f'sheet "{title}"', (f"sheet = {quoted(title)}",)) for title in titles)
    text = f"sheets {names} have the same columns, and one is read: which? Put them into one sheet to have all"
    return Question(text, alternatives, holds="account_id")


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
    return DataError(problems=[Problem(path.name, "", rule, "export it again")])


def _without_zones(described: list[Any]) -> str:
    """The columns, points in time without their zone: fetching those needs a package that is not installed."""
    names = ['"' + str(row[0]).replace('"', '""') + '"' for row in described]
    kinds = [str(row[1]) for row in described]
    casts = zip(names, kinds, strict=True)
    return ", ".join(f"CAST({name} AS TIMESTAMP)" if "TIME ZONE" in kind else name for name, kind in casts)
