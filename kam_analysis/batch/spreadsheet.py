"""`tables.xlsx`: the tables behind the reports, one sheet each, for people who work on with them."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kam_analysis.batch.page import made_lines, provenance_lines
from kam_analysis.batch.told import Results

_LONGEST_TEXT = 32_767  # characters in a cell of Excel
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a text that begins so would be one if it were typed
_SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SOME_DAY = date(2000, 1, 1)


def workbook(title: str, day: date | None, write: Callable[[Any], object]) -> bytes:
    """The file that `write` fills, an XlsxWriter book in its hands; made on a `day` that does not differ from run to run."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _SAFE) as book:
        book.set_properties({"title": title, "created": midnight(day or _SOME_DAY)})
        write(book)
    return target.getvalue()


def midnight(day: date) -> datetime:
    """A day as Excel has it."""
    return datetime(day.year, day.month, day.day)


def would_be_formula(text: str) -> bool:
    """Whether a text would become a formula where somebody types it, or edits its cell and changes nothing."""
    return text.startswith(_FORMULA)


def write_text(sheet: Any, where: tuple[int, int], value: Any, formats: Mapping[str, Any], plain: str = "") -> None:
    """A text in its cell, with Excel's own mark of one (`formats` "quoted", the apostrophe) where it needs that; `plain`
    names the format of others, and with "quoted" before it that of those."""
    text = str(value)[:_LONGEST_TEXT]
    sheet.write_string(*where, text, formats.get(f"quoted {plain}".strip() if would_be_formula(text) else plain))


CONTENTS = "contents"
_WIDTHS = (34, 72, 10)
_HEAD = ("Sheet", "Question", "Rows")
_KINDS = "Shares are parts of one, shown as per cent; days are dates; each column has the format of what it holds."
_LINK = {"font_color": "#1f5fbf", "underline": 1}


def write_contents(book: Any, provenance: Mapping[str, Any], sheets: Mapping[str, tuple[str, int]]) -> None:
    """Add the sheet to an XlsxWriter `book`; `sheets` are the question and the number of rows of each, by its name."""
    sheet = book.add_worksheet(CONTENTS)
    title, head = book.add_format({"bold": True, "font_size": 14}), book.add_format({"bold": True, "bottom": 1})
    # Excel's mark of a text: whatever the company is called, its name is no formula.
    plain, wrapped = book.add_format({"quote_prefix": True}), book.add_format({"text_wrap": True, "valign": "top"})
    count, link = book.add_format({"num_format": "#,##0", "valign": "top"}), book.add_format({**_LINK, "valign": "top"})
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, "Key-account workbook: tables", title)
    down = 1
    for line in _lines(provenance):
        sheet.write_string(down, 0, line, plain)
        down += 1
    down += 1
    for at, each in enumerate(_HEAD):
        sheet.write_string(down, at, each, head)
    sheet.freeze_panes(down + 1, 0)
    for below, (name, (question, rows)) in enumerate(sheets.items(), start=down + 1):
        quoted = name.replace("'", "''")
        sheet.write_url(below, 0, f"internal:'{quoted}'!A1", link, name)
        sheet.write_string(below, 1, question, wrapped)
        sheet.write_number(below, 2, rows, count)


def _lines(provenance: Mapping[str, Any]) -> list[str]:
    company, period, currency = (str(provenance.get(key) or "") for key in ("company", "period", "currency"))
    made = made_lines({key: value for key, value in provenance.items() if key not in ("parameters", "seed")})
    amounts = f"Amounts in {currency}" if currency else ""
    return [*filter(None, (company, period, amounts)), *provenance_lines(provenance), *made, _KINDS]


DAY, WHOLE = "yyyy-mm-dd", "0"
# By the kind that a table declares for its column; what declares none is shown as it is.
_FORMATS = {"share": "0.0%", "money": "#,##0", "count": "#,##0", "date": DAY}
_MOST_PLACES = 6
_NUMBERS = ["#,##0" + ("." + "0" * places if places else "") for places in range(_MOST_PLACES + 1)]
_LONGEST_NAME = 31  # characters in the name of a sheet


