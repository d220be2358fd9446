"""What stands in a cell of a report that people print: nothing, a number, a column of ours."""

from collections.abc import Iterator
from decimal import Decimal

from kam_analysis.ledger.reading.written_amounts import amount_in
from kam_analysis.ledger.settings.settings import TableSource

Cells = list[object]
# A table on its way: its header, and its rows.
Laid = tuple[list[str], Iterator[Cells]]


def blank(cell: object) -> bool:
    """Whether a cell has nothing in it."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def number_in(cell: object, source: TableSource) -> Decimal | None:
    """The exact number in a cell, typed or written; None where there is none."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float | Decimal):
        return Decimal(str(cell))
    return amount_in(cell, source) if isinstance(cell, str) and cell.strip() else None


def place_of(header: list[str], name: str) -> int | None:
    """Where a column stands, as written or but for capitals; None where it is not there."""
    folded = [each.casefold() for each in header]
    return (
        header.index(name) if name in header else folded.index(name.casefold()) if name.casefold() in folded else None
    )


def name_of(source: TableSource, name: str) -> str:
    """What the user calls one of our columns."""
    return source.columns.get(name, name)
