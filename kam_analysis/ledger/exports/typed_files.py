"""Opening exports that carry types: Excel workbooks and Parquet files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger.exports.guess import Alternative, Question
from kam_analysis.ledger.exports.header import LOOKED_AT, HeaderRow, Layout, Row, find_header, named, preface_of
from kam_analysis.ledger.exports.wording import quoted

_OLE = b"\xd0\xcf\x11\xe0"
_BATCH = 10_000


def open_workbook(path: Path) -> Layout:
    """The layout of the sheet that has a header.

    Several sheets with the same columns ("2024", "2025") are a question: only one can be read.
    Raises `DataError` for a workbook with a password, a broken one, and one without a header.
    """
    tops, found = _headers(path)
    title = max(found, key=lambda each: found[each].known)  # the first of equals
    headers = {each: tops[each][at.index] for each, at in found.items()}
    number, names = headers[title][0], named(headers[title][1])

    def below() -> Iterator[Row]:
        opened = _book(path)
        try:
            for row in _rows(opened[title]):
                if row[0] > number:
                    yield row
        finally:
            opened.close()

    alike = [each for each in found if named(headers[each][1]) == names]
    questions = (_which_sheet(alike),) if len(alike) > 1 else ()
    reading = {"header_row": number} | ({} if questions else {"sheet": title})
    said = (
        f'sheet "{title}" is read' + (f" of {len(tops)}" if len(tops) > 1 else "") + f"; its header is row {number}",
    )
    preface = preface_of(tops[title][: found[title].index])
    return Layout(names, below, reading, said, questions, preface=preface)


def _headers(path: Path) -> tuple[dict[str, list[Row]], dict[str, HeaderRow]]:
    """The first rows of each sheet, and where those that have a header have it."""
    book = _book(path)
    try:
        tops = {sheet.title: list(_rows(sheet, LOOKED_AT)) for sheet in book.worksheets}
    finally:
        book.close()
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


def _book(path: Path) -> Any:
    with path.open("rb") as file:
        is_ole = file.read(4) == _OLE
    if is_ole:
        rule = "the workbook has a password, or is in the old .xls format"
        raise DataError(problems=[Problem(path.name, "", rule, "save it as .xlsx without a password")])
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception:  # openpyxl has no family of its own: zip, key, value and XML errors
        rule = "cannot be opened as an Excel workbook: the file is broken or of another kind"
        raise DataError(
            problems=[Problem(path.name, "", rule, "save it again as .xlsx, or export it as CSV")]
        ) from None


def _rows(sheet: Any, most: int | None = None) -> Iterator[Row]:
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # some programs write a wrong size, and rows would be cut to it
    yield from enumerate(sheet.iter_rows(max_row=most, values_only=True), 1)


def open_parquet(path: Path) -> Layout:
    """The layout of one Parquet file; types are its own. Raises `DataError` where it cannot be read."""
    try:
        with duckdb.connect() as engine:
            described = engine.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error:
        raise _broken_parquet(path) from None
    header = tuple(str(row[0]) for row in described)

    def below() -> Iterator[Row]:
        with duckdb.connect() as engine:
            try:
                found = engine.execute(f"SELECT {_without_zones(described)} FROM read_parquet(?)", [str(path)])
                number = 0
                while batch := found.fetchmany(_BATCH):
                    for cells in batch:
                        number += 1
                        yield number, cells
            except duckdb.Error:  # a header in order says nothing of the pages
                raise _broken_parquet(path) from None

    return Layout(header, below, {}, ("columns and their types are the Parquet file's own",))


def _broken_parquet(path: Path) -> DataError:
    rule = "cannot be read as Parquet: the file is broken or of another kind"
    return DataError(problems=[Problem(path.name, "", rule, "export it again")])


def _without_zones(described: list[Any]) -> str:
    """The columns, points in time without their zone: fetching those needs a package that is not installed."""
    names = ['"' + str(row[0]).replace('"', '""') + '"' for row in described]
    kinds = [str(row[1]) for row in described]
    casts = zip(names, kinds, strict=True)
    return ", ".join(f"CAST({name} AS TIMESTAMP)" if "TIME ZONE" in kind else name for name, kind in casts)
