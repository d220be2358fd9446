"""Columns that a report does not have and its others tell: a date of year and month, revenue of quantity and price."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from kam_analysis.ledger.reading.row_cells import Cells, Laid, blank, name_of, number_in, place_of
from kam_analysis.ledger.reading.written_dates import last_day, month_names, plain_word, written
from kam_analysis.ledger.settings.settings import TableSource


def dated(header: list[str], rows: Iterator[Cells], source: TableSource, told: object) -> Laid:
    """A date from columns of year, quarter, month and day: the last one that they leave open."""
    parts = {part: at for part, name in source.date_parts.items() if (at := place_of(header, name)) is not None}

    def made(row: Cells) -> object:
        texts = {part: str(row[at] if row[at] is not None else "").strip() for part, at in parts.items()}
        if not any(texts.values()):
            return None
        day = _day_of(texts)
        return " ".join(texts.values()) if day is None else written(day, source)

    return _with_column(header, rows, name_of(source, "date"), made)


def _day_of(texts: dict[str, str]) -> date | None:
    """A day of its parts as text, such as {"year": "2025", "month": "Mar"}; None where they are none."""
    numbers = {part: _number(part, text) for part, text in texts.items()}
    year, day = numbers.get("year"), numbers.get("day")
    month = (
        numbers.get("month") if "month" in numbers else (numbers["quarter"] or 5) * 3 if "quarter" in numbers else 12
    )
    if year is None or month is None or not 1 <= month <= 12 or not 1900 <= year <= 2200:
        return None
    if "day" not in numbers:
        return last_day(year, month)
    return date(year, month, day) if day and 1 <= day <= last_day(year, month).day else None


def _number(part: str, text: str) -> int | None:
    whole = text.removesuffix(".0")
    if part == "month" and (named := month_names().get(plain_word(whole))):
        return named
    bare = whole.lstrip("QqTtKk") if part == "quarter" else whole.removesuffix("月")
    return int(bare) if bare.isascii() and bare.isdigit() else None


def priced(header: list[str], rows: Iterator[Cells], source: TableSource, told: object) -> Laid:
    """Revenue as quantity times price, less the discount."""
    parts = {part: at for part, name in source.revenue_from.items() if (at := place_of(header, name)) is not None}

    def made(row: Cells) -> object:
        cells = {part: row[at] for part, at in parts.items()}
        if blank(cells.get("quantity")) and blank(cells.get("price")):
            return None
        value = revenue_of(cells, source)
        if value is None:
            return " x ".join(str(cell) for cell in cells.values() if not blank(cell))
        return f"{value:f}".replace(".", source.decimal)

    return _with_column(header, rows, name_of(source, "revenue"), made)


def revenue_of(cells: dict[str, object], source: TableSource) -> Decimal | None:
    """Quantity times price less the discount, exactly; None where one of them is no number."""
    quantity, price = number_in(cells.get("quantity"), source), number_in(cells.get("price"), source)
    written_off = cells.get("discount")
    if isinstance(written_off, str):
        written_off = written_off.replace("%", "").replace("\uff05", "")
    discount = Decimal(0) if blank(written_off) else number_in(written_off, source)
    if quantity is None or price is None or discount is None:
        return None
    if source.discount_unit == "amount":
        return quantity * price - discount
    return quantity * price * (1 - (discount / 100 if source.discount_unit == "percent" else discount))


def _with_column(header: list[str], rows: Iterator[Cells], name: str, made: Callable[[Cells], object]) -> Laid:
    """The table with one column more, in place of one of that name."""
    at = place_of(header, name)
    if at is not None:
        header = [*header[:at], *header[at + 1 :]]
    return [*header, name], ([*(cell for each, cell in enumerate(row) if each != at), made(row)] for row in rows)
