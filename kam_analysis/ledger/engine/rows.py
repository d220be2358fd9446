"""Which rows of a text file are rows, and which are blank, totals or repeated headers."""

import re
from collections.abc import Callable, Iterable

import ibis
import ibis.expr.types as ir

from kam_analysis.ledger.engine.columns import day, spaced
from kam_analysis.ledger.reading.files import FILE
from kam_analysis.ledger.reading.written_amounts import CURRENCY_SIGNS
from kam_analysis.ledger.settings.settings import TABLES, TableSource

# Of a table with more columns these are looked at, and those that are read: a question about thousands takes seconds.
_LOOKED_AT = 200
_AMOUNT = rf"^[\s\d.,'()+{re.escape(CURRENCY_SIGNS)}-]+$"


def without_totals(raw: ir.Table, source: TableSource) -> tuple[ir.Table, ir.Table | None]:
    """Rows that are rows, and those that are blank, totals or repeated headers.

    A total line has no date that can be read, and a cell that starts with one of `total_rows`; or no
    date and no account, and nothing but amounts.
    """
    date_column = source.columns.get("date", "date")
    theirs = {name: kind for name, kind in raw.schema().items() if name != FILE}
    texts = [name for name, kind in theirs.items() if kind.is_string()]
    if not source.file or not texts or len(texts) < len(theirs):
        return raw, None
    texts = [name for at, name in enumerate(texts) if at < _LOOKED_AT or name in _ours(source)]
    filled = raw[next((name for name in _usual(source) if name in texts), texts[0])]
    plainly = ((filled != "") & ~spaced(filled)).fill_null(False)
    # A row with an id is not blank: only without one do the other cells need a look.
    blank = ibis.ifelse(plainly, False, _all_empty([raw[name] for name in texts]))
    if date_column not in texts or not source.total_rows:
        return raw.filter(~blank), None
    no_date = _empty(raw[date_column])
    cells = [raw[name].strip().lower() for name in texts]
    starts = (cell.startswith(each.lower()) for cell in cells for each in source.total_rows)
    word = _folded(ibis.or_, starts).fill_null(False)
    amounts = (_empty(raw[name]) | raw[name].re_search(_AMOUNT) for name in texts)
    amounts_only = _folded(ibis.and_, amounts)
    header = (raw[date_column].strip() == date_column).fill_null(False)
    account = source.columns.get("account_id", "account_id")
    nobody = _empty(raw[account]) if account in texts else ibis.literal(True)
    # "Total" may stand in the date's own cell.
    undated = day(raw[date_column], source).isnull()
    total = (undated & word) | (no_date & amounts_only & nobody) | header
    return raw.filter(~blank & ~total), raw.filter(~blank & total)


def _all_empty(texts: list[ir.Value]) -> ir.Value:
    return ibis.coalesce(*(text.strip().nullif("") for text in texts)).isnull()


def _folded(both: Callable[[ir.Value, ir.Value], ir.Value], terms: Iterable[ir.Value]) -> ir.Value:
    """All terms joined two by two: one within the other, thousands of columns would nest too deep for Python."""
    left = list(terms)
    while len(left) > 1:
        odd = left[-1:] if len(left) % 2 else []
        left = [both(a, b) for a, b in zip(left[::2], left[1::2], strict=False)] + odd
    return left[0]


def _ours(source: TableSource) -> set[str]:
    """Their columns that may be read."""
    return {source.columns.get(name, name) for name in TABLES[source.name].names} | set(source.columns.values())


def _usual(source: TableSource) -> list[str]:
    """Their columns that must be filled in each row."""
    return [source.columns.get(name, name) for name in TABLES[source.name].required]


def _empty(text: ir.Value) -> ir.Value:
    return text.isnull() | (text.strip() == "")