def tables_workbook(results: Results, provenance: Mapping[str, Any] | None = None) -> bytes:
    """The XLSX file with every table of `results` ({report id: result}), sheets named like "01 accounts".

    The first sheet, "contents", says whose figures these are, from what and of which day (`provenance`), and leads to
    the others.

    Texts stay texts: a name such as "=SUM(A1)" or "http://..." becomes neither a formula nor a link, not even where
    somebody edits its cell and changes nothing (Excel's own mark for that, the apostrophe, is on it).
    Reports made once per account share a sheet per table, with the account in front.
    """
    told = provenance or {}

    def write(book: Any) -> None:
        formats = {key: book.add_format({"num_format": key}) for key in {*_FORMATS.values(), *_NUMBERS, WHOLE}}
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        formats["head"] = book.add_format(head)
        formats["quoted head"] = book.add_format(head | {"quote_prefix": True})
        formats["quoted"] = book.add_format({"quote_prefix": True})
        taken = {CONTENTS}
        sheets = {_sheet_name(name, taken): each for name, each in _sheets(results).items() if each.rows}
        if sheets:
            write_contents(book, told, {name: (each.question, len(each.rows)) for name, each in sheets.items()})
        for name, each in sheets.items():
            _write(book.add_worksheet(name), each.rows, declared=each.declared, formats=formats)
        if not sheets:
            book.add_worksheet("no tables")

    return workbook("Key-account workbook: tables", _day(told.get("as_of", "")), write)


@dataclass
class _Sheet:
    """One sheet: whose question its rows answer, and what is declared of its columns."""

    question: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    declared: dict[str, Any] = field(default_factory=dict)


def _sheets(results: Results) -> dict[str, _Sheet]:
    together: dict[str, _Sheet] = {}
    for identity, result in results.items():
        report, _, account = identity.partition("/")
        number = report.partition("_")[0]
        question = "What do we do with each of these accounts?" if account else str(result.get("question", ""))
        for table, rows in result["tables"].items():
            front = {"account_id": account} if account else {}
            name = f"{number if number.isdigit() else report} {table.replace('_', ' ')}"
            sheet = together.setdefault(name, _Sheet(question))
            sheet.rows.extend({**front, **row} for row in rows)
            sheet.declared.update(result.get("columns", {}).get(table, {}))
    return together


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


def _write(
    sheet: Any, rows: Sequence[Mapping[str, Any]], *, declared: Mapping[str, Any], formats: Mapping[str, Any]
) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for at, column in enumerate(columns):
        write_text(sheet, (0, at), str(column).replace("_", " "), formats, "head")
        shown = _declared(declared[column]) if column in declared else _guessed([row.get(column) for row in rows])
        for down, row in enumerate(rows, start=1):
            _write_cell(sheet, (down, at), row.get(column), shown=shown, formats=formats)
    if columns:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.autofit(400)


def _write_cell(sheet: Any, where: tuple[int, int], value: Any, *, shown: str, formats: Mapping[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(*where, value)
    elif isinstance(value, int | float):
        sheet.write_number(*where, value, formats.get(shown))
    elif shown == DAY and (day := _day(value)):
        sheet.write_datetime(*where, midnight(day), formats[DAY])
    else:
        write_text(sheet, where, "; ".join(map(str, value)) if isinstance(value, list) else value, formats)


def _declared(column: Mapping[str, Any]) -> str:
    if column.get("kind") == "number":
        return _NUMBERS[min(int(column.get("places", 2)), _MOST_PLACES)]
    return _FORMATS.get(str(column.get("kind")), "")


def _guessed(values: Sequence[Any]) -> str:
    """Of a column that declares no kind: days and whole numbers as such, all else as it is."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, str) and _day(value) for value in known):
        return DAY
    numbers = [value for value in known if isinstance(value, int | float) and not isinstance(value, bool)]
    return WHOLE if numbers and all(float(number).is_integer() for number in numbers) else ""


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
