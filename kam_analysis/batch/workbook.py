"""`tables.xlsx`: the tables behind the reports, one sheet each, for people who work on with them."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

SHARE, MONEY, WHOLE, NUMBER, DAY = "0.0%", "#,##0", "0", "#,##0.00", "yyyy-mm-dd"
_SHARES = re.compile(r"(?:^|_)(?:share|probability|rate|presence|gini|follow)(?:_|$)|_pct$|^contribution$")
_MONEY = re.compile(
    r"(?:^|_)(?:revenue|margin|cost|costs|exposure|loss|amount|spend|value|worth|receivables|budget|sales|total|difference)(?:_|$)"
)
_DAYS = re.compile(r"(?:^|_)(?:date|on|due|day|since|created|closed)$")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a text that begins so would be one if it were typed
_LONGEST_TEXT = 32_767  # characters in a cell of Excel
_LONGEST_NAME = 31  # characters in the name of a sheet


def tables_workbook(results: Mapping[str, Mapping[str, Any]], as_of: str = "") -> bytes:
    """The XLSX file with every table of `results` ({report id: result}), sheets named like "01 accounts".

    Texts stay texts: a name such as "=SUM(A1)" or "http://..." becomes neither a formula nor a link, not even where
    somebody edits its cell and changes nothing (Excel's own mark for that, the apostrophe, is on it).
    Reports made once per account share a sheet per table, with the account in front.
    """
    import xlsxwriter

    target = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, safe) as book:
        book.set_properties({"title": "Key-account workbook: tables", "created": _created(as_of)})
        formats = {key: book.add_format({"num_format": key}) for key in (SHARE, MONEY, WHOLE, NUMBER, DAY)}
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        formats["head"] = book.add_format(head)
        formats["quoted head"] = book.add_format(head | {"quote_prefix": True})
        formats["quoted"] = book.add_format({"quote_prefix": True})
        taken: set[str] = set()
        for name, rows in _sheets(results):
            if not rows:
                continue
            _write(book.add_worksheet(_sheet_name(name, taken)), rows, formats)
        if not taken:
            book.add_worksheet("no tables")
    return target.getvalue()


def _sheets(results: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    together: dict[str, list[dict[str, Any]]] = {}
    for identity, result in results.items():
        report, _, account = identity.partition("/")
        number = report.partition("_")[0]
        for table, rows in result["tables"].items():
            front = {"account_id": account} if account else {}
            name = f"{number if number.isdigit() else report} {table.replace('_', ' ')}"
            together.setdefault(name, []).extend({**front, **row} for row in rows)
    return together.items()


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel accepts and that no other sheet has, whatever its case."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip("' ")[:_LONGEST_NAME] or "table"
    if plain.lower() == "history":  # Excel keeps this one for itself
        plain = "history table"
    number, unique = 1, plain
    while unique.lower() in taken:
        number += 1
        unique = f"{plain[: _LONGEST_NAME - len(f' {number}')]} {number}"
    taken.add(unique.lower())
    return unique


def _write(sheet: Any, rows: Sequence[Mapping[str, Any]], formats: Mapping[str, Any]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for at, column in enumerate(columns):
        title = str(column).replace("_", " ")[:_LONGEST_TEXT]
        sheet.write_string(0, at, title, formats["quoted head" if title.startswith(_FORMULA) else "head"])
        shown = _format(column, [row.get(column) for row in rows])
        for down, row in enumerate(rows, start=1):
            _write_cell(sheet, down, at, row.get(column), shown, formats)
    if columns:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.autofit(400)


def _write_cell(sheet: Any, down: int, at: int, value: Any, shown: str, formats: Mapping[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(down, at, value)
    elif isinstance(value, int | float):
        sheet.write_number(down, at, value, formats[shown or NUMBER])
    elif shown == DAY and (day := _day(value)):
        sheet.write_datetime(down, at, datetime(day.year, day.month, day.day), formats[DAY])
    else:
        text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
        sheet.write_string(down, at, text[:_LONGEST_TEXT], formats["quoted"] if text.startswith(_FORMULA) else None)


def _format(column: str, values: Sequence[Any]) -> str:
    """How a column's numbers read, by its name and by what is in it."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if not numbers:
        return DAY if _DAYS.search(column) else ""
    if _SHARES.search(column) and all(abs(number) <= 1 for number in numbers):
        return SHARE
    if _MONEY.search(column):
        return MONEY
    return WHOLE if all(float(number).is_integer() for number in numbers) else NUMBER


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _created(as_of: str) -> datetime:
    """A time in the file that does not differ from run to run."""
    day = _day(as_of) or date(2000, 1, 1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
